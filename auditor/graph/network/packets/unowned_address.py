"""Towards an address that nobody holds: how far packets come, and where they find that out."""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, Traffic
from auditor.graph.build import Graph
from auditor.graph.network.ground.index import blocks, net, network_blocks
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between import routes_to
from auditor.graph.network.packets.walk import Walk
from auditor.graph.network.packets.wan import beyond
from auditor.graph.space import Ranges


def nobody(graph: Graph, one: Spot, address: Ranges, services: Ranges = ALL_SERVICES) -> Walk:
    """The walk of packets from a place to such an address; where a wire leads to it, it is on premises."""
    index = net(graph)
    homes = [vpc for vpc in sorted(index.subnets_of) if address <= network_blocks(index, vpc)]
    start = Traffic.box(services, one.addresses)
    outside = beyond(graph, one, address, services) if not homes else None
    if outside is not None:
        return outside
    last: Walk | None = None
    for vpc in sorted(homes, key=lambda each: each != one.network):
        inside = [each for each in index.subnets_of[vpc] if address <= blocks(each)]
        subnet = inside[0] if inside else index.subnets_of[vpc][0]
        ghost = Spot(address_words(address), "", subnet, (), False, address, True)
        ways = routes_to(graph, Walk(start, start), one, ghost)
        reached = [way.walk for way in ways if not way.walk.over]
        if reached:
            place = inside[0] if inside else index.by_id.get(vpc)
            words = (
                f"{address_words(address)}: nobody holds it" if inside else f"{address_words(address)}: no subnet there"
            )
            return reached[0].end(Stop(place.key if place else vpc, "nobody-there", words))
        last = last or ways[0].walk
    if last is not None:
        return last
    return Walk(start, start).end(Stop("", "nobody-there", f"{address_words(address)} belongs to nobody here"))
