"""Load balancers in front: which listeners lead to a target, from where, and whether the target lets the balancer in.

The target groups of a balancer are those that name it, so that a group behind a listener's rule counts as one
behind its
default. An application balancer speaks for itself; a network balancer may hand on the client's address, and then
the target's
groups see the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.graph.box_words import service_words
from auditor.graph.boxes import EVERYWHERE, Traffic, internet, lines, service
from auditor.graph.build import Graph
from auditor.graph.network import words as w
from auditor.graph.network.between import between
from auditor.graph.network.index import hidden
from auditor.graph.network.inward import inbound
from auditor.graph.network.places import Spot, spots
from auditor.graph.network.walk import Walk, acl, either, group_in
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource


@dataclass(frozen=True, slots=True)
class Front:
    """A balancer before a target: the group between them, the port that the target listens on."""

    balancer: Resource
    group: Resource
    port: int | None
    edge: Edge


def listening(graph: Graph, balancer: Resource) -> tuple[Ranges, tuple[Edge, ...], tuple[Gap, ...]]:
    """The services on which a balancer's listeners take connections."""
    found = graph.tails(balancer, "part-of", w.LISTENER)
    services = Ranges.of(span for _, each in found for span in _listener(each).spans)
    return services, tuple(edge for edge, _ in found), graph.gaps_for(w.LISTENER, balancer.region)


def _listener(listener: Resource) -> Ranges:
    port = listener.properties.get("Port")
    if port is None:
        return Ranges()
    protocol = str(listener.properties.get("Protocol", "TCP"))
    found = Ranges()
    if protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
        found |= service("udp", int(port))
    return found if protocol in ("UDP", "QUIC") else found | service("tcp", int(port))


def fronts(graph: Graph, target: Resource, addresses: Ranges) -> Iterator[Front]:
    """The balancers that have this resource, or one of its addresses, among their targets."""
    for group in graph.of_type(w.TARGETS):
        kind = group.properties.get("TargetType", "instance")
        for each in group.properties.get("Targets", ()):
            name = str(each.get("Id", ""))
            hit = name in (target.id, target.arn) or (kind == "ip" and bool(lines([name]) & addresses))
            if hit:
                port = each.get("Port") or group.properties.get("Port")
                for edge, balancer in graph.heads(group, "attached-to", w.BALANCER):
                    yield Front(balancer, group, int(port) if port else None, edge)


def to_balancer(graph: Graph, balancer: Resource, services: Ranges, sources: Ranges | None = None) -> Walk:
    """From the Internet to a balancer's listeners."""
    found, gaps = spots(graph, balancer)
    ports, edges, unread = listening(graph, balancer)
    ways = [inbound(graph, spot, services, sources) for spot in found]
    start = Traffic.box(services, sources if sources is not None else internet())
    if not ways:
        stop = Stop(balancer.key, "outside", f"where {balancer.label} stands could not be read")
        return Walk(start, start).blur(stop, gaps) if gaps else Walk(start, start).end(stop)
    return heard(either(ways), balancer, ports, edges, unread + hidden(balancer, "Scheme"))


def heard(walk: Walk, balancer: Resource, ports: Ranges, edges: tuple[Edge, ...], gaps: tuple[Gap, ...]) -> Walk:
    let = Traffic.box(ports, EVERYWHERE)
    words = f"{balancer.label} listens on {service_words(ports)}" if ports else f"{balancer.label} has no listener"
    most = Traffic.box(walk.high.services, EVERYWHERE) if gaps else let
    return walk.through(let, most, Stop(balancer.key, "no-listener", words), gaps).along(*edges)


def through(graph: Graph, target: Resource, services: Ranges, sources: Ranges | None = None) -> list[Walk]:
    """From the Internet over each balancer in front to the target; the services are those of listener or target."""
    places, _ = spots(graph, target)
    addresses = Ranges.of(span for spot in places for span in spot.addresses.spans if spot.exact)
    out = []
    for front in fronts(graph, target, addresses):
        own = service("tcp", front.port) if front.port else service("-1")
        wanted = service("-1") if services & own else services
        walk = to_balancer(graph, front.balancer, wanted, sources)
        walk = walk.along(front.edge).by(f"load balancer {front.balancer.label}", f"target group {front.group.label}")
        if not walk.over:
            walk = _onward(graph, walk, front, target, places)
        out.append(walk)
    return out


def _onward(graph: Graph, walk: Walk, front: Front, target: Resource, places: list[Spot]) -> Walk:
    edge = Edge(front.group.key, "targets", target.key, "Targets")
    if target.type == w.FUNCTION or front.group.properties.get("TargetType") == "lambda":
        return walk.along(edge)  # by invocation, not by packets
    own = service("udp" if front.group.properties.get("Protocol") == "UDP" else "tcp", front.port)
    nodes, gaps = spots(graph, front.balancer)
    if keeps_client(front):
        ways = [_as_client(graph, walk, own, place, nodes[0]) for place in places] if nodes else []
    else:
        ways = [_as_itself(graph, walk, own, node, place) for node in nodes for place in places]
    if not ways:
        return walk.blur(Stop(target.key, "outside", f"where {target.label} stands could not be read"), gaps)
    return either(ways).along(edge)


def keeps_client(front: Front) -> bool:
    """Whether packets reach the target with the client's address: a network balancer's default for instances."""
    if front.balancer.properties.get("Type", "application") != "network":
        return False
    said = {each.get("Key"): each.get("Value") for each in front.group.properties.get("TargetGroupAttributes", ())}
    if "preserve_client_ip.enabled" in said:
        return bool(said["preserve_client_ip.enabled"] == "true")
    return front.group.properties.get("TargetType", "instance") == "instance" or "UDP" in str(
        front.group.properties.get("Protocol")
    )


def _as_itself(graph: Graph, walk: Walk, own: Ranges, node: Spot, place: Spot) -> Walk:
    """The balancer opens a connection of its own."""
    hop = between(graph, node, place, own)
    if hop.over:
        return walk.along(*hop.edges).end(hop.stop or Stop(place.key, "group-rules", ""))
    if not hop.low:
        stop = (
            *hop.doubts,
            Stop(place.key, "group-rules", f"whether {place.label} lets {node.label} in is not known"),
        )[0]
        return walk.along(*hop.edges).blur(stop, hop.gaps)
    return walk.along(*hop.edges)


def _as_client(graph: Graph, walk: Walk, own: Ranges, place: Spot, node: Spot) -> Walk:
    """The client's own packets arrive, translated to the target's port; groups of the balancer may be named."""
    start = Traffic.box(own, walk.high.addresses)
    hop = group_in(
        graph, acl(graph, Walk(start, start), place.subnet, False, False), place, walk.high.addresses, node.groups
    )
    far = {"low": hop.low.addresses, "high": hop.high.addresses}
    kept = replace(
        walk, low=walk.low.among(far["low"]), high=walk.high.among(far["high"]), gaps=(*walk.gaps, *hop.gaps)
    )
    return kept.along(*hop.edges) if kept.high else replace(kept, stop=hop.stop)
