"""checkov beside our own rules: an account, a real plan, and a run where it is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.checks.checkov import judge_with_checkov
from auditor.findings.since import since
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions
from tests.checkov.programs import needs_checkov, nowhere

WISH = pipeline.Wish(
    rules=("database-not-public", "bucket-public-access-blocked"), regions=("ap-northeast-2",), checkov=True
)


@pytest.mark.contract
def test_an_account_is_judged_on_its_own_resources(copy_of_cuggu, pointed):
    needs_checkov()
    rds = copy_of_cuggu.client("rds")
    rds.modify_db_instance(
        DBInstanceIdentifier=copy_of_cuggu.ids["database"], PubliclyAccessible=True, ApplyImmediately=True
    )
    pointed(copy_of_cuggu.box)
    outcome = pipeline.check(WISH)
    found = {(each.check, each.resource.id): each for each in outcome.findings}
    database, images = copy_of_cuggu.ids["database"], "cuggu-images"
    assert found["checkov/CKV_AWS_157", database].property == "MultiAZ"
    assert found["checkov/CKV_AWS_118", database].actual == 0
    assert found["checkov/CKV2_AWS_61", images].property == "LifecycleConfiguration"
    assert ("checkov/CKV_AWS_21", images) not in found  # it keeps versions
    assert ("database-not-public", database) in found
    assert ("checkov/CKV_AWS_17", database) not in found  # a rule of ours said so
    assert not {check for check, _ in found} & {
        "checkov/CKV_AWS_144",
        "checkov/CKV_AWS_432",
    }  # of which nothing was read
    assert all(
        each.remedy and each.remedy.kind == "manual"
        for (check, _), each in found.items()
        if check.startswith("checkov/")
    )
    told = outcome.record["scan"]["checkov"]
    assert told["repeated"] >= 1
    assert told["not-judged"] >= 5
    assert outcome.record["coverage"]["complete"]
    known = {resource.key for resource in outcome.graph.resources()}
    assert all(each.resource.key in known for each in outcome.findings)


def test_a_run_without_the_program_says_so_and_is_otherwise_whole(copy_of_cuggu, pointed, monkeypatch, tmp_path):
    pointed(copy_of_cuggu.box)
    nowhere(monkeypatch, tmp_path)
    record = pipeline.check(WISH).record
    (gap,) = record["coverage"]["gaps"]
    assert (gap["service"], gap["reason"], gap["types"]) == ("checkov", "unsupported", [])
    assert "checkov" not in record["scan"]
    assert record["rules"]["kept"]
    assert record["rules"]["unknown"] == 0


def run_with(*checks, answered=True):
    findings = [
        {"id": check, "check": check, "kind": "rule", "verdict": "broken", "resource": {"key": "k", "id": "k", "type": "AWS::S3::Bucket", "account": "1", "region": "r"}}
        for check in checks
    ]  # fmt: skip
    scan = {"accounts": ["1"], "regions": ["r"], "types": ["AWS::S3::Bucket"], "rules": [], "baselines": []}
    return {"scan": scan | ({"checkov": {}} if answered else {}), "findings": findings, "coverage": {"gaps": []}}


def test_a_finding_is_mended_only_by_a_run_in_which_the_program_answered():
    before = run_with("checkov/CKV_AWS_18")
    assert [each["id"] for each in since(before, run_with())["mended"]] == ["checkov/CKV_AWS_18"]
    later = since(before, run_with(answered=False))
    assert (later["mended"], [each["id"] for each in later["carried"]]) == ([], ["checkov/CKV_AWS_18"])


def block(address, values, **more):
    kind, name = address.split("[")[0].split(".")[-2:]
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": values,
        **more,
    }


def configured(address, **references):
    kind, name = address.split(".")
    expressions = {key: {"references": [f"{to}.id", to]} for key, to in references.items()}
    return {"address": address, "mode": "managed", "type": kind, "name": name, "expressions": expressions}


INNER = [
    block("module.store.aws_s3_bucket.this[0]", {"bucket": "one"}, index=0),
    block("module.store.aws_s3_bucket_public_access_block.this[0]", {"block_public_acls": False}, index=0),
]
ROOT = [
    block("aws_db_instance.main", {"identifier": "db", "engine": "postgres", "publicly_accessible": True}),
    block("aws_kinesis_stream.jobs", {"name": "jobs"}),
]
PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {"root_module": {"resources": ROOT, "child_modules": [{"address": "module.store", "resources": INNER}]}},
    "resource_changes": [
        {
            "address": each["address"], "mode": "managed", "type": each["type"], "name": each["name"],
            "change": {"actions": ["create"], "before": None, "after": each["values"], "after_unknown": {"multi_az": True} if "identifier" in each["values"] else {"bucket": True}},
        }
        for each in (*ROOT, *INNER)
    ],
    "configuration": {
        "root_module": {
            "resources": [configured("aws_db_instance.main"), configured("aws_kinesis_stream.jobs")],
            "module_calls": {
                "store": {
                    "module": {
                        "resources": [
                            configured("aws_s3_bucket.this"),
                            configured("aws_s3_bucket_public_access_block.this", bucket="aws_s3_bucket.this"),
                        ]
                    }
                }
            },
        }
    },
}  # fmt: skip


@pytest.mark.contract
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_real_plan_is_judged_as_it_is(tmp_path, encoding):
    needs_checkov()
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN), encoding="utf-8")
    graph = build(read_code(file, CodeOptions()), load())
    file.write_text(json.dumps(PLAN), encoding=encoding)
    judged = judge_with_checkov(graph, file)
    assert judged.gaps == []
    found = {(each.check, each.resource.type): each for each in judged.findings}
    database = found["checkov/CKV_AWS_17", "AWS::RDS::DBInstance"]
    assert database.resource in graph.of_type("AWS::RDS::DBInstance")
    assert database.property == "PubliclyAccessible"
    assert ("checkov/CKV_AWS_157", "AWS::RDS::DBInstance") not in found  # Terraform does not know it yet
    fold = found["checkov/CKV_AWS_53", "AWS::S3::Bucket"]
    assert fold.resource in graph.of_type("AWS::S3::Bucket")
    assert (
        found["checkov/CKV_AWS_43", "aws_kinesis_stream"].resource.id == "aws_kinesis_stream.jobs"
    )  # a type that is not described


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, "\x00", '{"planned_values": '])
def test_a_plan_that_is_none_is_a_gap(text, tmp_path):
    file = tmp_path / "plan.json"
    file.write_text(text)
    judged = judge_with_checkov(build(empty(), load()), file)
    assert [each.reason for each in judged.gaps] == ["failed"]
    assert judged.findings == []


def empty():
    from auditor.model import Inventory

    return Inventory()


@pytest.mark.contract
def test_what_lies_beside_the_input_is_not_read(tmp_path, monkeypatch):
    """A pull request that brings settings for checkov changes nothing."""
    needs_checkov()
    (tmp_path / ".checkov.yaml").write_text("skip-check: [CKV_AWS_17]\nexternal-checks-dir: [evil]\n")
    (tmp_path / "evil").mkdir()
    mark = tmp_path / "ran"
    (tmp_path / "evil" / "__init__.py").write_text(f"open({str(mark)!r}, 'w')\n")
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CKV_EXTERNAL_CHECKS_DIR", str(tmp_path / "evil"))
    monkeypatch.setenv("HOME", str(tmp_path))
    judged = judge_with_checkov(build(read_code(file, CodeOptions()), load()), file)
    assert "checkov/CKV_AWS_17" in {each.check for each in judged.findings}
    assert not mark.exists()
    assert not Path(tmp_path, "__pycache__").exists()
