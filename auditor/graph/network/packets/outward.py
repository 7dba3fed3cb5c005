"""From a place to the Internet: groups, ACL, then route by route through gateways until packets are out, and
answers back in.
"""

from __future__ import annotations

from auditor.graph.box_words import address_words
from auditor.graph.boxes import (
    ALL_SERVICES,
    EVERYWHERE,
    FOUR,
    ICMP,
    SIX,
    TCP,
    UDP,
    Traffic,
    internet,
    line,
    protocol_services,
)
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import missing, net
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.security_groups import EGRESS, INGRESS, admission
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.peered import egress_network
from auditor.graph.network.packets.walk import Walk, acl, acl_towards, either, group_out
from auditor.graph.space import Ranges
from auditor.model import Gap

NAT_PROTOCOLS = Ranges.of(span for each in (ICMP, TCP, UDP) for span in protocol_services(each).spans)
_NAT64 = line("64:ff9b::/96")
_DEEPEST = 6  # gateways in a row; real networks have two


def outbound(graph: Graph, spot: Spot, services: Ranges, towards: Ranges | None = None) -> Walk:
    """What of the Internet (or of the addresses given) packets from a place reach; the far ends are destinations."""
    asked = Traffic.box(services, towards if towards is not None else internet())
    walk = group_out(graph, Walk(asked, asked), spot)
    if spot.kind == "nat_gateway":
        walk = walk.only(NAT_PROTOCOLS, EVERYWHERE, Stop(spot.key, "nat-protocol", w.REASONS["nat-protocol"]))
    return leave(graph, walk, spot, spot, 0)


def leave(graph: Graph, walk: Walk, spot: Spot, source: Spot, depth: int) -> Walk:
    """Out of the subnet in which `spot` stands. `source` is who the packets are from as far as filters can see."""
    if walk.over:
        return walk
    if depth > _DEEPEST:
        return walk.end(Stop(spot.key, "too-far", w.REASONS["too-far"]))
    walk = acl(graph, walk, spot.subnet, egress=True)
    table = router(graph, spot.subnet)
    if table.gaps and not table.legs:
        return walk.blur(
            Stop(spot.subnet.key, "no-route", f"the route table of {spot.subnet.label} could not be read"), table.gaps
        )
    ways = []
    for leg in table.legs_for(walk.high.addresses):
        part = walk.among(leg.addresses)
        part = part.along(*table.evidence, *((leg.edge,) if leg.edge else ())).by(leg.words)
        ways.append(_follow(graph, part, leg, spot, source, depth))
    if table.gaps:
        ways = [way.blur(Stop(table.place, "no-route", table.gaps[0].message), table.gaps) for way in ways]
    if not ways:
        far = address_words(walk.high.addresses, 3)
        stop = Stop(
            spot.subnet.key,
            "no-route",
            f"{table.table.label if table.table else 'no table'} of {spot.subnet.label} has no route to {far}",
        )
        return walk.blur(stop, table.gaps) if table.gaps else walk.along(*table.evidence).end(stop)
    return either(ways)


def _follow(graph: Graph, walk: Walk, leg: Leg, spot: Spot, source: Spot, depth: int) -> Walk:
    kind = leg.target.partition("-")[0]
    if not leg.alive:
        return walk.end(Stop(leg.target, "blackhole", f"{leg.words}: {w.REASONS['blackhole']}"))
    if walk.over:
        return walk
    if kind == "igw":
        return _gateway(graph, walk, leg, spot)
    if kind == "nat":
        return _nat(graph, walk, leg, source, depth)
    if kind == "eigw":
        return walk.only(
            ALL_SERVICES, SIX & internet(), Stop(leg.target, "nat-family", "an egress-only gateway carries IPv6 only")
        )
    if kind in ("eni", "i"):
        return _machine(graph, walk, leg, source, depth)
    if kind == "tgw":
        return _transit(graph, walk, leg, spot, source, depth)
    if kind == "pcx":
        return walk.end(Stop(leg.target, "peering-edge", f"{leg.words}: {w.REASONS['peering-edge']}"))
    if kind == "local":
        return walk.end(Stop(spot.network, "nobody-there", "the address is the network's own, and nobody holds it"))
    if kind == "vpce" and " pl-" in leg.words:
        return walk.end(Stop(leg.target, "endpoint", f"{leg.words}: {w.REASONS['endpoint']}"))
    code = "middlebox" if kind == "vpce" else "on-premises"
    return walk.blur(
        Stop(leg.target, code, f"{leg.words}: {w.REASONS[code]}"), unseen(graph, leg.target, w.REASONS[code])
    )


