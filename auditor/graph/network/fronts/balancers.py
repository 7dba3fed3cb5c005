"""Load balancers: which of them have a thing among their targets, and whether the target lets the balancer in.

An application balancer speaks for itself; a network balancer may hand on the client's address, and then the target's
groups see the client. A node takes connections in its own zone and, where balancing crosses zones, hands them on to
another; a target whose zone has no node is given nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, SIX, Traffic, lines, service
from auditor.graph.build import Graph
from auditor.graph.network.fronts.listeners import Lead, balancer_of, leads_to, nowhere, services_of
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, numbers
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between import between
from auditor.graph.network.packets.inward import inbound
from auditor.graph.network.packets.walk import Walk, acl, either, group_in
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_NO_FAMILY = "the load balancer has no addresses of this family"


@dataclass(frozen=True, slots=True)
class Front:
    """A balancer before a target: the way from its listener to the group that holds the target, and the port there."""

    balancer: Resource
    lead: Lead
    port: int | None
    edge: Edge
    gaps: tuple[Gap, ...] = ()  # the members of the group could not be read

    @property
    def group(self) -> Resource:
        return self.lead.group

    @property
    def services(self) -> Ranges:
        """What the target is spoken to on."""
        protocol = str(self.group.properties.get("Protocol"))
        return service("udp" if protocol in ("UDP", "QUIC") else "tcp", self.port) if self.port else ALL_SERVICES


def listening(graph: Graph, balancer: Resource) -> tuple[Ranges, tuple[Edge, ...], tuple[Gap, ...]]:
    """The services on which a balancer's listeners take connections."""
    found = graph.tails(balancer, "part-of", w.LISTENER)
    services = Ranges.of(span for _, each in found for span in services_of(each).spans)
    return services, tuple(edge for edge, _ in found), graph.gaps_for(w.LISTENER, balancer.region)


def heard(walk: Walk, balancer: Resource, ports: Ranges, edges: tuple[Edge, ...], gaps: tuple[Gap, ...]) -> Walk:
    """What of a walk the listeners take."""
    let = Traffic.box(ports, EVERYWHERE)
    words = f"{balancer.label} listens on {service_words(ports)}" if ports else f"{balancer.label} has no listener"
    most = Traffic.box(walk.high.services, EVERYWHERE) if gaps else let
    return walk.through(let, most, Stop(balancer.key, "no-listener", words), gaps).along(*edges)


def arriving(graph: Graph, balancer: Resource, services: Ranges, sources: Ranges) -> list[tuple[Spot | None, Walk]]:
    """From the Internet to each node of a balancer, whatever it listens on."""
    found, gaps = spots(graph, balancer)
    if not found:
        asked = Traffic.box(services, sources)
        stop = Stop(balancer.key, "outside", f"where {balancer.label} stands could not be read")
        return [(None, Walk(asked, asked).blur(stop, gaps) if gaps else Walk(asked, asked).end(stop))]
    unread = hidden(balancer, "Scheme")
    out: list[tuple[Spot | None, Walk]] = []
    for node in found:
        walk = inbound(graph, node, services, sources)
        walk = walk.only(ALL_SERVICES, _families(balancer), Stop(balancer.key, "internal", _NO_FAMILY))
        out.append((node, walk.blur(Stop(balancer.key, "internal", unread[0].message), unread) if unread else walk))
    return out


def _families(balancer: Resource) -> Ranges:
    """The address families under which the world finds a balancer."""
    kind = str(balancer.properties.get("IpAddressType", "ipv4"))
    return {"ipv4": FOUR, "dualstack-without-public-ipv4": SIX}.get(kind, EVERYWHERE)


@dataclass(slots=True)
class _Members:
    """Which target groups hold what: by id and ARN, by address, and those whose members were not read."""

    by_name: dict[str, list[tuple[Resource, dict[str, Any]]]] = field(default_factory=dict)
    by_number: dict[int, list[tuple[Resource, dict[str, Any]]]] = field(default_factory=dict)
    unread: list[tuple[Resource, tuple[Gap, ...]]] = field(default_factory=list)


