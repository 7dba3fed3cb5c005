"""Prefix lists in rules and routes, in both directions, and the machines that a route may lead through."""

import pytest

from auditor.graph.box_words import address_words
from auditor.graph.boxes import line, service
from auditor.graph.network import resolve, subnet_kind
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_by_hand import hide

HTTPS = service("tcp", 443)
PARTNERS = thing("EC2::PrefixList", PrefixListName="partners", Entries=[{"Cidr": "198.51.100.0/24"}])
WORLD = {"CidrIp": "0.0.0.0/0"}


def public(**more):
    base = {"sg_1": group(tcp(443, **WORLD)), "eni_1": interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"])}
    return drawn(**{**base, "pl_1": PARTNERS, **more})


def out(port, **to):
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **to}]


BY_LIST = {"DestinationPrefixListId": "pl-1", "GatewayId": "igw-1"}


@pytest.mark.parametrize(
    ("things", "one", "other", "known", "unread"),
    [
        # A rule that lets out to a list, and one that lets in from it.
        ({"sg_1": group(egress=out(443, DestinationPrefixListId="pl-1"))}, "eni-1", "198.51.100.7", "reached", "unknown"),
        ({"sg_1": group(egress=out(443, DestinationPrefixListId="pl-1"))}, "eni-1", "8.8.8.8", "blocked", "unknown"),
        ({"sg_1": group(tcp(443, SourcePrefixListId="pl-1"))}, "198.51.100.7", "eni-1", "reached", "unknown"),
        ({"sg_1": group(tcp(443, SourcePrefixListId="pl-1"))}, "203.0.113.7", "eni-1", "blocked", "unknown"),
        # A route for a list, out and for the answers.
        ({"rtb_outer": table(LOCAL, BY_LIST, subnets=["outer"])}, "eni-1", "198.51.100.7", "reached", "unknown"),
        ({"rtb_outer": table(LOCAL, BY_LIST, subnets=["outer"])}, "eni-1", "8.8.8.8", "blocked", "unknown"),
        ({"rtb_outer": table(LOCAL, BY_LIST, subnets=["outer"])}, "198.51.100.7", "eni-1", "reached", "unknown"),
        ({"rtb_outer": table(LOCAL, BY_LIST, subnets=["outer"])}, "203.0.113.7", "eni-1", "blocked", "unknown"),
    ],
)  # fmt: skip
def test_a_list_stands_for_its_entries_in_rules_and_routes(things, one, other, known, unread):
    assert asked(public(**things), one, other, HTTPS).state == known
    graph = public(**things)
    hide(graph, "pl-1", "Entries")
    assert asked(graph, one, other, HTTPS).state == unread


def test_a_list_that_belongs_to_somebody_else_is_not_known():
    graph = public(pl_1=None, sg_1=group(tcp(443, SourcePrefixListId="pl-1")))
    found = asked(graph, "internet", "eni-1", HTTPS)
    assert (found.state, found.because) == ("unknown", "pl-1 was not found: it may belong to another account or region")


# --- machines on the way ---------------------------------------------------------------------------------------------


GATE = {"DestinationCidrBlock": "0.0.0.0/0", "VpcEndpointId": "vpce-gw"}
BALANCED = thing("EC2::VPCEndpoint", VpcEndpointType="GatewayLoadBalancer", VpcId="vpc-1", SubnetIds=["outer"],
                 ServiceName="com.amazonaws.vpce.ap-northeast-2.vpce-svc-1", State="available")  # fmt: skip


def walled(**more):
    """A machine whose way out is a Gateway Load Balancer endpoint, behind which somebody's appliance decides."""
    return public(rtb_outer=table(LOCAL, GATE, subnets=["outer"]), vpce_gw=BALANCED, **more)


def test_an_appliance_behind_a_gateway_load_balancer_decides_what_nobody_can_read():
    found = asked(walled(), "eni-1", "8.8.8.8", HTTPS)
    assert (found.state, found.stop.code) == ("unknown", "middlebox")
    assert asked(walled(sg_1=group(egress=[])), "eni-1", "8.8.8.8", HTTPS).state == "blocked"  # it is never asked
    assert subnet_kind(walled(), resolve(walled(), "outer").resource).kind == "private"


def test_what_comes_in_by_the_gateways_table_is_decided_there_too():
    edge = table({"DestinationCidrBlock": "10.0.0.0/24", "VpcEndpointId": "vpce-gw"}, GatewayIds=["igw-1"])
    found = asked(public(rtb_edge=edge, vpce_gw=BALANCED), "internet", "eni-1", HTTPS)
    assert (found.state, found.stop.code) == ("unknown", "middlebox")
    other = table({"DestinationCidrBlock": "10.0.9.0/24", "VpcEndpointId": "vpce-gw"}, GatewayIds=["igw-1"])
    assert asked(public(rtb_edge=other, vpce_gw=BALANCED), "internet", "eni-1", HTTPS).state == "reached"
    gone = table({"DestinationCidrBlock": "10.0.0.0/24", "VpcEndpointId": "vpce-gw", "State": "blackhole"}, GatewayIds=["igw-1"])  # fmt: skip
    assert asked(public(rtb_edge=gone), "internet", "eni-1", HTTPS).stop.code == "blackhole"


@pytest.mark.parametrize(
    ("admits", "lets_out", "state"),
    [
        ({"IpProtocol": "-1", "CidrIp": "10.0.1.0/24"}, None, "reached"),
        ({"IpProtocol": "-1", "CidrIp": "10.0.2.0/24"}, None, "blocked"),
        ({"IpProtocol": "-1", "SourceSecurityGroupId": "sg-1"}, None, "reached"),
        ({"IpProtocol": "-1", "CidrIp": "10.0.1.0/24"}, out(80, **WORLD), "blocked"),
    ],
)
def test_a_nat_instance_has_groups_of_its_own(admits, lets_out, state):
    way = {"DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-nat"}
    graph = drawn(
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, way, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        sg_nat=group(admits, egress=lets_out),
        sg_1=group(),
        eni_nat=interface("10.0.0.5", "outer", "sg-nat", public=["54.0.0.5"], checks=False),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
    )
    assert asked(graph, "eni-1", "8.8.8.8", HTTPS).state == state


# --- local zones -----------------------------------------------------------------------------------------------------


def test_a_local_zone_is_a_zone_with_an_edge_of_its_own():
    lax = thing("EC2::Subnet", VpcId="vpc-1", CidrBlock="10.0.7.0/24", AvailabilityZone="us-west-2-lax-1a")
    graph = public(
        lax=lax,
        rtb_lax=table(LOCAL, OUT, subnets=["lax"]),
        acl_lax=acl(subnets=["lax"]),
        eni_2=interface("10.0.7.9", "lax", "sg-1", public=["15.0.0.9"]),
    )
    found = asked(graph, "internet", "eni-2", HTTPS)
    assert (found.state, address_words(found.traffic.addresses & line("0.0.0.0/0"))) == ("reached", "the Internet")


def test_the_edge_of_a_carrier_is_not_described():
    way = {"DestinationCidrBlock": "0.0.0.0/0", "CarrierGatewayId": "cagw-1"}
    graph = public(rtb_outer=table(LOCAL, way, subnets=["outer"]))
    assert asked(graph, "eni-1", "8.8.8.8", HTTPS).state == "unknown"
