"""What AWS adds to what code says, and what it chooses where code is silent: implied on the types, by their rows."""

import pytest

from tests.fragments import graph_of

ATTACHED = {
    "Type": "AWS::EC2::TransitGatewayAttachment",
    "Properties": {"TransitGatewayId": "tgw-1", "VpcId": {"Ref": "Net"}},
}
NET = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}}
HUB = {"Type": "AWS::EC2::TransitGatewayRouteTable", "Properties": {"TransitGatewayId": "tgw-1"}}
LOCAL = {"GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
CLIENT = "preserve_client_ip.enabled"


def part(kind, **said):
    return {"Type": f"AWS::{kind}", "Properties": said}


def said(fragment, name):
    found = graph_of({"Net": NET, **fragment}).resources()
    return next(each for each in found if each.address.endswith(f"/{name}"))


def hub(*attachments, route=None):
    ref = {"TransitGatewayRouteTableId": {"Ref": "Hub"}}
    tells = {
        f"Tells{index}": part("EC2::TransitGatewayRouteTablePropagation", TransitGatewayAttachmentId=each, **ref)
        for index, each in enumerate(attachments)
    }
    more = {"Route": part("EC2::TransitGatewayRoute", **route, **ref)} if route else {}
    return said({"Hub": HUB, "Attached": ATTACHED, **tells, **more}, "Hub")


def test_a_network_of_the_code_tells_the_hub_its_addresses():
    (route,) = hub({"Ref": "Attached"}).properties["Routes"]
    assert (route["DestinationCidrBlock"], route["Type"], route["State"]) == ("10.1.0.0/16", "propagated", "active")
    assert route["TransitGatewayAttachments"][0]["ResourceType"] == "vpc"


def test_what_is_attached_elsewhere_tells_the_hub_what_only_aws_knows():
    found = hub({"Ref": "Attached"}, "tgw-attach-0fedcba9876543210")
    assert "tgw-attach-0fedcba9876543210" in found.unknown["Routes"].message
    assert "Routes" not in found.properties
    assert found.unknown["Propagations[].ResourceId"].reason == "unresolved"


def test_a_static_route_stands_before_a_propagated_one():
    """AWS: for the same destination a static route has precedence over a propagated one."""
    (route,) = hub({"Ref": "Attached"}, route={"DestinationCidrBlock": "10.1.0.0/16", "Blackhole": True}).properties[
        "Routes"
    ]
    assert (route["Type"], route["State"]) == ("static", "blackhole")


def test_a_table_holds_the_route_of_every_range_of_its_network():
    more = part("EC2::VPCCidrBlock", VpcId={"Ref": "Net"}, CidrBlock="100.64.0.0/16")
    table = said({"More": more, "Table": part("EC2::RouteTable", VpcId={"Ref": "Net"})}, "Table")
    assert table.properties["Routes"] == [
        {"DestinationCidrBlock": cidr, **LOCAL} for cidr in ("10.1.0.0/16", "100.64.0.0/16")
    ]


def test_a_table_of_a_network_elsewhere_is_told_no_addresses():
    assert said({"Table": part("EC2::RouteTable", VpcId="vpc-1")}, "Table").properties["Routes"] == []


LISTENERS = [
    ({"Protocol": "HTTPS"}, None, True),
    ({"Protocol": "TLS"}, None, True),
    ({"Protocol": "HTTP"}, None, False),
    (
        {"Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        False,
    ),
]


@pytest.mark.parametrize(("properties", "policy", "unknown"), LISTENERS)
def test_a_security_policy_that_nobody_names_is_chosen_by_aws(properties, policy, unknown):
    found = said({"Door": part("ElasticLoadBalancingV2::Listener", **properties)}, "Door")
    assert (found.properties.get("SslPolicy"), "SslPolicy" in found.unknown) == (policy, unknown)


BALANCERS = [
    ({"Type": "application"}, True),
    ({}, True),
    ({"Type": "application", "SecurityGroups": ["sg-1"]}, False),
    ({"Type": "network"}, False),
]


@pytest.mark.parametrize(("properties", "unknown"), BALANCERS)
def test_an_application_balancer_without_a_group_has_one_that_code_does_not_name(properties, unknown):
    found = said({"Front": part("ElasticLoadBalancingV2::LoadBalancer", **properties)}, "Front")
    assert ("SecurityGroups" in found.unknown) == unknown


GROUPS = [
    ({"Protocol": "TCP", "TargetType": "instance"}, "true"),
    ({"Protocol": "TCP", "TargetType": "ip"}, "false"),
    ({"Protocol": "UDP", "TargetType": "ip"}, "true"),
    ({"Protocol": "HTTP", "TargetType": "ip"}, None),
    ({"Protocol": "TCP", "TargetGroupAttributes": [{"Key": CLIENT, "Value": "false"}]}, "false"),
]


@pytest.mark.parametrize(("properties", "kept"), GROUPS)
def test_whether_a_network_balancer_keeps_the_clients_address(properties, kept):
    """AWS: off if targets are addresses and the protocol is TCP or TLS; otherwise on."""
    found = said({"Group": part("ElasticLoadBalancingV2::TargetGroup", Port=80, **properties)}, "Group")
    told = {each["Key"]: each["Value"] for each in found.properties["TargetGroupAttributes"]}
    assert told.get(CLIENT) == kept


def test_a_target_takes_the_port_of_its_group():
    targets = [{"Id": "i-1"}, {"Id": "i-2", "Port": 9090}]
    found = said({"Group": part("ElasticLoadBalancingV2::TargetGroup", Port=80, Targets=targets)}, "Group")
    assert found.properties["Targets"] == [{"Id": "i-1", "Port": 80}, {"Id": "i-2", "Port": 9090}]


ONE = {"ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "arn:1", "Weight": 1}]}}
TWO = {
    "ForwardConfig": {
        "TargetGroups": [{"TargetGroupArn": "arn:1", "Weight": 1}, {"TargetGroupArn": "arn:2", "Weight": 0}]
    }
}
ACTIONS = [
    ({"TargetGroupArn": "arn:1"}, ONE),
    ({"ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "arn:1"}]}}, ONE),
    ({"TargetGroupArn": "arn:1", **ONE}, ONE),
    (TWO, TWO),
]


@pytest.mark.parametrize(("action", "wanted"), ACTIONS)
def test_forwarding_has_one_form(action, wanted):
    found = said(
        {"Door": part("ElasticLoadBalancingV2::Listener", DefaultActions=[{"Type": "forward", **action}])}, "Door"
    )
    assert found.properties["DefaultActions"] == [{"Type": "forward", **wanted}]