def _members(graph: Graph) -> _Members:
    """Looked up in all groups once a graph, so that a question costs what stands before its target."""
    if "members" not in graph.memo:
        known = _Members()
        for group in graph.of_type(w.TARGETS):
            if gaps := hidden(group, "Targets"):
                known.unread.append((group, gaps))
            for each in group.properties.get("Targets", ()):
                name = str(each.get("Id", ""))
                known.by_name.setdefault(name, []).append((group, each))
                for number in numbers(lines([name])) if group.properties.get("TargetType") == "ip" else ():
                    known.by_number.setdefault(number, []).append((group, each))
        graph.memo["members"] = known
    found: _Members = graph.memo["members"]
    return found


def _holding(graph: Graph, target: Resource, places: list[Spot]) -> list[tuple[Resource, dict[str, Any]]]:
    known = _members(graph)
    exact = [number for spot in places if spot.exact for number in numbers(spot.addresses)]
    found = [each for name in dict.fromkeys((target.id, target.arn)) for each in known.by_name.get(name, ())]
    return found + [each for number in exact for each in known.by_number.get(number, ())]


def fronts(graph: Graph, target: Resource, places: list[Spot]) -> Iterator[Front]:
    """The balancers that have this resource, or one of its addresses, among their targets."""
    held: list[tuple[Resource, dict[str, Any], tuple[Gap, ...]]]
    held = [(group, member, ()) for group, member in _holding(graph, target, places)]
    held += [(group, {}, gaps) for group, gaps in _members(graph).unread if _near(group, target, places)]
    for group, member, gaps in held:
        port = member.get("Port") or group.properties.get("Port")
        for lead in leads_to(graph, group):
            above = balancer_of(graph, lead.listener)
            if above and above[1].key != target.key:
                edge = Edge(group.key, "targets", target.key, "Targets")
                yield Front(above[1], lead, int(port) if port else None, edge, gaps)


def _near(group: Resource, target: Resource, places: list[Spot]) -> bool:
    """Whether a group whose members were not read may hold the target."""
    if group.properties.get("TargetType") == "lambda":
        return target.type == w.FUNCTION
    return any(spot.network == group.properties.get("VpcId") for spot in places)


def unled(graph: Graph, target: Resource, places: list[Spot]) -> Iterator[tuple[tuple[Edge, ...], Stop]]:
    """Why target groups that hold the target are given nothing, with the edges so far."""
    for group, _ in _holding(graph, target, places):
        words = f"no listener hands connections on to target group {group.label}"
        above = graph.heads(group, "attached-to", w.BALANCER)
        edges = (Edge(group.key, "targets", target.key, "Targets"), *(edge for edge, _ in above))
        idle = [each for _, head in above for _, each in graph.tails(head, "part-of", w.LISTENER) if nowhere(each)]
        if idle:
            told = f"{service_words(services_of(idle[0]))} {nowhere(idle[0])}"
            yield edges, Stop(idle[0].key, "answers-itself", f"{words}: {told}")
        else:
            yield edges, Stop(group.key, "no-target", words)


def onward(
    graph: Graph, walk: Walk, front: Front, target: Resource, places: list[Spot], entered: Spot | None = None
) -> Walk:
    """From a balancer to a target behind it: from the node at which the walk came in, or from any of them."""
    if walk.over:
        return walk
    if front.gaps:
        stop = Stop(front.group.key, "no-target", f"the targets of {front.group.label} could not be read")
        return walk.blur(stop, front.gaps)
    above = graph.heads(front.group, "attached-to", w.BALANCER)
    walk = walk.along(*(edge for edge, head in above if head.key == front.balancer.key), front.edge)
    if target.type == w.FUNCTION or front.group.properties.get("TargetType") == "lambda":
        return walk  # by invocation, not by packets
    nodes, gaps = spots(graph, front.balancer)
    if not nodes or not places:
        return walk.blur(Stop(target.key, "outside", f"where {target.label} stands could not be read"), gaps)
    zones = {_zone(node) for node in nodes}
    ways = [
        _across_zones(graph, walk, front, node, zones, place)
        for node in ([entered] if entered else nodes)
        for place in places
    ]
    return either(ways)


