"""What EC2 and Lambda answer, read into CloudFormation's shape.

The answers (answers/ec2_lambda.json) follow AWS's API reference; what they mean was worked out from it by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.aws.redact import plain
from auditor.aws.replay import Replay
from auditor.aws.requests import Failure, Request
from auditor.graph.build import build
from auditor.model import ABSENT, Inventory
from auditor.resources import load
from auditor.sources.live import Place, read

ACCOUNT, REGION = "123456789012", "ap-northeast-2"
PLACE = Place(ACCOUNT, "aws", "us-east-1", (REGION,))
CASES = json.loads((Path(__file__).parent / "answers" / "ec2_lambda.json").read_text())


def account(*types: str, answers: Mapping[Request, Any]) -> Inventory:
    return read(Replay(answers), PLACE, dict.fromkeys(types), load())


def asked(service: str, operation: str, **params: Any) -> Request:
    return Request.of(ACCOUNT, REGION, service, operation, params)


def answers_of(case: Mapping[str, Any]) -> dict[Request, Any]:
    """The answers of a case as the door lets them in: without secrets."""
    return {
        asked(each["service"], each["operation"], **each["params"]): plain(each["reply"]) for each in case["answers"]
    }


def told(name: str) -> dict[Request, Any]:
    return answers_of(next(case for case in CASES if case["case"] == name))


@pytest.mark.contract
@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_an_answer_becomes_canonical(case: dict[str, Any]) -> None:
    inventory = account(case["type"], answers=answers_of(case))

    (found,) = [each for each in inventory.resources if each.type == case["type"]]
    assert {name: found.properties.get(name, ABSENT) for name in case["expected"]} == case["expected"]
    assert not found.properties.keys() & case["absent"]
    assert not inventory.gaps


def test_route_tables_carry_their_routes_and_their_subnets() -> None:
    found = account("AWS::EC2::RouteTable", answers=told("an association of a subnet, not the main one"))

    main, public = sorted(found.resources, key=lambda table: table.id)
    assert main.properties["MainOf"] == "vpc-1"
    assert main.properties["SubnetIds"] == []
    assert main.aws_made
    assert "MainOf" not in public.properties
    assert public.properties["SubnetIds"] == ["subnet-a"]
    assert not public.aws_made
    targets = {route.get("GatewayId") or route.get("VpcEndpointId") for route in public.properties["Routes"]}
    assert targets == {"igw-1", "vpce-1"}


def test_no_policy_is_no_permission_and_a_denied_one_is_a_gap() -> None:
    functions = told("a function with nearly everything set")
    policy = asked("lambda", "get_policy", FunctionName="cuggu-prod-server")
    none = {**functions, policy: Failure("ResourceNotFoundException", "failed", "no policy")}
    denied = {**functions, policy: Failure("AccessDeniedException", "denied", "not allowed")}

    found = account("AWS::Lambda::Permission", answers=none)
    assert not found.gaps
    assert [each.type for each in found.resources] == ["AWS::Lambda::Function"]
    (gap,) = account("AWS::Lambda::Permission", answers=denied).gaps
    assert (gap.permission, gap.types) == ("lambda:GetPolicy", ("AWS::Lambda::Permission",))


@pytest.mark.parametrize(
    ("cfn", "item", "made"),
    [
        ("AWS::EC2::VPC", {"IsDefault": True}, True),
        ("AWS::EC2::Subnet", {"DefaultForAz": True}, True),
        ("AWS::EC2::Subnet", {"DefaultForAz": False}, False),
        ("AWS::EC2::SecurityGroup", {"GroupName": "default"}, True),
        ("AWS::EC2::SecurityGroup", {"GroupName": "web"}, False),
        ("AWS::EC2::NetworkAcl", {"IsDefault": True}, True),
        ("AWS::EC2::NetworkInterface", {"InterfaceType": "interface", "RequesterManaged": True}, True),
        ("AWS::EC2::NetworkInterface", {"InterfaceType": "lambda", "RequesterManaged": False}, True),
        ("AWS::EC2::NetworkInterface", {"InterfaceType": "interface", "RequesterManaged": False}, False),
        ("AWS::EC2::PrefixList", {"OwnerId": "AWS"}, True),
    ],
)
def test_what_aws_made_by_itself_is_told_apart(cfn: str, item: dict[str, Any], made: bool) -> None:
    described = load()[cfn]
    answer: dict[str, Any] = {**item, described.id: "x-1", "OwnerId": item.get("OwnerId", ACCOUNT)}
    outer = described.list.out.partition("[")[0]
    (found,) = read(
        Replay({asked("ec2", described.list.operation): {outer: [answer]}}),
        PLACE,
        {cfn: frozenset()},
        load(),
    ).resources

    assert found.aws_made is made


def test_references_become_edges() -> None:
    groups = [
        {
            "GroupId": "sg-1",
            "GroupName": "web",
            "OwnerId": ACCOUNT,
            "VpcId": "vpc-1",
            "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": ACCOUNT}]}],
            "IpPermissionsEgress": [],
        },
        {"GroupId": "sg-2", "GroupName": "app", "OwnerId": ACCOUNT, "IpPermissions": [], "IpPermissionsEgress": []},
    ]
    acl = {
        "NetworkAclId": "acl-1",
        "OwnerId": ACCOUNT,
        "VpcId": "vpc-1",
        "IsDefault": True,
        "Entries": [],
        "Associations": [{"NetworkAclAssociationId": "a-1", "NetworkAclId": "acl-1", "SubnetId": "subnet-a"}],
    }
    answers: dict[Request, Any] = {
        asked("ec2", "describe_security_groups"): {"SecurityGroups": groups},
        asked("ec2", "describe_network_acls"): {"NetworkAcls": [acl]},
    }
    for case in CASES:
        answers = {**answers_of(case), **answers}
    answers.update(told("the URL of an alias, without a mode"))
    nouns = ("VPC", "Subnet", "RouteTable", "SecurityGroup", "NetworkAcl", "InternetGateway", "NatGateway", "EIP")
    types = [*("AWS::EC2::" + noun for noun in nouns), "AWS::Lambda::Url", "AWS::Lambda::Function"]

    graph = build(account(*types, answers=answers), load())
    label = {resource.key: resource.id for resource in graph.resources()}
    sentences = {(label[edge.tail], edge.relation, label[edge.head]) for edge in graph.edges()}

    assert {
        ("subnet-a", "placed-in", "vpc-1"),
        ("subnet-a", "routed-by", "rtb-public"),
        ("vpc-1", "routed-by", "rtb-main"),
        ("rtb-public", "routes-to", "igw-1"),
        ("igw-1", "attached-to", "vpc-1"),
        ("subnet-a", "guarded-by", "acl-1"),
        ("sg-1", "admits", "sg-2"),
        ("nat-1", "placed-in", "subnet-a"),
        ("eipalloc-1", "attached-to", "nat-1"),
        ("cuggu-prod-server", "placed-in", "subnet-a"),
        ("cuggu-prod-server", "guarded-by", "sg-1"),
        ("https://def456.lambda-url.ap-northeast-2.on.aws/", "part-of", "cuggu-prod-server"),
    } <= sentences
