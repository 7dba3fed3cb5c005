"""From a place to the Internet: groups, ACL, then route by route through gateways until packets are out, and
answers back in.
"""

from __future__ import annotations

from functools import partial

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, SIX, internet
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import net
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.from_internet import attached, by_edge_table
from auditor.graph.network.packets.nat import NAT_PROTOCOLS, out_by_gateway, out_by_instance
from auditor.graph.network.packets.public_access import past_block
from auditor.graph.network.packets.transit_gateway_peerings import egress_network
from auditor.graph.network.packets.walk import Walk, acl, either, group_out, unplaced
from auditor.graph.space import Ranges
from auditor.model import Gap

_DEEPEST = 6  # gateways in a row; real networks have two


def outbound(graph: Graph, spot: Spot, services: Ranges, towards: Ranges | None = None) -> Walk:
    """What of the Internet (or of the addresses given) packets from a place reach; the far ends are destinations."""
    walk = group_out(graph, Walk.asking(services, towards if towards is not None else internet()), spot)
    if spot.exact and spot.addresses and not spot.unread:
        own = Ranges.of(span for each in (FOUR, SIX) if spot.addresses.meets(each) for span in each.spans)
        walk = walk.only(
            ALL_SERVICES, own, Stop.at(spot, "nobody-there", f"{spot.label} has no address of this family")
        )
    if spot.kind == "nat_gateway":
        walk = walk.only(NAT_PROTOCOLS, EVERYWHERE, Stop.at(spot, "nat-protocol", w.REASONS["nat-protocol"]))
    return unplaced(walk, spot) if spot.unread else leave(graph, walk, spot, spot, 0)


def leave(graph: Graph, walk: Walk, spot: Spot, source: Spot, depth: int) -> Walk:
    """Out of the subnet in which `spot` stands. `source` is who the packets are from as far as filters can see."""
    if walk.over:
        return walk
    if depth > _DEEPEST:
        return walk.end(Stop.at(spot, "too-far", w.REASONS["too-far"]))
    walk = acl(graph, walk, spot.subnet, egress=True)
    table = router(graph, spot.subnet)
    if table.gaps and not table.legs:
        words = f"the route table of {spot.subnet.label} could not be read"
        return walk.blur(Stop.at(spot.subnet, "no-route", words), table.gaps)
    ways = []
    for leg in table.legs_for(walk.high.addresses):
        part = walk.among(leg.addresses).along(*table.evidence, *leg.proof).by(leg.words)
        ways.append(_follow(graph, part, leg, spot, source, depth))
    if table.gaps:
        ways = [way.blur(Stop(table.place, "no-route", table.gaps[0].message), table.gaps) for way in ways]
    if not ways:
        far = address_words(walk.high.addresses, 3)
        words = f"{table.table.label if table.table else 'no table'} of {spot.subnet.label} has no route to {far}"
        stop = Stop.at(spot.subnet, "no-route", words)
        return walk.blur(stop, table.gaps) if table.gaps else walk.along(*table.evidence).end(stop)
    return either(ways)


def _follow(graph: Graph, walk: Walk, leg: Leg, spot: Spot, source: Spot, depth: int) -> Walk:
    kind = leg.kind
    if not leg.alive:
        return walk.end(Stop.at(leg, "blackhole"))
    if walk.over:
        return walk
    if kind == "igw":
        return _gateway(graph, walk, leg, spot)
    if kind in ("nat", "eni", "i"):
        by = out_by_gateway if kind == "nat" else out_by_instance
        return by(graph, walk, leg, source, lambda onward, nat: leave(graph, onward, nat, nat, depth + 1))
    if kind == "eigw":
        stop = Stop.at(leg, "nat-family", "an egress-only internet gateway carries only IPv6")
        return past_block(graph, walk.only(ALL_SERVICES, SIX & internet(), stop), spot.subnet, outwards_only=True)
    if kind == "tgw":
        return _transit(graph, walk, leg, spot, source, depth)
    if kind == "pcx":
        return walk.end(Stop.at(leg, "peering-edge"))
    if kind == "local":
        words = "the address is in the VPC's own range, and no resource has it"
        return walk.end(Stop(spot.network, "nobody-there", words))
    if kind == "vpce" and " pl-" in leg.words:
        return walk.end(Stop.at(leg, "endpoint"))
    return unread_wire(graph, walk, leg, "middlebox" if kind == "vpce" else "on-premises")


def unseen(graph: Graph, place: str, message: str) -> tuple[Gap, ...]:
    """A gap for what no call tells: the other side of a wire, the rules inside a machine."""
    account = (*graph.inventory.accounts, "")[0]
    return (Gap(account, "", "", "", "", "unsupported", (), message, place),)


def unread_wire(graph: Graph, walk: Walk, leg: Leg, code: str = "on-premises") -> Walk:
    """Over a connection of which nothing is read: Cloud WAN, whose core network may be another account's, or a local
    gateway.
    """
    if leg.kind == "core":
        owner, name = (leg.target.split(":", 5) + [""] * 6)[4:6]
        words = f"{leg.words}: what the policy of {name} of account {owner} (Cloud WAN) lets through is not read"
        return walk.blur(Stop.at(leg, code, words), unseen(graph, leg.target, words))
    words = f"{leg.words}: {w.REASONS[code]}"
    return walk.blur(Stop.at(leg, code, words), unseen(graph, leg.target, words))


def _gateway(graph: Graph, walk: Walk, leg: Leg, spot: Spot) -> Walk:
    gateway = net(graph).by_id.get(leg.target)
    walk = by_edge_table(graph, attached(walk, leg, gateway, spot), leg, gateway, spot)
    walk = past_block(graph, walk, spot.subnet, spot.kind == "nat_gateway")
    place = gateway.key if gateway else leg.target
    walk = walk.only(ALL_SERVICES, internet(), Stop(place, "private-destination", w.REASONS["private-destination"]))
    own = (FOUR if spot.published is not False and spot.kind != "lambda" else Ranges()) | (
        SIX if spot.public & SIX else Ranges()
    )
    stop = Stop(place, "no-public-address", partial(_no_public_address, spot, walk.high.addresses))
    walk = walk.only(ALL_SERVICES, own, stop)
    if spot.published is None:
        walk = walk.blur(
            stop.unsure,
            spot.unpublished or unseen(graph, spot.key, f"whether {spot.label} has a public address is not known"),
        )
    return walk


def _no_public_address(spot: Spot, far: Ranges) -> str:
    family = " " if far.meets(FOUR) and far.meets(SIX) else " IPv4 " if far.meets(FOUR) else " IPv6 "
    return f"{spot.label} has no public{family}address: the internet gateway drops its packets"


def _transit(graph: Graph, walk: Walk, leg: Leg, spot: Spot, source: Spot, depth: int) -> Walk:
    """Central egress: over the transit gateway into another network, and out from where its attachment stands."""
    ended, entries = egress_network(graph, walk, leg.target, spot)
    return either([*ended, *(leave(graph, part, entry, source, depth + 1) for part, entry in entries)])
