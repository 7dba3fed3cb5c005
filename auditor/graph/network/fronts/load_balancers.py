"""Load balancers: which of them have a thing among their targets, and whether the target lets the balancer in.

An application balancer speaks for itself; a network balancer may hand on the client's address, and then the target's
groups see the client. A node takes connections in its own zone and, where balancing crosses zones, hands them on to
another; a target whose zone has no node is given nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, NOTHING, SIX, Traffic, service
from auditor.graph.build import Graph
from auditor.graph.network.fronts.listeners import Lead, balancer_of, leads_to, nowhere, services_of, unread_services
from auditor.graph.network.fronts.members import Held, holding, may_hold
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, unread_links
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.from_internet import inbound
from auditor.graph.network.packets.to_internet import unseen
from auditor.graph.network.packets.walk import Walk, acl, either, group_in, unplaced
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_NO_FAMILY = "the load balancer has no addresses of this family"


@dataclass(frozen=True, slots=True)
class Front:
    """A balancer before a target: the way from its listener to the group that holds the target, and the port there."""

    balancer: Resource
    lead: Lead
    port: int | None
    edge: Edge
    gaps: tuple[Gap, ...] = ()  # the members of the group could not be read
    held: Held | None = None

    @property
    def group(self) -> Resource:
        return self.lead.group

    @property
    def services(self) -> Ranges:
        """What the target is spoken to on."""
        protocol = str(self.group.known("Protocol"))
        return service("udp" if protocol in ("UDP", "QUIC") else "tcp", self.port) if self.port else ALL_SERVICES


def listening(graph: Graph, balancer: Resource) -> tuple[Ranges, tuple[Edge, ...], tuple[Gap, ...]]:
    """The services on which a balancer's listeners take connections."""
    if balancer.type == w.CLASSIC:
        ports = [port for port, _ in classic_ports(balancer)]
        return Ranges.of(span for each in ports for span in each.spans), (), hidden(balancer, "Listeners")
    found = graph.tails(balancer, "part-of", w.LISTENER)
    services = Ranges.of(span for _, each in found for span in services_of(each).spans)
    gaps = tuple(gap for _, each in found for gap in unread_services(each))
    gaps += unread_links(graph, w.LISTENER, "part-of", balancer.region)
    return services, tuple(edge for edge, _ in found), tuple(dict.fromkeys(gaps))


def classic_ports(balancer: Resource) -> list[tuple[Ranges, Ranges]]:
    """On what a Classic load balancer's listeners take connections, and on what each speaks to its machines."""
    texts = [
        (str(each.get("LoadBalancerPort")), str(each.get("InstancePort"))) for each in balancer.known("Listeners", ())
    ]
    return [
        (service("tcp", int(one)), service("tcp", int(two))) for one, two in texts if one.isdigit() and two.isdigit()
    ]


def heard(walk: Walk, balancer: Resource, ports: Ranges, edges: tuple[Edge, ...], gaps: tuple[Gap, ...]) -> Walk:
    """What of a walk the listeners take."""
    let = Traffic.box(ports, EVERYWHERE)
    words = f"{balancer.label} listens on {service_words(ports)}" if ports else f"{balancer.label} has no listener"
    most = Traffic.box(walk.high.services, EVERYWHERE) if gaps else let
    return walk.through(let, most, Stop.at(balancer, "no-listener", words), gaps).along(*edges)


def arriving(graph: Graph, balancer: Resource, services: Ranges, sources: Ranges) -> list[tuple[Spot | None, Walk]]:
    """From the Internet to each node of a balancer, whatever it listens on."""
    found, gaps = spots(graph, balancer)
    if not found:
        asked = Walk.asking(services, sources)
        stop = Stop.at(balancer, "outside", f"the subnets of {balancer.label} could not be read")
        return [(None, asked.blur(stop, gaps) if gaps else asked.end(stop))]
    unread = hidden(balancer, "Scheme")
    out: list[tuple[Spot | None, Walk]] = []
    for node in found:
        walk = inbound(graph, node, services, sources)
        low, high = _families(balancer)
        stop = Stop.at(balancer, "internal", _NO_FAMILY)
        walk = walk.through(Traffic.box(ALL_SERVICES, low), Traffic.box(ALL_SERVICES, high), stop,
                            hidden(balancer, "IpAddressType"))  # fmt: skip
        out.append((node, walk.blur(Stop.at(balancer, "internal", unread[0].message), unread) if unread else walk))
    return out


