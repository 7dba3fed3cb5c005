"""To and from addresses that no network holds which was read: on premises, in another account, in another region.

Packets are followed as far as AWS shows. Where that ends at somebody else's network, the answer is unknown and says
whose it is. Filters on this side decide all the same: what they stop arrives nowhere.
"""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import EVERYWHERE, FOUR, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import blocks, hidden, missing, net
from auditor.graph.network.ground.owners import elsewhere, shared
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.security_groups import EGRESS, INGRESS, admission
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.nat import forwards, into_gateway
from auditor.graph.network.packets.to_internet import unread_wire, unseen
from auditor.graph.network.packets.vpn import by_gateway, by_transit, carried_on, past_edge
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

# What may lead to networks that AWS does not show: by `routed` an address behind them is an end.
_WIRES = ("vgw", "tgw", "pcx", "lgw", "core")
_NOWHERE = ("local", "igw", "eigw", "cagw")
_GROUPED = ("pcx", "tgw")  # across these, rules may name groups of the other network
_DEEPEST = 3  # NAT gateways in a row


def routed(graph: Graph, address: Ranges) -> bool:
    """Whether some subnet sends an address to another network, so that it may be somebody's."""
    return any(
        leg.kind in _WIRES for subnet in graph.of_type(w.SUBNET) for leg in router(graph, subnet).legs_for(address)
    )


def beyond(graph: Graph, one: Spot, address: Ranges, services: Ranges, depth: int = 0) -> Walk | None:
    """From a place to such an address; None where no route leads out of the network towards it."""
    table = router(graph, one.subnet)
    legs = [leg for leg in table.legs_for(address) if leg.kind not in _NOWHERE]
    if not legs or depth > _DEEPEST:
        return None
    start = Walk.asking(services, one.addresses)
    ways = []
    for leg in legs:
        walk = _let_out(graph, start, leg, one, address)
        walk = acl_towards(graph, walk, one.subnet, address, egress=True)
        ways.append(_along(graph, walk.along(*table.evidence, *leg.proof).by(leg.words), leg, one, address, depth))
    found = either(ways)
    return found.blur(Stop(table.place, "no-route", table.gaps[0].message), table.gaps) if table.gaps else found


def _let_out(graph: Graph, start: Walk, leg: Leg, one: Spot, address: Ranges) -> Walk:
    """Out of the groups of a place, of which a rule may name a group that the unseen other end holds."""
    walk = group_towards(graph, start, one, address, None)
    others = _others_groups(graph, leg, one, EGRESS)
    if walk.low or not others:
        return walk
    named = group_towards(graph, start, one, address, Spot("", "", one.subnet, others))
    gaps = tuple(gap for each in others for gap in missing(net(graph), w.GROUP, each))
    return named.blur(Stop.at(one, "group-reference", gaps[0].message), gaps)


def _others_groups(graph: Graph, leg: Leg, spot: Spot, side: str) -> tuple[str, ...]:
    """The groups named by the rules of a place that were not read: what is at the other end may hold them."""
    if leg.kind not in _GROUPED or not spot.guarded:
        return ()
    index = net(graph)
    return tuple(sorted(each for each in admission(graph, spot.groups, side).groups if each not in index.by_id))


def _along(graph: Graph, walk: Walk, leg: Leg, one: Spot, address: Ranges, depth: int) -> Walk:
    kind = leg.kind
    if not leg.alive:
        return walk.end(Stop.at(leg, "blackhole"))
    if kind == "vgw":
        return by_gateway(graph, walk, leg.target, one, address)
    if kind == "tgw":
        services = walk.high.services
        return by_transit(
            graph, walk, leg.target, one, address, lambda entry: beyond(graph, entry, address, services, depth + 1)
        )
    if kind == "pcx":
        return by_peering(graph, walk, leg, one.network, address)
    if kind == "nat":
        return _by_nat(graph, walk, leg, one, address, depth)
    if kind in ("eni", "i"):
        return _by_machine(graph, walk, leg)
    code = "middlebox" if kind == "vpce" else "on-premises"
    return unread_wire(graph, walk, leg, code)


