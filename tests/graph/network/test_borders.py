"""Where the accounts that were read end: unknown, and whose account it is; what our own side stops is blocked."""

import pytest

from auditor.graph.boxes import service
from auditor.graph.build import build
from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve, subnet_kind
from auditor.model import Inventory
from tests.graph.network.drawn import (
    ACCOUNT,
    LOCAL,
    OUT,
    acl,
    asked,
    drawn,
    group,
    interface,
    subnet,
    table,
    tcp,
    thing,
)
from tests.graph.network.test_wan import routes, to

OTHER = "999988887777"
POSTGRES = service("tcp", 5432)
WORLD = {"CidrIp": "0.0.0.0/0"}
FAR = "10.9.0.5"  # an address of the other account


def ask(graph, one, other, services=POSTGRES):
    return reach(graph, free_spot(graph, resolve(graph, one)), resolve(graph, other), services)


def whose(found):
    """The accounts that an answer names."""
    return {name for name in (OTHER, ACCOUNT) if name in found.because}


# --- transit gateways ------------------------------------------------------------------------------------------------


def spokes(owner=ACCOUNT, far_owner=ACCOUNT, **more):
    """Two networks of this account on a transit gateway, and a third one that is not there."""
    over = {"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1"}

    def attached(network, place, whose=ACCOUNT):
        return thing(
            "EC2::TransitGatewayAttachment",
            TransitGatewayId="tgw-1",
            VpcId=network,
            VpcOwnerId=whose,
            SubnetIds=[place],
        )

    told = routes("tgw-1", ["att-1", "att-2", "att-9"],
                  to("10.0.0.0/16", "att-1"), to("10.1.0.0/16", "att-2"), to("10.9.0.0/16", "att-9"))  # fmt: skip
    ours = {"rtb_t": told, "att_9": attached("vpc-9", "subnet-9", far_owner)} if owner == ACCOUNT else {}
    return drawn(
        **{
            "vpc_2": thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
            "far": subnet("10.1.0.0/24", vpc="vpc-2"),
            "rtb_outer": table(LOCAL, over, subnets=["outer"]),
            "rtb_far": table(over, subnets=["far"], vpc="vpc-2"),
            "acl_far": acl(subnets=["far"]),
            "tgw_1": thing("EC2::TransitGateway", OwnerId=owner),
            "att_1": attached("vpc-1", "outer"),
            "att_2": attached("vpc-2", "far"),
            "sg_a": group(tcp(5432, CidrIp="10.9.0.0/16")),
            "sg_b": group(tcp(5432, CidrIp="10.0.0.0/8"), vpc="vpc-2"),
            "eni_a": interface("10.0.0.8", "outer", "sg-a"),
            "eni_b": interface("10.1.0.9", "far", "sg-b"),
            **ours,
            **more,
        }
    )  # fmt: skip


def test_a_gateway_of_another_account_shows_its_participants_no_route_tables():
    assert ask(spokes(), "eni-a", "eni-b").state == "reached"
    for one, other in (("eni-a", "eni-b"), ("eni-a", FAR), (FAR, "eni-a")):
        found = ask(spokes(owner=OTHER), one, other)
        assert (found.state, whose(found)) == ("unknown", {OTHER}), (one, other, found)


def test_what_our_own_side_stops_is_blocked_whoever_has_the_gateway():
    closed = spokes(owner=OTHER, sg_b=group(tcp(22, **WORLD), vpc="vpc-2"))
    assert ask(closed, "eni-a", "eni-b").stop.code == "group-rules"
    shut = spokes(owner=OTHER, sg_a=group(egress=[{"IpProtocol": "-1", "CidrIp": "192.168.0.0/16"}]))
    assert ask(shut, "eni-a", FAR).state == "blocked"
    assert ask(shut, FAR, "eni-a", service("tcp", 22)).state == "blocked"
    apart = spokes(owner=OTHER, rtb_outer=table(LOCAL, subnets=["outer"]))
    assert (ask(apart, "eni-a", FAR).state, ask(apart, "eni-a", FAR).stop.code) == ("blocked", "no-route")


