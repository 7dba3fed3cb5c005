"""The questions, and their answers: who reaches whom, over which path, or where and why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from auditor.graph.box_words import address_words, service_words
from auditor.graph.boxes import EVERYWHERE, FOUR, Traffic, internet, service
from auditor.graph.build import Graph
from auditor.graph.network.doors.doors import DOORS, INNER_DOORS
from auditor.graph.network.fronts import api_integrations
from auditor.graph.network.fronts.fronts import PUBLIC, from_within, in_front, to_balancer
from auditor.graph.network.fronts.load_balancers import heard, listening
from auditor.graph.network.fronts.managed_interfaces import answered
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net, unread_links
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.from_internet import inbound
from auditor.graph.network.packets.nat64 import NAT64, over_internet, translated
from auditor.graph.network.packets.outside import from_outside
from auditor.graph.network.packets.to_internet import outbound, unseen
from auditor.graph.network.packets.to_unused_address import towards_nothing, unowned
from auditor.graph.network.packets.walk import State, Walk, either, placed
from auditor.graph.network.services.egress_identity import from_inside
from auditor.graph.network.services.path_ends import End
from auditor.graph.network.services.vpc_endpoints import to_listed, to_service
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource


@dataclass(frozen=True, slots=True)
class Reach:
    """The answer: how it stands, the set that gets through, the edges that prove it; for a blocked one the place
    and reason.
    """

    state: State
    traffic: Traffic  # what certainly gets through (what possibly does, where that is unknown)
    path: tuple[Edge, ...]
    hops: tuple[str, ...] = ()
    stop: Stop | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def services(self) -> Ranges:
        return self.traffic.services

    @property
    def because(self) -> str:
        """The answer in a sentence: the set, or what stops it, or what could not be seen."""
        if self.state == "reached":
            return in_words(self.traffic)
        if self.state == "unknown" and self.gaps:
            return self.gaps[0].message
        return self.stop.words if self.stop else "not everything could be read"


def concluded(walk: Walk) -> Reach:
    """A finished walk as an answer."""
    if walk.over:
        return Reach("blocked", Traffic(), walk.proof, walk.hops, walk.stop)
    if walk.low:
        return Reach("reached", walk.low, walk.proof, walk.hops)
    return Reach("unknown", walk.high, walk.proof, walk.hops, walk.doubts[-1] if walk.doubts else None, walk.gaps)


def in_words(traffic: Traffic, most: int = 3) -> str:
    """`0.0.0.0/0 minus 10.0.0.0/8 on tcp 5432`, slice by slice where addresses differ."""
    by_addresses: dict[Ranges, Ranges] = {}
    for low, high, addresses in traffic.slices:
        by_addresses[addresses] = by_addresses.get(addresses, Ranges()) | Ranges(((low, high),))
    words = [f"{address_words(addresses)} on {service_words(services)}" for addresses, services in by_addresses.items()]
    return "; ".join(words[:most]) + (f"; and {len(words) - most} more" if len(words) > most else "")


def reach(graph: Graph, tail: End, head: End, services: Ranges) -> Reach:
    """Whether connections from one end arrive at the other, on any of the services."""
    named, head = head.resource, _by_address(head)
    if tail.everywhere is not None:
        return concluded(_inward(graph, head, services, tail.everywhere, named))
    if head.everywhere is not None:
        return concluded(_outward(graph, tail, services, head.everywhere, bool(head.address)))
    if head.address and head.address <= NAT64 and tail.spots:
        ways = [translated(graph, spot, services, head.address, partial(_from_nat, graph)) for spot in tail.spots]
        return concluded(either(ways))
    if head.public_only:
        return concluded(answered(graph, _under_public(graph, tail, head, services), named))
    if head.service and not head.spots:
        ways = [to_service(graph, spot, head.service, services) for spot in tail.spots]
        return concluded(either(ways) if ways else _outward(graph, tail, services, internet()))
    if not head.spots and head.address:
        ways = [towards_nothing(graph, spot, head.address, services) for spot in tail.spots]
        return concluded(either(ways)) if ways else _outside(tail)
    if not tail.spots and tail.address and head.spots:
        ways = [from_outside(graph, tail.address, spot, services) for spot in head.spots]
        return concluded(answered(graph, placed(head.resource, head.spots, ways), named))
    if head.resource and head.resource.type in INNER_DOORS:
        return concluded(INNER_DOORS[head.resource.type](graph, tail, head.resource, services))
    return concluded(answered(graph, _across(graph, tail, head, services), named))


def _by_address(head: End) -> End:
    """An end that was named by an address is met under that one only, and not over what stands in front of it."""
    if not head.address or not head.spots:
        return head
    places = []
    for spot in head.spots:
        public = head.address if head.public_only else spot.public & head.address
        places.append(replace(spot, public=public, published=bool(public)))
    return replace(head, resource=None, spots=tuple(places))


def _under_public(graph: Graph, tail: End, head: End, services: Ranges) -> Walk:
    """To a public address: out to the Internet and in again, also from the network in which it is. Rules that name
    groups see public addresses there, and do not apply.
    """
    ways = []
    if not head.spots:  # an elastic address that leads to nothing
        start, stop = Walk.asking(services, EVERYWHERE), Stop.at(head, "nobody-there")
        return start.blur(stop, head.gaps) if head.gaps else start.end(stop)
    for spot in head.spots:
        if tail.address and not tail.spots:
            words = f"under which public address {tail.label} calls, if any, is not known"
            walk = _met(graph, spot, Walk.asking(services, internet()))
            ways.append(walk.blur(Stop("", "on-premises", words), unseen(graph, tail.label, words)))
        else:
            ways += from_inside(graph, tail, services, partial(_met, graph, spot), head.address)
    if ways:
        return either(ways)
    start, stop = Walk.asking(services, EVERYWHERE), Stop.at(tail, "outside")
    return start.blur(stop, tail.gaps) if tail.gaps else start.end(stop)


def _from_nat(graph: Graph, nat: Spot, services: Ranges, address: Ranges) -> Walk:
    """From a NAT gateway to IPv4 addresses, of the Internet or of its networks; the far ends are these."""
    if address.meets(internet()):
        return outbound(graph, nat, services, address & internet())
    index = net(graph)
    holders = {each.key: each for number, held in index.private.items() if number in address for each in held}
    places = [replace(spot, addresses=address) for each in holders.values() for spot in spots(graph, each)[0]]
    ways = [between(graph, nat, place, services) for place in places] or [
        towards_nothing(graph, nat, address, services)
    ]
    found = either(ways)
    low, high = (Traffic.box(each.services, address) for each in (found.low, found.high))
    return replace(found, low=low, high=high)


def _outside(end: End) -> Reach:
    state: State = "unknown" if end.gaps else "blocked"
    return Reach(state, Traffic(), (), (), Stop.at(end, "outside"), end.gaps)


def _inward(graph: Graph, head: End, services: Ranges, sources: Ranges, named: Resource | None) -> Walk:
    """From the Internet; `named` is what the end was named by, also where that was an address."""
    start = Walk.asking(services, sources)
    if not sources & internet():
        return start.end(Stop("", "nobody-there", f"{address_words(sources)} is not an Internet address"))
    if head.private_only or (not head.spots and head.address and not head.address & internet()):
        words = f"{head.label}: a private address is not routed from the Internet"
        return start.end(Stop("", "private-destination", words))
    if not head.spots and head.address:
        words = f"no resource in this account has the address {head.label}"
        return unowned(graph, start, Stop("", "nobody-there", words))
    resource = head.resource
    if resource and resource.type == w.FUNCTION:
        return either([_invoked(graph, start, resource), *in_front(graph, resource, services, sources)])
    if resource and resource.type in w.BALANCERS:
        return to_balancer(graph, resource, services, sources)
    if resource and resource.type in DOORS:
        return either([DOORS[resource.type](graph, start, resource), *in_front(graph, resource, services, sources)])
    direct = [answered(graph, inbound(graph, spot, services, sources), named) for spot in head.spots]
    ways = [placed(resource, head.spots, direct)] if direct else []
    if resource and not any(sources <= way.low.addresses for way in ways):
        ways += in_front(graph, resource, services, sources)
    if not ways:
        stop = Stop.at(head, "outside")
        return start.blur(stop, head.gaps) if head.gaps else start.end(stop)
    return either(ways)


def _invoked(graph: Graph, walk: Walk, function: Resource) -> Walk:
    """A function is called and not connected to: by a URL of its own without authentication."""
    urls = graph.tails(function, "part-of", w.FUNCTION_URL)
    open_urls = [edge for edge, url in urls if url.at("AuthType") == "NONE"]
    if open_urls:
        stop = Stop.at(function, "takes-no-connections", f"{function.label} accepts only HTTPS at its URL")
        return walk.only(service("tcp", 443), internet(), stop).along(*open_urls).by("function URL")
    gaps = unread_links(graph, w.FUNCTION_URL, "part-of", function.region)
    gaps += tuple(gap for _, url in urls for gap in hidden(url, "AuthType"))
    words = f"{function.label}: {w.REASONS['takes-no-connections']}, and no open URL leads to it"
    stop = Stop.at(function, "takes-no-connections", words)
    return walk.blur(stop, gaps) if gaps else walk.end(stop)


def _outward(graph: Graph, tail: End, services: Ranges, towards: Ranges, named: bool = False) -> Walk:
    start = Walk.asking(services, towards)
    if tail.spots:
        if not towards & internet():
            return either([towards_nothing(graph, spot, towards) for spot in tail.spots])
        if named:
            return either([way for spot in tail.spots for way in _to_address(graph, spot, services, towards)])
        ways = [outbound(graph, spot, services, towards) for spot in tail.spots]
        if not any(way.low.addresses.meets(FOUR) for way in ways):
            onward = partial(_from_nat, graph)
            ways += [over_internet(graph, spot, services, towards, onward) for spot in tail.spots]
        return either(ways)
    if tail.gaps:
        return start.blur(Stop.at(tail, "outside", tail.gaps[0].message), tail.gaps)
    if tail.resource and tail.resource.type == w.FUNCTION:
        return start.by("the function service's own network")  # outside a VPC it has the Internet and nothing else
    return start.end(Stop.at(tail, "outside"))


def _to_address(graph: Graph, spot: Spot, services: Ranges, towards: Ranges) -> list[Walk]:
    """An address of a service may lie behind an endpoint, which leads to the service and not to the Internet."""
    ways, behind = to_listed(graph, spot, services, towards)
    rest = towards - behind
    return ways + ([outbound(graph, spot, services, rest)] if rest else [])


def _across(graph: Graph, tail: End, head: End, services: Ranges) -> Walk:
    start = Walk.asking(services, EVERYWHERE)
    by_place = [[between(graph, one, other, services) for other in head.spots] for one in tail.spots]
    ways = [placed(head.resource, head.spots, each) for each in by_place if each]
    if head.resource and head.resource.type in w.BALANCERS and ways:
        ports, edges, gaps = listening(graph, head.resource)
        ways = [heard(way, head.resource, ports, edges, gaps) for way in ways]
    if not any(way.low for way in ways):
        ways += _over_internet(graph, tail, head, services)
        ways += api_integrations.from_inside(graph, tail, head.resource, services) if head.resource else []
        ways += from_within(graph, tail.spots, head.resource, services) if head.resource else []
    if ways:
        return either(ways)
    lacking = tail if not tail.spots else head
    stop, gaps = Stop.at(lacking, "outside", f"{lacking.label} is in no subnet of a VPC"), tail.gaps + head.gaps
    return start.blur(stop, gaps) if gaps else start.end(stop)


def _over_internet(graph: Graph, tail: End, head: End, services: Ranges) -> list[Walk]:
    """Two ends that no private way joins may still meet under public addresses, or over what stands in front."""
    ways = _over_fronts(graph, tail, head.resource, services) if head.resource else []
    balancer = head.resource is not None and head.resource.type in w.BALANCERS
    for other in (each for each in head.spots if (each.published or each.unpublished) and not balancer):
        away = replace(tail, spots=tuple(one for one in tail.spots if one.network != other.network))
        if away.spots or not tail.spots:
            ways += from_inside(graph, away, services, partial(_met, graph, other), other.public or None)
    return ways


def _over_fronts(graph: Graph, tail: End, target: Resource, services: Ranges) -> list[Walk]:
    """Whatever every stranger may use, also who stands in a network that leads out."""
    if all(walk.over for walk in _fronted(graph, target, services, internet())):
        return []
    return from_inside(graph, tail, services, partial(_past, graph, target))


def _past(graph: Graph, target: Resource, walk: Walk) -> Walk:
    ways = _fronted(graph, target, walk.high.services, walk.high.addresses)
    return (
        either(ways)
        if ways
        else walk.end(
            Stop.at(target, "no-listener", f"no load balancer, distribution or API forwards to {target.label}")
        )
    )


def _fronted(graph: Graph, target: Resource, services: Ranges, sources: Ranges) -> list[Walk]:
    if target.type in w.BALANCERS:
        return [to_balancer(graph, target, services, sources, PUBLIC)]
    ways = in_front(graph, target, services, sources, kinds=PUBLIC)
    asked = Walk.asking(services, sources)
    return [_invoked(graph, asked, target), *ways] if target.type == w.FUNCTION else ways


def _met(graph: Graph, other: Spot, walk: Walk) -> Walk:
    """Packets under their public addresses, at a place that has one."""
    return inbound(graph, other, walk.high.services, walk.high.addresses, patient=True)