def _families(balancer: Resource) -> tuple[Ranges, Ranges]:
    """The address families under which the world certainly and possibly finds a balancer."""
    if balancer.type == w.CLASSIC:
        return FOUR, FOUR  # AWS: in a VPC it has IPv4 addresses only
    if hidden(balancer, "IpAddressType"):
        return NOTHING, EVERYWHERE
    kind = str(balancer.known("IpAddressType", "ipv4"))
    found = {"ipv4": FOUR, "dualstack-without-public-ipv4": SIX}.get(kind, EVERYWHERE)
    return found, found


def fronts(graph: Graph, target: Resource, places: list[Spot]) -> Iterator[Front]:
    """The balancers that have this resource, or one of its addresses, among their targets."""
    held = holding(graph, target, places)
    sure = {each.group.key for each in held}
    held += [each for each in may_hold(graph, target, places) if each.group.key not in sure]
    for each in held:
        group, member = each.group, each.member
        unread = () if each.doubt else each.gaps
        port = member.get("Port") or group.known("Port")
        unread += (
            hidden(group, "Protocol") if member.get("Port") else hidden(group, "Targets[].Port", "Port", "Protocol")
        )
        for lead in leads_to(graph, group):
            above = balancer_of(graph, lead.listener)
            if above and above[1].key != target.key:
                edge = Edge(group.key, "targets", target.key, "Targets")
                yield Front(above[1], lead, None if unread else int(port) if port else None, edge, unread, each)


def unled(graph: Graph, target: Resource, places: list[Spot]) -> Iterator[tuple[tuple[Edge, ...], Stop]]:
    """Why target groups that hold the target are given nothing, with the edges so far."""
    for group in (each.group for each in holding(graph, target, places)):
        words = f"no listener forwards connections to target group {group.label}"
        above = graph.heads(group, "attached-to", w.BALANCER)
        edges = (Edge(group.key, "targets", target.key, "Targets"), *(edge for edge, _ in above))
        idle = [each for _, head in above for _, each in graph.tails(head, "part-of", w.LISTENER) if nowhere(each)]
        if idle:
            answer = f"{service_words(services_of(idle[0]))} {nowhere(idle[0])}"
            yield edges, Stop.at(idle[0], "answers-itself", f"{words}: {answer}")
        else:
            yield edges, Stop.at(group, "no-target", words)


def onward(
    graph: Graph, walk: Walk, front: Front, target: Resource, places: list[Spot], entered: Spot | None = None
) -> Walk:
    """From a balancer to a target behind it: from the node at which the walk came in, or from any of them."""
    if walk.over:
        return walk
    if front.gaps:
        stop = Stop.at(front.group, "no-target", f"the targets of {front.group.label} could not be read")
        return walk.blur(stop, front.gaps)
    above = graph.heads(front.group, "attached-to", w.BALANCER)
    walk = walk.along(*(edge for edge, head in above if head.key == front.balancer.key), front.edge)
    if target.type == w.FUNCTION or front.group.known("TargetType") == "lambda":
        return walk  # by invocation, not by packets
    nodes, gaps = spots(graph, front.balancer)
    places = [front.held.place] if front.held and front.held.place else places
    if not nodes or not places:
        return walk.blur(Stop.at(target, "outside", f"the subnet of {target.label} could not be read"), gaps)
    zones = {zone_of(node) for node in nodes}
    ways = [
        across_zones(
            walk,
            (front.balancer, node, zones, place),
            _crosses_zones(front),
            partial(_from_node, graph, walk, front, node, place),
        )
        for node in ([entered] if entered else nodes)
        for place in places
    ]
    found = either(ways)
    if front.held and front.held.doubt:
        unread = front.held.gaps or unseen(graph, target.key, front.held.doubt)
        return found.blur(Stop.at(target, "no-target", front.held.doubt), unread)
    return found


def across_zones(
    walk: Walk, way: tuple[Resource, Spot, set[str], Spot], crossing: tuple[bool | None, tuple[Gap, ...]],
    onward: Callable[[], Walk],
) -> Walk:  # fmt: skip
    """A node serves the targets of its own zone, and those of others where that is not turned off. The way: a balancer,
    one of its nodes, the zones of all of them, and the target.
    """
    balancer, node, zones, place = way
    zone = zone_of(place)
    unsure = "" in zones or not zone or place.network != node.network
    if zone_of(node) == zone or unsure:
        return onward()
    if zone not in zones:
        words = f"{balancer.label} is in no subnet of {zone}, where {place.label} is"
        return walk.end(Stop.at(balancer, "target-zone", words))
    crosses, unread = crossing
    if crosses is False:
        words = f"{balancer.label} does not balance between {zone_of(node)} and {zone}"
        return walk.end(Stop.at(balancer, "target-zone", words))
    found = onward()
    words = f"the cross-zone load balancing setting of {balancer.label} was not read"
    return found if crosses else found.blur(Stop.at(balancer, "target-zone", words), unread)


