"""What it means that an answer of AWS lacks a property: a default, not set, or nothing at all (unknown)."""

import pytest

from auditor.aws import sdk
from auditor.aws.requests import Failure
from auditor.checks.ask import ask
from auditor.graph.build import build
from auditor.model import ABSENT, Call, Hidden, Prop, ResourceType
from auditor.resources import load
from auditor.sources import live
from auditor.sources.live import Place

PLACE = Place("111122223333", "aws", "us-east-1", ("us-east-1",))
DETAIL = Call("get_thing", {"Name": "{id}"}, out="Thing", absent=("NoSuchThing",))


class Told:
    def __init__(self, **answers):
        self.answers = answers

    def ask(self, requests):
        return {each: self.answers.get(each.operation, {}) for each in requests}


def thing(*rows):
    return ResourceType(cfn="T::S::Thing", service="s3", list=Call("list_things", out="Things"), id="Name", props=rows)


def read(row, item=None, detail=None):
    described = thing(row)
    answers = Told(list_things={"Things": [{"Name": "a", **(item or {})}]}, get_thing={} if detail is None else detail)
    inventory = live.read(answers, PLACE, {described.cfn: None}, {described.cfn: described})
    assert inventory.gaps == []
    (found,) = inventory.resources
    return found


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        (Prop("Open", default=True), True),
        (Prop("Key", absent="not set"), ABSENT),
        (Prop("Open", absent="unknown"), Hidden),
        (Prop("Open"), Hidden),
        (Prop("Open", default=True, absent="unknown"), Hidden),
        (Prop("Open", call=DETAIL, live="Open", default=True), True),
        (Prop("Open", call=DETAIL, live="Open", absent="not set"), ABSENT),
        (Prop("Open", call=DETAIL, live="Open", default=True, absent="unknown"), Hidden),
    ],
)
def test_absence_means_what_the_row_says(row, meant):
    value = read(row, detail={"Thing": {}}).at(row.name)
    if meant is Hidden:
        assert isinstance(value, Hidden)
        assert value.gap.reason == "unsaid"
        assert value.gap.permission == ""
        assert row.name in value.gap.message
    else:
        assert value is meant


@pytest.mark.parametrize("default", [True, ABSENT])
def test_an_error_that_says_not_set_is_an_answer(default):
    row = Prop("Open", call=DETAIL, live="Open", default=default, absent="unknown")
    assert read(row, detail=Failure("NoSuchThing", "failed", "none")).at("Open") is default


@pytest.mark.parametrize(
    ("value", "hidden"),
    [
        ({"Front": {"Policy": "https"}, "More": [{"Policy": "all"}]}, []),
        ({"Front": {}, "More": []}, ["Config.Front.Policy"]),
        ({"Front": {"Policy": "https"}, "More": [{"Policy": "all"}, {}]}, ["Config.More[1].Policy"]),
        ({"Front": {"Policy": "https"}}, []),
    ],
)
def test_members_that_every_answer_holds_are_unknown_where_one_does_not(value, hidden):
    found = read(Prop("Config", required=("Front.Policy", "More[].Policy")), {"Config": value})
    assert sorted(found.unknown) == hidden


@pytest.mark.parametrize(
    "row",
    [
        Prop("Zones", default=[]),
        Prop("Zones", absent="not set"),
        Prop("Zones", call=DETAIL, live="Zones[0]", default=""),
    ],
)
def test_a_member_that_an_older_sdk_does_not_know_is_unknown(row, monkeypatch):
    """botocore drops it in silence, so an answer without it tells nothing."""
    answers = {"list_things": frozenset({"Things", "Name"}), "get_thing": frozenset({"Thing"})}
    monkeypatch.setattr(sdk, "members", lambda service, operation: answers[operation])
    assert row.name not in read(row, detail={"Thing": {}}).unknown
    monkeypatch.setattr(sdk, "COMPLETE", (99, 0, 0))
    found = read(row, detail={"Thing": {}})
    assert "does not support" in found.unknown[row.name].message
    answers = {name: {*known, "Zones"} for name, known in answers.items()}
    assert row.name not in read(row, detail={"Thing": {}}).unknown


@pytest.mark.contract
@pytest.mark.parametrize(
    ("operation", "known", "unknown"),
    [
        ("describe_subnets", {"Subnets", "CidrBlock"}, {"Cidr"}),
        ("describe_instances", {"HttpTokens", "State"}, {"Nothing"}),
    ],
)
def test_the_sdk_tells_what_it_knows(operation, known, unknown, monkeypatch):
    monkeypatch.setattr(sdk, "COMPLETE", (99, 0, 0))
    assert not sdk.lacks("ec2", operation, known)
    assert sdk.lacks("ec2", operation, known | unknown)
    assert sdk.members("sqs", "get_queue_attributes") is None  # a map: any name may stand in it
    assert not sdk.lacks("ec2", "describe_nothing", unknown)


DATABASE = {"DBInstanceIdentifier": "db", "DBInstanceArn": "arn:aws:rds:us-east-1:111122223333:db:db"}


def answer(cfn, requirement, **answers):
    types = load()
    graph = build(live.read(Told(**answers), PLACE, {cfn: None}, types), types)
    (found,) = (each for each in graph.of_type(cfn))
    return [each.verdict for each in ask(graph, found, requirement)]


@pytest.mark.parametrize(
    ("told", "verdict"),
    [({}, "unknown"), ({"PubliclyAccessible": True}, "broken"), ({"PubliclyAccessible": False}, "kept")],
)
def test_a_database_of_which_nothing_is_told_is_not_accused(told, verdict):
    instances = {"DBInstances": [{**DATABASE, "Engine": "mysql", **told}]}
    assert answer("AWS::RDS::DBInstance", {"PubliclyAccessible": False}, describe_db_instances=instances) == [verdict]


@pytest.mark.parametrize(("told", "verdict"), [({}, "unknown"), ({"ViewerProtocolPolicy": "allow-all"}, "broken")])
def test_a_distribution_of_which_nothing_is_told_is_not_accused(told, verdict):
    config = {"DistributionConfig": {"Enabled": True, "DefaultCacheBehavior": {"TargetOriginId": "o", **told}}}
    listed = {"DistributionList": {"Items": [{"Id": "E", "ARN": "arn:aws:cloudfront::111122223333:distribution/E"}]}}
    found = answer(
        "AWS::CloudFront::Distribution",
        {"DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy": "redirect-to-https"},
        list_distributions=listed,
        get_distribution_config=config,
    )
    assert found == [verdict]