def test_a_gateway_of_which_it_was_not_read_whose_it_is_may_be_anybodys():
    graph = spokes(rtb_t=None, tgw_1=None)
    assert ask(graph, "eni-a", "eni-b").state == "unknown"
    ours = spokes(rtb_t=None)
    assert (ask(ours, "eni-a", "eni-b").state, ask(ours, "eni-a", "eni-b").stop.code) == (
        "blocked",
        "transit-association",
    )


def test_the_owner_of_the_gateway_sees_nothing_of_a_network_of_another_account():
    graph = spokes(far_owner=OTHER)
    for one, other in (("eni-a", FAR), (FAR, "eni-a")):
        found = ask(graph, one, other)
        assert (found.state, whose(found)) == ("unknown", {OTHER}), (one, other, found)
    assert ask(graph, FAR, "eni-a", service("tcp", 22)).state == "blocked"
    known = spokes(vpc_9=thing("EC2::VPC", CidrBlock="10.8.0.0/16", CidrBlocks=["10.8.0.0/16"]))
    assert (ask(known, "eni-a", FAR).state, ask(known, "eni-a", FAR).stop.code) == ("blocked", "nobody-there")


def test_central_egress_in_another_account_is_unknown():
    out = {"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1"}
    for owner in (ACCOUNT, OTHER):
        graph = spokes(owner=owner, far_owner=OTHER, rtb_outer=table(LOCAL, out, subnets=["outer"]))
        if owner == ACCOUNT:
            graph = spokes(far_owner=OTHER, rtb_outer=table(LOCAL, out, subnets=["outer"]),
                           rtb_t=routes("tgw-1", ["att-1"], to("0.0.0.0/0", "att-9")))  # fmt: skip
        found = ask(graph, "eni-a", "internet")
        assert (found.state, whose(found)) == ("unknown", {OTHER}), found


def test_a_network_that_inspects_what_passes_is_no_dead_end():
    """vpc-2 sends what comes in from the gateway through a firewall's endpoint."""
    wall = {"DestinationCidrBlock": "0.0.0.0/0", "VpcEndpointId": "vpce-wall"}
    graph = spokes(
        far_owner=ACCOUNT,
        rtb_far=table(wall, subnets=["far"], vpc="vpc-2"),
        rtb_t=routes("tgw-1", ["att-1"], to("10.0.0.0/8", "att-2")),
    )
    assert ask(graph, "eni-a", FAR).state == "unknown"
    plain = spokes(
        rtb_far=table(subnets=["far"], vpc="vpc-2"), rtb_t=routes("tgw-1", ["att-1"], to("10.0.0.0/8", "att-2"))
    )
    assert ask(plain, "eni-a", FAR).state == "blocked"


# --- peerings --------------------------------------------------------------------------------------------------------


def peered(owner=OTHER, *rules, asks=True, blocks=("10.9.0.0/16",), egress=None, **more):
    """This account's network, peered with one that was not read; either side may have asked."""
    ends = {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "PeerVpcId": "vpc-9", "PeerOwnerId": owner}
    if not asks:
        ends = {"VpcId": "vpc-9", "OwnerId": owner, "PeerVpcId": "vpc-1", "PeerOwnerId": ACCOUNT}
    said = {"Status": "active", "PeerCidrBlocks" if asks else "CidrBlocks": list(blocks), **ends}
    over = {"DestinationCidrBlock": "10.8.0.0/14", "VpcPeeringConnectionId": "pcx-1"}
    return drawn(
        **{
            "pcx_1": thing("EC2::VPCPeeringConnection", **said),
            "rtb_outer": table(LOCAL, OUT, over, subnets=["outer"]),
            "sg_a": group(*(rules or (tcp(5432, CidrIp="10.9.0.0/16"),)), egress=egress),
            "eni_a": interface("10.0.0.8", "outer", "sg-a"),
            **more,
        }
    )


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize(("one", "other"), [("eni-a", FAR), (FAR, "eni-a"), ("10.0.0.8", FAR)])
def test_a_peer_of_another_account_asked_by_address(asks, one, other):
    found = ask(peered(asks=asks), one, other)
    assert (found.state, whose(found)) == ("unknown", {OTHER}), found


