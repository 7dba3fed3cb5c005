"""Transit gateways: the attachment of a network, the table it is associated with, and the attachment a route leads
to.
"""

from __future__ import annotations

from auditor.graph.boxes import NOTHING, line
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import Net, hidden, net, network_blocks
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource


def enter(graph: Graph, walk: Walk, gateway: str, spot: Spot) -> tuple[Walk, Resource | None]:
    """Into the gateway: the network must be attached, in the zone of the subnet."""
    index = net(graph)
    mine = _attachment(index, gateway, spot.network)
    if mine is None:
        gaps = graph.gaps_for(w.ATTACHMENT)
        stop = Stop(gateway, "not-attached", f"{spot.network} has no attachment to {gateway}")
        return (walk.blur(stop, gaps) if gaps else walk.end(stop)), None
    if str(mine.properties.get("State", "available")) != "available":
        return walk.end(Stop(mine.key, "bad-state", f"{mine.label} is {mine.properties['State']}")), None
    zones = {_zone(index, name) for name in mine.properties.get("SubnetIds", ())}
    zone = spot.subnet.properties.get("AvailabilityZone")
    if zone and zones and None not in zones and zone not in zones:
        words = f"{gateway} has no attachment in {zone}, where {spot.subnet.label} lies"
        return walk.end(Stop(spot.subnet.key, "transit-zone", words)), None
    edges = graph.heads(mine, "attached-to")
    return walk.along(*(edge for edge, _ in edges)).by(f"attachment {mine.label}"), mine


def _zone(index: Net, subnet: str) -> object:
    found = index.by_id.get(subnet)
    return found.properties.get("AvailabilityZone") if found else None


def _attachment(index: Net, gateway: str, network: str) -> Resource | None:
    found = index.attachments.get(network, ())
    return next((each for each in found if each.properties.get("TransitGatewayId") == gateway), None)


def carried(
    graph: Graph, walk: Walk, gateway: str, mine: Resource, wanted: Ranges
) -> tuple[Walk, list[tuple[Ranges, str, str]]]:
    """Where the table of an attachment sends the addresses: (share, attachment, kind of what is attached)."""
    index = net(graph)
    table, gaps = _table(index, gateway, mine)
    if table is None:
        stop = Stop(mine.key, "transit-association", f"{mine.label}: {w.REASONS['transit-association']}")
        return (walk.blur(stop, gaps) if gaps else walk.end(stop)), []
    unread = hidden(table, "Routes")
    if unread:
        return walk.blur(Stop(table.key, "transit-route", unread[0].message), unread), []
    walk = walk.along(Edge(mine.key, "routed-by", table.key, "Associations"))
    out = [(share, to[0], to[1]) for addresses, to in _legs(index, table) if (share := addresses & wanted)]
    gone = [share for share, name, _ in out if not name]
    out = [each for each in out if each[1]]
    if not out:
        code = "blackhole" if gone else "transit-route"
        return walk.end(Stop(table.key, code, f"{table.label}: {w.REASONS[code]}")), out
    return walk, out


def _table(index: Net, gateway: str, mine: Resource) -> tuple[Resource | None, tuple[Gap, ...]]:
    gaps: tuple[Gap, ...] = index.graph.gaps_for(w.TRANSIT_TABLE)
    for table in index.graph.of_type(w.TRANSIT_TABLE):
        if table.properties.get("TransitGatewayId") != gateway:
            continue
        gaps += hidden(table, "Associations")
        if any(each.get("TransitGatewayAttachmentId") == mine.id for each in table.properties.get("Associations", ())):
            return table, ()
    return None, gaps


def _legs(index: Net, table: Resource) -> list[tuple[Ranges, tuple[str, str]]]:
    """The table as a partition: longest prefix first, static before propagated; a blackhole has no attachment."""
    wanted: list[tuple[int, int, Ranges, tuple[str, str]]] = []
    for route in table.properties.get("Routes", ()):
        text = str(route.get("DestinationCidrBlock") or "")
        if not text:
            continue
        to: dict[str, str] = next(iter(route.get("TransitGatewayAttachments") or ()), {})
        dead = route.get("State", "active") != "active"
        target = ("", "") if dead else (str(to.get("TransitGatewayAttachmentId", "")), str(to.get("ResourceType", "")))
        rank = 0 if route.get("Type", "static") == "static" else 1
        wanted.append((-int(text.partition("/")[2] or 32), rank, line(text), target))
    # The search for routes ends after a thousand: what is propagated is known from the attached networks as well.
    for each in table.properties.get("Propagations", ()):
        if each.get("State", "enabled") == "enabled" and each.get("ResourceType") == "vpc":
            target = (str(each.get("TransitGatewayAttachmentId")), "vpc")
            for low, high in network_blocks(index, str(each.get("ResourceId"))).spans:
                size = (high - low + 1).bit_length() - 1
                length = (32 if high < 2**32 else 128) - size
                wanted.append((-length, 1, Ranges(((low, high),)), target))
    taken = NOTHING
    out: list[tuple[Ranges, tuple[str, str]]] = []
    for _, _, addresses, target in sorted(wanted, key=lambda each: each[:2]):
        out.append((addresses - taken, target))
        taken |= addresses
    return [each for each in out if each[0]]


def door(graph: Graph, attachment: Resource, other: Spot) -> Resource | None:
    """The subnet through which an attachment enters a network towards a place: that of its zone, where there is one."""
    index = net(graph)
    doors = [index.by_id[each] for each in attachment.properties.get("SubnetIds", ()) if each in index.by_id]
    zone = other.subnet.properties.get("AvailabilityZone")
    return next(
        (each for each in doors if each.properties.get("AvailabilityZone") == zone), doors[0] if doors else None
    )


def keeps_groups(gateway: Resource | None, *attachments: Resource) -> bool:
    """References to groups across a transit gateway work where it and both attachments support them."""
    if len({each.properties.get("TransitGatewayId") for each in attachments}) > 1:
        return False  # a peering of two gateways loses them
    options = [(each.properties.get("Options") or {}).get("SecurityGroupReferencingSupport") for each in attachments]
    own = gateway.properties.get("SecurityGroupReferencingSupport") if gateway else None
    return own == "enable" and all(each == "enable" for each in options)
