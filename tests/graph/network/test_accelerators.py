"""Global Accelerator as AWS documents it: listeners, ports, preserved addresses, and the network's gateway."""

import pytest

from auditor.graph.boxes import service
from auditor.graph.network import from_internet, resolve
from auditor.model import Gap
from tests.graph.network.drawn import ACCOUNT, REGION, asked, group, tcp, thing
from tests.graph.network.hiding import hidden
from tests.graph.network.test_balancers import balanced, balancer
from tests.graph.network.test_before_placed import FROM_BALANCER, POSTGRES, private

WORLD = {"CidrIp": "0.0.0.0/0"}
OWN = tcp(8080, SourceSecurityGroupId="sg-ga")
HTTPS = service("tcp", 443)


def accelerated(
    endpoint="i-1", ports=((443, 443),), overrides=((443, 8080),), protocol="TCP", dial=100.0, said=None, **more
):
    """The three parts of an accelerator before an endpoint."""
    ends = [{"EndpointId": endpoint, "Weight": 128, "ClientIPPreservationEnabled": True, **(said or {})}]
    return {
        "ga": thing("GlobalAccelerator::Accelerator", **{"Name": "ga", "Enabled": True, "IpAddressType": "IPV4", **more}),
        "gal": thing("GlobalAccelerator::Listener", AcceleratorArn="ga", Protocol=protocol,
                     PortRanges=[{"FromPort": one, "ToPort": two} for one, two in ports]),
        "gag": thing("GlobalAccelerator::EndpointGroup", ListenerArn="gal", EndpointConfigurations=ends,
                     TrafficDialPercentage=dial,
                     PortOverrides=[{"ListenerPort": one, "EndpointPort": two} for one, two in overrides]),
    }  # fmt: skip


def machine(*admits, own=True, **more):
    """A private machine on 8080 without a balancer, in a network with an internet gateway."""
    named = thing("EC2::SecurityGroup", VpcId="vpc-1", GroupName="GlobalAccelerator", SecurityGroupIngress=[],
                  SecurityGroupEgress=[])  # fmt: skip
    things = {"lb": None, "tg": None, "listener": None, "sg_1": group(*admits), "sg_ga": named if own else None}
    return balanced(**{**things, **accelerated(), **more})


@pytest.mark.parametrize(
    ("admits", "more", "state", "code"),
    [
        (tcp(8080, **WORLD), {}, "reached", None),
        (OWN, {}, "reached", None),  # by the group that Global Accelerator makes
        (OWN, {"own": False}, "blocked", "group-rules"),
        (tcp(8080, CidrIp="198.51.100.0/24"), {}, "reached", None),  # one office: the client's address is seen
        (tcp(22, **WORLD), {}, "blocked", "group-rules"),
        (tcp(8080, **WORLD), accelerated(overrides=()), "blocked", "group-rules"),  # spoken to on 443
        (tcp(443, **WORLD), accelerated(overrides=()), "reached", None),
        (tcp(8080, **WORLD), accelerated(ports=((80, 90),)), "blocked", "group-rules"),
        (tcp(8080, **WORLD), accelerated(ports=((8000, 9000),), overrides=()), "reached", None),
        (tcp(8080, **WORLD), accelerated(protocol="UDP"), "blocked", "group-rules"),
        (tcp(8080, **WORLD), accelerated(Enabled=False), "blocked", "bad-state"),
        (tcp(8080, **WORLD), {"igw_1": thing("EC2::InternetGateway", VpcId="vpc-2")}, "blocked", "not-attached"),  # it takes a gateway in the network
        (tcp(8080, **WORLD), accelerated("i-2"), "blocked", "no-public-address"),
        # What is given nothing now gets something when other endpoints fail.
        (tcp(8080, **WORLD), accelerated(said={"Weight": 0}), "unknown", "no-target"),
        (tcp(8080, **WORLD), accelerated(dial=0.0), "unknown", "no-target"),
        # Where the client's address is not preserved the machine sees one of AWS's, which is not read.
        (tcp(8080, CidrIp="198.51.100.0/24"), accelerated(said={"ClientIPPreservationEnabled": False}), "unknown", "group-rules"),
        (tcp(8080, **WORLD), accelerated(said={"ClientIPPreservationEnabled": False}), "reached", None),
        (tcp(22, **WORLD), accelerated(said={"ClientIPPreservationEnabled": False}), "blocked", "group-rules"),
    ],
)  # fmt: skip
def test_the_way_to_a_private_machine(admits, more, state, code):
    graph = machine(admits, **more)
    for target in ("i-1", "eni-1"):
        found = asked(graph, "internet", target)
        assert (found.state, found.stop and found.stop.code) == (state, code), found
        if state == "reached":
            assert "Global Accelerator ga" in found.hops[0]


