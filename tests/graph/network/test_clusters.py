"""The two doors of a Kubernetes cluster, worked out by hand from AWS's documentation."""

import pytest

from auditor.graph.box_words import address_words
from auditor.graph.boxes import service
from auditor.model import Gap
from tests.graph.network.drawn import LOCAL, acl, asked, drawn, group, interface, subnet, table, tcp, thing

HTTPS = service("tcp", 443)
WORLD = ["0.0.0.0/0"]
OFFICE = ["203.0.113.0/24"]
TRANSLATED = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}


def translator(*public):
    return thing("EC2::NatGateway", SubnetId="outer", PrivateIpAddress="10.0.0.5", PublicIps=list(public))


UNNAMED = translator()  # its public address was not read


def cluster(public=WORLD, private=False, rule=(), subnets=("inner",), way=(), status="ACTIVE", **more):
    """A cluster `prod` in an inner subnet; its own group admits its members and what a rule says."""
    doors = {"EndpointPublicAccess": bool(public), "EndpointPrivateAccess": private}
    return drawn(
        inner=subnet("10.0.1.0/24"),
        far=subnet("10.0.2.0/24"),
        rtb_inner=table(LOCAL, *way, subnets=["inner", "far"]),
        acl_inner=acl(subnets=["inner"]),
        acl_far=more.pop("acl_far", acl(subnets=["far"])),
        nat_1=more.pop("nat_1", translator("54.0.0.5")),
        sg_1=group(),
        sg_cluster=group({"IpProtocol": "-1", "SourceSecurityGroupId": "sg-cluster"}, *rule),
        prod=thing(
            "EKS::Cluster",
            Name="prod",
            Status=status,
            ResourcesVpcConfig={
                **doors,
                **({"PublicAccessCidrs": list(public)} if public else {}),
                "SubnetIds": list(subnets),
                "SecurityGroupIds": [],
            },
            ClusterSecurityGroupId="sg-cluster",
        ),
        eni_node=interface("10.0.1.8", "inner", "sg-cluster"),
        eni_1=interface("10.0.1.9", "inner", "sg-1"),
        eni_out=interface("10.0.0.9", "outer", "sg-1", public=["54.0.0.9"]),
        **more,
    )


@pytest.mark.parametrize(
    ("network", "tail", "state", "code"),
    [
        (cluster(), "internet", "reached", None),
        (cluster(OFFICE), "internet", "reached", None),
        (cluster(OFFICE), "203.0.113.7", "reached", None),
        (cluster(OFFICE), "198.51.100.7", "blocked", "public-cidrs"),
        (cluster(None, private=True), "internet", "blocked", "public-door"),
        (cluster(None, private=True), "203.0.113.7", "blocked", "public-door"),
        (cluster(["10.0.0.0/8"]), "internet", "blocked", "public-cidrs"),
        (cluster(status="UPDATING"), "internet", "reached", None),
        (cluster(status="CREATING"), "internet", "blocked", "bad-state"),
    ],
)
def test_the_public_door(network, tail, state, code):
    found = asked(network, tail, "eks/prod", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    assert asked(network, tail, "eks/prod", service("tcp", 22)).state == "blocked"


def test_the_public_door_admits_what_it_is_told_to():
    found = asked(cluster([*OFFICE, "198.51.100.0/25"]), "internet", "eks/prod")
    assert found.because == "198.51.100.0/25, 203.0.113.0/24 on tcp 443"
    assert address_words(found.traffic.addresses) == "198.51.100.0/25, 203.0.113.0/24"


FROM_INNER = [tcp(443, CidrIp="10.0.1.0/24")]
ALL_IN = {"private": True, "public": None}


@pytest.mark.parametrize(
    ("network", "tail", "state", "code"),
    [
        (cluster(**ALL_IN), "eni-node", "reached", None),  # a member of the cluster's own group
        (cluster(**ALL_IN), "eni-1", "blocked", "group-rules"),
        (cluster(**ALL_IN, status="DELETING"), "eni-node", "blocked", "bad-state"),
        (cluster(**ALL_IN, rule=FROM_INNER), "eni-1", "reached", None),
        # Inside the cluster's network its name leads to the private door, however open the public one is.
        (cluster(private=True, way=[TRANSLATED]), "eni-1", "blocked", "group-rules"),
        # Without a private door packets leave the network, under the address of the NAT gateway.
        (cluster(way=[TRANSLATED]), "eni-1", "reached", None),
        (cluster(["54.0.0.5/32"], way=[TRANSLATED]), "eni-1", "reached", None),
        (cluster(OFFICE, way=[TRANSLATED]), "eni-1", "blocked", "public-cidrs"),
        (cluster(["54.0.0.9/32"]), "eni-out", "reached", None),
        (cluster(), "eni-1", "blocked", "no-route"),
        (cluster(None, way=[TRANSLATED]), "eni-1", "blocked", "public-door"),
        # A network without a way out has the private door.
        (cluster(private=True), "eni-node", "reached", None),
        (cluster(private=True, rule=[tcp(443, SourceSecurityGroupId="sg-1")]), "eni-1", "reached", None),
        (cluster(OFFICE, way=[TRANSLATED], nat_1=UNNAMED), "eni-1", "unknown", "no-public-address"),
        (cluster(fn=thing("Lambda::Function", FunctionName="fn")), "fn", "reached", None),
        (cluster(OFFICE, fn=thing("Lambda::Function", FunctionName="fn")), "fn", "unknown", "no-public-address"),
        # EKS chooses in which of the subnets its interfaces stand.
        (cluster(**ALL_IN, rule=FROM_INNER, subnets=("inner", "far")), "eni-1", "reached", None),
        (
            cluster(
                **ALL_IN,
                rule=FROM_INNER,
                subnets=("inner", "far"),
                acl_far=acl(
                    {"RuleNumber": 1, "Egress": True, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
                    subnets=["far"],
                ),
            ),
            "eni-1",
            "unknown",
            "no-route",
        ),
    ],
)
def test_from_inside(network, tail, state, code):
    found = asked(network, tail, "eks/prod", HTTPS)
    assert (found.state, found.stop and found.stop.code) == (state, code), found
    if state == "reached":
        doors = next(each for each in network.resources() if each.id == "prod").properties["ResourcesVpcConfig"]
        door = "private" if doors["EndpointPrivateAccess"] else "public"
        assert found.hops[-1] == f"{door} endpoint of prod: authorization by IAM and the cluster's own rules"


def test_doors_that_could_not_be_read_are_unknown():
    graph = cluster()
    prod = next(each for each in graph.resources() if each.id == "prod")
    gap = Gap("1", "r", "eks", "describe_cluster", "eks:DescribeCluster", "denied", (prod.type,), "denied", prod.key)
    prod.unknown["ResourcesVpcConfig"] = gap
    prod.properties.pop("ResourcesVpcConfig")
    for tail in ("internet", "eni-out"):
        found = asked(graph, tail, "eks/prod", HTTPS)
        assert (found.state, found.gaps) == ("unknown", (gap,))
    assert asked(graph, "internet", "eks/prod", service("tcp", 22)).state == "blocked"
