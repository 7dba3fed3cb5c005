"""The endpoint of a cluster, as EKS documents its two flags and the addresses that it admits."""

import pytest

from auditor.graph.boxes import line, service
from tests.graph.network.drawn import LOCAL, acl, asked, drawn, group, interface, subnet, table, tcp, thing
from tests.graph.network.test_by_hand import hide

HTTPS = service("tcp", 443)


def cluster(public=True, private=False, cidrs=("0.0.0.0/0",), status="ACTIVE"):
    config = {"EndpointPublicAccess": public, "EndpointPrivateAccess": private, "SubnetIds": ["inner"],
              "SecurityGroupIds": [], **({"PublicAccessCidrs": list(cidrs)} if public else {})}  # fmt: skip
    return thing("EKS::Cluster", Name="prod", ResourcesVpcConfig=config, ClusterSecurityGroupId="sg-k", Status=status)


def drawn_with(made, admits=None, **more):
    """A cluster in a private subnet, a machine there behind a NAT gateway."""
    return drawn(
        **{
            "prod": made,
            "inner": subnet("10.0.1.0/24"),
            "rtb_inner": table(LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}, subnets=["inner"]),
            "acl_inner": acl(subnets=["inner"]),
            "nat_1": thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.7", PublicIps=["54.0.0.7"]),
            "sg_k": group(admits or tcp(443, SourceSecurityGroupId="sg-1")),
            "sg_1": group(),
            "eni_1": interface("10.0.1.9", "inner", "sg-1"),
            **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made", "source", "services", "state", "code"),
    [
        (cluster(), "internet", HTTPS, "reached", None),
        (cluster(), "internet", service("tcp", 80), "blocked", "no-listener"),
        (cluster(public=False, private=True), "internet", HTTPS, "blocked", "not-public"),
        (cluster(cidrs=["203.0.113.0/24"]), "203.0.113.9", HTTPS, "reached", None),
        (cluster(cidrs=["203.0.113.0/24"]), "198.51.100.9", HTTPS, "blocked", "not-public"),
        (cluster(status="CREATING"), "internet", HTTPS, "blocked", "bad-state"),
    ],
)
def test_from_the_internet(made, source, services, state, code):
    found = asked(drawn_with(made), source, "eks/prod", services)
    assert (found.state, found.stop and found.stop.code) == (state, code), found


def test_the_admitted_addresses_are_a_set():
    found = asked(drawn_with(cluster(cidrs=["203.0.113.0/24", "198.51.100.0/25"])), "internet", "eks/prod")
    assert (found.traffic.addresses, found.services) == (line("203.0.113.0/24") | line("198.51.100.0/25"), HTTPS)


@pytest.mark.parametrize(
    ("made", "admits", "state", "code"),
    [
        (cluster(private=True), None, "reached", None),
        (cluster(private=True), tcp(443, CidrIp="10.9.0.0/16"), "blocked", "group-rules"),
        (cluster(public=False, private=True), None, "reached", None),
        # Without a private endpoint the machine comes from the address of its NAT gateway.
        (cluster(), None, "reached", None),
        (cluster(cidrs=["54.0.0.7/32"]), None, "reached", None),
        (cluster(cidrs=["203.0.113.0/24"]), None, "blocked", "not-public"),
    ],
)
def test_from_a_machine_of_the_network(made, admits, state, code):
    found = asked(drawn_with(made, admits), "eni-1", "eks/prod", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        private = made["Properties"]["ResourcesVpcConfig"]["EndpointPrivateAccess"]
        assert f"{'private' if private else 'public'} endpoint of prod" in found.hops


def test_a_machine_without_a_way_out_needs_the_private_endpoint():
    shut = {"rtb_inner": table(LOCAL, subnets=["inner"])}
    assert asked(drawn_with(cluster(), **shut), "eni-1", "eks/prod", HTTPS).stop.code == "no-route"
    assert asked(drawn_with(cluster(private=True), **shut), "eni-1", "eks/prod", HTTPS).state == "reached"


def test_what_was_not_read_leaves_it_unknown():
    for tail in ("internet", "eni-1"):
        graph = drawn_with(cluster())
        hide(graph, "prod", "ResourcesVpcConfig")
        assert asked(graph, tail, "eks/prod", HTTPS).state == "unknown"
    unnamed = thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.7", PublicIps=[])
    found = asked(drawn_with(cluster(cidrs=["203.0.113.0/24"]), nat_1=unnamed), "eni-1", "eks/prod", HTTPS)
    assert (found.state, found.stop.code) == ("unknown", "not-public")
