"""Ways that leave what AWS shows: transit gateways peered with others, and VPN connections to machines on premises.

A peering is routed by static routes on both sides, and references to groups are lost on it. What lies behind a customer
gateway is not AWS's to tell: packets are followed to it, and the answer says that it ends there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from auditor.graph.box_words import address_words
from auditor.graph.boxes import EVERYWHERE, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, missing, net
from auditor.graph.network.ground.owners import elsewhere
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import Leg, edge_router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.to_internet import unseen
from auditor.graph.network.packets.transit_gateway_peerings import over
from auditor.graph.network.packets.transit_gateways import answers_lost, enter, entries, no_answer
from auditor.graph.network.packets.walk import Walk, either, in_service
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Gap, Hidden, Resource

Onward = Callable[[Spot], Walk | None]
BEHIND = "AWS does not show what is behind it"


def past_edge(graph: Graph, walk: Walk, leg: Leg, other: Spot) -> Walk:
    """A table on the gateway itself may lead what comes in through a machine."""
    gateway = net(graph).by_id.get(leg.target)
    table, unread = edge_router(graph, gateway) if gateway else (None, ())
    unread += table.gaps if table else ()
    if unread:
        words = f"the route tables of {leg.target} were not read"
        walk = walk.blur(Stop.at(leg, "middlebox", words), unread)
    turned = [each for each in table.legs_for(other.addresses) if each.target != "local"] if table else []
    if not turned:
        return walk
    words = f"{turned[0].words} on the gateway: {w.REASONS['middlebox']}"
    return walk.blur(Stop.at(turned[0], "middlebox", words), unseen(graph, turned[0].target, words))


# --- virtual private gateways ----------------------------------------------------------------------------------------


def by_gateway(graph: Graph, walk: Walk, name: str, spot: Spot, address: Ranges) -> Walk:
    gateway = net(graph).by_id.get(name)
    if gateway is None:
        return walk.blur(Stop(name, "on-premises", f"{name} could not be read"), missing(net(graph), w.VPN, name))
    network = gateway.at("VpcId")
    if isinstance(network, Hidden):
        stop = Stop.at(gateway, "not-attached", f"the VPC that {gateway.label} is attached to was not read")
        walk = walk.blur(stop, (network.gap,))
    elif network is not ABSENT and network != spot.network:
        return walk.end(Stop.at(gateway, "not-attached", f"{gateway.label} is attached to {network}"))
    walk = in_service(walk, gateway)
    connections = graph.of_type(w.VPN_CONNECTION)
    found = [each for each in connections if each.known("VpnGatewayId") == gateway.id]
    unread = tuple(gap for each in connections for gap in hidden(each, "VpnGatewayId"))
    return _wired(graph, walk.by(f"VPN gateway {gateway.label}"), gateway.key, found, address, unread)


def _wired(
    graph: Graph, walk: Walk, place: str, connections: list[Resource], address: Ranges, unread: tuple[Gap, ...]
) -> Walk:
    """Over any of the connections that end there; without one, Direct Connect may carry it, which is not described."""
    gaps = graph.gaps_for(w.VPN_CONNECTION) + unread
    if not connections:
        words = "it has no VPN connection; Direct Connect is not read"
        return walk.blur(Stop(place, "on-premises", words), gaps or unseen(graph, place, words))
    ways = [_over(graph, walk, each, address) for each in connections]
    found = either(ways)
    if found.over and gaps:
        return walk.blur(Stop(place, "on-premises", gaps[0].message), gaps)
    return found


def _over(graph: Graph, walk: Walk, connection: Resource, address: Ranges) -> Walk:
    """One connection: in service, with a tunnel that is up, and for static routing a route for the address."""
    walk = walk.along(*(edge for edge, _ in graph.heads(connection, "attached-to"))).by(
        f"VPN connection {connection.label}"
    )
    walk = _statically(in_service(walk, connection), connection, address)
    tunnels, unread = connection.known("TunnelStates", ()), hidden(connection, "TunnelStates")
    if tunnels and "UP" not in tunnels and not unread:
        return walk.end(Stop.at(connection, "bad-state", f"every tunnel of {connection.label} is down"))
    if unread and "UP" not in tunnels:
        return walk.blur(Stop.at(connection, "bad-state", f"the tunnels of {connection.label} were not read"), unread)
    customer = next((head for _, head in graph.heads(connection, "attached-to", w.CUSTOMER)), None)
    at = f" at {customer.known('IpAddress')}" if customer and customer.known("IpAddress") else ""
    label = customer.label if customer else connection.known("CustomerGatewayId", "?")
    return walk.by(f"customer gateway {label}{at} ({BEHIND})")


def _statically(walk: Walk, connection: Resource, address: Ranges) -> Walk:
    """With static routing a connection carries what its routes name; without, the other side tells by BGP."""
    static = connection.at("StaticRoutesOnly")
    if static is ABSENT or static is False or address <= lines(connection.known("Routes", ())):
        return walk
    stop = Stop.at(connection, "no-route", f"{connection.label} has no static route to {address_words(address, 3)}")
    unread = hidden(connection, "StaticRoutesOnly", "Routes")
    return walk.blur(stop, unread) if unread else walk.end(stop)


# --- transit gateways ------------------------------------------------------------------------------------------------


def by_transit(graph: Graph, walk: Walk, gateway: str, spot: Spot, address: Ranges, onward: Onward) -> Walk:
    """Over a transit gateway to the VPN connection that its table names, and back by the table of that; or into an
    attached network and `onward` from there.
    """
    walk, mine = enter(graph, walk, gateway, spot)
    if mine is None:
        return walk
    walk, legs = over(graph, walk, gateway, mine, address)
    if walk.over or not legs:
        return walk
    ways = []
    for _, name, kind in legs:
        part = walk.by(f"attachment {name}")
        connection = net(graph).by_id.get(_attached(graph, name))
        if kind == "vpn" and connection is not None:
            part = _back(graph, part, name, connection, spot)
            ways.append(part if part.over else _over(graph, part, connection, address))
        elif kind == "vpn":
            gaps = missing(net(graph), w.VPN_CONNECTION, _attached(graph, name) or name)
            ways.append(part.blur(Stop(name, "on-premises", gaps[0].message), gaps))
        elif kind == "vpc":
            ways.append(_into_network(graph, part, name, spot, onward))
        else:
            words = f"{name} ({kind or 'attachment'}): {w.REASONS['on-premises']}"
            ways.append(part.blur(Stop(name, "on-premises", words), unseen(graph, name, words)))
    return either(ways)


def _into_network(graph: Graph, walk: Walk, name: str, spot: Spot, onward: Onward) -> Walk:
    """Into a network that is attached and, as far as was read, does not hold the address; it may pass packets on."""
    index = net(graph)
    attachment = index.by_id.get(name)
    there = str(attachment.known("VpcId", "")) if attachment else _attached(graph, name)
    network = index.by_id.get(there)
    if network is None or hidden(network, "CidrBlocks", "Ipv6CidrBlocks"):
        gaps = hidden(network, "CidrBlocks", "Ipv6CidrBlocks") if network else elsewhere(graph, w.VPC, there or name)
        return walk.blur(Stop(there or name, "outside", gaps[0].message), gaps)
    doors = entries(graph, attachment)
    further = onward(Spot(name, name, doors[0], (), False, spot.addresses)) if doors else None
    if further is None:
        return walk.end(Stop(name, "nobody-there", f"{name} leads to {there}, whose ranges do not include the address"))
    return carried_on(walk, further)


def carried_on(walk: Walk, further: Walk) -> Walk:
    """A walk that goes on as another does, which starts where it has come."""
    walk = walk.along(*further.edges).by(*further.hops)
    if further.over:
        return walk.end(further.stop or Stop("", "outside", w.REASONS["outside"]))
    if not further.low:
        doubt = further.doubts[-1] if further.doubts else Stop("", "outside", w.REASONS["outside"])
        return walk.blur(doubt, further.gaps)
    return walk.only(further.high.services, EVERYWHERE, Stop("", "nat-protocol", w.REASONS["nat-protocol"]))


def _back(graph: Graph, walk: Walk, name: str, connection: Resource, spot: Spot) -> Walk:
    """The table with which the VPN attachment is associated must lead to the network of the place."""
    gateway = str(connection.known("TransitGatewayId", ""))
    if unread := hidden(connection, "TransitGatewayId"):
        return walk.blur(Stop.at(connection, "transit-route", unread[0].message), unread)
    door = Resource(w.ATTACHMENT, name, connection.account, connection.region, name, name)
    back, legs = over(graph, walk, gateway, door, spot.addresses)
    if back.over:
        return walk.end(no_answer(back, gateway, spot.network))
    lost = answers_lost(graph, walk, gateway, legs, spot)
    if lost is not None:
        return lost
    return replace(walk, edges=back.edges, low=walk.low if back.low else back.low, gaps=back.gaps, doubts=back.doubts)


def _attached(graph: Graph, attachment: str) -> str:
    """The id of what an attachment attaches, which routes and associations tell along."""
    return graph.once(_all_attached).get(attachment, "")


def _all_attached(graph: Graph) -> dict[str, str]:
    out = {}
    for table in graph.of_type(w.TRANSIT_TABLE):
        routed = [each for route in table.known("Routes", ()) for each in route.get("TransitGatewayAttachments") or ()]
        for each in (*routed, *table.known("Associations", ()), *table.known("Propagations", ())):
            if each.get("ResourceId"):
                out[str(each.get("TransitGatewayAttachmentId", ""))] = str(each["ResourceId"])
    return out
