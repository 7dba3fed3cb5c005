"""Peered transit gateways, and what lies on premises behind VPN connections, as AWS documents them."""

import pytest

from auditor.graph.boxes import line, service
from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_by_hand import hide

POSTGRES, SSH = service("tcp", 5432), service("tcp", 22)
OFFICE = "192.168.7.9"


def from_text(graph, one, other, services=POSTGRES):
    return reach(graph, free_spot(graph, resolve(graph, one)), resolve(graph, other), services)


# --- peered transit gateways -----------------------------------------------------------------------------------------


def to(cidr, attachment, kind="vpc", **more):
    named = {"TransitGatewayAttachmentId": attachment, "ResourceType": kind}
    return {"DestinationCidrBlock": cidr, "TransitGatewayAttachments": [named], **more}


def routes(gateway, attachments, *told):
    members = [{"TransitGatewayAttachmentId": name, "ResourceType": "vpc"} for name in attachments]
    return thing("EC2::TransitGatewayRouteTable", TransitGatewayId=gateway, Routes=list(told), Associations=members)


HERE = [to("10.1.0.0/16", "att-p", "peering"), to("10.0.0.0/16", "att-1")]
THERE = [to("10.0.0.0/16", "att-p", "peering"), to("10.1.0.0/16", "att-2")]


def peered(here=HERE, there=THERE, state="available", associated=True, rule=None, **more):
    """vpc-1 on tgw-1, vpc-2 on tgw-2, the two gateways peered."""
    over, back = ({"DestinationCidrBlock": cidr, "TransitGatewayId": name}
                  for cidr, name in (("10.1.0.0/16", "tgw-1"), ("10.0.0.0/16", "tgw-2")))  # fmt: skip
    options = {"SecurityGroupReferencingSupport": "enable"}
    return drawn(
        **{
            "vpc_2": thing("EC2::VPC", CidrBlock="10.1.0.0/16", CidrBlocks=["10.1.0.0/16"]),
            "far": subnet("10.1.0.0/24", vpc="vpc-2"),
            "rtb_outer": table(LOCAL, over, subnets=["outer"]),
            "rtb_far": table(back, subnets=["far"], vpc="vpc-2"),
            "acl_far": acl(subnets=["far"]),
            "tgw_1": thing("EC2::TransitGateway", **options),
            "tgw_2": thing("EC2::TransitGateway", **options),
            "att_1": thing("EC2::TransitGatewayAttachment", TransitGatewayId="tgw-1", VpcId="vpc-1", SubnetIds=["outer"], Options=options),
            "att_2": thing("EC2::TransitGatewayAttachment", TransitGatewayId="tgw-2", VpcId="vpc-2", SubnetIds=["far"], Options=options),
            "att_p": thing("EC2::TransitGatewayPeeringAttachment", TransitGatewayId="tgw-1", PeerTransitGatewayId="tgw-2", State=state),
            "rtb_1": routes("tgw-1", ["att-1", "att-p"], *here),
            "rtb_2": routes("tgw-2", ["att-2", *(["att-p"] if associated else [])], *there),
            "sg_a": group(),
            "sg_b": group(rule or tcp(5432, CidrIp="10.0.0.0/16"), vpc="vpc-2"),
            "eni_a": interface("10.0.0.8", "outer", "sg-a"),
            "eni_b": interface("10.1.0.9", "far", "sg-b"),
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (peered(), "reached", None),
        (peered(here=HERE[1:]), "blocked", "transit-route"),
        (peered(there=THERE[1:]), "blocked", "no-route-back"),
        (peered(here=HERE[:1]), "blocked", "no-route-back"),
        (peered(there=THERE[:1]), "blocked", "transit-route"),
        (peered(here=[to("10.1.0.0/16", "att-p", "peering", State="blackhole"), HERE[1]]), "blocked", "blackhole"),
        (peered(state="pendingAcceptance"), "blocked", "bad-state"),
        (peered(associated=False), "blocked", "transit-association"),
        (peered(rule=tcp(5432, SourceSecurityGroupId="sg-a")), "blocked", "group-reference"),
        (peered(rule=tcp(22, CidrIp="10.0.0.0/16")), "blocked", "group-rules"),
        # The other gateway, or the peering itself, is somebody else's.
        (peered(tgw_2=None), "unknown", "transit-route"),
        (peered(att_p=None), "unknown", "transit-route"),
    ],
)
def test_over_two_peered_gateways(graph, state, code):
    found = asked(graph, "eni-a", "eni-b", POSTGRES)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert "peering att-p with tgw-2" in found.hops


