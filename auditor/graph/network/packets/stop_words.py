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
        f"network ACL {found.label} of {subnet.label} allows return traffic to only some ephemeral ports (1024-65535)"
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
    return " or ".join(f"{services} {way} {address_words(found, 3)}" for services, found in parts[:2])


def refused(graph: Graph, spot: Spot, what: Traffic, way: str, target: Ranges | None = None) -> str:
    """`way` is "inbound" or "outbound"; the far ends are then sources or destinations."""
    index = net(graph)
    labels = [index.by_id[name].label if name in index.by_id else name for name in spot.groups]
    asked = f"{way} {_asked(what, 'from' if way == 'inbound' else 'to', target)}"
    if not labels:
        return f"{spot.label} has no security group that allows {asked}"
    names, verb = ("group", "does") if len(labels) == 1 else ("groups", "do")
    return f"security {names} {', '.join(labels)} of {spot.label} {verb} not allow {asked}"


def denied(found: Resource, subnet: Resource, egress: bool, what: Traffic, target: Ranges | None) -> str:
    way, end = ("outbound", "to") if egress else ("inbound", "from")
    return f"network ACL {found.label} of {subnet.label} does not allow {way} {_asked(what, end, target)}"


def unanswered(found: Resource, subnet: Resource, egress: bool, what: Traffic, target: Ranges | None) -> str:
    """Answers go the other way; of TCP and UDP they go to an ephemeral port."""
    way, end = ("inbound", "from") if egress else ("outbound", "to")
    ported = what.services <= protocol_services(TCP) | protocol_services(UDP)
    ports = ": no ephemeral port (1024-65535) is open" if ported else ""
    return f"network ACL {found.label} of {subnet.label} allows no {way} answers of {_asked(what, end, target)}{ports}"