def _crosses_zones(front: Front) -> tuple[bool | None, tuple[Gap, ...]]:
    """Whether nodes serve other zones: as the group says, else an application balancer's do, and a network balancer's
    by a choice of its own that is not read.
    """
    choice = _attributes(front.group).get("load_balancing.cross_zone.enabled", "")
    unread = hidden(front.group, "TargetGroupAttributes") + hidden(front.balancer, "Type")
    network = front.balancer.known("Type", "application") == "network"
    return {"true": True, "false": False}.get(choice, None if network or unread else True), unread


def zone_of(spot: Spot) -> str:
    return str(spot.subnet.known("AvailabilityZone", ""))


def _attributes(group: Resource) -> dict[str, str]:
    return {str(each.get("Key")): str(each.get("Value")) for each in group.known("TargetGroupAttributes", ())}


_KEEPING = ("TargetGroupAttributes", "Protocol", "TargetType")


def keeps_client(front: Front) -> bool | None:
    """Whether packets reach the target with the client's address; None where that was not read.

    A network balancer's default, except for targets by address on tcp and tls; for udp it cannot be turned off.
    """
    if hidden(front.balancer, "Type"):
        return None
    if front.balancer.known("Type", "application") != "network":
        return False
    protocol, kind = str(front.group.known("Protocol")), front.group.known("TargetType", "instance")
    if protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
        return True
    if hidden(front.group, *_KEEPING):
        return None
    choice = _attributes(front.group).get("preserve_client_ip.enabled")
    return choice == "true" if choice else kind != "ip"


def _from_node(graph: Graph, walk: Walk, front: Front, node: Spot, place: Spot) -> Walk:
    """One node to one place. An address of the other family cannot be kept: there the node speaks for itself."""
    keeps = keeps_client(front)
    if keeps is False:
        return _as_itself(graph, walk, front, node, place)
    kept, other = (FOUR, SIX) if place.addresses & FOUR else (SIX, FOUR)
    ways = [_as_client(graph, walk.among(kept), front, node, place)] if walk.high.addresses & kept else []
    if walk.high.addresses & other:
        ways.append(_as_itself(graph, walk.among(other), front, node, place))
    if keeps is None:
        gaps = hidden(front.group, *_KEEPING) + hidden(front.balancer, "Type")
        stop = Stop.at(front.group, "group-rules", "the client IP preservation setting was not read")
        itself = _as_itself(graph, walk, front, node, place)
        found = either([*ways, itself])
        sure = all(way.low for way in (*ways, itself))
        return found if sure or found.over else found.blur(stop, gaps)
    return either(ways)


def _as_itself(graph: Graph, walk: Walk, front: Front, node: Spot, place: Spot) -> Walk:
    """The balancer opens a connection of its own."""
    return carried(walk, between(graph, node, place, front.services), place)


def carried(walk: Walk, hop: Walk, place: Spot | Resource) -> Walk:
    """The walk of a client whose request a front carries on: as certain as the way of the front itself."""
    if walk.over:
        return walk
    if hop.over:
        return walk.along(*hop.edges).end(hop.stop or Stop.at(place, "group-rules"))
    if not hop.low:
        doubt = Stop.at(place, "group-rules", f"whether {place.label} allows it is not known")
        return walk.along(*hop.edges).blur((*hop.doubts, doubt)[0], hop.gaps)
    return walk.along(*hop.edges)


def _as_client(graph: Graph, walk: Walk, front: Front, node: Spot, place: Spot) -> Walk:
    """The client's own packets arrive, translated to the target's port; groups of the balancer may be named."""
    start = Walk.asking(front.services, walk.high.addresses)
    arrived = start if place.unread else acl(graph, start, place.subnet, False, False)
    hop = unplaced(group_in(graph, arrived, place, walk.high.addresses, node), place)
    sure, most = hop.low.addresses, hop.high.addresses
    kept = replace(walk, low=walk.low.among(sure), high=walk.high.among(most), gaps=(*walk.gaps, *hop.gaps))
    return kept.along(*hop.edges) if kept.high else replace(kept, stop=hop.stop)
