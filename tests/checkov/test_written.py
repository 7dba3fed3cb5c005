"""The plan that is written from a graph: it says what is known, names nothing that others chose, and repeats no policy."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from auditor.checks.checkov import judge_with_checkov, policies, types_judged
from auditor.checks.checkov.attributes import attributes_of
from auditor.checks.checkov.program import Answers
from auditor.checks.checkov.sight import Sight, failures
from auditor.checks.checkov.written import write
from auditor.checks.rules import load_rules
from auditor.graph.build import build
from auditor.model import SEVERITIES, Gap, Inventory, Resource
from auditor.resources import load
from tests.checkov.programs import needs_checkov, stand_in

HOSTILE = (
    "${file(\"/etc/passwd\")}", "%{if true}x%{endif}", "aws_s3_bucket.r0", "a\nb\x1b[31m\x00", "../../etc", "</script>",
    "\u202e\ud83d\ude00", "checkov:skip=CKV_AWS_18:no", "x" * 5000, "true",
)  # fmt: skip
BIG = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]}


def resource(cfn, name, **properties):
    return Resource(cfn, name, "111122223333", "ap-northeast-2", name=name, properties=properties)


def graph(*resources, gaps=(), asked=None):
    return build(
        Inventory(list(resources), list(gaps), frozenset(asked or load()), ("111122223333",), ("ap-northeast-2",)),
        load(),
    )


def gap(cfn, subject=""):
    return Gap("111122223333", "ap-northeast-2", "s3", "get", "s3:Get", "denied", (cfn,), "denied", subject)


def planned(g):
    return json.loads(write(g).text)["planned_values"]["root_module"]["resources"]


def blocks(g, kind):
    return [each for each in planned(g) if each["type"] == kind]


def failure(check, address, *keys):
    told = {
        "check_id": check,
        "check_name": "n",
        "resource_address": address,
        "check_result": {"evaluated_keys": list(keys)},
    }
    (found,) = failures(Answers([told], 0, "3"))
    return found


def test_names_are_nobodys():
    g = graph(*(resource("AWS::S3::Bucket", name, BucketName=name) for name in HOSTILE))
    plan = write(g)
    assert "${" not in plan.text
    assert "%{" not in plan.text
    assert plan.text.isascii()
    assert all(block.name.startswith("r") and block.name.replace("_", "").isalnum() for block in plan.blocks.values())
    assert {block.owners[0].id for block in plan.blocks.values()} == set(HOSTILE)
    assert not plan.blocks.keys() & write(g).blocks.keys()  # another run, other names


def test_what_is_not_known_is_not_written():
    bucket = resource("AWS::S3::Bucket", "b", BucketName="${? no idea}", Tags="x")
    bucket.unknown["BucketEncryption"] = gap("AWS::S3::Bucket", "b")
    assert planned(graph(bucket))[0]["values"] == {}


def test_folds_refer_to_their_owner_and_edges_to_their_heads():
    key = resource("AWS::KMS::Key", "k-1")
    function = resource("AWS::Lambda::Function", "f", FunctionName="f", KmsKeyArn="k-1")
    bucket = resource("AWS::S3::Bucket", "b", BucketName="b", VersioningConfiguration={"Status": "Enabled"})
    plan = write(graph(key, function, bucket))
    told = {each["type"]: each for each in json.loads(plan.text)["configuration"]["root_module"]["resources"]}
    assert (
        told["aws_s3_bucket_versioning"]["expressions"]["bucket"]["references"][1] == told["aws_s3_bucket"]["address"]
    )
    assert told["aws_lambda_function"]["expressions"]["kms_key_arn"]["references"][1] == told["aws_kms_key"]["address"]


def test_a_fold_that_says_nothing_is_not_made():
    none = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), False)
    g = graph(resource("AWS::S3::Bucket", "b", PublicAccessBlockConfiguration=none))
    assert [each["type"] for each in planned(g)] == ["aws_s3_bucket"]


def test_equal_policies_are_written_once_and_stand_for_all():
    roles = [
        resource("AWS::IAM::Role", f"r{n}", Policies=[{"PolicyName": f"p{n}", "PolicyDocument": BIG}])
        for n in range(50)
    ]
    policies_ = [resource("AWS::IAM::ManagedPolicy", f"m{n}", PolicyDocument=BIG) for n in range(50)]
    plan = write(graph(*roles, *policies_))
    for kind in ("aws_iam_role_policy", "aws_iam_policy"):
        (block,) = [each for each in plan.blocks.values() if each.kind == kind]
        assert len(block.owners) == 50
    assert len([each for each in plan.blocks.values() if each.kind == "aws_iam_role"]) == 50


def test_attributes_that_are_written_exist_in_the_provider():
    """A block is made of names that Terraform knows, for every type and every default."""
    types = load()
    full = [
        resource(cfn, cfn, **{row.name: row.default for row in described.props if row.default})
        for cfn, described in types.items()
    ]
    for each in planned(graph(*full)):
        assert each["values"].keys() <= attributes_of(each["type"]), each


@pytest.mark.parametrize(
    ("check", "attribute", "known"),
    [
        ("CKV_AWS_17", "publicly_accessible", True),
        ("CKV_AWS_999999", "publicly_accessible", True),  # a policy newer than the table
        ("CKV_AWS_999999", "character_set_name", False),
        ("CKV_AWS_999999", "", False),
        ("CKV2_AWS_999999", "publicly_accessible", False),
    ],
)
def test_a_policy_is_believed_where_all_that_it_looks_at_is_written(check, attribute, known):
    database = resource("AWS::RDS::DBInstance", "d", PubliclyAccessible=True)
    found = failure(check, "aws_db_instance.r1", *([attribute] if attribute else []))
    assert Sight(graph(database)).knows(found, database) is known
    hidden = replace(database, unknown={"PubliclyAccessible": gap("AWS::RDS::DBInstance", "d")})
    assert Sight(graph(hidden)).knows(found, hidden) is False


def test_a_missing_connection_is_believed_where_the_other_end_was_read():
    bucket = resource("AWS::S3::Bucket", "b")
    database = resource("AWS::RDS::DBInstance", "d")
    logging = failure("CKV_AWS_18", "aws_s3_bucket.r1", "resource_type", "logging")
    assert Sight(graph(bucket)).knows(logging, bucket)
    unread = replace(bucket, unknown={"LoggingConfiguration": gap("AWS::S3::Bucket", "b")})
    assert not Sight(graph(unread)).knows(logging, unread)
    assert not Sight(graph(bucket)).knows(
        failure("CKV_AWS_144", "aws_s3_bucket.r1"), bucket
    )  # replication is not described
    told = failure("CKV2_AWS_30", "aws_db_instance.r1")
    assert Sight(graph(database)).knows(told, database)
    group = "AWS::RDS::DBParameterGroup"
    assert not Sight(graph(database, gaps=[gap(group)])).knows(told, database)
    assert not Sight(graph(database, asked={"AWS::RDS::DBInstance"})).knows(told, database)


def answering(tmp_path, monkeypatch, failed, passed=0):
    told = {
        "results": {"failed_checks": failed},
        "summary": {"failed": len(failed), "passed": passed, "checkov_version": "3"},
    }
    for each in failed:
        each["resource_address"] = "@"
    source = (
        "import json, re\naddress = re.search(r'aws_db_instance[.]r\\w+', open('plan.json').read())[0]\n"
        f"print(json.dumps({told!r}).replace('\"@\"', json.dumps(address)))"
    )
    stand_in(tmp_path, monkeypatch, source)


def test_what_a_rule_of_ours_says_is_not_said_twice(tmp_path, monkeypatch):
    answering(
        tmp_path,
        monkeypatch,
        [{"check_id": "CKV_AWS_17", "check_name": "n", "check_result": {"evaluated_keys": ["publicly_accessible"]}}],
    )
    g = graph(resource("AWS::RDS::DBInstance", "d", PubliclyAccessible=True))
    (found,) = judge_with_checkov(g).findings
    assert (found.severity, found.property, found.actual) == ("critical", "PubliclyAccessible", True)
    told = judge_with_checkov(g, rules=["database-not-public"])
    assert (told.findings, told.counts["repeated"]) == ([], 1)


def test_texts_of_the_program_are_taken_apart_with_care(tmp_path, monkeypatch):
    odd = [
        {"check_id": "CKV_AWS_17", "check_name": "a\x1b[31m\nb" + "x" * 9999, "check_result": {"evaluated_keys": ["publicly_accessible"]}, "guideline": ["x"]},
        {"check_id": "../../CKV", "check_name": "n", "check_result": {}},
        {"check_id": ["CKV_AWS_17"], "check_name": "n", "check_result": {}},
        {"check_id": "CKV_AWS_16", "check_name": {}, "check_result": {"evaluated_keys": {"a": 1}}},
    ]  # fmt: skip
    answering(tmp_path, monkeypatch, odd)
    judged = judge_with_checkov(
        graph(resource("AWS::RDS::DBInstance", "d", PubliclyAccessible=True, StorageEncrypted=False))
    )
    assert {each.check for each in judged.findings} == {"checkov/CKV_AWS_17", "checkov/CKV_AWS_16"}
    assert all(each.title.isprintable() and len(each.title) <= 300 and each.fix == "" for each in judged.findings)


def test_what_aws_made_is_nobodys_fault(tmp_path, monkeypatch):
    answering(
        tmp_path,
        monkeypatch,
        [{"check_id": "CKV_AWS_17", "check_name": "n", "check_result": {"evaluated_keys": ["publicly_accessible"]}}],
    )
    assert judge_with_checkov(graph(replace(resource("AWS::RDS::DBInstance", "d"), aws_made=True))).findings == []


def test_the_table_of_policies_is_sound():
    told = policies.policies()
    assert set(told.severities.values()) < set(SEVERITIES)
    assert set(told.repeats.values()) <= {rule.id for rule in load_rules([])}
    assert {*told.severities, *told.repeats, *told.presence} <= told.needs.keys()
    written = policies._hand_written()["severities"]
    assert sum(map(len, written.values())) == len(told.severities), "a policy has two severities"
    assert {"AWS::S3::Bucket", "AWS::IAM::Role", "AWS::RDS::DBInstance"} <= types_judged(load())


@pytest.mark.contract
def test_hostile_names_reach_the_program_as_values_only():
    needs_checkov()
    names = [name for name in HOSTILE if name.isprintable() or "\n" in name]
    judged = judge_with_checkov(graph(*(resource("AWS::S3::Bucket", name, BucketName=name) for name in names)))
    assert judged.gaps == []
    assert {each.resource.id for each in judged.findings if each.check == "checkov/CKV_AWS_18"} == set(names)


@pytest.mark.contract
def test_the_attributes_that_policies_look_at_are_those_of_the_pinned_checkov(tmp_path, monkeypatch):
    pytest.importorskip("checkov")
    import tools.distil_checkov as distil

    monkeypatch.setattr(distil, "TARGET", tmp_path / "needs.json")
    distil.main()
    fresh, kept = (json.loads(path.read_text()) for path in (tmp_path / "needs.json", policies_file()))
    assert fresh == kept, "run tools/distil_checkov.py with the Python of .venv-checkov"


def policies_file():
    from importlib.resources import files

    return files("auditor.checks.checkov").joinpath("needs.json")
