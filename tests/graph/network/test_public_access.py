"""VPC Block Public Access, regional NAT gateways and route tables of transit gateways beyond what an answer holds."""

import pytest

from auditor.aws import sdk
from auditor.aws.replay import Replay
from auditor.aws.requests import Request
from auditor.graph.boxes import service
from auditor.graph.network import resolve, subnet_kind
from auditor.resources import load
from auditor.sources.live import Place, read
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, interface, subnet, table, thing
from tests.graph.network.test_by_hand import hide
from tests.graph.network.test_wan import POSTGRES, peered

HTTPS = service("tcp", 443)
ANY = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "CidrIpv6": "::/0"}]
INGRESS, BOTH = "block-ingress", "block-bidirectional"


def stood(found):
    return found.state, found.stop and found.stop.code


def blocked(network=None, outer=None, inner=None):
    """A public subnet with a machine and a NAT gateway, and one with machines behind that and an egress-only gateway."""

    def mode(value):
        return {"InternetGatewayBlockMode": value} if value else {}

    nat = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
    eigw = {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}
    return drawn(
        vpc_1=thing("EC2::VPC", CidrBlock="10.0.0.0/16", CidrBlocks=["10.0.0.0/16"], **mode(network)),
        outer=subnet("10.0.0.0/24", Ipv6CidrBlock="2600:1f00:0:1::/64", **mode(outer)),
        inner=subnet("10.0.1.0/24", Ipv6CidrBlock="2600:1f00:0:2::/64", **mode(inner)),
        rtb_inner=table(LOCAL, nat, eigw, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        nat_1=thing("EC2::NatGateway", SubnetId="outer", State="available", PrivateIpAddress="10.0.0.4", PublicIps=["54.0.0.4"]),
        eigw_1=thing("EC2::EgressOnlyInternetGateway", VpcId="vpc-1"),
        sg_1=group(*ANY),
        eni_o=interface("10.0.0.8", "outer", "sg-1", public=["54.0.0.8"]),
        eni_i=interface("10.0.1.8", "inner", "sg-1"),
        eni_s=interface("10.0.1.9", "inner", "sg-1", six=["2600:1f00:0:2::9"]),
    )  # fmt: skip


SHUT = ("blocked", "public-access-blocked")
OPEN = ("reached", None)
WAYS = [("internet", "eni-o"), ("eni-o", "8.8.8.8"), ("eni-i", "8.8.8.8"), ("eni-s", "2001:4860::8")]


@pytest.mark.parametrize(
    ("graph", "answers"),
    [
        (blocked(), (OPEN, OPEN, OPEN, OPEN)),
        (blocked("off", "off", "off"), (OPEN, OPEN, OPEN, OPEN)),
        # In from outside and straight out by an internet gateway is one: answers come in.
        (blocked(INGRESS, INGRESS, INGRESS), (SHUT, SHUT, OPEN, OPEN)),
        (blocked(BOTH, BOTH, BOTH), (SHUT, SHUT, SHUT, SHUT)),
        # A subnet's own state counts its exclusions.
        (blocked(BOTH, "off", BOTH), (OPEN, OPEN, OPEN, SHUT)),
        (blocked(BOTH, INGRESS, "off"), (SHUT, SHUT, OPEN, OPEN)),
        (blocked("off", BOTH, "off"), (SHUT, SHUT, SHUT, OPEN)),
    ],
)
def test_block_public_access_stands_above_routes(graph, answers):
    for (one, other), expected in zip(WAYS, answers, strict=True):
        assert stood(asked(graph, one, other, HTTPS)) == expected, (one, other)
    assert subnet_kind(graph, resolve(graph, "outer").resource).kind == "public"
    assert asked(graph, "eni-o", "eni-i", HTTPS).state == "reached"  # inside nothing changes


def test_where_it_was_not_read_whether_public_access_is_blocked_nothing_is_open_for_certain():
    graph = blocked("off", "off", "off")
    hide(graph, "outer", "InternetGatewayBlockMode")
    assert [asked(graph, *way, HTTPS).state for way in WAYS] == ["unknown", "unknown", "unknown", "reached"]
    shut = blocked("off", "off", "off")
    hide(shut, "outer", "InternetGatewayBlockMode")
    shut.of_type("AWS::EC2::SecurityGroup")[0].properties["SecurityGroupIngress"] = []
    assert asked(shut, "internet", "eni-o", HTTPS).state == "blocked"


# --- what the SDK says ------------------------------------------------------------------------------------------------

ACCOUNT, REGION = "111122223333", "eu-west-1"
PLACE = Place(ACCOUNT, "aws", "us-east-1", (REGION,))


def told(cfn, operation, answer, details=()):
    """The one resource of a type that an answer tells."""
    types = load()
    replies = {Request.of(ACCOUNT, REGION, "ec2", operation, {}): answer}
    for name, params, reply in details:
        replies[Request.of(ACCOUNT, REGION, "ec2", name, params)] = reply
    (found,) = read(Replay(replies), PLACE, {cfn: None}, types).resources
    return found


@pytest.mark.parametrize(
    ("states", "mode"),
    [({"BlockPublicAccessStates": {"InternetGatewayBlockMode": BOTH}}, BOTH), ({}, "off")],
)
def test_the_answer_says_what_block_public_access_comes_to(states, mode, monkeypatch):
    answer = {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": ACCOUNT, **states}]}
    assert told("AWS::EC2::Subnet", "describe_subnets", answer).at("InternetGatewayBlockMode") == mode
    older = sdk.members("ec2", "describe_subnets") - {"BlockPublicAccessStates"}
    monkeypatch.setattr(sdk, "COMPLETE", (99, 0, 0))
    monkeypatch.setattr(sdk, "members", lambda *_: older)
    found = told("AWS::EC2::Subnet", "describe_subnets", answer)
    assert bool(found.gap("InternetGatewayBlockMode")) == (mode == "off")


def test_an_older_sdk_does_not_say_whether_a_nat_gateway_is_regional(monkeypatch):
    said = {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "State": "available", "NatGatewayAddresses": []}
    answer = {"NatGateways": [said]}
    monkeypatch.setattr(sdk, "version", lambda: (99, 0, 0))
    assert told("AWS::EC2::NatGateway", "describe_nat_gateways", answer).at("AvailabilityMode") == "zonal"
    monkeypatch.setattr(sdk, "version", lambda: (1, 35, 49))
    monkeypatch.setattr(sdk, "members", lambda *_: frozenset({"NatGateways", "SubnetId"}))
    assert told("AWS::EC2::NatGateway", "describe_nat_gateways", answer).gap("AvailabilityMode")


# --- regional NAT gateways --------------------------------------------------------------------------------------------


def regional(own_routes=(OUT,), **said):
    """Machines in two zones behind a NAT gateway that stands in no subnet."""
    nat = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-r"}
    words = {"AvailabilityMode": "regional", "VpcId": "vpc-1", "State": "available", "PublicIps": ["54.0.0.4", "54.0.0.5"],
             "RouteTableId": "rtb-r", **said}  # fmt: skip
    return drawn(
        inner=subnet("10.0.1.0/24"),
        lower=subnet("10.0.2.0/24", zone="b"),
        rtb_inner=table(LOCAL, nat, subnets=["inner", "lower"]),
        acl_inner=acl(subnets=["inner", "lower"]),
        rtb_r=table(LOCAL, *own_routes),
        nat_r=thing("EC2::NatGateway", **{name: value for name, value in words.items() if value is not None}),
        sg_1=group(),
        eni_a=interface("10.0.1.8", "inner", "sg-1"),
        eni_b=interface("10.0.2.8", "lower", "sg-1"),
    )


A_ONLY = {"AutoProvisionZones": "disabled", "Zones": ["ap-northeast-2a"]}


@pytest.mark.parametrize(
    ("graph", "a", "b"),
    [
        (regional(), OPEN, OPEN),
        (regional(()), ("blocked", "no-route"), ("blocked", "no-route")),
        (regional(State="pending"), ("blocked", "bad-state"), ("blocked", "bad-state")),
        (regional(AutoProvisionZones="enabled", Zones=["ap-northeast-2a"]), OPEN, OPEN),
        (regional(**A_ONLY), OPEN, ("blocked", "nat-zone")),
        (regional(RouteTableId=None), ("unknown", "outside"), ("unknown", "outside")),
        (regional(RouteTableId="rtb-lost"), ("unknown", "no-route"), ("unknown", "no-route")),
    ],
)
def test_a_regional_nat_gateway_leads_out_by_its_own_table(graph, a, b):
    assert stood(asked(graph, "eni-a", "internet", HTTPS)) == a
    assert stood(asked(graph, "eni-b", "internet", HTTPS)) == b
    assert asked(graph, "internet", "nat-r", HTTPS).state == "blocked"


def test_a_regional_nat_gateway_is_seen_under_any_of_its_addresses():
    graph = regional()
    sees = group({"IpProtocol": "-1", "CidrIp": "54.0.0.4/31"})
    more = drawn(
        **{each.id: thing(each.type.removeprefix("AWS::"), **each.properties) for each in graph.resources() if each.id != "outer"},
        sg_2=sees,
        eni_p=interface("10.0.0.9", "outer", "sg-2", public=["54.0.0.9"]),
    )  # fmt: skip
    assert asked(more, "eni-a", "54.0.0.9", HTTPS).state == "reached"


# --- transit gateway tables of more than a thousand routes ------------------------------------------------------------


def test_routes_beyond_what_an_answer_holds_are_unknown():
    answer = {
        "TransitGatewayRouteTables": [
            {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1", "State": "available"}
        ]
    }
    params = {"TransitGatewayRouteTableId": "tgw-rtb-1"}
    states = {**params, "Filters": [{"Name": "state", "Values": ["active", "blackhole"]}]}
    route = {"DestinationCidrBlock": "10.1.0.0/16", "Type": "static", "State": "active"}
    rest = [("get_transit_gateway_route_table_associations", params, {"Associations": []}),
            ("get_transit_gateway_route_table_propagations", params, {"TransitGatewayRouteTablePropagations": []})]  # fmt: skip
    for more in (True, False):
        reply = {"Routes": [route], "AdditionalRoutesAvailable": more}
        found = told("AWS::EC2::TransitGatewayRouteTable", "describe_transit_gateway_route_tables", answer,
                     [*rest, ("search_transit_gateway_routes", states, reply)])  # fmt: skip
        assert found.known("Routes") == [route]
        assert bool(found.gap("Routes")) == more


def test_a_table_that_goes_on_leaves_a_path_unknown():
    graph = peered()
    resource = next(each for each in graph.resources() if each.id == "rtb-1")
    hide(graph, "rtb-1", "Nothing")
    resource.unknown["Routes"] = resource.unknown.pop("Nothing")
    assert resource.known("Routes")
    assert asked(graph, "eni-a", "eni-b", POSTGRES).state == "unknown"


@pytest.mark.contract
def test_the_sdk_reads_on_where_it_can():
    boto3 = pytest.importorskip("boto3")
    from botocore.stub import Stubber

    from auditor.aws import paging

    client = boto3.client("ec2", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    if not client.can_paginate("search_transit_gateway_routes"):
        pytest.skip("this SDK cannot ask for the next page of a transit gateway's routes: they are a gap")
    asked_for = {"TransitGatewayRouteTableId": "tgw-rtb-1", "Filters": []}
    pages = [({}, {"Routes": [{"DestinationCidrBlock": "10.1.0.0/16"}], "AdditionalRoutesAvailable": True, "NextToken": "n"}),
             ({"NextToken": "n"}, {"Routes": [{"DestinationCidrBlock": "10.2.0.0/16"}], "AdditionalRoutesAvailable": False})]  # fmt: skip
    with Stubber(client) as stub:
        for more, page in pages:
            stub.add_response("search_transit_gateway_routes", page, {**asked_for, **more})
        found = paging.whole(client, "search_transit_gateway_routes", asked_for)
    assert [each["DestinationCidrBlock"] for each in found["Routes"]] == ["10.1.0.0/16", "10.2.0.0/16"]
    assert not found.get("AdditionalRoutesAvailable")
