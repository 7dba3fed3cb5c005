"""NAT: gateways and instances that send packets on under an address of their own.

Filters behind them see the gateway and not the source; no connection from outside passes one.
How packets go on from there is decided by the caller (`leave`, `between`).
"""

from __future__ import annotations

from collections.abc import Callable

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, ICMP, TCP, UDP, Traffic, protocol_services
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, missing, net, network_of
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.security_groups import EGRESS, INGRESS, admission
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk, acl_towards, in_service, unplaced
from auditor.graph.space import Ranges
from auditor.model import Resource

NAT_PROTOCOLS = Ranges.of(span for each in (ICMP, TCP, UDP) for span in protocol_services(each).spans)
Leave = Callable[[Walk, Spot], Walk]  # a walk, and the place from which it leaves -> what gets out
Between = Callable[[Spot, Spot, Ranges], Walk]


def into_gateway(graph: Graph, walk: Walk, leg: Leg, source: Spot) -> tuple[Walk, Spot | None]:
    """To a NAT gateway: it is in service, in the zone, and its subnet lets the packets in. Nothing instead of the place
    from which it sends on where that is not known."""
    index = net(graph)
    gateway = index.by_id.get(leg.target)
    if gateway is None:
        stop = Stop.at(leg, "bad-state", "the NAT gateway could not be read")
        return walk.blur(stop, missing(index, w.NAT, leg.target)), None
    walk = in_service(walk, gateway)
    found, gaps = spots(graph, gateway)
    if walk.over or not found:
        return walk.blur(Stop.at(gateway, "bad-state", "the subnet of the NAT gateway could not be read"), gaps), None
    nat = found[0]
    walk = walk.only(NAT_PROTOCOLS, EVERYWHERE, Stop.at(nat, "nat-protocol", w.REASONS["nat-protocol"]))
    if nat.unread:
        return unplaced(walk, nat), None
    walk = _in_zone(walk, gateway, source)
    if nat.subnet.key != source.subnet.key:
        walk = acl_towards(graph, walk, nat.subnet, source.addresses, egress=False)
    return walk, nat


def out_by_gateway(graph: Graph, walk: Walk, leg: Leg, source: Spot, leave: Leave) -> Walk:
    """To the Internet over a NAT gateway, to which answers have to come back."""
    walk, nat = into_gateway(graph, walk, leg, source)
    if nat is None:
        return walk
    walk = walk.only(ALL_SERVICES, FOUR, Stop.at(nat, "nat-family", w.REASONS["nat-family"]))
    if nat.network != source.network:
        back = router(graph, nat.subnet)
        legs = [each for each in back.legs_for(source.addresses) if each.alive and each.kind == "tgw"]
        if not legs and not back.gaps:
            words = f"{nat.subnet.label} has no route back to {address_words(source.addresses, 3)}"
            return walk.end(Stop(back.place, "no-route-back", words))
    return leave(walk.along(*nat.evidence), nat)


def _in_zone(walk: Walk, gateway: Resource, source: Spot) -> Walk:
    """A regional gateway comes to every zone in which something stands, unless its zones were chosen by hand."""
    zone, zones = source.subnet.known("AvailabilityZone"), gateway.known("Zones", ())
    unread = hidden(gateway, "AutoProvisionZones", "Zones") + hidden(source.subnet, "AvailabilityZone")
    chosen = gateway.known("AutoProvisionZones", "disabled" if unread else "") == "disabled"
    if gateway.known("AvailabilityMode") != "regional" or not chosen or zone in zones:
        return walk
    where = f"in {zone}" if zone else "in the zone of the source"
    stop = Stop.at(gateway, "nat-zone", f"{gateway.label} has addresses in {', '.join(zones)} only, and not {where}")
    return walk.blur(stop.unsure, unread) if unread else walk.end(stop) if zone else walk


def out_by_instance(graph: Graph, walk: Walk, leg: Leg, source: Spot, leave: Leave) -> Walk:
    """A NAT instance: its check must be off, its groups let the packets in and out, then it speaks for the source."""
    index = net(graph)
    machine = index.by_id.get(leg.target)
    if machine is None:
        stop = Stop.at(leg, "middlebox", "the instance could not be read")
        return walk.blur(stop, missing(index, w.INTERFACE, leg.target))
    found, gaps = spots(graph, machine)
    if not found:
        return walk.blur(Stop.at(machine, "middlebox", "the subnet of the instance could not be read"), gaps)
    spot = found[0]
    walk = forwards(walk, spot)
    if spot.unread:
        return unplaced(walk, spot)
    if spot.subnet.key != source.subnet.key:
        walk = acl_towards(graph, walk, spot.subnet, source.addresses, egress=False)
    let = admission(graph, spot.groups, INGRESS)
    low, high = let.services(source.addresses, source.groups)
    most = ALL_SERVICES if spot.gaps or source.gaps else high
    stop = Stop.at(
        spot, "group-rules", f"the security groups of {spot.label} allow no inbound traffic from {source.label}"
    )
    walk = walk.through(Traffic.box(low, EVERYWHERE), Traffic.box(most, EVERYWHERE), stop, let.gaps + spot.gaps)
    out = admission(graph, spot.groups, EGRESS)
    far = Traffic.box(ALL_SERVICES, EVERYWHERE) if spot.gaps else out.high
    stop = Stop.at(spot, "group-rules", f"the security groups of {spot.label} allow no outbound traffic")
    walk = walk.through(out.low, far, stop, out.gaps + spot.gaps)
    return leave(walk.along(*spot.evidence), spot)


def forwards(walk: Walk, machine: Spot) -> Walk:
    """Whether a machine may pass on what is not meant for it."""
    if machine.checks is None:
        words = f"the source/destination check of {machine.label} was not read"
        return walk.blur(Stop.at(machine, "source-dest-check", words), machine.gaps)
    return walk.end(Stop.at(machine, "source-dest-check")) if machine.checks else walk


def inside_by_gateway(graph: Graph, walk: Walk, leg: Leg, one: Spot, other: Spot, between: Between) -> Walk:
    """A private NAT gateway: from here on the packets are its own, and groups of the source mean nothing."""
    if one.kind == "nat_gateway":
        return walk.end(Stop.at(leg, "too-far", "one NAT gateway routes to another"))
    walk, nat = into_gateway(graph, walk, leg, one)
    if nat is None:
        return walk
    if nat.network == other.network or not network_of(net(graph), other.subnet):
        return walk.end(Stop.at(nat, "nat-inward", f"{leg.words}: it leads out of the VPC, not to {other.label}"))
    onward = between(nat, other, walk.high.services & NAT_PROTOCOLS)
    low, high = (Traffic.box(each.services, EVERYWHERE) for each in (onward.low, onward.high))
    stop = onward.stop or Stop.at(nat, "nat-protocol", w.REASONS["nat-protocol"])
    return walk.along(*onward.edges).through(low, high, stop, onward.gaps)
