"""Towards an address that no resource has: how far packets come, and where they find that out."""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import blocks, hidden, net, network_blocks
from auditor.graph.network.ground.owners import of_network
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import routes_to
from auditor.graph.network.packets.outside import beyond
from auditor.graph.network.packets.walk import Walk, group_towards, unplaced
from auditor.graph.space import Ranges
from auditor.model import Gap


def towards_nothing(graph: Graph, one: Spot, address: Ranges, services: Ranges = ALL_SERVICES) -> Walk:
    """The walk of packets from a place to such an address; where a wire leads to it, it is on premises."""
    index = net(graph)
    start = Walk.asking(services, one.addresses)
    if one.unread:
        return unplaced(group_towards(graph, start, one, address, None), one)
    homes = [vpc for vpc in sorted(index.subnets_of) if address <= network_blocks(index, vpc)]
    outside = beyond(graph, one, address, services) if not homes else None
    if outside is not None:
        return outside
    last: Walk | None = None
    for vpc in sorted(homes, key=lambda each: each != one.network):
        inside = [each for each in index.subnets_of[vpc] if address <= blocks(each)]
        subnet = inside[0] if inside else index.subnets_of[vpc][0]
        ghost = Spot(address_words(address), "", subnet, (), False, address, True)
        ways = routes_to(graph, start, one, ghost)
        reached = [way.walk for way in ways if not way.walk.over]
        if reached:
            place = inside[0] if inside else index.by_id.get(vpc)
            words = (
                f"no resource has {address_words(address)}"
                if inside
                else f"no subnet includes {address_words(address)}"
            )
            unseen = of_network(graph, subnet, "its other network interfaces")
            return unowned(graph, reached[0], Stop(place.key if place else vpc, "nobody-there", words), unseen)
        last = last or ways[0].walk
    if last is not None:
        return last
    if gaps := router(graph, one.subnet).gaps:  # a route may lead out of the network
        return start.blur(Stop.at(one.subnet, "no-route", gaps[0].message), gaps)
    table = router(graph, one.subnet)
    words = f"{one.subnet.label} has no route to {address_words(address, 3)}, which is in no VPC that was read"
    dead = [leg for leg in table.legs_for(address) if leg.kind in ("igw", "eigw")]
    walk = start.along(*table.evidence, *(edge for leg in dead for edge in leg.proof))
    if dead:
        return walk.end(Stop.at(dead[0], "private-destination"))
    return unowned(graph, walk, Stop.at(one.subnet, "no-route", words))


def unowned(graph: Graph, walk: Walk, stop: Stop, unseen: tuple[Gap, ...] = ()) -> Walk:
    """The end of a walk to an address that nothing has, as far as addresses were read."""
    gaps = unseen + net(graph).addressless + graph.gaps_for(w.INTERFACE)
    gaps += tuple(gap for each in graph.of_type(w.SUBNET) for gap in hidden(each, "CidrBlock", "Ipv6CidrBlock"))
    return walk.blur(stop, gaps) if gaps else walk.end(stop)
