"""Tables worked out by hand from AWS's documentation, for what the recorded networks lack."""

import pytest

from auditor.graph.box_words import address_words
from auditor.graph.boxes import internet, line, service
from auditor.graph.network import resolve, subnet_kind
from auditor.model import Gap
from tests.graph.network.drawn import (
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

WORLD, WORLD_SIX = {"CidrIp": "0.0.0.0/0"}, {"CidrIpv6": "::/0"}
HTTPS = service("tcp", 443)


def hide(graph, name, place):
    """Take a property away, as a denied call would."""
    resource = next(each for each in graph.resources() if each.id == name)
    gap = Gap("1", "r", "ec2", "describe", "ec2:Describe", "denied", (resource.type,), f"{place} denied", resource.key)
    resource.unknown[place] = gap
    resource.properties.pop(place, None)


# --- IPv6 ------------------------------------------------------------------------------------------------------------


def test_the_world_reaches_an_ipv6_address_by_the_rules_of_its_family_only():
    graph = drawn(sg_1=group(tcp(443, **WORLD_SIX)), eni_1=interface("10.0.0.9", "outer", "sg-1", six=["2600:1f00::9"]))
    found = asked(graph, "internet", "eni-1", HTTPS)
    assert found.state == "reached"
    assert found.traffic.addresses == line("2000::/3")
    assert asked(graph, "internet", "10.0.0.9", HTTPS).stop.code == "private-destination"


def test_an_egress_only_gateway_lets_out_and_not_in():
    way = {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}
    graph = drawn(
        inner=subnet("10.0.1.0/24", Ipv6CidrBlock="2600:1f00:0:2::/64"),
        rtb_inner=table(LOCAL, way, subnets=["inner"]),
        acl_inner=acl(subnets=["inner"]),
        eigw_1=thing("EC2::EgressOnlyInternetGateway", VpcId="vpc-1"),
        sg_1=group(tcp(443, **WORLD_SIX), tcp(443, **WORLD)),
        eni_1=interface("10.0.1.9", "inner", "sg-1", six=["2600:1f00:0:2::9"]),
    )
    kind = subnet_kind(graph, resolve(graph, "inner").resource)
    assert (kind.kind, kind.four, kind.six) == ("private", "isolated", "private")
    out = asked(graph, "eni-1", "internet")
    assert (out.state, address_words(out.traffic.addresses)) == ("reached", "the Internet")
    assert not out.traffic.addresses & line("0.0.0.0/0")
    assert asked(graph, "eni-1", "8.8.8.8").stop.code == "no-route"
    inward = asked(graph, "internet", "eni-1")
    assert (inward.state, inward.stop.code) == ("blocked", "no-route-back")


# --- routes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "kind"),
    [
        ([OUT], "public"),
        ([{**OUT, "State": "blackhole"}], "isolated"),
        ([{"DestinationCidrBlock": "203.0.113.0/24", "GatewayId": "igw-1"}], "public"),
        ([{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}], "private"),
        ([{"DestinationCidrBlock": "0.0.0.0/1", "NatGatewayId": "nat-1"},
          {"DestinationCidrBlock": "128.0.0.0/1", "NatGatewayId": "nat-1"}], "private"),
        ([{"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1"}], "isolated"),
        ([{"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1", "Origin": "EnableVgwRoutePropagation"}], "private"),
        ([{"DestinationPrefixListId": "pl-s3", "VpcEndpointId": "vpce-1"}], "isolated"),
        ([{"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}], "public"),
        # A propagated default loses against the static one of the same length.
        ([{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"}, OUT], "public"),
    ],
)  # fmt: skip
def test_the_kind_of_a_subnet_follows_from_its_routes(routes, kind):
    lists = {"pl_s3": thing("EC2::PrefixList", Entries=[{"Cidr": "52.219.0.0/16"}])}
    graph = drawn(rtb_outer=table(LOCAL, *routes, subnets=["outer"]), **lists)
    assert subnet_kind(graph, resolve(graph, "outer").resource).kind == kind


def test_a_subnet_without_a_table_follows_the_main_one():
    graph = drawn(rtb_outer=table(LOCAL, OUT, MainOf="vpc-1"))
    found = subnet_kind(graph, resolve(graph, "outer").resource)
    assert (found.kind, len(found.evidence)) == ("public", 3)


def test_the_longest_prefix_takes_its_sources_away():
    """A black hole for 198.51.0.0/16 below a default route: those sources get no answer, all others do."""
    hole = {"DestinationCidrBlock": "198.51.0.0/16", "NatGatewayId": "nat-gone", "State": "blackhole"}
    graph = drawn(
        rtb_outer=table(LOCAL, OUT, hole, subnets=["outer"]),
        sg_1=group(tcp(443, **WORLD)),
        eni_1=interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
    )
    found = asked(graph, "internet", "eni-1", HTTPS)
    assert found.traffic.addresses == (internet() & line("0.0.0.0/0")) - line("198.51.0.0/16")
    assert asked(graph, "198.51.2.3", "eni-1", HTTPS).state == "blocked"


def test_a_table_on_the_gateway_leads_through_a_machine_that_nobody_can_read():
    edge = table({"DestinationCidrBlock": "10.0.0.0/24", "NetworkInterfaceId": "eni-wall"}, GatewayIds=["igw-1"])
    things = {"sg_1": group(tcp(443, **WORLD)), "eni_1": interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"])}
    found = asked(drawn(rtb_edge=edge, **things), "internet", "eni-1", HTTPS)
    assert (found.state, found.stop.code) == ("unknown", "middlebox")
    closed = {**things, "sg_1": group(tcp(22, **WORLD))}
    assert asked(drawn(rtb_edge=edge, **closed), "internet", "eni-1", HTTPS).state == "blocked"


@pytest.mark.parametrize(
    ("checks", "state", "code"), [(False, "reached", None), (True, "blocked", "source-dest-check")]
)
def test_a_nat_instance_forwards_only_without_its_check(checks, state, code):
    graph = drawn(
        inner=subnet("10.0.1.0/24"),
        rtb_inner=table(
            LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-nat"}, subnets=["inner"]
        ),
        acl_inner=acl(subnets=["inner"]),
        sg_nat=group({"IpProtocol": "-1", "CidrIp": "10.0.1.0/24"}),
        sg_1=group(),
        eni_nat=interface("10.0.0.5", "outer", "sg-nat", public=["54.0.0.5"], checks=checks),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
    )
    found = asked(graph, "eni-1", "8.8.8.8", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code)


# --- groups ----------------------------------------------------------------------------------------------------------


def test_a_prefix_list_in_a_group_stands_for_its_entries():
    things = {
        "sg_1": group(tcp(443, SourcePrefixListId="pl-1")),
        "eni_1": interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
        "pl_1": thing("EC2::PrefixList", Entries=[{"Cidr": "198.51.100.0/24"}, {"Cidr": "203.0.113.0/24"}]),
    }
    graph = drawn(**things)
    found = asked(graph, "internet", "eni-1", HTTPS)
    assert found.because == "198.51.100.0/24, 203.0.113.0/24 on tcp 443"
    assert asked(graph, "8.8.8.8", "eni-1", HTTPS).stop.code == "group-rules"
    hide(graph := drawn(**things), "pl-1", "Entries")
    assert asked(graph, "8.8.8.8", "eni-1", HTTPS).state == "unknown"
    assert asked(graph, "8.8.8.8", "eni-1", service("tcp", 22)).state == "blocked"


def two_machines(rule, **more):
    return drawn(
        **{
            "sg_a": group(),
            "sg_b": group(rule),
            "eni_a": interface("10.0.0.8", "outer", "sg-a"),
            "eni_b": interface("10.0.0.9", "outer", "sg-b"),
            **more,
        }
    )


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (tcp(5432, SourceSecurityGroupId="sg-a"), "reached"),
        (tcp(5432, SourceSecurityGroupId="sg-b"), "blocked"),
        (tcp(5432, CidrIp="10.0.0.8/32"), "reached"),
        (tcp(5432, CidrIp="10.0.0.9/32"), "blocked"),
        (tcp(5432, CidrIp="54.0.0.8/32"), "blocked"),  # inside a network packets bear private addresses
    ],
)
def test_a_rule_names_its_source_by_address_or_by_group(rule, state):
    assert asked(two_machines(rule), "eni-a", "eni-b", service("tcp", 5432)).state == state


def test_a_group_that_names_itself_joins_its_members_only():
    rule = tcp(5432, SourceSecurityGroupId="sg-b")
    graph = two_machines(rule, eni_c=interface("10.0.0.10", "outer", "sg-b"))
    assert asked(graph, "eni-c", "eni-b").state == "reached"
    assert asked(graph, "eni-a", "eni-b").state == "blocked"


def test_egress_rules_count_and_name_groups_too():
    out = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "DestinationSecurityGroupId": "sg-b"}]
    graph = two_machines(tcp(5432, CidrIp="0.0.0.0/0"), sg_a=group(egress=out))
    assert asked(graph, "eni-a", "eni-b").services == service("tcp", 5432)
    assert asked(graph, "eni-a", "8.8.8.8").stop.code == "group-rules"


def peered(rule, *, status="active", back=True, here="ap-northeast-2", there="ap-northeast-2"):
    over = {"DestinationCidrBlock": "10.1.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    home = {"DestinationCidrBlock": "10.0.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    return drawn(
        vpc_2=thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
        far=subnet("10.1.0.0/24", vpc="vpc-2"),
        rtb_outer=table(LOCAL, over, subnets=["outer"]),
        rtb_far=table(*([home] if back else []), subnets=["far"], vpc="vpc-2"),
        acl_far=acl(subnets=["far"]),
        pcx_1=thing(
            "EC2::VPCPeeringConnection", VpcId="vpc-1", PeerVpcId="vpc-2", Status=status, Region=here, PeerRegion=there
        ),
        sg_a=group(),
        sg_b=group(rule, vpc="vpc-2"),
        eni_a=interface("10.0.0.8", "outer", "sg-a"),
        eni_b=interface("10.1.0.9", "far", "sg-b"),
    )


@pytest.mark.parametrize(
    ("network", "state", "code"),
    [
        (peered(tcp(5432, SourceSecurityGroupId="sg-a")), "reached", None),
        (peered(tcp(5432, SourceSecurityGroupId="sg-a"), there="us-east-1"), "blocked", "group-reference"),
        (peered(tcp(5432, CidrIp="10.0.0.0/16"), there="us-east-1"), "reached", None),
        (peered(tcp(5432, CidrIp="10.0.0.0/16"), status="pending-acceptance"), "blocked", "bad-state"),
        (peered(tcp(5432, CidrIp="10.0.0.0/16"), back=False), "blocked", "no-route-back"),
    ],
)
def test_over_a_peering(network, state, code):
    found = asked(network, "eni-a", "eni-b", service("tcp", 5432))
    assert (found.state, found.stop and found.stop.code) == (state, code)


# --- network ACLs ----------------------------------------------------------------------------------------------------


def entry(number, action, way, low=None, high=None, protocol=6, cidr="0.0.0.0/0"):
    ports = {"PortRange": {"From": low, "To": high}} if low is not None else {}
    return {"RuleNumber": number, "RuleAction": action, "Egress": way, "Protocol": protocol, "CidrBlock": cidr, **ports}


@pytest.mark.parametrize(
    ("entries", "state", "code"),
    [
        ([entry(1, "allow", False, 443, 443), entry(1, "allow", True, 1024, 65535)], "reached", None),
        ([entry(1, "allow", False, 443, 443)], "blocked", "acl-answer"),
        ([entry(1, "allow", False, 443, 443), entry(1, "allow", True, 443, 443)], "blocked", "acl-answer"),
        # Who may choose his port is answered on some of them.
        ([entry(1, "allow", False, 443, 443), entry(1, "allow", True, 60000, 60001)], "reached", None),
        ([entry(1, "deny", False, 443, 443), entry(2, "allow", False, protocol=-1), entry(1, "allow", True, protocol=-1)], "blocked", "acl"),
        ([entry(2, "deny", False, 443, 443), entry(1, "allow", False, protocol=-1), entry(1, "allow", True, protocol=-1)], "reached", None),
    ],
)  # fmt: skip
def test_an_acl_judges_packets_and_answers(entries, state, code):
    graph = drawn(
        acl_outer=acl(*entries, subnets=["outer"]),
        sg_1=group({"IpProtocol": "-1", **WORLD}),
        eni_1=interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
    )
    found = asked(graph, "internet", "eni-1", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code)


def test_a_flow_whose_answers_reach_only_some_clients_is_unknown():
    graph = drawn(
        inner=subnet("10.0.1.0/24"),
        acl_inner=acl(entry(1, "allow", False, 5432, 5432), entry(1, "allow", True, 32768, 60999), subnets=["inner"]),
        sg_a=group(),
        sg_b=group(tcp(5432, CidrIp="10.0.0.0/16")),
        eni_a=interface("10.0.0.8", "outer", "sg-a"),
        eni_b=interface("10.0.1.9", "inner", "sg-b"),
    )
    assert asked(graph, "eni-a", "eni-b", service("tcp", 5432)).state == "unknown"


def test_what_was_read_decides_even_where_something_was_not():
    graph = drawn(
        acl_outer=acl(entry(1, "deny", False, protocol=-1), subnets=["outer"]),
        sg_1=group(tcp(443, **WORLD)),
        eni_1=interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
    )
    hide(graph, "sg-1", "SecurityGroupIngress")
    assert asked(graph, "internet", "eni-1", HTTPS).state == "blocked"
    graph = drawn(sg_1=group(), eni_1=interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]))
    hide(graph, "sg-1", "SecurityGroupIngress")
    found = asked(graph, "internet", "eni-1", HTTPS)
    assert (found.state, found.gaps[0].permission) == ("unknown", "ec2:Describe")