@pytest.mark.parametrize(
    ("graph", "way", "code"),
    [
        (peered(OTHER, tcp(22, **WORLD)), (FAR, "eni-a"), "group-rules"),
        (peered(egress=[{"IpProtocol": "-1", "CidrIp": "192.168.0.0/16"}]), ("eni-a", FAR), "group-rules"),
        (peered(blocks=("10.10.0.0/16",)), ("eni-a", FAR), "peering-edge"),
        (peered(asks=False, blocks=("10.10.0.0/16",)), ("eni-a", FAR), "peering-edge"),
        (peered(rtb_outer=table(LOCAL, OUT, subnets=["outer"])), ("eni-a", FAR), "private-destination"),
        (peered(rtb_outer=table(LOCAL, subnets=["outer"])), ("eni-a", FAR), "no-route"),
        (peered(vpc_9=thing("EC2::VPC", CidrBlock="10.10.0.0/16", CidrBlocks=["10.10.0.0/16"])), ("eni-a", FAR), "peering-edge"),
        (peered(vpc_9=thing("EC2::VPC", CidrBlock="10.9.0.0/16", CidrBlocks=["10.9.0.0/16"])), ("eni-a", FAR), "nobody-there"),
    ],
)  # fmt: skip
def test_what_is_stopped_before_the_other_account_is_blocked(graph, way, code):
    found = ask(graph, *way)
    assert (found.state, found.stop.code) == ("blocked", code), found


@pytest.mark.parametrize(("name", "state"), [("sg-0far", "unknown"), ("sg-a", "blocked")])
def test_a_rule_may_name_a_group_of_the_other_account(name, state):
    inward = peered(OTHER, tcp(5432, SourceSecurityGroupId=name))
    assert ask(inward, FAR, "eni-a").state == state
    outward = peered(egress=[tcp(5432, DestinationSecurityGroupId=name)])
    assert ask(outward, "eni-a", FAR).state == state


def test_a_peer_of_this_account_in_another_region_is_told_so():
    graph = peered(ACCOUNT)
    pcx = graph.of_type("AWS::EC2::VPCPeeringConnection")[0]
    pcx.properties["PeerRegion"] = "eu-west-1"
    found = ask(graph, "eni-a", FAR)
    assert (found.state, found.gaps[0].reason, found.gaps[0].region) == ("unknown", "region-not-read", "eu-west-1")


# --- Cloud WAN, machines and other wires -----------------------------------------------------------------------------

CORE = f"arn:aws:networkmanager::{OTHER}:core-network/core-network-0a1"


@pytest.mark.parametrize(
    ("route", "state", "code"),
    [
        ({"CoreNetworkArn": CORE}, "unknown", "on-premises"),
        ({"LocalGatewayId": "lgw-1"}, "unknown", "on-premises"),
        ({"VpcEndpointId": "vpce-wall"}, "unknown", "middlebox"),
        ({"NetworkInterfaceId": "eni-vpn"}, "unknown", "middlebox"),
        ({"NetworkInterfaceId": "eni-checked"}, "blocked", "source-dest-check"),
        ({"NatGatewayId": "nat-1"}, "unknown", "on-premises"),  # which sends on over the core network
        ({"VpcPeeringConnectionId": "pcx-lost"}, "unknown", "bad-state"),
        ({"TransitGatewayId": "tgw-lost"}, "unknown", "not-attached"),
        ({"CoreNetworkArn": CORE, "State": "blackhole"}, "blocked", "blackhole"),
    ],
)
def test_every_wire_out_of_a_network(route, state, code):
    graph = drawn(
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(LOCAL, {"DestinationCidrBlock": "10.0.0.0/8", "CoreNetworkArn": CORE}, subnets=["inner"]),
        rtb_outer=table(LOCAL, {"DestinationCidrBlock": "10.8.0.0/14", **route}, subnets=["outer"]),
        nat_1=thing("EC2::NatGateway", SubnetId="inner", State="available", PrivateIpAddress="10.0.1.4"),
        sg_a=group({"IpProtocol": "-1", **WORLD}),
        eni_a=interface("10.0.0.8", "outer", "sg-a"),
        eni_vpn=interface("10.0.1.5", "inner", "sg-a", checks=False),
        eni_checked=interface("10.0.1.6", "inner", "sg-a"),
        **({"att_9": None} if "Transit" not in str(route) else {"vpc_1": thing("EC2::VPC", CidrBlock="10.0.0.0/16", CidrBlocks=["10.0.0.0/16"], OwnerId=OTHER)}),
    )  # fmt: skip
    found = ask(graph, "eni-a", FAR)
    assert (found.state, found.stop.code) == (state, code), found
    if "CoreNetworkArn" in route and state == "unknown":
        assert (whose(found), "Cloud WAN" in found.because) == ({OTHER}, True)
        assert ask(graph, FAR, "eni-a").state == "unknown"


