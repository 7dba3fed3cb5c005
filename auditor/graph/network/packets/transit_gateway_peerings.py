"""Where a transit gateway's table sends addresses, over as many peered gateways as lie between."""

from __future__ import annotations

from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, missing, net
from auditor.graph.network.ground.owners import elsewhere
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.transit_gateways import carried, enter, entries
from auditor.graph.network.packets.walk import Walk, in_service
from auditor.graph.space import Ranges
from auditor.model import Edge, Resource

_DEEPEST = 5  # gateways in a row
Legs = list[tuple[Ranges, str, str]]


def over(graph: Graph, walk: Walk, gateway: str, mine: Resource, wanted: Ranges, depth: int = 0) -> tuple[Walk, Legs]:
    """As `carried`, with every leg that leads to a peered gateway replaced by the legs of that one."""
    walk, legs = carried(graph, walk, gateway, mine, wanted)
    out: Legs = []
    dead: Walk | None = None
    for share, name, kind in legs:
        if kind != "peering":
            out.append((share, name, kind))
            continue
        came, onward = _crossed(graph, walk, gateway, name, share, depth)
        if came.over:
            dead = came
        else:
            walk, out = came, [*out, *onward]
    if dead is not None and not out:
        return dead, []
    return walk, out


def _crossed(graph: Graph, walk: Walk, gateway: str, name: str, share: Ranges, depth: int) -> tuple[Walk, Legs]:
    """Over one peering into the table that the other gateway associates with it."""
    index = net(graph)
    peering = index.by_id.get(name)
    if depth >= _DEEPEST:
        return walk.end(Stop(name, "too-far", w.REASONS["too-far"])), []
    if peering is None:
        gaps = missing(index, w.TRANSIT_PEERING, name)
        return walk.blur(Stop(name, "transit-route", gaps[0].message), gaps), []
    walk = in_service(walk, peering)
    unread = hidden(peering, "TransitGatewayId", "PeerTransitGatewayId")
    if walk.over or unread:
        words = f"the transit gateways of {peering.label} were not read"
        return walk.blur(Stop.at(peering, "transit-route", words), unread), []
    ends = [str(peering.known(each, "")) for each in ("TransitGatewayId", "PeerTransitGatewayId")]
    other = ends[1] if gateway == ends[0] else ends[0]
    edges = tuple(edge for edge, _ in graph.heads(peering, "attached-to")) or (
        Edge(peering.key, "attached-to", other, "PeerTransitGatewayId"),
    )
    walk = walk.along(*edges).by(f"peering {peering.label} with {other}")
    if other not in index.by_id:
        gaps = missing(index, w.TRANSIT, other)
        return walk.blur(Stop(other, "transit-route", gaps[0].message), gaps), []
    return over(graph, walk, other, peering, share, depth + 1)


def egress_network(graph: Graph, walk: Walk, gateway: str, spot: Spot) -> tuple[list[Walk], list[tuple[Walk, Spot]]]:
    """The way out of a network over a transit gateway: walks that end there, and those that enter another network
    with the place.
    """
    index = net(graph)
    walk, mine = enter(graph, walk, gateway, spot)
    if mine is None:
        return [walk], []
    walk, legs = over(graph, walk, gateway, mine, walk.high.addresses)
    ended, entered = [] if legs else [walk], []
    for share, name, kind in legs:
        part = walk.among(share)
        there = index.by_id.get(name)
        doors = entries(graph, there)
        if there is None or not doors:
            network = str(there.known("VpcId", name)) if there else name
            gaps = elsewhere(graph, w.VPC, network) if there else missing(index, w.ATTACHMENT, name)
            words = f"{name} ({kind or 'attachment'}): {gaps[0].message}"
            ended.append(part.blur(Stop(name, "on-premises", words), gaps))
            continue
        if unread := hidden(there, "SubnetIds"):
            words = f"the subnets of {there.label} were not read"
            part = part.blur(Stop.at(there, "transit-zone", words), unread)
        entry = Spot(name, name, doors[0], (), False, spot.addresses, False, published=False)
        entered.append((part.by(f"attachment {name}"), entry))
    return ended, entered
