"""From the Internet to a place: a public address, a gateway, a route back, then ACL and groups. The answer is a set
of sources.
"""

from __future__ import annotations

from functools import partial

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, FOUR, SIX, Traffic, internet
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import blocks, net
from auditor.graph.network.ground.owners import of_network
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import Leg, Router, edge_router, router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.public_access import past_block
from auditor.graph.network.packets.walk import Walk, acl, group_in, unplaced
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Hidden, Resource


def inbound(graph: Graph, spot: Spot, services: Ranges, sources: Ranges | None = None, patient: bool = False) -> Walk:
    """Which addresses of the Internet (or of those given) open a connection to the place, on which services."""
    walk = Walk.asking(services, sources if sources is not None else internet())
    closed = {"nat_gateway": "nat-inward", "lambda": "takes-no-connections"}.get(spot.kind)
    if closed:
        return walk.end(Stop.at(spot, closed))
    walk = _public(graph, walk, spot)
    if spot.unread:
        return unplaced(group_in(graph, walk, spot, Ranges()), spot)
    walk = _gateway(graph, walk, spot)
    walk = acl(graph, walk, spot.subnet, egress=False, patient=patient)
    return group_in(graph, walk, spot, Ranges())


def _public(graph: Graph, walk: Walk, spot: Spot) -> Walk:
    if spot.published is None:
        words = f"whether {spot.label} has a public address is not known"
        return walk.blur(Stop.at(spot, "no-public-address", words), spot.unpublished or spot.gaps)
    four = FOUR if spot.public & FOUR or (spot.published and not spot.public) else Ranges()
    kinds = {"service": "not-public"}
    code = kinds.get(spot.kind, "internal" if spot.kind.endswith("_load_balancer") else "no-public-address")
    vague = spot.published and not spot.exact  # its address is one of its subnet's
    low = four | (SIX if spot.public & SIX or (vague and blocks(spot.subnet) & SIX) else Ranges())
    high, unread = (low | SIX, spot.unread_six) if vague and spot.unread_six else (low, ())
    least, most = Traffic.box(ALL_SERVICES, low), Traffic.box(ALL_SERVICES, high)
    return walk.through(least, most, Stop.at(spot, code), unread)


def _gateway(graph: Graph, walk: Walk, spot: Spot) -> Walk:
    """In through the internet gateway, which counts only for the sources to which the subnet's routes lead back by
    one.
    """
    if walk.over:
        return walk
    index = net(graph)
    found = router(graph, spot.subnet)
    if found.gaps and not found.legs:
        words = f"the route table of {spot.subnet.label} could not be read"
        return walk.blur(Stop.at(spot.subnet, "no-route-back", words), found.gaps)
    ways = [leg for leg in (*found.legs, *found.vague) if leg.alive and leg.gateway]
    back = Ranges.of(span for leg in ways for span in leg.addresses.spans)
    walk = walk.along(
        *found.evidence, *(leg.edge for leg in ways if leg.edge and leg.addresses & walk.high.addresses)
    ).through(
        Traffic.box(ALL_SERVICES, back),
        Traffic.box(ALL_SERVICES, back | internet() if found.gaps else back),
        Stop.at(spot.subnet, "no-route-back", partial(_no_way_back, spot, bool(ways), walk.high.addresses, found)),
        found.gaps,
    )
    walk = past_block(graph, walk, spot.subnet)
    for leg in ways:
        gateway = index.by_id.get(leg.target)
        walk = by_edge_table(graph, attached(walk, leg, gateway, spot), leg, gateway, spot)
    return walk


def _no_way_back(spot: Spot, public: bool, sources: Ranges, table: Router) -> str:
    """Answers go by the route for the source: to a gateway, but perhaps not for this one."""
    if not public:
        return f"{spot.subnet.label} is not a public subnet: it has no route to an internet gateway"
    legs = table.legs_for(sources)
    dead = [leg.words for leg in legs if not leg.alive]
    others = dead or [leg.words for leg in legs if not leg.gateway]
    why = f": {others[0]}{' is a blackhole' if dead else ''}" if others else ""
    return f"{spot.subnet.label} has no route to an internet gateway for answers to {address_words(sources, 3)}{why}"


def attached(walk: Walk, leg: Leg, gateway: Resource | None, spot: Spot) -> Walk:
    """A gateway carries packets of the network that it is attached to; a route to any other leads nowhere."""
    network = gateway.at("VpcId") if gateway else ABSENT
    if isinstance(network, Hidden):
        words = f"the VPC that {leg.target} is attached to was not read"
        return walk.blur(Stop.at(leg, "not-attached", words), (network.gap,))
    if isinstance(network, str) and network and spot.network and network != spot.network:
        return walk.end(Stop(gateway.key if gateway else leg.target, "not-attached", w.REASONS["not-attached"]))
    return walk


def by_edge_table(graph: Graph, walk: Walk, leg: Leg, gateway: Resource | None, spot: Spot) -> Walk:
    """A table on the gateway itself may lead what comes in, and answers too, through a machine first, whose rules AWS
    does not show. Of a shared network only its owner sees whether there is one."""
    table, unread = edge_router(graph, gateway) if gateway else (None, ())
    if unread:
        words = f"the route tables of {leg.target} were not read"
        walk = walk.blur(Stop.at(leg, "middlebox", words), unread)
    if table is None:
        theirs = of_network(graph, spot.subnet, "a route table of its internet gateway")
        return walk.blur(Stop.at(leg, "middlebox", theirs[0].message), theirs) if theirs else walk
    if table.gaps:
        return walk.blur(Stop(table.place, "middlebox", table.gaps[0].message), table.gaps)
    for leg in table.legs_for(spot.addresses):
        if not leg.alive:
            return walk.end(Stop(table.place, "blackhole", f"{leg.words}: {w.REASONS['blackhole']}"))
        if leg.target != "local":
            walk = walk.along(*leg.proof)
            walk = walk.blur(Stop.at(leg, "middlebox", f"{leg.words} on the gateway: {w.REASONS['middlebox']}"))
    return walk
