"""From one place to another under private addresses: inside a network, over a peering, over a transit gateway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, SIX, Traffic
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import missing, net, network_of
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.outward import NAT_PROTOCOLS, unseen
from auditor.graph.network.packets.peered import over
from auditor.graph.network.packets.transit import door, enter, keeps_groups
from auditor.graph.network.packets.walk import Walk, acl, acl_towards, either, group_in, group_towards
from auditor.graph.space import Ranges
from auditor.model import Edge, Resource

_MOST = 8  # addresses of one interface that are asked one by one


@dataclass(frozen=True, slots=True)
class Way:
    """How packets cross: the walk so far, whether references to groups survive, and by what answers must leave."""

    walk: Walk
    references: bool = True
    back: str = ""  # the target of the route that leads back; empty: the network's own


def between(graph: Graph, one: Spot, other: Spot, services: Ranges) -> Walk:
    """What of `services` gets from one place to the other; the far ends are the sources."""
    closed = {"nat_gateway": "nat-inward", "lambda": "takes-no-connections"}.get(other.kind)
    asked = Walk(Traffic.box(services, one.addresses or EVERYWHERE), Traffic.box(services, one.addresses or EVERYWHERE))
    if closed and one.network == other.network:
        return asked.end(Stop(other.key, closed, f"{other.label}: {w.REASONS[closed]}"))
    ways = [_cross(graph, one, part, services) for part in _targets(one, other)]
    if not ways:
        stop = Stop(other.key, "nobody-there", f"{one.label} and {other.label} share no address family")
        return asked.blur(stop, one.gaps + other.gaps) if not (one.addresses and other.addresses) else asked.end(stop)
    return either(ways)


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
    start = Traffic.box(services, one.addresses)
    ways = routes_to(graph, Walk(start, start), one, other)
    ended = []
    for way in ways:
        held = other.groups if way.references else ()
        begun = Walk(start, start, way.walk.edges, way.walk.gaps, hops=way.walk.hops)
        walk = group_towards(graph, begun, one, other.addresses, held)
        if (
            walk.over
            and not way.references
            and group_towards(graph, Walk(start, start), one, other.addresses, other.groups).high
        ):
            walk = replace(walk, stop=Stop(one.key, "group-reference", f"{one.label}: {w.REASONS['group-reference']}"))
        if one.subnet.key != other.subnet.key:
            walk = acl_towards(graph, walk, one.subnet, other.addresses, egress=True)
        if not walk.over:
            stop = way.walk.stop or Stop(other.key, "no-route", w.REASONS["no-route"])
            walk = walk.through(way.walk.low, way.walk.high, stop, way.walk.gaps)
            if way.walk.doubts:  # what the route leaves open is told before what filters do
                walk = replace(walk, doubts=(*walk.doubts, *way.walk.doubts))
        walk = (
            walk if walk.over else _arrive(graph, _back(graph, walk, one, other, way.back), one, other, way.references)
        )
        ended.append(_certain(walk, one))
    return either(ended)


def _certain(walk: Walk, one: Spot) -> Walk:
    """Where the source may have any address of its subnet, only what all of them may do is certain."""
    if one.exact or not walk.low or not one.addresses:
        return walk
    sure = walk.low.for_all(one.addresses)
    if sure:
        return replace(walk, low=Traffic.box(sure, one.addresses))
    words = f"it depends on which address of {address_words(one.addresses)} {one.label} has"
    return walk.blur(Stop(one.key, "group-rules", words))


def _arrive(graph: Graph, walk: Walk, one: Spot, other: Spot, references: bool) -> Walk:
    if one.subnet.key != other.subnet.key:
        walk = acl(graph, walk, other.subnet, egress=False)
    if walk.over:
        return walk
    arrived = group_in(graph, walk, other, one.addresses, one.groups if references else ())
    if arrived.over and not references and group_in(graph, walk, other, one.addresses, one.groups).high:
        return replace(
            arrived, stop=Stop(other.key, "group-reference", f"{other.label}: {w.REASONS['group-reference']}")
        )
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
        stop = Stop(one.subnet.key, "no-route", f"the route table of {one.subnet.label} could not be read")
        return [Way(walk.blur(stop, table.gaps))]
    if not legs:
        words = f"{one.subnet.label} has no route to {address_words(other.addresses, 3)}"
        return [Way(walk.along(*table.evidence).end(Stop(one.subnet.key, "no-route", words)))]
    return [
        _by(graph, walk.along(*table.evidence, *((leg.edge,) if leg.edge else ())).by(leg.words), leg, one, other)
        for leg in legs
    ]


def _by(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    kind = leg.target.partition("-")[0]
    if not leg.alive:
        return Way(walk.end(Stop(leg.target, "blackhole", f"{leg.words}: {w.REASONS['blackhole']}")))
    if kind == "local":
        same = one.network == other.network
        return Way(
            walk
            if same
            else walk.end(
                Stop(one.network, "nobody-there", f"{leg.words}: the address is taken to be the network's own")
            )
        )
    if kind == "pcx":
        return _peering(graph, walk, leg, one, other)
    if kind == "tgw":
        return _transit(graph, walk, leg, one, other)
    if kind == "nat":
        return _nat(graph, walk, leg, one, other)
    if kind in ("igw", "eigw"):
        words = f"{leg.words}: {w.REASONS['private-destination']}"
        return Way(walk.end(Stop(leg.target, "private-destination", words)))
    if kind in ("eni", "i"):
        machine = net(graph).by_id.get(leg.target)
        if machine and all(spot.checks for spot in spots(graph, machine)[0]) and spots(graph, machine)[0]:
            return Way(
                walk.end(Stop(machine.key, "source-dest-check", f"{machine.label}: {w.REASONS['source-dest-check']}"))
            )
    code = "middlebox" if kind in ("eni", "i", "vpce") else "on-premises"
    return Way(
        walk.blur(
            Stop(leg.target, code, f"{leg.words}: {w.REASONS[code]}"), unseen(graph, leg.target, w.REASONS[code])
        ),
        False,
    )


def _peering(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    """A peering joins two networks and nothing behind them; groups may be named across it inside one region."""
    found = net(graph).by_id.get(leg.target)
    if found is None:
        gaps = missing(net(graph), w.PEERING, leg.target)
        return Way(
            walk.blur(Stop(leg.target, "bad-state", "the peering connection could not be read"), gaps), True, leg.target
        )
    if str(found.properties.get("Status", "active")) != "active":
        return Way(walk.end(Stop(found.key, "bad-state", f"{found.label} is {found.properties['Status']}")))
    if {found.properties.get("VpcId"), found.properties.get("PeerVpcId")} != {one.network, other.network}:
        return Way(walk.end(Stop(found.key, "peering-edge", f"{found.label}: {w.REASONS['peering-edge']}")))
    near = found.properties.get("PeerRegion") in (None, found.properties.get("Region"), one.subnet.region)
    return Way(walk.by(f"peering {found.label}"), near and one.subnet.region == other.subnet.region, leg.target)


def _transit(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    walk, mine = enter(graph, walk, leg.target, one)
    if mine is None:
        return Way(walk)
    walk, legs = over(graph, walk, leg.target, mine, other.addresses)
    index = net(graph)
    theirs = [index.by_id[name] for _, name, _ in legs if name in index.by_id]
    if not legs:
        return Way(walk)
    there = next((each for each in theirs if each.properties.get("VpcId") == other.network), None)
    if walk.over or (there is None and theirs):
        return Way(
            walk.end(
                Stop(
                    leg.target,
                    "transit-route",
                    f"the transit gateway carries it to {theirs[0].label if theirs else 'another place'}",
                )
            )
        )
    if there is None:
        names = ", ".join(name for _, name, _ in legs)
        return Way(
            walk.blur(Stop(leg.target, "on-premises", f"{names} was not read"), missing(index, w.ATTACHMENT, names))
        )
    if str(there.properties.get("State", "available")) != "available":
        return Way(walk.end(Stop(there.key, "bad-state", f"{there.label} is {there.properties['State']}")))
    walk = walk.along(Edge(mine.key, "routes-to", there.key, leg.words)).by(f"attachment {there.label}")
    entry = door(graph, there, other)
    if entry is not None and entry.key != other.subnet.key:
        walk = acl_towards(graph, walk, entry, other.addresses, egress=True)
    walk = _answer(graph, walk, leg.target, there, one, other)
    last = str(there.properties.get("TransitGatewayId") or leg.target)  # of a peering, the other gateway
    return Way(walk, keeps_groups(index.by_id.get(leg.target), mine, there), last)


def _answer(graph: Graph, walk: Walk, gateway: str, there: Resource, one: Spot, other: Spot) -> Walk:
    """The answer passes the table of the other attachment, which must know the way to the source's network."""
    home = str(there.properties.get("TransitGatewayId") or gateway)
    back, legs = over(graph, replace(walk, stop=None), home, there, one.addresses)
    if back.over:
        return walk.end(
            Stop(
                back.stop.place if back.stop else gateway,
                "no-route-back",
                f"{gateway} has no route back to {one.network}",
            )
        )
    if back.low != walk.low:
        return back
    index = net(graph)
    known = [index.by_id[name].properties.get("VpcId") for _, name, _ in legs if name in index.by_id]
    if known and one.network not in known:
        return walk.end(Stop(gateway, "no-route-back", f"{gateway} answers elsewhere than to {one.network}"))
    return walk


def _nat(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot) -> Way:
    """A private NAT gateway: from here on the packets are its own, and groups of the source mean nothing."""
    index = net(graph)
    gateway = index.by_id.get(leg.target)
    found = spots(graph, gateway)[0] if gateway else []
    if not gateway or not found:
        return Way(
            walk.blur(
                Stop(leg.target, "bad-state", "the NAT gateway could not be read"), missing(index, w.NAT, leg.target)
            ),
            False,
        )
    if one.kind == "nat_gateway":
        return Way(walk.end(Stop(gateway.key, "too-far", "one NAT gateway leads to another")))
    if found[0].network == other.network or not network_of(index, other.subnet):
        return Way(walk.end(Stop(gateway.key, "nat-inward", f"{leg.words}: it leads out and not to {other.label}")))
    onward = between(graph, found[0], other, walk.high.services & NAT_PROTOCOLS)
    low, high = (Traffic.box(each.services, EVERYWHERE) for each in (onward.low, onward.high))
    stop = onward.stop or Stop(gateway.key, "nat-protocol", w.REASONS["nat-protocol"])
    return Way(walk.along(*onward.edges).through(low, high, stop, onward.gaps), False)
