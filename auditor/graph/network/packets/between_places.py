"""From one place to another under private addresses: inside a network, over a peering, over a transit gateway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, SIX, Traffic
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, missing, net
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.nat import inside_by_gateway
from auditor.graph.network.packets.to_internet import unread_wire
from auditor.graph.network.packets.transit_gateway_peerings import over
from auditor.graph.network.packets.transit_gateways import answers_lost, door, enter, keeps_groups, no_answer, passes_on
from auditor.graph.network.packets.walk import (
    Walk,
    acl,
    acl_towards,
    either,
    group_in,
    group_towards,
    in_service,
    unplaced,
)
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_MOST = 8  # addresses of one interface that are asked one by one


@dataclass(frozen=True, slots=True)
class Way:
    """How packets cross: the walk so far, whether references to groups survive, and by what answers must leave."""

    walk: Walk
    references: bool = True
    back: str = ""  # the target of the route that leads back; empty: the network's own
    unread: tuple[Gap, ...] = ()  # why references may survive nevertheless
    translated: bool = False  # a NAT gateway speaks for the source, and was followed to the end itself


def between(graph: Graph, one: Spot, other: Spot, services: Ranges) -> Walk:
    """What of `services` gets from one place to the other; the far ends are the sources."""
    asked = Walk.asking(services, one.addresses or EVERYWHERE)
    if one.unread or other.unread:
        return _unplaced(graph, asked, one, other)
    closed = _CLOSED.get(other.kind)
    if closed and one.network == other.network:
        return asked.end(Stop.at(other, closed))
    ways = [_cross(graph, one, part, services) for part in _targets(one, other)]
    if all(way.over for way in ways) and (unread := _unread_six(one, other)):
        return _unplaced(graph, asked, one, replace(other, unread=unread))
    if not ways:
        stop = Stop.at(other, "nobody-there", f"{one.label} and {other.label} share no address family")
        return asked.blur(stop, one.gaps + other.gaps) if not (one.addresses and other.addresses) else asked.end(stop)
    return either(ways)


_CLOSED = {"nat_gateway": "nat-inward", "lambda": "takes-no-connections"}


def _unread_six(one: Spot, other: Spot) -> tuple[Gap, ...]:
    """Why the two may meet over IPv6 although no such addresses were read."""
    unread = one.unread_six + other.unread_six
    both = all(spot.unread_six or spot.addresses.meets(SIX) for spot in (one, other))
    return unread if both else ()


def _unplaced(graph: Graph, asked: Walk, one: Spot, other: Spot) -> Walk:
    """Where one of them stands was not read: their groups may still leave nothing over."""
    walk = group_towards(graph, asked, one, other.addresses, other)
    return unplaced(group_in(graph, walk, other, one.addresses or EVERYWHERE, one), one, other)


def _targets(one: Spot, other: Spot) -> Iterator[Spot]:
    """The target once for each address that it has for certain, else once for each family in which it may have one."""
    for family in (FOUR, SIX):
        here = other.addresses & family
        if not here or not one.addresses.meets(family):
            continue
        if here is other.addresses and here.size == 1:
            yield other
        elif other.exact and here.size <= _MOST:
            for low, high in here.spans:
                for number in range(low, high + 1):
                    yield replace(other, addresses=Ranges(((number, number),)))
        else:
            yield replace(other, addresses=here)


def _cross(graph: Graph, one: Spot, other: Spot, services: Ranges) -> Walk:
    family = FOUR if other.addresses.meets(FOUR) else SIX
    if not one.addresses <= family:
        one = replace(one, addresses=one.addresses & family)
    asked = Walk.asking(services, one.addresses)
    return either(
        [_certain(_crossed(graph, asked, way, one, other), one) for way in routes_to(graph, asked, one, other)]
    )


def _crossed(graph: Graph, asked: Walk, way: Way, one: Spot, other: Spot) -> Walk:
    """One way, with references to groups where they survive, and in doubt where that was not read."""
    walk = _along(graph, asked, way, one, other)
    if walk.low or not way.unread:
        return walk
    kept = _along(graph, asked, replace(way, references=True), one, other)
    return kept.blur(Stop.at(other, "group-reference"), way.unread) if kept.high else walk


def _along(graph: Graph, asked: Walk, way: Way, one: Spot, other: Spot) -> Walk:
    """One way: the start's groups and ACL, what the way lets through, the answer's route, then the other side."""
    begun = replace(asked, edges=way.walk.edges, gaps=way.walk.gaps, hops=way.walk.hops)
    walk = group_towards(graph, begun, one, other.addresses, other if way.references else None)
    if walk.over and not way.references and group_towards(graph, asked, one, other.addresses, other).high:
        walk = replace(walk, stop=Stop.at(one, "group-reference"))
    if one.subnet.key != other.subnet.key:
        walk = acl_towards(graph, walk, one.subnet, other.addresses, egress=True)
    if not walk.over:
        stop = way.walk.stop or Stop.at(other, "no-route", w.REASONS["no-route"])
        walk = walk.through(way.walk.low, way.walk.high, stop, way.walk.gaps)
        if way.walk.doubts:  # what the route leaves open comes before what filters do
            walk = replace(walk, doubts=(*walk.doubts, *way.walk.doubts))
    if walk.over or way.translated:
        return walk
    return _arrive(graph, _back(graph, walk, one, other, way.back), one, other, way.references)


def _certain(walk: Walk, one: Spot) -> Walk:
    """Where the source may have any address of its subnet, only what all of them may do is certain."""
    if one.exact or not walk.low or not one.addresses:
        return walk
    sure = walk.low.for_all(one.addresses)
    if sure:
        return replace(walk, low=Traffic.box(sure, one.addresses))
    words = f"it depends on which address {one.label} has in {address_words(one.addresses)}"
    return walk.blur(Stop.at(one, "group-rules", words))


def _arrive(graph: Graph, walk: Walk, one: Spot, other: Spot, references: bool) -> Walk:
    if one.subnet.key != other.subnet.key:
        walk = acl(graph, walk, other.subnet, egress=False)
    if walk.over:
        return walk
    arrived = group_in(graph, walk, other, one.addresses, one if references else None)
    if arrived.over and not references and group_in(graph, walk, other, one.addresses, one).high:
        return replace(arrived, stop=Stop.at(other, "group-reference"))
    return arrived


def _back(graph: Graph, walk: Walk, one: Spot, other: Spot, target: str) -> Walk:
    """The answer's way: the other side needs a route to the source by the same connection."""
    if not target:
        return walk
    found = router(graph, other.subnet)
    stop = Stop(found.place or other.subnet.key, "no-route-back", partial(_no_way_back, other, one.addresses))
    if found.gaps:
        return walk.blur(stop, found.gaps)
    legs = [leg for leg in found.legs_for(one.addresses) if leg.alive and leg.target == target]
    covered = Ranges.of(span for leg in legs for span in leg.addresses.spans)
    return walk.only(ALL_SERVICES, covered, stop).along(*found.evidence, *(leg.edge for leg in legs if leg.edge))