def _across_zones(graph: Graph, walk: Walk, front: Front, node: Spot, zones: set[str], place: Spot) -> Walk:
    """A node serves the targets of its own zone, and those of others where that is not turned off."""
    zone, label = _zone(place), front.balancer.label
    unsure = "" in zones or not zone or place.network != node.network
    if _zone(node) == zone or unsure:
        return _from_node(graph, walk, front, node, place)
    if zone not in zones:
        words = f"{label} stands in no subnet of {zone}, where {place.label} is"
        return walk.end(Stop(front.balancer.key, "target-zone", words))
    said = _attributes(front.group).get("load_balancing.cross_zone.enabled", "")
    network = front.balancer.properties.get("Type", "application") == "network"
    crosses = {"true": True, "false": False}.get(said, None if network else True)
    if crosses is False:
        words = f"{label} keeps {_zone(node)} and {zone} apart"
        return walk.end(Stop(front.balancer.key, "target-zone", words))
    found = _from_node(graph, walk, front, node, place)
    words = f"whether {label} balances across zones was not read"
    return found if crosses else found.blur(Stop(front.balancer.key, "target-zone", words))


def _zone(spot: Spot) -> str:
    return str(spot.subnet.properties.get("AvailabilityZone") or "")


def _attributes(group: Resource) -> dict[str, str]:
    return {str(each.get("Key")): str(each.get("Value")) for each in group.properties.get("TargetGroupAttributes", ())}


def keeps_client(front: Front) -> bool | None:
    """Whether packets reach the target with the client's address; None where that was not read.

    A network balancer's default, except for targets by address on tcp and tls; for udp it cannot be turned off.
    """
    if front.balancer.properties.get("Type", "application") != "network":
        return False
    protocol, kind = str(front.group.properties.get("Protocol")), front.group.properties.get("TargetType", "instance")
    if protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
        return True
    if hidden(front.group, "TargetGroupAttributes"):
        return None
    said = _attributes(front.group).get("preserve_client_ip.enabled")
    return said == "true" if said else kind != "ip"


def _from_node(graph: Graph, walk: Walk, front: Front, node: Spot, place: Spot) -> Walk:
    """One node to one place. An address of the other family cannot be kept: there the node speaks for itself."""
    keeps = keeps_client(front)
    if keeps is False:
        return _as_itself(graph, walk, front, node, place)
    kept, other = (FOUR, SIX) if place.addresses & FOUR else (SIX, FOUR)
    ways = [_as_client(graph, walk.among(kept), front, node, place)] if walk.high.addresses & kept else []
    if walk.high.addresses & other:
        ways.append(_as_itself(graph, walk.among(other), front, node, place))
    if keeps is None:
        gaps = hidden(front.group, "TargetGroupAttributes")
        stop = Stop(front.group.key, "group-rules", "whether the client's address is kept was not read")
        itself = _as_itself(graph, walk, front, node, place)
        found = either([*ways, itself])
        sure = all(way.low for way in (*ways, itself))
        return found if sure or found.over else found.blur(stop, gaps)
    return either(ways)


def _as_itself(graph: Graph, walk: Walk, front: Front, node: Spot, place: Spot) -> Walk:
    """The balancer opens a connection of its own."""
    return carried(walk, between(graph, node, place, front.services), place)


def carried(walk: Walk, hop: Walk, place: Spot | Resource) -> Walk:
    """The walk of a client whose words somebody else carries further: as certain as that one's own way."""
    if walk.over:
        return walk
    if hop.over:
        return walk.along(*hop.edges).end(hop.stop or Stop(place.key, "group-rules", ""))
    if not hop.low:
        doubt = Stop(place.key, "group-rules", f"whether {place.label} lets it in is not known")
        return walk.along(*hop.edges).blur((*hop.doubts, doubt)[0], hop.gaps)
    return walk.along(*hop.edges)


def _as_client(graph: Graph, walk: Walk, front: Front, node: Spot, place: Spot) -> Walk:
    """The client's own packets arrive, translated to the target's port; groups of the balancer may be named."""
    start = Traffic.box(front.services, walk.high.addresses)
    hop = group_in(
        graph, acl(graph, Walk(start, start), place.subnet, False, False), place, walk.high.addresses, node.groups
    )
    sure, most = hop.low.addresses, hop.high.addresses
    kept = replace(walk, low=walk.low.among(sure), high=walk.high.among(most), gaps=(*walk.gaps, *hop.gaps))
    return kept.along(*hop.edges) if kept.high else replace(kept, stop=hop.stop)