def test_a_table_of_the_other_gateway_that_was_not_read_leaves_it_unknown():
    graph = peered()
    hide(graph, "rtb-2", "Routes")
    assert asked(graph, "eni-a", "eni-b", POSTGRES).state == "unknown"


# --- on premises -----------------------------------------------------------------------------------------------------


def connection(**more):
    said = {"VpnGatewayId": "vgw-1", "CustomerGatewayId": "cgw-1", "State": "available", "StaticRoutesOnly": True,
            "Routes": ["192.168.0.0/16"], "TunnelStates": ["UP", "DOWN"]}  # fmt: skip
    return thing("EC2::VPNConnection", Type="ipsec.1", **{**said, **more})


WIRE = {"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"}


def office(*way, egress=None, admits=None, **more):
    """A machine in a network whose VPN gateway leads to an office."""
    return drawn(
        **{
            "rtb_outer": table(LOCAL, OUT, *(way or (WIRE,)), subnets=["outer"]),
            "vgw_1": thing("EC2::VPNGateway", VpcId="vpc-1", State="available"),
            "vpn_1": connection(),
            "cgw_1": thing("EC2::CustomerGateway", IpAddress="203.0.113.12", Type="ipsec.1"),
            "sg_1": group(admits or tcp(22, CidrIp="192.168.0.0/16"), egress=egress),
            "eni_1": interface("10.0.0.9", "outer", "sg-1"),
            **more,
        }
    )


CLOSED = [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]
SHUT = acl({"RuleNumber": 1, "Egress": True, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "10.0.0.0/8"}, subnets=["outer"])  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (office(), "reached", None),
        (office(vpn_1=connection(StaticRoutesOnly=False, Routes=[])), "reached", None),
        (office(vpn_1=connection(Routes=["192.168.0.0/24"])), "blocked", "no-route"),
        (office(vpn_1=connection(TunnelStates=["DOWN", "DOWN"])), "blocked", "bad-state"),
        (office(vpn_1=connection(State="pending")), "blocked", "bad-state"),
        (office(vgw_1=thing("EC2::VPNGateway", VpcId="vpc-9")), "blocked", "not-attached"),
        (office({**WIRE, "State": "blackhole"}), "blocked", "blackhole"),
        (office(egress=CLOSED), "blocked", "group-rules"),
        (office(acl_outer=SHUT), "blocked", "acl"),
        (office({"DestinationCidrBlock": "172.31.0.0/16", "GatewayId": "vgw-1"}), "blocked", "private-destination"),
        # Direct Connect may end there, and is not described.
        (office(vpn_1=None), "unknown", "on-premises"),
        (office(vgw_1=None), "unknown", "on-premises"),
    ],
)
def test_an_address_on_premises_is_reached_as_far_as_aws_shows(graph, state, code):
    found = from_text(graph, "eni-1", OFFICE)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        told = "customer gateway cgw-1 at 203.0.113.12 (AWS does not show what is behind it)"
        assert (found.hops[-1], found.services) == (told, POSTGRES)


