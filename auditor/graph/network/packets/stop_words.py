"""What filters say where a walk ends: for what services and addresses they were asked, and no wider."""

from __future__ import annotations

from auditor.graph.box_words import address_words, service_words
from auditor.graph.boxes import ALL_SERVICES, TCP, UDP, Traffic, protocol_services
from auditor.graph.build import Graph
from auditor.graph.network.ground.index import net
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Resource


def some_answered(found: Resource, subnet: Resource) -> Stop:
    """Where nothing is unread, an answer is in doubt for the ports alone that clients take at random."""
    words = (
        f"network ACL {found.label} of {subnet.label} lets answers through to some ephemeral ports (1024-65535) only"
    )
    return Stop.at(found, "acl-answer", words)


def _asked(traffic: Traffic, way: str, target: Ranges | None = None) -> str:
    """What a filter was asked for: services and the addresses that it sees, slice by slice where these differ."""
    slices = {found: Ranges() for _, _, found in traffic.slices}
    for low, high, found in traffic.slices:
        slices[found] |= Ranges(((low, high),))
    parts = [(service_words(each, 3) if each != ALL_SERVICES else "traffic", found) for found, each in slices.items()]
    if target is not None or len(parts) == 1:
        services = service_words(traffic.services, 3) if traffic.services != ALL_SERVICES else "traffic"
        return f"{services} {way} {address_words(target if target is not None else parts[0][1], 3)}"
    return "; no ".join(f"{services} {way} {address_words(found, 3)}" for services, found in parts[:2])


def refused(graph: Graph, spot: Spot, verb: str, what: Traffic, way: str, target: Ranges | None = None) -> str:
    index = net(graph)
    labels = [index.by_id[name].label if name in index.by_id else name for name in spot.groups]
    names = "security group " + ", ".join(labels) if labels else "no security group"
    if not labels:
        return f"{spot.label} has no security group that {verb.replace(' no', '')} {_asked(what, way, target)}"
    return f"{names} of {spot.label} {verb} {_asked(what, way, target)}"


def denied(found: Resource, subnet: Resource, egress: bool, what: Traffic, target: Ranges | None) -> str:
    way = "out to" if egress else "in from"
    return f"network ACL {found.label} of {subnet.label} lets no {_asked(what, way, target)}"


def unanswered(found: Resource, subnet: Resource, egress: bool, what: Traffic, target: Ranges | None) -> str:
    """Answers go the other way; of TCP and UDP they go to an ephemeral port."""
    way = "in from" if egress else "out to"
    ported = what.services <= protocol_services(TCP) | protocol_services(UDP)
    ports = ": no ephemeral port (1024-65535) is open" if ported else ""
    return f"network ACL {found.label} of {subnet.label} lets no answer to {_asked(what, way, target)}{ports}"
