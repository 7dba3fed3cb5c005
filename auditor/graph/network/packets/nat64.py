"""NAT64: IPv6 packets to 64:ff9b::/96 are translated by a NAT gateway, and go on to the IPv4 address in the last bits.

Up to the gateway groups, ACLs and routes see the IPv6 address; from there on the gateway speaks IPv4 for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from auditor.graph.boxes import FOUR, SIX, Traffic, internet, line, shifted
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.nat import into_gateway
from auditor.graph.network.packets.to_internet import unseen
from auditor.graph.network.packets.walk import Walk, acl, either, group_out, unplaced
from auditor.graph.space import Ranges

NAT64 = line("64:ff9b::/96")
_BY = NAT64.spans[0][0]  # what is added to an IPv4 address on the common line
Onward = Callable[[Spot, Ranges, Ranges], Walk]  # from the gateway, for services, to IPv4 addresses


def four_in(addresses: Ranges) -> Ranges:
    """The IPv4 addresses that NAT64 addresses stand for."""
    return shifted(addresses & NAT64, -_BY)


def six_for(addresses: Ranges) -> Ranges:
    """The NAT64 addresses by which IPv4 addresses are named."""
    return shifted(addresses & FOUR, _BY)


def translated(graph: Graph, spot: Spot, services: Ranges, far: Ranges, onward: Onward) -> Walk:
    """From a place to NAT64 addresses; the far ends are these destinations."""
    start = Walk.asking(services, far)
    if spot.addresses and not spot.addresses.meets(SIX):
        unread = spot.unread_six
        stop = Stop.at(spot, "nobody-there", f"{spot.label} has no IPv6 address")
        return start.blur(stop, unread) if unread else start.end(stop)
    walk = group_out(graph, start, spot)
    if spot.unread:
        return unplaced(walk, spot)
    walk = acl(graph, walk, spot.subnet, egress=True)
    table = router(graph, spot.subnet)
    ways = [
        _by(graph, walk.among(leg.addresses).along(*table.evidence, *leg.proof).by(leg.words), leg, spot, onward)
        for leg in table.legs_for(far)
    ]
    if ways and not table.gaps:
        return either(ways)
    stop = Stop.at(spot.subnet, "no-route", f"{spot.subnet.label} has no route to 64:ff9b::/96")
    return walk.blur(stop, table.gaps) if table.gaps else walk.along(*table.evidence).end(stop)


def _by(graph: Graph, walk: Walk, leg: Leg, spot: Spot, onward: Onward) -> Walk:
    if not leg.alive:
        return walk.end(Stop.at(leg, "blackhole"))
    if leg.kind in ("igw", "eigw"):
        words = f"{leg.words}: only a NAT gateway translates 64:ff9b::/96"
        return walk.end(Stop.at(leg, "nat-family", words))
    if leg.kind != "nat":
        words = f"{leg.words}: whether a NAT gateway stands behind it to translate is not followed"
        return walk.blur(Stop.at(leg, "on-premises", words), unseen(graph, leg.target, words))
    walk, nat = into_gateway(graph, walk, leg, replace(spot, addresses=spot.addresses & SIX))
    if nat is None or walk.over:
        return walk
    return _translated(walk, onward(nat, walk.high.services, four_in(walk.high.addresses)))


def _translated(walk: Walk, came: Walk) -> Walk:
    """The walk to IPv6 addresses, as far as the one from the gateway to their IPv4 addresses comes."""
    walk = walk.along(*came.edges).by(*came.hops)
    if came.over:
        return walk.end(came.stop or Stop("", "no-route", w.REASONS["no-route"]))
    low, high = (_named_by_six(each) for each in (came.low, came.high))
    doubt = came.doubts[-1] if came.doubts else Stop("", "nat-family", w.REASONS["nat-family"])
    return walk.through(low, high, doubt, came.gaps)


def _named_by_six(traffic: Traffic) -> Traffic:
    return Traffic(tuple((low, high, six_for(found)) for low, high, found in traffic.slices if six_for(found)))


def over_internet(graph: Graph, spot: Spot, services: Ranges, towards: Ranges, onward: Onward) -> Walk:
    """IPv4 destinations on the Internet, by the names that NAT64 has for them."""
    walk = translated(graph, spot, services, six_for(towards & internet()), onward)
    low, high = (_as_four(each) for each in (walk.low, walk.high))
    return Walk(low, high, walk.edges, walk.gaps, walk.stop, walk.doubts, walk.hops)


def _as_four(traffic: Traffic) -> Traffic:
    return Traffic(tuple((low, high, four_in(found)) for low, high, found in traffic.slices if found & NAT64))
