"""From the Internet to a place: a public address, a gateway, a route back, then ACL and groups. The answer is a set
of sources.
"""

from __future__ import annotations

from auditor.graph.boxes import ALL_SERVICES, FOUR, SIX, Traffic, internet
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import net
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import Leg, edge_router, router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk, acl, group_in
from auditor.graph.space import Ranges


def inbound(graph: Graph, spot: Spot, services: Ranges, sources: Ranges | None = None, patient: bool = False) -> Walk:
    """Which addresses of the Internet (or of those given) open a connection to the place, on which services."""
    asked = Traffic.box(services, sources if sources is not None else internet())
    walk = Walk(asked, asked)
    closed = {"nat_gateway": "nat-inward", "lambda": "takes-no-connections"}.get(spot.kind)
    if closed:
        return walk.end(Stop(spot.key, closed, f"{spot.label}: {w.REASONS[closed]}"))
    walk = _public(graph, walk, spot)
    walk = _gateway(graph, walk, spot)
    walk = acl(graph, walk, spot.subnet, egress=False, patient=patient)
    return group_in(graph, walk, spot, Ranges())


def _public(graph: Graph, walk: Walk, spot: Spot) -> Walk:
    if spot.published is None:
        stop = Stop(spot.key, "no-public-address", f"whether {spot.label} has a public address is not known")
        return walk.blur(stop, spot.gaps)
    six = (
        SIX
        if spot.public & SIX or (spot.published and not spot.exact and spot.subnet.properties.get("Ipv6CidrBlock"))
        else Ranges()
    )
    four = FOUR if spot.public & FOUR or (spot.published and not spot.public) else Ranges()
    code = {"service": "not-public"}.get(
        spot.kind, "internal" if spot.kind.endswith("_load_balancer") else "no-public-address"
    )
    return walk.only(ALL_SERVICES, four | six, Stop(spot.key, code, f"{spot.label}: {w.REASONS[code]}"))


def _gateway(graph: Graph, walk: Walk, spot: Spot) -> Walk:
    """In through the internet gateway, which counts only for the sources to which the subnet's routes lead back by
    one.
    """
    if walk.over:
        return walk
    index = net(graph)
    found = router(graph, spot.subnet)
    if found.gaps and not found.legs:
        stop = Stop(spot.subnet.key, "no-route-back", f"the route table of {spot.subnet.label} could not be read")
        return walk.blur(stop, found.gaps)
    ways = [leg for leg in found.legs if leg.alive and leg.gateway]
    ways += [leg for leg in found.vague if leg.alive and leg.gateway]
    back = Ranges.of(span for leg in ways for span in leg.addresses.spans)
    most = back if not found.gaps else back | internet()
    words = f"{spot.subnet.label} is no public subnet: its routes lead to no internet gateway"
    walk = walk.along(
        *found.evidence, *(leg.edge for leg in ways if leg.edge and leg.addresses & walk.high.addresses)
    ).through(
        Traffic.box(ALL_SERVICES, back),
        Traffic.box(ALL_SERVICES, most),
        Stop(spot.subnet.key, "no-route-back", words),
        found.gaps,
    )
    for leg in ways:
        gateway = index.by_id.get(leg.target)
        attached = gateway.properties.get("VpcId") if gateway else None
        if attached and spot.network and attached != spot.network:
            return walk.end(Stop(leg.target, "not-attached", w.REASONS["not-attached"]))
        table = edge_router(index, gateway) if gateway else None
        if table:
            walk = _edge(walk, table.legs_for(spot.addresses), table.place)
    return walk


def _edge(walk: Walk, legs: list[Leg], place: str) -> Walk:
    """A table on the gateway itself may lead packets through a machine first, whose rules nobody can read."""
    for leg in legs:
        if not leg.alive:
            return walk.end(Stop(place, "blackhole", f"{leg.words}: {w.REASONS['blackhole']}"))
        if leg.target != "local":
            walk = walk.along(*((leg.edge,) if leg.edge else ()))
            walk = walk.blur(Stop(leg.target, "middlebox", f"{leg.words} on the gateway: {w.REASONS['middlebox']}"))
    return walk
