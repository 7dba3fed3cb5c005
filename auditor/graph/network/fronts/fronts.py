"""What stands in front of a thing: load balancers, distributions and APIs, by which the Internet gets to what it does
not reach itself.

The far ends of every walk here are the clients, and the services are those on which the outermost front listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, Traffic
from auditor.graph.build import Graph
from auditor.graph.network.fronts.accelerators import accelerated
from auditor.graph.network.fronts.api_integrations import called
from auditor.graph.network.fronts.classic_balancers import Registered, hand_on, registered
from auditor.graph.network.fronts.distributions import distributed, may_draw
from auditor.graph.network.fronts.listeners import Lead, balancer_of, services_of, unread_services
from auditor.graph.network.fronts.load_balancers import Front, arriving, fronts, heard, listening, onward, unled
from auditor.graph.network.fronts.origins import unread_distributions
from auditor.graph.network.fronts.undescribed import undescribed
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import unread_links
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.walk import Walk, either
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_BALANCED = (w.BALANCER, w.LISTENER, w.TARGETS)
# What no load balancer leads to. Of everything else a target group may hold the address; which lists may hide an API
# in front stands with the APIs.
_UNBALANCED = (w.BUCKET, w.CLUSTER, w.REST_API, w.HTTP_API)
_DRAWN_FROM = (*w.BALANCERS, w.INSTANCE, w.INTERFACE, w.FUNCTION, w.BUCKET)
Kind = Callable[[Graph, Resource, Ranges, Ranges, Ranges | None], Iterable[Walk]]
# Kinds of fronts besides balancers, each giving the ways over those before a target.
_OVER: tuple[Kind, ...] = (distributed, accelerated, called, undescribed)
# Those that every network reaches as the Internet does. An API may have a door inside of it, and is asked by itself.
PUBLIC: tuple[Kind, ...] = (distributed, accelerated)
_DEEPEST = 4  # fronts in a row: a distribution, a network balancer, an application balancer


def in_front(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None = None, depth: int = 0,
    kinds: tuple[Kind, ...] = _OVER,
) -> list[Walk]:  # fmt: skip
    """The ways from the Internet to a thing over whatever stands in front of it.

    `services` are those of the front or of the target; `behind` are those on which the target has to be spoken to.
    """
    if depth > _DEEPEST:
        return []
    ways = _balanced(graph, target, services, sources, behind, depth, kinds)
    ways += _classic(graph, target, services, sources, behind, depth, kinds)
    for over in kinds:
        ways += over(graph, target, services, sources, behind)
    return ways + _unread(graph, target, services, sources)


def _unread(graph: Graph, target: Resource, services: Ranges, sources: Ranges) -> list[Walk]:
    """What could not be read may stand in front: a list that was refused, and a distribution's configuration."""
    lists = () if target.type in _UNBALANCED else _BALANCED
    gaps = [gap for cfn in lists for gap in unread_links(graph, cfn, "part-of", target.region)]
    if target.type in (w.INSTANCE, w.INTERFACE):
        gaps += unread_links(graph, w.CLASSIC, "targets", target.region)
    if lists and spots(graph, target)[0]:  # one of a kind that is not described may be among them
        gaps += graph.gaps_for(w.INTERFACE, target.region)
    if target.type in _DRAWN_FROM and (unread := unread_distributions(graph)) and may_draw(graph, target, services):
        gaps += unread
    if not gaps:
        return []
    start = Walk.asking(services, sources)
    stop = Stop.at(target, "outside", f"what forwards to {target.label} was not read")
    return [start.blur(stop, tuple(dict.fromkeys(gaps)))]


def to_balancer(
    graph: Graph, balancer: Resource, services: Ranges, sources: Ranges, kinds: tuple[Kind, ...] = _OVER
) -> Walk:
    """From the Internet to any of a balancer's listeners: at its own addresses, else over what stands before it."""
    ports, edges, unread = listening(graph, balancer)
    arrived = either([walk for _, walk in arriving(graph, balancer, services, sources)])
    direct = heard(arrived, balancer, ports, edges, unread)
    if sources <= direct.low.addresses:
        return direct
    if not unread:
        return either([direct, *in_front(graph, balancer, services, sources, ports, kinds=kinds)])
    ways = in_front(graph, balancer, services, sources, kinds=kinds)
    return either([direct, *(_unheard(way, balancer, unread) for way in ways)])


def _unheard(walk: Walk, balancer: Resource, unread: tuple[Gap, ...]) -> Walk:
    """What came over something in front of a balancer whose ports were not read."""
    return walk.blur(Stop.at(balancer, "no-listener", f"the listeners of {balancer.label} were not read"), unread)


def _balanced(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None, depth: int,
    kinds: tuple[Kind, ...],
) -> list[Walk]:  # fmt: skip
    places, _ = spots(graph, target)
    out = []
    for front in fronts(graph, target, places):
        if behind is not None and not front.services & behind:
            continue
        wanted = ALL_SERVICES if services & front.services else services
        for node, walk in to_lead(graph, front.lead, wanted, sources, depth, kinds):
            out.append(_through(graph, walk, front, target, places, node))
    start = Walk.asking(services, sources)
    return out or [start.along(*edges).end(stop) for edges, stop in unled(graph, target, places)]


