"""Transit gateways: the attachment of a network, the table it is associated with, and the attachment a route leads
to.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.graph.boxes import NOTHING, line
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import Net, hidden, missing, net, network_blocks
from auditor.graph.network.ground.owners import elsewhere, of_network, shared
from auditor.graph.network.ground.places import Spot
from auditor.graph.network.ground.route_tables import router
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.walk import Walk, in_service
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource


def enter(graph: Graph, walk: Walk, gateway: str, spot: Spot) -> tuple[Walk, Resource | None]:
    """Into the gateway: the network must be attached, in the zone of the subnet."""
    mine, gaps = _attachment(graph, gateway, spot)
    if mine is None:
        stop = Stop(gateway, "not-attached", f"{spot.network} has no attachment to {gateway}")
        return (walk.blur(stop, gaps) if gaps else walk.end(stop)), None
    walk = in_service(walk, mine)
    if walk.over:
        return walk, None
    subnets = [net(graph).by_id.get(name) for name in mine.known("SubnetIds", ())]
    zones = {each.known("AvailabilityZone") if each else None for each in subnets}
    zone = spot.subnet.known("AvailabilityZone")
    if zone and zones and None not in zones and zone not in zones:
        words = f"{gateway} has no attachment in {zone}, where {spot.subnet.label} is"
        stop, unread = Stop.at(spot.subnet, "transit-zone", words), hidden(mine, "SubnetIds")
        return (walk.blur(stop, unread), mine) if unread else (walk.end(stop), None)
    unread = hidden(spot.subnet, "AvailabilityZone") + hidden(mine, "SubnetIds")
    unread += tuple(gap for each in subnets if each for gap in hidden(each, "AvailabilityZone"))
    if unread and zone not in zones:
        words = f"the subnets of the attachment of {spot.subnet.label} to {gateway} were not read"
        walk = walk.blur(Stop.at(spot.subnet, "transit-zone", words), unread)
    edges = graph.heads(mine, "attached-to")
    return walk.along(*(edge for edge, _ in edges)).by(f"attachment {mine.label}"), mine


def _attachment(graph: Graph, gateway: str, spot: Spot) -> tuple[Resource | None, tuple[Gap, ...]]:
    """The attachment that joins a network to a gateway, or the gaps that may hide one."""
    index = net(graph)
    found = next(
        (each for each in index.attachments.get(spot.network, ()) if each.known("TransitGatewayId") == gateway), None
    )
    if found:
        return found, ()
    half = (gap for each in graph.of_type(w.ATTACHMENT) for gap in hidden(each, "VpcId", "TransitGatewayId"))
    return None, (*graph.gaps_for(w.ATTACHMENT), *half, *of_network(graph, spot.subnet, "its attachments"))


def carried(
    graph: Graph, walk: Walk, gateway: str, mine: Resource, wanted: Ranges
) -> tuple[Walk, list[tuple[Ranges, str, str]]]:
    """Where the table of an attachment sends the addresses: (share, attachment, kind of what is attached)."""
    index = net(graph)
    table, gaps = _table(index, gateway, mine)
    if table is None:
        stop = Stop.at(mine, "transit-association")
        return (walk.blur(stop, gaps) if gaps else walk.end(stop)), []
    unread = hidden(table, "Routes", "Propagations")
    if unread:
        return walk.blur(Stop.at(table, "transit-route", unread[0].message), unread), []
    walk = walk.along(Edge(mine.key, "routed-by", table.key, "Associations"))
    out = [(share, to[0], to[1]) for addresses, to in _legs(index, table) if (share := addresses & wanted)]
    gone = [share for share, name, _ in out if not name]
    out = [each for each in out if each[1]]
    if not out:
        code = "blackhole" if gone else "transit-route"
        return walk.end(Stop.at(table, code)), out
    return walk, out


def _table(index: Net, gateway: str, mine: Resource) -> tuple[Resource | None, tuple[Gap, ...]]:
    gaps: tuple[Gap, ...] = index.graph.gaps_for(w.TRANSIT_TABLE)
    for table in index.graph.of_type(w.TRANSIT_TABLE):
        gaps += hidden(table, "TransitGatewayId", "Associations")
        if table.known("TransitGatewayId") == gateway and any(
            each.get("TransitGatewayAttachmentId") == mine.id for each in table.known("Associations", ())
        ):
            return table, ()
    found = index.by_id.get(gateway)
    return None, gaps + (
        shared(index.graph, found, "its route tables") if found else missing(index, w.TRANSIT, gateway)
    )


def _legs(index: Net, table: Resource) -> list[tuple[Ranges, tuple[str, str]]]:
    """The table as a partition: longest prefix first, static before propagated; a blackhole has no attachment."""
    wanted: list[tuple[int, int, Ranges, tuple[str, str]]] = []
    for route in table.known("Routes", ()):
        text = str(route.get("DestinationCidrBlock") or "")
        if not text:
            continue
        to: dict[str, str] = next(iter(route.get("TransitGatewayAttachments") or ()), {})
        dead = route.get("State", "active") != "active"
        target = ("", "") if dead else (str(to.get("TransitGatewayAttachmentId", "")), str(to.get("ResourceType", "")))
        rank = 0 if route.get("Type", "static") == "static" else 1
        wanted.append((-int(text.partition("/")[2] or 32), rank, line(text), target))
    # The search for routes ends after a thousand: what is propagated is known from the attached networks as well.
    for each in table.known("Propagations", ()):
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


def entries(graph: Graph, attachment: Resource | None) -> list[Resource]:
    """The subnets through which an attachment enters its network, as far as they were read."""
    names = attachment.known("SubnetIds", ()) if attachment else ()
    return [net(graph).by_id[each] for each in names if each in net(graph).by_id]


def answers_lost(
    graph: Graph, walk: Walk, gateway: str, legs: Sequence[tuple[Ranges, str, str]], spot: Spot
) -> Walk | None:
    """The walk where the gateway sends answers to another network than the one of the place; None where it does not."""
    index = net(graph)
    found = [index.by_id[name] for _, name, _ in legs if name in index.by_id]
    if not legs or spot.network in [each.known("VpcId") for each in found]:
        return None
    stop = Stop(gateway, "no-route-back", f"{gateway} sends the answers to another attachment than {spot.network}")
    unread = tuple(gap for each in found for gap in hidden(each, "VpcId") or passes_on(graph, each, spot.addresses))
    lost = (missing(index, w.ATTACHMENT, name) for _, name, _ in legs if name not in index.by_id)
    unread += tuple(gap for gaps in lost for gap in gaps)
    return walk.blur(stop, unread) if unread else walk.end(stop)


def passes_on(graph: Graph, attachment: Resource, addresses: Ranges) -> tuple[Gap, ...]:
    """Why packets for addresses that are not an attached network's own may go on from there: its network was not read,
    or its routes lead on, as where a firewall inspects what passes between networks.
    """
    network = str(attachment.known("VpcId", ""))
    doors, back = entries(graph, attachment), ("local", attachment.known("TransitGatewayId"))
    if network not in net(graph).by_id or not doors:
        return elsewhere(graph, w.VPC, network)
    for table in (router(graph, each) for each in doors):
        if table.gaps:
            return table.gaps
        onward = [leg for leg in table.legs_for(addresses) if leg.alive and leg.target not in back]
        if onward:
            words = f"whether the appliance of {onward[0].words} in {network} passes it on is not known"
            account = attachment.account
            return (Gap(account, "", "", "", "", "unsupported", (), words, onward[0].target),)
    return ()


def no_answer(back: Walk, gateway: str, network: str) -> Stop:
    """Why an answer does not come back over transit gateways, at the place where it ends."""
    if back.stop is None:
        return Stop(gateway, "no-route-back", f"{gateway} has no route back to {network}")
    return Stop(back.stop.place, "no-route-back", f"the answer to {network} ends: {back.stop.words}")


def door(graph: Graph, attachment: Resource, other: Spot) -> tuple[Resource | None, tuple[Gap, ...]]:
    """The subnet through which an attachment enters a network towards a place: that of its zone, where there is one;
    and what leaves open which it is.
    """
    doors = entries(graph, attachment)
    zone = other.subnet.known("AvailabilityZone")
    same = next((each for each in doors if zone and each.known("AvailabilityZone") == zone), None)
    unread = hidden(attachment, "SubnetIds") + hidden(other.subnet, "AvailabilityZone")
    unread += tuple(gap for each in doors for gap in hidden(each, "AvailabilityZone"))
    return same or (doors[0] if doors else None), () if same else unread


def keeps_groups(gateway: Resource | None, *attachments: Resource) -> tuple[bool, tuple[Gap, ...]]:
    """References to groups across a transit gateway work where it and both attachments support them; and what leaves
    that open.
    """
    name = "SecurityGroupReferencingSupport"
    if len({each.known("TransitGatewayId") for each in attachments}) > 1:
        return False, ()  # a peering of two gateways loses them
    options = [each.known(f"Options.{name}") for each in attachments]
    options.append(gateway.known(name) if gateway else None)
    unread = tuple(gap for each in attachments for gap in hidden(each, f"Options.{name}"))
    unread += hidden(gateway, name) if gateway else ()
    return all(each == "enable" for each in options), unread if set(options) <= {"enable", None} else ()
