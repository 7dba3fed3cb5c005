"""What databases, buckets, the CDN, DNS and certificates answer, read into CloudFormation's shape and into edges.

The answers (answers/data_edge.json) follow AWS's API reference; what they mean was worked out from it by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.aws.redact import plain as let_in
from auditor.aws.replay import Replay
from auditor.aws.requests import Failure, Request
from auditor.graph.build import build
from auditor.model import ABSENT, Inventory
from auditor.resources import load
from auditor.resources.cloudfront._live import origin
from auditor.resources.route53._live import hosts, plain
from auditor.sources.live import Place, read

ACCOUNT = "111122223333"
PLACE = Place(ACCOUNT, "aws", "us-east-1", ("ap-northeast-2",))
CASES = json.loads((Path(__file__).parent / "answers" / "data_edge.json").read_text())
SETTINGS = [case for case in CASES if case["type"] == "AWS::S3::Bucket"]


def answers_of(*cases: Mapping[str, Any], instead: str = "") -> dict[Request, Any]:
    """The answers of cases as the door lets them in; `instead` is an error code for the last of each."""
    out = {}
    for case in cases:
        for each in case["answers"]:
            request = Request.of(ACCOUNT, each["region"], each["service"], each["operation"], each["params"])
            code = instead if each is case["answers"][-1] and instead else each.get("error")
            out[request] = Failure(code, "failed", code) if code else let_in(each["reply"])
    return out


def account(answers: Mapping[Request, Any], *types: str, demand: frozenset[str] | None = None) -> Inventory:
    return read(Replay(answers), PLACE, dict.fromkeys(types, demand), load())


def told(name: str) -> Mapping[str, Any]:
    return next(case for case in CASES if case["case"] == name)


def wanted(case: Mapping[str, Any]) -> frozenset[str] | None:
    return frozenset(case["demand"]) if "demand" in case else None


@pytest.mark.contract
@pytest.mark.parametrize("case", [case for case in CASES if "expected" in case], ids=lambda case: case["case"])
def test_an_answer_becomes_canonical(case: dict[str, Any]) -> None:
    inventory = account(answers_of(case), case["type"], demand=wanted(case))

    (found,) = [each for each in inventory.resources if each.type == case["type"]]
    assert {name: found.properties.get(name, ABSENT) for name in case["expected"]} == case["expected"]
    assert not found.properties.keys() & set(case.get("absent", ()))
    assert found.aws_made is case.get("aws_made", False)
    assert found.id == case.get("id", found.id)
    assert found.region == case.get("region", found.region)
    assert found.tags == case.get("tags", {})
    assert set(case.get("names", ())) <= set(found.names)
    assert {gap.operation for gap in inventory.gaps} <= {"list_tags_for_resource", "list_tags_for_certificate"}


@pytest.mark.parametrize("case", SETTINGS, ids=lambda case: case["case"])
def test_a_setting_that_may_not_be_read_is_unknown_and_has_no_default(case: dict[str, Any]) -> None:
    (name,) = case["demand"]
    inventory = account(answers_of(case, instead="AccessDenied"), case["type"], demand=wanted(case))

    (bucket,) = inventory.resources
    assert set(bucket.unknown) == {name}
    assert name not in bucket.properties
    assert [gap.operation for gap in inventory.gaps] == [case["answers"][-1]["operation"]]


def test_a_bucket_without_a_policy_has_no_such_resource() -> None:
    none = answers_of(told("a policy"), instead="NoSuchBucketPolicy")

    inventory = account(none, "AWS::S3::BucketPolicy")
    assert [each.type for each in inventory.resources] == ["AWS::S3::Bucket"]
    assert not inventory.gaps


def test_records_are_told_apart_and_those_of_the_zone_are_aws_made() -> None:
    inventory = account(answers_of(told("records of a zone")), "AWS::Route53::RecordSet")

    records = {each.id: each for each in inventory.resources if each.type == "AWS::Route53::RecordSet"}
    assert {key: record.aws_made for key, record in records.items()} == {
        "Z0123456789ABC_cuggu.com_A": False,
        "Z0123456789ABC_cuggu.com_NS": True,
        "Z0123456789ABC_cuggu.com_SOA": True,
        "Z0123456789ABC_*.cuggu.com_CNAME_blue": False,
    }
    assert records["Z0123456789ABC_cuggu.com_A"].properties == {
        "HostedZoneId": "Z0123456789ABC",
        "Name": "cuggu.com",
        "Type": "A",
        "AliasTarget": {
            "HostedZoneId": "Z2FDTNDATAQYW2",
            "DNSName": "d111111abcdef8.cloudfront.net",
            "EvaluateTargetHealth": False,
        },
    }
    weighted = records["Z0123456789ABC_*.cuggu.com_CNAME_blue"].properties
    assert (weighted["TTL"], weighted["Weight"]) == ("60", 10)
    assert weighted["ResourceRecords"] == ["d111111abcdef8.cloudfront.net"]


def edges(*cases: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    inventory = account(answers_of(*cases), *{case["type"] for case in cases})
    short = {each.key: each.type.rsplit("::", 1)[-1] for each in inventory.resources}
    return {(short[edge.tail], edge.relation, short[edge.head]) for edge in build(inventory, load()).edges()}


def test_edges_of_the_delivery() -> None:
    names = (
        "a distribution with nearly everything set",
        "a function in both stages",
        "an origin access control",
        "a cache policy of AWS's own",
        "a certificate of the edge's region",
        "a policy",
        "records of a zone",
    )
    assert edges(*map(told, names)) == {
        ("Distribution", "draws-from", "Bucket"),
        ("Distribution", "signs-with", "OriginAccessControl"),
        ("Distribution", "runs", "Function"),
        ("Distribution", "presents", "Certificate"),
        ("Distribution", "applies", "CachePolicy"),
        ("BucketPolicy", "attached-to", "Bucket"),
        ("RecordSet", "part-of", "HostedZone"),
        ("RecordSet", "routes-to", "Distribution"),
    }


def test_edges_of_the_database() -> None:
    names = (
        "an instance; a Neptune one beside it is another type",
        "a target group with a registered instance",
        "a subnet group",
        "a parameter group",
    )
    assert edges(*map(told, names)) == {
        ("DBInstance", "placed-in", "DBSubnetGroup"),
        ("DBInstance", "applies", "DBParameterGroup"),
        ("DBProxyTargetGroup", "part-of", "DBProxy"),
        ("DBProxyTargetGroup", "targets", "DBInstance"),
    }


@pytest.mark.parametrize(
    ("host", "reference"),
    [
        ("b.s3.amazonaws.com", "b"),
        ("b.s3.ap-northeast-2.amazonaws.com", "b"),
        ("b.s3-ap-northeast-2.amazonaws.com", "b"),
        ("b.s3.dualstack.ap-northeast-2.amazonaws.com", "b"),
        ("b.s3-website-us-east-1.amazonaws.com", "b"),
        ("b.s3-website.ap-northeast-2.amazonaws.com", "b"),
        ("b.s3-accelerate.amazonaws.com", "b"),
        ("b.s3.us-gov-west-1.amazonaws.com", "b"),
        ("b.s3.cn-north-1.amazonaws.com.cn", "b"),
        ("my.s3.files.s3.ap-northeast-2.amazonaws.com", "my.s3.files"),
        ("abc.lambda-url.ap-northeast-2.on.aws", "abc.lambda-url.ap-northeast-2.on.aws"),
        ("b.s3.amazonaws.com.evil.example", "b.s3.amazonaws.com.evil.example"),
    ],
)
def test_what_an_origin_refers_to(host: str, reference: str) -> None:
    assert origin(host) == [reference]


def test_names_in_the_dns_have_one_form() -> None:
    assert plain("\\052.Cuggu.com.") == "*.cuggu.com"
    assert list(hosts("dualstack.lb-1.ap-northeast-2.elb.amazonaws.com.")) == ["lb-1.ap-northeast-2.elb.amazonaws.com"]