def unseen(graph: Graph, place: str, message: str) -> tuple[Gap, ...]:
    """A gap for what no call tells: the other side of a wire, the rules inside a machine."""
    account = (*graph.inventory.accounts, "")[0]
    return (Gap(account, "", "", "", "", "unsupported", (), message, place),)


def _gateway(graph: Graph, walk: Walk, leg: Leg, spot: Spot) -> Walk:
    index = net(graph)
    gateway = index.by_id.get(leg.target)
    attached = gateway.properties.get("VpcId") if gateway else None
    place = gateway.key if gateway else leg.target
    if attached and spot.network and attached != spot.network:
        return walk.end(Stop(place, "not-attached", w.REASONS["not-attached"]))
    stop = Stop(place, "private-destination", w.REASONS["private-destination"])
    walk = walk.only(ALL_SERVICES, internet(), stop)
    own = (FOUR if spot.published is not False and spot.kind != "lambda" else Ranges()) | (
        SIX if spot.public & SIX else Ranges()
    )
    stop = Stop(place, "no-public-address", f"no public address stands for {spot.label}: the gateway drops its packets")
    walk = walk.only(ALL_SERVICES, own, stop)
    if spot.published is None:
        walk = walk.blur(stop, spot.gaps or unseen(graph, spot.key, "whether it has a public address is not known"))
    return walk


def _nat(graph: Graph, walk: Walk, leg: Leg, source: Spot, depth: int) -> Walk:
    index = net(graph)
    gateway = index.by_id.get(leg.target)
    if gateway is None:
        return walk.blur(
            Stop(leg.target, "bad-state", "the NAT gateway could not be read"), missing(index, w.NAT, leg.target)
        )
    if gateway.properties.get("State", "available") != "available":
        return walk.end(Stop(gateway.key, "bad-state", f"{gateway.label} is {gateway.properties['State']}"))
    found, gaps = spots(graph, gateway)
    if not found:
        return walk.blur(Stop(gateway.key, "bad-state", "where the NAT gateway stands could not be read"), gaps)
    nat = found[0]
    walk = walk.only(NAT_PROTOCOLS, EVERYWHERE, Stop(nat.key, "nat-protocol", w.REASONS["nat-protocol"]))
    walk = walk.only(ALL_SERVICES, FOUR | _NAT64, Stop(nat.key, "nat-family", w.REASONS["nat-family"]))
    if nat.subnet.key != source.subnet.key:
        walk = acl_towards(graph, walk, nat.subnet, source.addresses, egress=False)
    if nat.network != source.network:
        back = router(graph, nat.subnet)
        if (
            not any(each.alive and each.target.startswith("tgw-") for each in back.legs_for(source.addresses))
            and not back.gaps
        ):
            words = f"{nat.subnet.label} has no route back to {address_words(source.addresses, 3)}"
            return walk.end(Stop(back.place, "no-route-back", words))
    return leave(graph, walk.along(*nat.evidence), nat, nat, depth + 1)


def _machine(graph: Graph, walk: Walk, leg: Leg, source: Spot, depth: int) -> Walk:
    """A NAT instance: its check must be off, its groups let the packets in and out, then it speaks for the source."""
    index = net(graph)
    machine = index.by_id.get(leg.target)
    if machine is None:
        return walk.blur(
            Stop(leg.target, "middlebox", "the machine could not be read"), missing(index, w.INTERFACE, leg.target)
        )
    found, gaps = spots(graph, machine)
    if not found:
        return walk.blur(Stop(machine.key, "middlebox", "where the machine stands could not be read"), gaps)
    spot = found[0]
    if spot.checks:
        return walk.end(Stop(spot.key, "source-dest-check", f"{spot.label}: {w.REASONS['source-dest-check']}"))
    if spot.subnet.key != source.subnet.key:
        walk = acl_towards(graph, walk, spot.subnet, source.addresses, egress=False)
    let = admission(index, spot.groups, INGRESS)
    low, high = let.services(source.addresses, source.groups)
    stop = Stop(spot.key, "group-rules", f"the groups of {spot.label} admit nothing from {source.label}")
    walk = walk.through(Traffic.box(low, EVERYWHERE), Traffic.box(high, EVERYWHERE), stop, let.gaps)
    out = admission(index, spot.groups, EGRESS)
    walk = walk.through(
        out.low, out.high, Stop(spot.key, "group-rules", f"the groups of {spot.label} let nothing out"), out.gaps
    )
    return leave(graph, walk.along(*spot.evidence), spot, spot, depth + 1)


def _transit(graph: Graph, walk: Walk, leg: Leg, spot: Spot, source: Spot, depth: int) -> Walk:
    """Central egress: over the transit gateway into another network, and out from where its attachment stands."""
    ended, entries = egress_network(graph, walk, leg.target, spot)
    return either([*ended, *(leave(graph, part, entry, source, depth + 1) for part, entry in entries)])
