"""What else stands in an account and was not looked at: counted by service and kind, and told in every form."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from auditor import pipeline, report
from auditor.aws.replay import Replay
from auditor.aws.requests import Failure, Request
from auditor.model import Inventory, Resource
from auditor.report import unread
from auditor.resources import load
from auditor.resources.arns import kind_of_arn, kind_of_type, plain_kind
from auditor.sources.live import Place
from auditor.sources.several import together
from auditor.sources.tagged import add_not_looked_at
from tests.accounts.looking import look
from tests.resources.three_ways import folder, read

ACCOUNT, REGIONS = "111122223333", ("eu-central-1", "us-east-1")
PLACE = Place(ACCOUNT, "aws", "eu-central-1", REGIONS)
QUIET = pipeline.Wish(baselines=("cuggu",), with_rules=False)


def arn(rest, service, region="eu-central-1", account=ACCOUNT):
    return f"arn:aws:{service}:{region}:{account}:{rest}"


# What AWS's documentation gives as ARNs, and the service and kind in them.
KINDS = {
    arn("db:orders", "rds"): "rds:db",
    arn("cluster-pg:orders", "rds"): "rds:cluster-pg",
    arn("stream/clicks", "kinesis"): "kinesis:stream",
    arn("orders", "sqs"): "sqs",
    arn("", "s3", "", "").removesuffix(":") + ":files": "s3",
    arn("function:orders:live", "lambda"): "lambda:function",
    arn("targetgroup/web/0123456789abcdef", "elasticloadbalancing"): "elasticloadbalancing:targetgroup",
    arn("regional/webacl/web/1111", "wafv2"): "wafv2:webacl",
    arn("/restapis/a1b2c3", "apigateway", account=""): "apigateway:restapis",
    arn("/restapis/a1b2c3/stages/prod", "apigateway", account=""): "apigateway:restapis/stages",
    arn("stateMachine:bill", "states"): "states:stateMachine",
    "orders": "",
    "arn:aws": "",
}


@pytest.mark.parametrize(("text", "kind"), KINDS.items(), ids=list(KINDS.values()))
def test_the_kind_of_an_arn(text, kind):
    assert kind_of_arn(text) == kind


# The ARN of a subscription is its topic's with an id behind it; AWS tags topics only.
NAMED = [cfn for cfn, each in load().items() if each.arn and folder(cfn).is_dir() and cfn != "AWS::SNS::Subscription"]


@pytest.mark.contract
@pytest.mark.parametrize("cfn", NAMED)
def test_a_type_knows_the_kind_of_its_arns(cfn):
    assert kind_of_type(load()[cfn]) == plain_kind(kind_of_arn(read(cfn, "live").arn))


def asked(answers, asked_types=("AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup"), resources=()):
    replies = {
        Request.of(ACCOUNT, region, "resourcegroupstaggingapi", "get_resources", {"ResourcesPerPage": 100}): reply
        for region, reply in answers.items()
    }
    found = Inventory(list(resources), asked=frozenset(asked_types))
    caller = Replay(replies)
    add_not_looked_at(found, caller, PLACE, load())
    return found


def tagged(*arns):
    return {"ResourceTagMappingList": [{"ResourceARN": each, "Tags": []} for each in arns]}


EMPTY = tagged()


@pytest.mark.parametrize(
    ("arns", "kinds"),
    [
        ([arn("stream/a", "kinesis"), arn("stream/b", "kinesis"), arn("orders", "sqs")], {"kinesis:stream": 2, "sqs": 1}),
        # A type that was asked for was looked at, also what AWS still lists of it after it was deleted.
        ([arn("db:orders", "rds"), arn("cluster:orders", "rds")], {"rds:cluster": 1}),
        # Rules are read with their group.
        ([arn("security-group-rule/sgr-1", "ec2")], {}),
        ([arn("secret:mine", "secretsmanager"), arn("secret:other", "secretsmanager")], {"secretsmanager:secret": 1}),
        ([], {}),
    ],
)  # fmt: skip
def test_what_was_not_looked_at_is_counted(arns, kinds):
    mine = Resource(
        "AWS::SecretsManager::Secret", "mine", ACCOUNT, "eu-central-1", arn=arn("secret:mine", "secretsmanager")
    )
    found = asked({"eu-central-1": tagged(*arns), "us-east-1": EMPTY}, resources=[mine])
    assert (found.not_looked_at.kinds, found.not_looked_at.gaps) == (kinds, [])


def test_what_two_regions_tell_counts_once():
    both = tagged(arn("distribution/E1", "cloudfront", ""))
    found = asked({"eu-central-1": both, "us-east-1": both})
    assert found.not_looked_at.kinds == {"cloudfront:distribution": 1}


DENIED = Failure("AccessDeniedException", "denied", "not authorized to perform: tag:GetResources")


def test_a_refused_region_is_told_beside_what_another_tells():
    found = asked({"eu-central-1": DENIED, "us-east-1": tagged(arn("stream/a", "kinesis"))})
    assert found.gaps == []
    (gap,) = found.not_looked_at.gaps
    assert (gap.region, gap.permission, gap.reason) == ("eu-central-1", "tag:GetResources", "denied")


def test_several_accounts_are_counted_together():
    one, other = (
        asked({"eu-central-1": tagged(arn(name, "sqs")), "us-east-1": DENIED}) for name in ("orders", "bills")
    )
    whole = together([one, other, Inventory()])
    assert whole.not_looked_at.kinds == {"sqs": 2}
    assert len(whole.not_looked_at.gaps) == 2
    assert together([Inventory(), Inventory()]).not_looked_at is None


def shown(outcome, form):
    out = io.StringIO()
    report.write(form, outcome.record, out, report.Options(width=200, color=False))
    return " ".join(out.getvalue().split()).replace("\\", "")


@pytest.fixture
def copy(cuggu):
    with cuggu.box.clone() as box:
        yield cuggu.on(box)


EXPECTED = {"athena:workgroup": 1, "states:stateMachine": 1}


@pytest.fixture
def furnished(copy):
    """Beside the system a workgroup and a state machine, which nothing here describes."""
    copy.client("athena").create_work_group(Name="reports", Tags=[{"Key": "team", "Value": "shop"}])
    copy.client("stepfunctions").create_state_machine(
        name="bill", definition="{}", roleArn=copy.arn("server-role"), tags=[{"key": "team", "value": "shop"}]
    )
    return copy


@pytest.mark.parametrize("form", ["text", "html", "markdown", "sarif"])
def test_every_form_tells_what_was_not_looked_at(furnished, pointed, form):
    outcome = look(pointed, furnished.box, QUIET)
    kinds = outcome.record["scan"]["not_looked_at"]["kinds"]
    assert {kind: kinds[kind] for kind in EXPECTED} == EXPECTED
    text = shown(outcome, form)
    total = sum(kinds.values())
    assert f"Not looked at: at least {total} resources of {len(kinds)} types: " in text
    assert "athena:workgroup (1)" in text
    assert "counted is what has or had a tag" in text


def test_one_request_a_region_is_made_for_it(furnished, pointed):
    furnished.box.forget_requests()
    outcome = look(
        pointed,
        furnished.box,
        pipeline.Wish(baselines=("cuggu",), with_rules=False, regions=("ap-northeast-2", "us-east-1")),
    )
    made = [each for each in furnished.box.requests() if each.operation == "GetResources"]
    assert len(made) == len(outcome.record["scan"]["regions"]) == 2
    assert "tag:GetResources" in pipeline.permissions(QUIET)
    assert "tag:GetResources" in pipeline.permissions(QUIET, whole=True)


def test_where_it_is_denied_the_run_is_whole_and_says_so(copy, pointed):
    copy.box.deny(("resourcegroupstaggingapi", "GetResources"))
    outcome = look(pointed, copy.box, QUIET)
    assert (outcome.findings, outcome.record["coverage"]["complete"]) == ([], True)
    for form in ("text", "html", "markdown", "sarif"):
        assert "hat else stands in ap-northeast-2 is not known (allow tag:GetResources)" in shown(outcome, form)
    assert "Not looked at: nothing" not in shown(outcome, "text")


def test_an_account_without_anything_else_says_that_too():
    scan = {"not_looked_at": {"kinds": {}, "gaps": []}}
    assert unread.not_looked_at({"scan": scan}) == "Not looked at: nothing else that has or had a tag"
    assert unread.not_looked_at({"scan": {}}) == ""


def test_a_saved_inventory_tells_it_as_the_account_does(furnished, pointed, tmp_path):
    pointed(furnished.box)
    live = look(pointed, furnished.box, QUIET)
    file = tmp_path / "account.jsonl"
    pipeline.scan(pipeline.Wish(), file)
    saved = pipeline.check(replace(QUIET, sources=(file,)))
    assert saved.record["scan"]["not_looked_at"] == live.record["scan"]["not_looked_at"]
    # One that an older version wrote does not have the answer.
    older = tmp_path / "older.jsonl"
    lines = [each for each in file.read_text().splitlines() if '"get_resources"' not in each]
    older.write_text("\n".join(lines) + "\n")
    outcome = pipeline.check(replace(QUIET, sources=(older,)))
    assert outcome.record["coverage"]["complete"]
    assert "(the saved inventory does not say)" in unread.not_looked_at(outcome.record)
