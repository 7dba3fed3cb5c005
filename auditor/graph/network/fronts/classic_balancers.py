"""Classic load balancers: which machines they have, and whether these let them in.

A node opens a connection of its own to the primary interface of a machine, on the port that its listener names. Only
machines of enabled zones are given any, and those of other zones than the node's where balancing crosses zones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from auditor.graph.boxes import ALL_SERVICES, NOTHING
from auditor.graph.build import Graph
from auditor.graph.network.fronts.load_balancers import across_zones, carried, classic_ports, zone_of
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net
from auditor.graph.network.ground.interface_kinds import machine_of
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.walk import Walk, either
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Edge, Gap, Hidden, Resource


@dataclass(frozen=True, slots=True)
class Registered:
    """A machine behind a listener: where clients come in, and on what the machine is spoken to."""

    balancer: Resource
    edge: Edge
    own: Ranges
    spoken: Ranges
    unread: tuple[Gap, ...] = ()  # the listeners


def registered(graph: Graph, target: Resource) -> Iterator[Registered]:
    """Every listener of every Classic load balancer that has the target's machine."""
    machine = target if target.type == w.INSTANCE else net(graph).by_id.get(machine_of(target))
    for edge, balancer in graph.tails(machine, "targets", w.CLASSIC) if machine else ():
        unread = hidden(balancer, "Listeners")
        ports = classic_ports(balancer)
        for own, spoken in [*ports, *([(NOTHING, ALL_SERVICES)] if unread else [])]:
            yield Registered(balancer, edge, own, spoken, unread)


def hand_on(graph: Graph, walk: Walk, one: Registered, places: list[Spot], entered: Spot | None) -> Walk:
    """From the node at which a walk came in, or from any, to the machine."""
    if walk.over:
        return walk
    nodes, gaps = spots(graph, one.balancer)
    if not nodes or not places:
        words = f"where {one.balancer.label} or its machine is placed could not be read"
        return walk.blur(Stop.at(one.balancer, "outside", words), gaps)
    zones, walk = {zone_of(node) for node in nodes}, walk.along(one.edge)

    def onward(node: Spot, place: Spot) -> Walk:
        return carried(walk, between(graph, node, place, one.spoken), place)

    return either(
        [
            across_zones(walk, (one.balancer, node, zones, place), _crosses(one.balancer), partial(onward, node, place))
            for node in ([entered] if entered else nodes)
            for place in places
        ]
    )


def _crosses(balancer: Resource) -> tuple[bool | None, tuple[Gap, ...]]:
    chosen = balancer.at("CrossZone")
    if isinstance(chosen, Hidden):
        return None, (chosen.gap,)
    return chosen is not ABSENT and chosen is True, ()