def _no_way_back(other: Spot, addresses: Ranges) -> str:
    return f"{other.subnet.label} has no route back to {address_words(addresses, 3)}"


def routes_to(graph: Graph, walk: Walk, one: Spot, other: Spot) -> list[Way]:
    """The routes from the subnet of one to the addresses of the other."""
    if one.subnet.key == other.subnet.key:
        return [Way(walk)]
    table = router(graph, one.subnet)
    legs = table.legs_for(other.addresses)
    same = one.network == other.network
    if same and (not legs or all(leg.target == "local" for leg in legs)):
        return [Way(walk)]  # every table has the local route, also where a template does not say so
    if table.gaps:
        words = f"the route table of {one.subnet.label} could not be read"
        return [Way(walk.blur(Stop.at(one.subnet, "no-route", words), table.gaps))]
    if not legs:
        words = f"{one.subnet.label} has no route to {address_words(other.addresses, 3)}"
        return [Way(walk.along(*table.evidence).end(Stop.at(one.subnet, "no-route", words)))]
    return [_by(graph, walk.along(*table.evidence, *leg.proof).by(leg.words), leg, one, other) for leg in legs]


def _by(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    kind = leg.kind
    if not leg.alive:
        return Way(walk.end(Stop.at(leg, "blackhole")))
    if kind == "local":
        words = f"{leg.words}: the address is in the VPC's own range"
        return Way(walk if one.network == other.network else walk.end(Stop(one.network, "nobody-there", words)))
    if kind == "pcx":
        return _peering(graph, walk, leg, one, other)
    if kind == "tgw":
        return _transit(graph, walk, leg, one, other)
    if kind == "nat":
        onward = partial(between, graph)
        return Way(inside_by_gateway(graph, walk, leg, one, other, onward), False, translated=True)
    if kind in ("igw", "eigw"):
        return Way(walk.end(Stop.at(leg, "private-destination")))
    if kind in ("eni", "i"):
        machine = net(graph).by_id.get(leg.target)
        places = spots(graph, machine)[0] if machine else []
        if machine and places and all(spot.checks for spot in places):
            return Way(walk.end(Stop.at(machine, "source-dest-check")))
    code = "middlebox" if kind in ("eni", "i", "vpce") else "on-premises"
    return Way(unread_wire(graph, walk, leg, code), False)


def _peering(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    """A peering joins two networks and nothing behind them; groups may be named across it inside one region."""
    found = net(graph).by_id.get(leg.target)
    if found is None:
        stop = Stop.at(leg, "bad-state", "the peering connection could not be read")
        return Way(walk.blur(stop, missing(net(graph), w.PEERING, leg.target)), True, leg.target)
    walk = in_service(walk, found, "Status", ("active",))
    unread = hidden(found, "VpcId", "PeerVpcId")
    ends = {found.known("VpcId"), found.known("PeerVpcId")} - ({None} if unread else set())
    if not ends <= {one.network, other.network} or (not unread and len(ends) < 2):
        return Way(walk.end(Stop.at(found, "peering-edge")))
    if unread:
        walk = walk.blur(Stop.at(found, "peering-edge", f"the VPCs of {found.label} were not read"), unread)
    far = found.known("PeerRegion") not in (None, found.known("Region"), one.subnet.region)
    walk, near = walk.by(f"peering {found.label}"), one.subnet.region == other.subnet.region
    unread = hidden(found, "PeerRegion", "Region") if near else ()
    return Way(walk, near and not far and not unread, leg.target, unread)


def _transit(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    walk, mine = enter(graph, walk, leg.target, one)
    if mine is None:
        return Way(walk)
    walk, legs = over(graph, walk, leg.target, mine, other.addresses)
    index = net(graph)
    theirs = [index.by_id[name] for _, name, _ in legs if name in index.by_id]
    if not legs:
        return Way(walk)
    there = next((each for each in theirs if each.known("VpcId") == other.network), None)
    vague = [each for each in theirs if hidden(each, "VpcId")]
    if walk.over or (there is None and theirs and not vague):
        words = f"the transit gateway sends it to {theirs[0].label if theirs else 'another attachment'}"
        onward = passes_on(graph, theirs[0], other.addresses) if theirs else ()
        return Way(walk.blur(Stop.at(leg, "middlebox", f"{words}: {onward[0].message}"), onward)
                   if onward else walk.end(Stop.at(leg, "transit-route", words)), False)  # fmt: skip
    if there is None:
        names = ", ".join(name for _, name, _ in legs)
        gaps = hidden(vague[0], "VpcId") if vague else missing(index, w.ATTACHMENT, names)
        return Way(walk.blur(Stop.at(leg, "on-premises", f"{names} was not read"), gaps))
    walk = in_service(walk, there)
    walk = walk.along(Edge(mine.key, "routes-to", there.key, leg.words)).by(f"attachment {there.label}")
    entry, unread = door(graph, there, other)
    if unread:
        walk = walk.blur(Stop.at(there, "transit-zone", f"the subnets of {there.label} were not read"), unread)
    if entry is not None and entry.key != other.subnet.key:
        walk = acl_towards(graph, walk, entry, other.addresses, egress=True)
    if unread := hidden(there, "TransitGatewayId"):
        return Way(walk.blur(Stop.at(there, "no-route-back", unread[0].message), unread), False, "", unread)
    walk = _answer(graph, walk, leg.target, there, one, other)
    last = str(there.known("TransitGatewayId") or leg.target)  # of a peering, the other gateway
    kept, unread = keeps_groups(index.by_id.get(leg.target), mine, there)
    return Way(walk, kept, last, unread)


def _answer(graph: Graph, walk: Walk, gateway: str, there: Resource, one: Spot, other: Spot) -> Walk:
    """The answer passes the table of the other attachment, which must know the way to the source's network."""
    home = str(there.known("TransitGatewayId") or gateway)
    back, legs = over(graph, replace(walk, stop=None), home, there, one.addresses)
    if back.over:
        return walk.end(no_answer(back, home, one.network))
    if back.low != walk.low:
        return back
    lost = answers_lost(graph, walk, home, legs, one)
    return walk if lost is None else lost
