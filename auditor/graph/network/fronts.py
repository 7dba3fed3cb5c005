"""What stands in front of a thing: load balancers, distributions and APIs, by which the Internet gets to what it does
not reach itself.

The far ends of every walk here are the clients, and the services are those on which the outermost front listens.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, SIX, Traffic
from auditor.graph.build import Graph
from auditor.graph.network import words as w
from auditor.graph.network.balancers import fronts, heard, listening, onward, unled
from auditor.graph.network.called import called
from auditor.graph.network.distributions import distributed, may_draw
from auditor.graph.network.index import hidden
from auditor.graph.network.inward import inbound
from auditor.graph.network.listeners import Lead, balancer_of, services_of
from auditor.graph.network.places import Spot, spots
from auditor.graph.network.walk import Walk, either
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource

_BALANCED = (w.BALANCER, w.LISTENER, w.TARGETS)
_APIS = (w.REST_API, w.METHOD, w.HTTP_API, w.INTEGRATION, w.ROUTE)
# The lists that may hide what stands in front of a type; of everything else a target group may hold the address.
_HIDING: Mapping[str, tuple[str, ...]] = {
    w.BALANCER: (*_BALANCED, *_APIS),
    w.FUNCTION: (*_BALANCED, *_APIS),
    **dict.fromkeys((w.BUCKET, w.CLUSTER, w.REST_API, w.HTTP_API), ()),
}
_DRAWN_FROM = (w.BALANCER, w.INSTANCE, w.INTERFACE, w.FUNCTION, w.BUCKET)
_NO_FAMILY = "the load balancer has no addresses of this family"
_OVER = (distributed, called)  # kinds of fronts besides balancers, each giving the ways over those before a target
_DEEPEST = 4  # fronts in a row: a distribution, a network balancer, an application balancer


def in_front(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None = None, depth: int = 0
) -> list[Walk]:
    """The ways from the Internet to a thing over whatever stands in front of it.

    `services` are those of the front or of the target; `behind` are those on which the target has to be spoken to.
    """
    if depth > _DEEPEST:
        return []
    ways = _balanced(graph, target, services, sources, behind, depth)
    for over in _OVER:
        ways += over(graph, target, services, sources, behind)
    return ways + _unread(graph, target, services, sources)


def _unread(graph: Graph, target: Resource, services: Ranges, sources: Ranges) -> list[Walk]:
    """What could not be read may stand in front: a list that was refused, and a distribution's configuration."""
    gaps = [gap for cfn in _HIDING.get(target.type, _BALANCED) for gap in graph.gaps_for(cfn, target.region)]
    if target.type in _DRAWN_FROM and (unread := _unread_distributions(graph)) and may_draw(graph, target, services):
        gaps += unread
    if not gaps:
        return []
    start = Walk(Traffic.box(services, sources), Traffic.box(services, sources))
    stop = Stop(target.key, "outside", f"whether anything stands in front of {target.label} was not read")
    return [start.blur(stop, tuple(dict.fromkeys(gaps)))]


def _unread_distributions(graph: Graph) -> list[Gap]:
    details = [gap for each in graph.of_type(w.DISTRIBUTION) for gap in hidden(each, "DistributionConfig")]
    return [*graph.gaps_for(w.DISTRIBUTION), *details]


def to_balancer(graph: Graph, balancer: Resource, services: Ranges, sources: Ranges) -> Walk:
    """From the Internet to any of a balancer's listeners: at its own addresses, else over what stands before it."""
    ports, edges, unread = listening(graph, balancer)
    arriving = either([walk for _, walk in _arriving(graph, balancer, services, sources)])
    direct = heard(arriving, balancer, ports, edges, unread)
    if sources <= direct.low.addresses:
        return direct
    return either([direct, *in_front(graph, balancer, services, sources, ports)])


def _balanced(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None, depth: int
) -> list[Walk]:
    places, _ = spots(graph, target)
    out = []
    for front in fronts(graph, target, places):
        if behind is not None and not front.services & behind:
            continue
        wanted = ALL_SERVICES if services & front.services else services
        hops = (
            f"load balancer {front.balancer.label} on {service_words(services_of(front.lead.listener))}",
            front.lead.words,
            f"target group {front.group.label}",
        )
        for node, walk in to_lead(graph, front.lead, wanted, sources, depth):
            walk = walk.along(*front.lead.edges).by(*hops)
            out.append(onward(graph, walk, front, target, places, node))
    start = Walk(Traffic.box(services, sources), Traffic.box(services, sources))
    return out or [start.along(*edges).end(stop) for edges, stop in unled(graph, target, places)]


def to_lead(graph: Graph, lead: Lead, services: Ranges, sources: Ranges, depth: int) -> list[tuple[Spot | None, Walk]]:
    """From the Internet to one rule of a listener, node by node; over other fronts it may be any node."""
    above = balancer_of(graph, lead.listener)
    own = services_of(lead.listener)
    if above is None:
        return []
    edge, balancer = above
    direct: list[tuple[Spot | None, Walk]] = [
        (node, _taken(heard(walk, balancer, own, (edge,), ()), lead))
        for node, walk in _arriving(graph, balancer, services, sources)
    ]
    if any(sources <= walk.low.addresses for _, walk in direct):
        return direct
    others = in_front(graph, balancer, services, sources, own, depth + 1)
    return [*direct, *((None, _seen(each, lead)) for each in others)]


def _arriving(graph: Graph, balancer: Resource, services: Ranges, sources: Ranges) -> list[tuple[Spot | None, Walk]]:
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


def _taken(walk: Walk, lead: Lead) -> Walk:
    """The share of the clients that the rule takes."""
    low, high = Traffic.box(ALL_SERVICES, lead.sources), Traffic.box(ALL_SERVICES, lead.most)
    words = f"{lead.words} of {lead.listener.label} takes none of these clients"
    return walk.through(low, high, Stop(lead.listener.key, "no-listener", words), lead.gaps)


def _seen(walk: Walk, lead: Lead) -> Walk:
    """A rule about addresses sees those of the front before it, and not the client's."""
    if lead.sources == EVERYWHERE:
        return walk
    words = f"{lead.words} looks at the address of what stands in front"
    return walk.blur(Stop(lead.listener.key, "no-listener", words), lead.gaps)