# --- shared subnets --------------------------------------------------------------------------------------------------


def participant(*more_routes, **more):
    """A subnet that another account shares: its table and ACL are told, nothing else of its network is."""
    nat = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-9"}
    return drawn(
        **{
            "vpc_9": thing("EC2::VPC", CidrBlock="10.9.0.0/16", CidrBlocks=["10.9.0.0/16"], OwnerId=OTHER),
            "lent": subnet("10.9.1.0/24", vpc="vpc-9", OwnerId=OTHER),
            "rtb_lent": table({**LOCAL, "DestinationCidrBlock": "10.9.0.0/16"}, *(more_routes or (nat,)), subnets=["lent"], vpc="vpc-9"),
            "acl_lent": acl(subnets=["lent"]),
            "sg_l": group(tcp(5432, CidrIp="10.9.0.0/16"), vpc="vpc-9"),
            "eni_l": interface("10.9.1.7", "lent", "sg-l"),
            "eni_m": interface("10.9.1.8", "lent", "sg-l"),
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "one", "other"),
    [
        (participant(), "eni-l", "internet"),  # the NAT gateway is the owner's
        (participant(), "eni-l", "10.9.1.99"),  # another participant's machine
        (participant(), "eni-l", "10.9.2.5"),
        (participant(), "eni-l", "s3"),  # over an endpoint of the owner's
        (participant(rtb_lent=None), "eni-l", "internet"),
        (participant({"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1"}), "eni-l", "10.7.0.5"),
        (participant({"DestinationCidrBlock": "10.0.0.0/8", "VpcPeeringConnectionId": "pcx-9"}), "eni-l", "10.7.0.5"),
        (participant({"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "vgw-9"}), "eni-l", "10.7.0.5"),
        (participant({"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1"}), "10.7.0.5", "eni-l"),
    ],
)
def test_what_the_owner_of_a_shared_subnet_has_is_unknown(graph, one, other):
    ports = service("tcp", 443) if other == "s3" else POSTGRES
    if one == "10.7.0.5":
        graph.of_type("AWS::EC2::SecurityGroup")[0].properties["SecurityGroupIngress"] = [tcp(5432, **WORLD)]
    found = ask(graph, one, other, ports)
    assert (found.state, whose(found)) == ("unknown", {OTHER}), found


def test_in_a_shared_subnet_own_machines_meet():
    assert ask(participant(), "eni-l", "eni-m").state == "reached"
    assert ask(participant(sg_l=group(vpc="vpc-9")), "eni-l", "eni-m").state == "blocked"
    assert ask(participant(acl_lent=None, lower=subnet("10.9.2.0/24", vpc="vpc-9", OwnerId=OTHER), eni_m=interface("10.9.2.8", "lower", "sg-l")), "eni-l", "eni-m").state == "unknown"  # fmt: skip


def test_a_shared_subnet_without_its_table_is_of_no_known_kind():
    graph = participant(rtb_lent=None)
    kind = subnet_kind(graph, resolve(graph, "lent").resource)
    assert (kind.kind, OTHER in kind.gaps[0].message) == ("", True)


def test_an_own_network_without_a_table_is_isolated():
    """The same without another account: code may leave the table out, and what was read is whole."""
    graph = drawn(rtb_outer=None, eni_a=interface("10.0.0.8", "outer"))
    assert ask(graph, "eni-a", "8.8.8.8").state == "blocked"


# --- both accounts together ------------------------------------------------------------------------------------------


def test_with_the_other_account_read_as_well_the_answer_is_certain():
    graph = spokes(owner=OTHER)
    whole = spokes()
    for each in whole.of_type("AWS::EC2::TransitGateway"):
        each.properties["OwnerId"] = OTHER
    inventory = whole.inventory
    both = Inventory(inventory.resources, [], inventory.asked, (ACCOUNT, OTHER), inventory.regions)
    assert ask(graph, "eni-a", "eni-b").state == "unknown"
    assert ask(build(both, whole.types), "eni-a", "eni-b").state == "reached"


def test_an_address_of_nobody_is_still_no_start():
    with pytest.raises(NoSuchEnd, match="is in no subnet"):
        ask(drawn(), "172.31.0.9", "outer")
    assert asked(drawn(eni_a=interface("10.0.0.8", "outer")), "eni-a", "10.0.0.77").stop.code == "nobody-there"


def test_two_networks_on_a_core_network_of_another_account():
    """Both are read, and what joins them is Cloud WAN."""
    over = {"DestinationCidrBlock": "10.0.0.0/8", "CoreNetworkArn": CORE}
    plain = spokes(rtb_outer=table(LOCAL, over, subnets=["outer"]), rtb_far=table(over, subnets=["far"], vpc="vpc-2"))
    found = ask(plain, "eni-a", "eni-b")
    assert (found.state, whose(found), "Cloud WAN" in found.because) == ("unknown", {OTHER}, True)
    assert ask(plain, "eni-a", "eni-b", service("tcp", 22)).state == "blocked"
    out = {"DestinationCidrBlock": "0.0.0.0/0", "CoreNetworkArn": CORE}
    central = ask(spokes(rtb_outer=table(LOCAL, out, subnets=["outer"])), "eni-a", "internet")
    assert (central.state, whose(central)) == ("unknown", {OTHER})


# --- the internet gateway of a shared network ------------------------------------------------------------------------

EDGE = {"DestinationCidrBlock": "10.0.0.0/24", "VpcEndpointId": "vpce-wall"}
PUBLIC = {"sg_a": group(tcp(5432, **WORLD)), "eni_a": interface("10.0.0.8", "outer", "sg-a", public=["54.0.0.1"])}


@pytest.mark.parametrize(("one", "other"), [("internet", "eni-a"), ("eni-a", "8.8.8.8")])
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "reached"),
        ({"rtb_edge": table(EDGE, GatewayIds=["igw-1"])}, "unknown"),  # a firewall's endpoint
        ({"rtb_edge": table({**EDGE, "State": "blackhole"}, GatewayIds=["igw-1"])}, "blocked"),
        ({"rtb_edge": table({**EDGE, "DestinationCidrBlock": "10.0.9.0/24"}, GatewayIds=["igw-1"])}, "reached"),
        # AWS: a participant sees the table of its subnet, and none that is associated with the owner's gateway.
        ({"outer": subnet("10.0.0.0/24", OwnerId=OTHER)}, "unknown"),
        ({"outer": subnet("10.0.0.0/24", OwnerId=ACCOUNT)}, "reached"),
        ({"igw_1": None, "outer": subnet("10.0.0.0/24", OwnerId=OTHER)}, "unknown"),
    ],
)
def test_a_route_table_on_the_gateway_counts_for_what_comes_in_and_for_answers(one, other, more, expected):
    found = ask(drawn(**{**PUBLIC, **more}), one, other)
    assert found.state == expected, found.because
    if expected == "unknown" and "outer" in more:
        assert (whose(found), "a route table of its internet gateway" in found.because) == ({OTHER}, True)
