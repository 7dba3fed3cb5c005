"""The readers of EC2 and Lambda by themselves, and what their setters say to AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from auditor.aws.fill import fill
from auditor.model import ABSENT
from auditor.resources import load
from auditor.resources.arns import lambda_function
from auditor.resources.ec2._live import acl_entries, acl_entry_text, egress, ingress, permission, routes
from auditor.resources.lambda_._live import function_name, principal, qualifier, statements
from auditor.resources.normalise import writer

ACCOUNT, REGION = "123456789012", "ap-northeast-2"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:cuggu-prod-server"

IP = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
RULES: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (
        {
            **IP,
            "IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "inside"}, {"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            "PrefixListIds": [],
            "UserIdGroupPairs": [],
        },
        [
            {**IP, "CidrIp": "10.0.0.0/16", "Description": "inside"},
            {**IP, "CidrIp": "0.0.0.0/0"},
            {**IP, "CidrIpv6": "::/0"},
        ],
    ),
    (
        {**IP, "UserIdGroupPairs": [{"GroupId": "sg-app", "UserId": ACCOUNT}]},
        [{**IP, "SourceSecurityGroupId": "sg-app"}],
    ),
    (  # a group of another account, over a peering
        {
            **IP,
            "UserIdGroupPairs": [{"GroupId": "sg-far", "UserId": "999999999999", "VpcPeeringConnectionId": "pcx-1"}],
        },
        [{**IP, "SourceSecurityGroupId": "sg-far", "SourceSecurityGroupOwnerId": "999999999999"}],
    ),
    (
        {**IP, "PrefixListIds": [{"PrefixListId": "pl-1", "Description": "cdn"}]},
        [{**IP, "SourcePrefixListId": "pl-1", "Description": "cdn"}],
    ),
    ({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]),
    (
        {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        [{"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "10.0.0.0/8"}],
    ),
]


@pytest.mark.parametrize(("live", "canonical"), RULES)
def test_a_permission_is_taken_apart_and_put_together(live: dict[str, Any], canonical: list[dict[str, Any]]) -> None:
    elements = ingress({"Permissions": [live], "OwnerId": ACCOUNT})

    assert elements == canonical
    assert ingress({"Permissions": [permission(each) for each in elements], "OwnerId": ACCOUNT}) == canonical
    assert ingress(elements) == elements


def test_egress_names_destinations() -> None:
    live = {
        **IP,
        "UserIdGroupPairs": [{"GroupId": "sg-db", "UserId": ACCOUNT}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
    }

    assert egress({"Permissions": [live], "OwnerId": ACCOUNT}) == [
        {**IP, "DestinationPrefixListId": "pl-1"},
        {**IP, "DestinationSecurityGroupId": "sg-db"},
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"IpProtocol": "6", "FromPort": "22", "ToPort": "22", "CidrIp": "10.1.2.3/8"}, ("tcp", 22, "10.0.0.0/8")),
        ({"IpProtocol": "TCP", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}, ("tcp", 22, "10.0.0.0/8")),
        ({"IpProtocol": -1, "FromPort": 0, "ToPort": 65535, "CidrIp": "0.0.0.0/0"}, ("-1", None, "0.0.0.0/0")),
    ],
)
def test_spellings_of_templates_meet_the_live_form(written: dict[str, Any], meant: tuple[str, Any, str]) -> None:
    (element,) = ingress([written])

    assert (element["IpProtocol"], element.get("FromPort"), element["CidrIp"]) == meant


def test_acl_entries_come_in_the_order_in_which_aws_tries_them() -> None:
    everything = {"Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
    live = [
        {**everything, "Egress": True, "RuleAction": "allow", "RuleNumber": 100},
        {**everything, "Egress": False, "RuleAction": "deny", "RuleNumber": 32767},
        {
            "CidrBlock": "10.0.0.0/16",
            "Egress": False,
            "PortRange": {"From": 443, "To": 443},
            "Protocol": "6",
            "RuleAction": "allow",
            "RuleNumber": 90,
        },
    ]

    entries = acl_entries(live)

    assert [(entry["Egress"], entry["RuleNumber"]) for entry in entries] == [(False, 90), (False, 32767), (True, 100)]
    assert entries[0]["Protocol"] == 6
    assert entries[0]["PortRange"] == {"From": 443, "To": 443}
    assert acl_entry_text(entries[0])["Protocol"] == "6"


def test_a_route_through_an_instance_names_its_interface_once() -> None:
    live = {
        "DestinationCidrBlock": "0.0.0.0/0",
        "InstanceId": "i-1",
        "InstanceOwnerId": ACCOUNT,
        "NetworkInterfaceId": "eni-1",
        "Origin": "CreateRoute",
        "State": "blackhole",
    }

    assert routes([live]) == [
        {
            "DestinationCidrBlock": "0.0.0.0/0",
            "NetworkInterfaceId": "eni-1",
            "Origin": "CreateRoute",
            "State": "blackhole",
        }
    ]


@pytest.mark.parametrize(
    ("text", "reference", "name"),
    [
        (FUNCTION, FUNCTION, "cuggu-prod-server"),
        (f"{FUNCTION}:live", FUNCTION, "cuggu-prod-server"),
        (f"{FUNCTION}:$LATEST", FUNCTION, "cuggu-prod-server"),
        (f"{ACCOUNT}:function:cuggu-prod-server:7", "cuggu-prod-server", "cuggu-prod-server"),
        ("cuggu-prod-server:live", "cuggu-prod-server", "cuggu-prod-server"),
        ("cuggu-prod-server", "cuggu-prod-server", "cuggu-prod-server"),
        (
            f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
            FUNCTION,
            "cuggu-prod-server",
        ),
    ],
)
def test_every_spelling_leads_to_the_function(text: str, reference: str, name: str) -> None:
    assert lambda_function(text) == [reference]
    assert function_name(text) == name


def test_a_qualifier_is_what_follows_the_name() -> None:
    assert qualifier(f"{FUNCTION}:live") == "live"
    assert qualifier(FUNCTION) is ABSENT
    assert qualifier("live") == "live"


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ("*", "*"),
        ({"AWS": "*"}, "*"),
        ({"Service": "sns.amazonaws.com"}, "sns.amazonaws.com"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, ACCOUNT),
        ({"AWS": [f"arn:aws:iam::{ACCOUNT}:role/ci"]}, f"arn:aws:iam::{ACCOUNT}:role/ci"),
    ],
)
def test_principals_are_said_as_templates_say_them(live: Any, expected: str) -> None:
    assert principal(live) == expected


def test_a_condition_that_no_template_can_say_is_kept_whole() -> None:
    statement = {
        "Sid": "public",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "lambda:InvokeFunctionUrl",
        "Resource": FUNCTION,
        "Condition": {
            "StringEquals": {"lambda:FunctionUrlAuthType": "NONE"},
            "Bool": {"lambda:InvokedViaFunctionUrl": "true"},
            "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
        },
    }

    (found,) = statements(json.dumps({"Statement": [statement]}))

    assert found["FunctionUrlAuthType"] == "NONE"
    assert found["InvokedViaFunctionUrl"] is True
    assert found["Condition"] == {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}


ANY_RULE = {**IP, "CidrIp": "0.0.0.0/0", "Description": "oops"}
SETTERS: list[tuple[str, str, str, Any, dict[str, Any]]] = [
    (
        "AWS::EC2::SecurityGroup",
        "SecurityGroupIngress",
        "remove",
        ANY_RULE,
        {"IpPermissions": [{**IP, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "oops"}]}]},
    ),
    (
        "AWS::EC2::SecurityGroup",
        "SecurityGroupEgress",
        "add",
        {**IP, "DestinationSecurityGroupId": "sg-db"},
        {"IpPermissions": [{**IP, "UserIdGroupPairs": [{"GroupId": "sg-db"}]}]},
    ),
    (
        "AWS::EC2::RouteTable",
        "Routes",
        "add",
        {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active", "Origin": "CreateRoute"},
        {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
    ),
    (
        "AWS::EC2::RouteTable",
        "Routes",
        "remove",
        {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
        {"DestinationIpv6CidrBlock": "::/0"},
    ),
    (
        "AWS::EC2::NetworkAcl",
        "Entries",
        "add",
        {"CidrBlock": "10.0.0.0/8", "Egress": False, "Protocol": -1, "RuleAction": "deny", "RuleNumber": 10},
        {"CidrBlock": "10.0.0.0/8", "Egress": False, "Protocol": "-1", "RuleAction": "deny", "RuleNumber": 10},
    ),
    (
        "AWS::EC2::Instance",
        "MetadataOptions",
        "set",
        {
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
            "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled",
        },
        {
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
            "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled",
        },
    ),
    ("AWS::EC2::VPC", "EnableDnsSupport", "set", True, {"EnableDnsSupport": {"Value": True}}),
    ("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "set", False, {"MapPublicIpOnLaunch": {"Value": False}}),
    ("AWS::EC2::VPCEndpoint", "RouteTableIds", "add", "rtb-1", {"AddRouteTableIds": ["rtb-1"]}),
    ("AWS::EC2::VPCEndpoint", "PolicyDocument", "set", {"Statement": []}, {"PolicyDocument": '{"Statement":[]}'}),
    ("AWS::EC2::EBSEncryptionByDefault", "EbsEncryptionByDefault", "set", True, {}),
    ("AWS::Lambda::Function", "MemorySize", "set", 1024, {"MemorySize": 1024}),
    ("AWS::Lambda::Function", "KmsKeyArn", "unset", None, {"KMSKeyArn": ""}),
    ("AWS::Lambda::Function", "ReservedConcurrentExecutions", "set", 5, {"ReservedConcurrentExecutions": 5}),
    ("AWS::Lambda::Url", "AuthType", "set", "AWS_IAM", {"AuthType": "AWS_IAM"}),
]


@pytest.mark.contract
@pytest.mark.parametrize(("cfn", "name", "kind", "value", "expected"), SETTERS)
def test_a_setter_says_what_aws_takes(cfn: str, name: str, kind: str, value: Any, expected: dict[str, Any]) -> None:
    described = load()[cfn]
    row = described.prop(name)
    assert row is not None
    call = getattr(row, kind)
    write = writer(row)
    written = write(value) if write else value
    known = {"id": "x-1", "value": written, "element": written, "FunctionArn": f"{FUNCTION}:live"}

    params = fill(dict(call.params), lambda hole: known.get(hole, ABSENT))

    model = get_session().get_service_model(described.service)
    operation = next(each for each in model.operation_names if each.lower() == call.operation.replace("_", ""))
    shape = model.operation_model(operation).input_shape
    assert shape is None or not ParamValidator().validate(params, shape).has_errors()
    key = {
        "GroupId",
        "RouteTableId",
        "NetworkAclId",
        "InstanceId",
        "VpcId",
        "SubnetId",
        "VpcEndpointId",
        "FunctionName",
    }
    assert {name: each for name, each in params.items() if name not in key} == expected