def test_the_port_is_that_of_the_listener_and_the_clients_are_those_that_get_in():
    found = asked(machine(tcp(8080, CidrIp="198.51.100.0/24")), "internet", "i-1", service("tcp", 8080))
    assert found.services == HTTPS
    assert asked(machine(tcp(8080, CidrIp="198.51.100.0/24")), "198.51.100.7", "i-1").state == "reached"
    assert asked(machine(tcp(8080, CidrIp="198.51.100.0/24")), "203.0.113.7", "i-1").state == "blocked"


@pytest.mark.parametrize(("scheme", "state"), [("internal", "reached"), ("internet-facing", "reached")])
def test_a_balancer_may_be_internal(scheme, state):
    graph = balanced(lb=balancer(scheme=scheme), **accelerated("lb", overrides=()))
    for target in ("i-1", "lb"):
        assert asked(graph, "internet", target, HTTPS).state == state
    assert asked(balanced(lb=balancer(scheme="internal")), "internet", "i-1", HTTPS).state == "blocked"
    other = balanced(lb=balancer(scheme="internal"), **accelerated("lb", ports=((80, 80),), overrides=()))
    assert asked(other, "internet", "i-1").state == "blocked"  # on 80 nothing listens


@pytest.mark.parametrize(("preserves", "verdict"), [(True, "broken"), (False, "broken")])
def test_before_an_internal_network_balancer_before_a_database(preserves, verdict):
    more = accelerated("lb", ports=((5432, 5432),), overrides=(), said={"ClientIPPreservationEnabled": preserves})
    graph = private(FROM_BALANCER, lb=balancer("network", scheme="internal", groups=("sg-lb",)), **more)
    assert asked(graph, "internet", "rds/db", POSTGRES).state == "reached"
    rule = from_internet(graph, resolve(graph, "rds/db").resource, 5432)
    assert rule.verdict == verdict
    assert "Global Accelerator ga" in rule.because


PARTS = {"ga": ("Enabled",), "gal": ("PortRanges", "Protocol"), "gag": ("EndpointConfigurations", "ListenerArn")}


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, places in PARTS.items() for place in places])
def test_what_was_not_read_of_it_leaves_it_open(name, place):
    graph = machine(tcp(8080, **WORLD))
    key = next(each.key for each in graph.resources() if each.id == name)
    assert asked(hidden(graph, key, place, ()), "internet", "i-1").state == "unknown"


@pytest.mark.parametrize("noun", ["Accelerator", "Listener", "EndpointGroup"])
def test_a_list_that_was_not_read_may_hide_one(noun):
    nothing = {"ga": None, "gal": None, "gag": None}
    gap = Gap(ACCOUNT, REGION, "globalaccelerator", "list", "globalaccelerator:List", "denied",
              (f"AWS::GlobalAccelerator::{noun}",), "denied")  # fmt: skip
    for admits, state in ((tcp(8080, **WORLD), "unknown"), (tcp(8080, CidrIp="10.0.0.0/8"), "blocked")):
        graph = machine(admits, **nothing)
        assert asked(graph, "internet", "i-1").state == "blocked"
        graph = machine(admits, **nothing)
        graph.inventory.gaps.append(gap)
        assert asked(graph, "internet", "i-1").state == state