def by_peering(graph: Graph, walk: Walk, leg: Leg, network: str, address: Ranges) -> Walk:
    """Over a VPC peering connection to the network at its other end: a peering carries to nothing behind that."""
    found = net(graph).by_id.get(leg.target)
    if found is None:
        gaps = missing(net(graph), w.PEERING, leg.target)
        return walk.blur(Stop.at(leg, "bad-state", gaps[0].message), gaps)
    walk = in_service(walk, found, "Status", ("active",))
    if unread := hidden(found, "VpcId", "PeerVpcId"):
        words = f"the VPCs of {found.label} were not read"
        return walk.blur(Stop.at(found, "peering-edge", words), unread)
    asks = found.known("VpcId") == network
    if not asks and found.known("PeerVpcId") != network:
        return walk.end(Stop.at(found, "peering-edge"))
    name, owner, region, cidrs = ("PeerVpcId", "PeerOwnerId", "PeerRegion", "PeerCidrBlocks")
    if not asks:
        name, owner, region, cidrs = ("VpcId", "OwnerId", "Region", "CidrBlocks")
    far = str(found.known(name, ""))
    told = lines(found.known(cidrs, ()))
    known = net(graph).by_id.get(far)
    ours = blocks(known) if known else told if address <= FOUR and not hidden(found, cidrs) else Ranges()
    walk = walk.along(*(edge for edge, _ in graph.heads(found, "attached-to"))).by(f"peering {found.label}")
    if ours and not ours.meets(address):
        words = f"{found.label} leads to {far}, whose ranges do not include {address_words(address)}"
        return walk.end(Stop.at(found, "peering-edge", words))
    if known and not hidden(known, "CidrBlocks", "Ipv6CidrBlocks"):
        words = f"no resource that was read in {far} has {address_words(address)}"
        unseen_there = shared(graph, known, "what is in it")
        stop = Stop(far, "nobody-there", words)
        return walk.blur(stop, unseen_there) if unseen_there else walk.end(stop)
    gaps = hidden(known, "CidrBlocks", "Ipv6CidrBlocks") if known else ()
    gaps = gaps or elsewhere(graph, w.VPC, far, str(found.known(owner, "")), str(found.known(region, "")))
    return walk.blur(Stop(far, "outside", gaps[0].message), gaps)


def _by_nat(graph: Graph, walk: Walk, leg: Leg, one: Spot, address: Ranges, depth: int) -> Walk:
    """A NAT gateway sends on under an address of its own, by the routes of its own subnet."""
    walk, nat = into_gateway(graph, walk, leg, one)
    if nat is None or walk.over:
        return walk
    onward = beyond(graph, nat, address, walk.high.services, depth + 1)
    if onward is None:
        words = f"{nat.subnet.label}, the subnet of {nat.label}, has no route to {address_words(address, 3)}"
        return walk.end(Stop.at(nat.subnet, "no-route", words))
    return carried_on(walk, onward)


def _by_machine(graph: Graph, walk: Walk, leg: Leg) -> Walk:
    """To a machine that may pass packets on, if it does not check whom they are for: a VPN or firewall appliance."""
    machine = net(graph).by_id.get(leg.target)
    places = spots(graph, machine)[0] if machine else []
    if machine and places:
        walk = forwards(walk, places[0])
    words = f"{leg.words}: {w.REASONS['middlebox']}"
    gaps = unseen(graph, leg.target, words) if machine else missing(net(graph), w.INTERFACE, leg.target)
    return walk.blur(Stop.at(leg, "middlebox", words), gaps)


# ---- inward


def from_outside(graph: Graph, address: Ranges, other: Spot, services: Ranges) -> Walk:
    """From such an address to a place: the same wire the other way round, then ACL and groups."""
    walk = Walk.asking(services, address)
    if other.unread:
        return unplaced(group_in(graph, walk, other, address), other)
    table = router(graph, other.subnet)
    legs = [leg for leg in table.legs_for(address) if leg.kind not in (*_NOWHERE, "nat")]
    if not legs:
        words = f"{other.subnet.label} has no route back to {address_words(address, 3)} that leads out of the VPC"
        stop = Stop(table.place or other.subnet.key, "no-route-back", words)
        return walk.blur(stop, table.gaps) if table.gaps else walk.along(*table.evidence).end(stop)
    return either([_arrives(graph, walk, leg, other, address) for leg in legs])


def _arrives(graph: Graph, walk: Walk, leg: Leg, other: Spot, address: Ranges) -> Walk:
    came = _answered(graph, walk, leg, other, address)
    if came.over:
        return came
    came = acl(graph, came, other.subnet, egress=False)
    found = group_in(graph, came, other, address)
    others = _others_groups(graph, leg, other, INGRESS)
    if found.low or not others:
        return found
    gaps = tuple(gap for each in others for gap in missing(net(graph), w.GROUP, each))
    named = group_in(graph, came, other, address, Spot("", "", other.subnet, others))
    return named.blur(Stop.at(other, "group-reference", gaps[0].message), gaps)


def _answered(graph: Graph, walk: Walk, leg: Leg, other: Spot, address: Ranges) -> Walk:
    """The wire by which answers leave is the one by which connections come."""
    if not leg.alive:
        return walk.end(Stop.at(leg, "blackhole"))
    start = Walk.asking(walk.high.services, EVERYWHERE)
    hop = _along(graph, start, leg, other, address, _DEEPEST)
    if leg.kind == "vgw":
        hop = past_edge(graph, hop, leg, other)
    walk = walk.along(*leg.proof, *hop.edges).by(*reversed(hop.hops))
    if hop.over:
        return walk.end(hop.stop or Stop.at(leg, "on-premises", w.REASONS["on-premises"]))
    if hop.low:
        return walk
    return walk.blur(hop.doubts[-1] if hop.doubts else Stop.at(leg, "on-premises"), hop.gaps)
