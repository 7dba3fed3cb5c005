"""Every flow and subnet kind that Batfish and np-guard state about real networks."""

import re
from functools import cache

import pytest

from auditor.graph.boxes import ALL_SERVICES, service
from auditor.graph.network import free_spot, reach, resolve, subnet_kind
from auditor.graph.network.ground.index import net
from tests.graph.network.recorded import ABSENT, batfish, needs_truths, npguard, truth

pytestmark = needs_truths

EXPECTED = truth("expected") or {"flows": [], "subnets": []}
NPGUARD = truth("npguard_expected") or []
NETWORKS = sorted({each["network"] for each in NPGUARD})

# Where we stop elsewhere than the label, with the reason in AWS's words.
ELSEWHERE = {
    # "Any resources in Availability Zones where there is no transit gateway attachment cannot reach the transit gateway"
    # (VPC guide, transit gateway attachments): the route is there, in the main table; it is the zone that lacks an
    # attachment. Same subnet as the label, another reason.
    ("i-075e846ed41670385", "192.168.1.106"): "transit-zone",
}


@cache
def network(name):
    return batfish(name) if name.startswith("batfish") else npguard(name)


def asked(protocol, port):
    if protocol is None:
        return ALL_SERVICES
    if str(port).startswith("!"):
        return service(protocol) - service(protocol, int(port[1:]))
    return service(protocol, port)


def places(graph, stop):
    """All names of the place where a path stopped: an interface is also its instance's, a table also its subnet's."""
    found = graph.resource(stop.place)
    if found is None:
        return {stop.place}
    machine = (found.properties.get("Attachment") or {}).get("InstanceId")
    return {found.id, machine}


def label(flow):
    return f"{flow['network']}-{flow['src']}-{flow['dst']}-{flow['proto']}"


def test_the_truths_are_there():
    assert len(EXPECTED["flows"]) == 18, ABSENT
    assert len(EXPECTED["subnets"]) == 3
    assert len(NPGUARD) == 17


@pytest.mark.parametrize("flow", EXPECTED["flows"], ids=label)
def test_a_flow_of_batfish(flow):
    graph = network(flow["network"])
    tail, head = free_spot(graph, resolve(graph, flow["src"])), resolve(graph, flow["dst"])
    found = reach(graph, tail, head, asked(flow["proto"], flow["port"]))
    assert found.state == flow["verdict"], found
    if flow["stops_at"]:
        assert flow["stops_at"] in places(graph, found.stop), found.stop
    if found.state == "blocked":
        assert found.stop.words
    expected = ELSEWHERE.get((flow["src"], flow["dst"]))
    assert expected is None or found.stop.code == expected
    if flow["verdict"] == "reached":
        assert any("igw-" in edge.head for edge in found.path)


@pytest.mark.parametrize("each", EXPECTED["subnets"], ids=lambda each: each["subnet"])
def test_a_subnet_kind_of_batfish(each):
    graph = network(each["network"])
    found = subnet_kind(graph, net(graph).by_id[each["subnet"]])
    assert found.kind == each["kind"].split()[0]
    if "NAT" in each["kind"]:
        assert "nat-" in found.because


def ends(name):
    """The world and every machine, under np-guard's names for them."""
    graph = network(name)
    machines = {
        f"{each.label}[{each.properties['PrivateIp']}]": each.id for each in graph.of_type("AWS::EC2::Instance")
    }
    return {"Public Internet (all ranges)": "internet", **machines}


def said(text):
    if text == "All Connections":
        return ALL_SERVICES
    found = re.fullmatch(r"protocol: TCP(?: dst-ports: (\d+))?", text)
    return service("tcp", int(found[1]) if found[1] else None)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_closed_world_of_npguard(name):
    """Every pair: what is listed is let through on exactly these services, what is not listed is blocked."""
    graph, names = network(name), ends(name)
    listed = {(each["src"], each["dst"]): each for each in NPGUARD if each["network"] == name}
    assert {end for pair in listed for end in pair} <= names.keys()
    wrong = []
    for source, one in names.items():
        for target, other in names.items():
            if source == target:
                continue
            found = reach(graph, resolve(graph, one), resolve(graph, other), ALL_SERVICES)
            row = listed.get((source, target))
            if found.state != ("reached" if row else "blocked") or (row and found.services != said(row["allowed"])):
                wrong.append((source, target, row and row["allowed"], found.state, found.because))
    assert not wrong