def _through(graph: Graph, walk: Walk, front: Front, target: Resource, places: list[Spot], node: Spot | None) -> Walk:
    """A walk that a listener took, by its rule to the target group and the target."""
    listener = f"load balancer {front.balancer.label} on {service_words(services_of(front.lead.listener))}"
    walk = walk.along(*front.lead.edges).by(listener, front.lead.words, f"target group {front.group.label}")
    return onward(graph, walk, front, target, places, node)


def from_within(graph: Graph, starts: Iterable[Spot], target: Resource, services: Ranges) -> list[Walk]:
    """From places inside networks to a thing over balancers in front of it, at the private addresses of those.

    Ways that end are left out: why the place itself is not reached says more.
    """
    begun, (places, _) = list(starts), spots(graph, target)
    out = []
    for front in fronts(graph, target, places):
        wanted = ALL_SERVICES if services & front.services else services
        above = balancer_of(graph, front.lead.listener)
        edges, own = (above[0],) if above else (), services_of(front.lead.listener)
        unread = unread_services(front.lead.listener)
        for node in spots(graph, front.balancer)[0]:
            for one in begun:
                walk = _taken(heard(between(graph, one, node, wanted), front.balancer, own, edges, unread), front.lead)
                out.append(_through(graph, walk, front, target, places, node))
    for one_listener in registered(graph, target):
        wanted = ALL_SERVICES if services & one_listener.spoken else services
        for node in spots(graph, one_listener.balancer)[0]:
            for one in begun:
                hop = between(graph, one, node, wanted)
                walk = heard(hop, one_listener.balancer, one_listener.own, (), one_listener.unread)
                out.append(hand_on(graph, walk.by(_classic_words(one_listener)), one_listener, places, node))
    return [walk for walk in out if not walk.over]


def to_lead(
    graph: Graph, lead: Lead, services: Ranges, sources: Ranges, depth: int, kinds: tuple[Kind, ...]
) -> list[tuple[Spot | None, Walk]]:
    """From the Internet to one rule of a listener, node by node; over other fronts it may be any node."""
    above = balancer_of(graph, lead.listener)
    if above is None:
        return []
    door = Door(above[1], services_of(lead.listener), (above[0],), unread_services(lead.listener))
    ways = _to_door(graph, door, services, sources, depth, kinds)
    return [(node, _taken(walk, lead) if node else _before(walk, lead)) for node, walk in ways]


@dataclass(frozen=True, slots=True)
class Door:
    """A listener of a balancer: on what it takes connections, and what of that was not read."""

    balancer: Resource
    own: Ranges
    edges: tuple[Edge, ...]
    unread: tuple[Gap, ...]


def _to_door(
    graph: Graph, door: Door, services: Ranges, sources: Ranges, depth: int, kinds: tuple[Kind, ...]
) -> list[tuple[Spot | None, Walk]]:
    """From the Internet to each node of a balancer, at one of its listeners, and over what stands before it."""
    direct = [
        (node, heard(walk, door.balancer, door.own, door.edges, door.unread))
        for node, walk in arriving(graph, door.balancer, services, sources)
    ]
    if any(sources <= walk.low.addresses for _, walk in direct):
        return direct
    behind = None if door.unread else door.own
    others = in_front(graph, door.balancer, services, sources, behind, depth + 1, kinds)
    if door.unread:
        others = [_unheard(each, door.balancer, door.unread) for each in others]
    return [*direct, *((None, each) for each in others)]


def _classic(
    graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None, depth: int,
    kinds: tuple[Kind, ...],
) -> list[Walk]:  # fmt: skip
    places, out = spots(graph, target)[0], []
    for one in registered(graph, target):
        if behind is not None and not one.spoken & behind:
            continue
        wanted = ALL_SERVICES if services & one.spoken else services
        door = Door(one.balancer, one.own, (), one.unread)
        for node, walk in _to_door(graph, door, wanted, sources, depth, kinds):
            out.append(hand_on(graph, walk.by(_classic_words(one)), one, places, node))
    return out


def _classic_words(one: Registered) -> str:
    return f"Classic load balancer {one.balancer.label} on {service_words(one.own)}"


def _taken(walk: Walk, lead: Lead) -> Walk:
    """The share of the clients that the rule takes."""
    low, high = Traffic.box(ALL_SERVICES, lead.sources), Traffic.box(ALL_SERVICES, lead.most)
    words = f"{lead.words} of {lead.listener.label} matches none of these clients"
    return walk.through(low, high, Stop.at(lead.listener, "no-listener", words), lead.gaps)


def _before(walk: Walk, lead: Lead) -> Walk:
    """A rule about addresses sees those of the front before it, and not the client's."""
    if lead.sources == EVERYWHERE:
        return walk
    words = f"{lead.words} compares the address of what forwards to it, not the client's"
    return walk.blur(Stop.at(lead.listener, "no-listener", words), lead.gaps)