def test_tunnels_that_were_not_read_leave_it_unknown():
    graph = office()
    hide(graph, "vpn-1", "TunnelStates")
    assert from_text(graph, "eni-1", OFFICE).state == "unknown"
    graph = office(vpn_1=None)
    graph.inventory.asked -= {"AWS::EC2::VPNConnection"}
    assert from_text(graph, "eni-1", OFFICE).because == "AWS::EC2::VPNConnection was not read in this run"


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (office(), "reached", None),
        (office(admits=tcp(22, CidrIp="10.0.0.0/8")), "blocked", "group-rules"),
        (office(vpn_1=connection(TunnelStates=["DOWN", "DOWN"])), "blocked", "bad-state"),
        (office(rtb_gate=table({"DestinationCidrBlock": "10.0.0.0/24", "NetworkInterfaceId": "eni-wall"}, GatewayIds=["vgw-1"])), "unknown", "middlebox"),
    ],
)  # fmt: skip
def test_from_premises_inward(graph, state, code):
    found = from_text(graph, OFFICE, "eni-1", SSH)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        assert found.traffic.addresses == line(OFFICE)


def test_an_address_that_no_wire_leads_to_is_no_start():
    with pytest.raises(NoSuchEnd, match="is in no subnet"):
        from_text(office(), "172.31.0.9", "eni-1")
    other = subnet("10.0.5.0/24")
    graph = office(other=other, rtb_other=table(LOCAL, subnets=["other"]), eni_2=interface("10.0.5.5", "other", "sg-1"))
    assert from_text(graph, OFFICE, "eni-2", SSH).stop.code == "no-route-back"


def transit_office(**more):
    """The same office behind a transit gateway."""
    named = {"TransitGatewayAttachmentId": "att-v", "ResourceType": "vpn", "ResourceId": "vpn-1"}
    wire = {"DestinationCidrBlock": "192.168.0.0/16", "TransitGatewayAttachments": [named], "Type": "propagated"}
    return office(
        {"DestinationCidrBlock": "192.168.0.0/16", "TransitGatewayId": "tgw-1"},
        **{
            "tgw_1": thing("EC2::TransitGateway"),
            "att_1": thing("EC2::TransitGatewayAttachment", TransitGatewayId="tgw-1", VpcId="vpc-1", SubnetIds=["outer"]),
            "rtb_t": routes("tgw-1", ["att-1", "att-v"], wire, to("10.0.0.0/16", "att-1")),
            "vpn_1": connection(VpnGatewayId=None, TransitGatewayId="tgw-1"),
            **more,
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("graph", "state", "code"),
    [
        (transit_office(), "reached", None),
        (transit_office(vpn_1=connection(TransitGatewayId="tgw-1", TunnelStates=["DOWN"])), "blocked", "bad-state"),
        (transit_office(vpn_1=None), "unknown", "on-premises"),
        (transit_office(rtb_t=routes("tgw-1", ["att-1"], to("10.0.0.0/16", "att-1"))), "blocked", "transit-route"),
        (transit_office(rtb_t=routes("tgw-1", ["att-1"], to("192.168.0.0/16", "att-d", "direct-connect-gateway"))), "unknown", "on-premises"),
        (transit_office(rtb_t=routes("tgw-1", ["att-1"], to("192.168.0.0/16", "att-9"))), "unknown", "outside"),
    ],
)  # fmt: skip
def test_a_vpn_behind_a_transit_gateway(graph, state, code):
    for one, other in (("eni-1", OFFICE), (OFFICE, "eni-1")):
        found = from_text(graph, one, other, SSH)
        assert (found.state, found.stop and found.stop.code) == (state, code), found


def test_the_vpn_attachment_needs_a_route_back():
    only = {"TransitGatewayAttachmentId": "att-v", "ResourceType": "vpn", "ResourceId": "vpn-1"}
    wire = {"DestinationCidrBlock": "192.168.0.0/16", "TransitGatewayAttachments": [only]}
    graph = transit_office(rtb_t=routes("tgw-1", ["att-1"], wire), rtb_v=routes("tgw-1", ["att-v"]))
    assert from_text(graph, "eni-1", OFFICE).stop.code == "no-route-back"
