"""From a place to one of AWS's services: through an endpoint of the network, or out to its public addresses.

What the name of the service resolves to decides. With private names an interface endpoint answers for the service,
and nothing else does; a gateway endpoint is a route for the service's addresses, and the longest prefix wins; without
either the packets go where those to the Internet go. Whether a policy lets a request through is another question
(`vpc_endpoint_policies`).
"""

from __future__ import annotations

from dataclasses import replace

from auditor.graph.box_words import service_words
from auditor.graph.boxes import EVERYWHERE, FOUR, NOTHING, Traffic, internet, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import entries_of, hidden, missing, net, prefixes
from auditor.graph.network.ground.owners import of_network
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.security_groups import EGRESS, covers
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.to_internet import outbound
from auditor.graph.network.packets.walk import Walk, acl, either, group_out, in_service, unplaced
from auditor.graph.network.services.service_names import BY_ROUTE, ports_of
from auditor.graph.network.services.vpc_endpoint_policies import policy_words
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Edge, Gap, Hidden, Resource


def to_service(graph: Graph, spot: Spot, name: str, services: Ranges) -> Walk:
    """What of `services` gets from a place to a service; the far ends are the place's own addresses."""
    asked = services & ports_of(name)
    here = spot.addresses or EVERYWHERE
    start = Walk.asking(asked, here)
    if not asked:
        words = f"{name} accepts only {service_words(ports_of(name))}"
        return Walk.asking(services, here).end(Stop("", "no-listener", words))
    if spot.unread:
        return unplaced(_as(start, group_out(graph, Walk.asking(asked, EVERYWHERE), spot), NOTHING), spot)
    ours, unread = _endpoints(graph, spot, name)
    if unread:
        stop = Stop(spot.network, "endpoint", "the VPC endpoints of the network could not be read")
        return start.blur(stop, unread)
    by_name = [each for each in ours if _kind(each) == "Interface" and answers_names(graph, each) is not False]
    routed = [(each, leg) for each in ours if _kind(each) == "Gateway" for leg in _legs(graph, spot, each)]
    if by_name or routed:
        ways = [_interface(graph, start, spot, each, "its private name") for each in by_name]
        ways += [_gateway(graph, start, spot, each, leg, name) for each, leg in routed]
        return _doubted(graph, start, spot, name, either(ways), by_name)
    others = [each for each in ours if _kind(each) == "Interface"]
    ways = [_interface(graph, start, spot, each, "its own name only") for each in others]
    ways.append(_public(graph, start, spot, name))
    found = either([ways[-1], *ways[:-1]])
    gaps = router(graph, spot.subnet).gaps
    if gaps and found.over and any(_kind(each) == "Gateway" for each in ours):
        words = f"the routes of {spot.subnet.label} to endpoints for {name} were not read"
        return start.blur(Stop.at(spot.subnet, "no-route", words), gaps)
    return found


def _doubted(graph: Graph, start: Walk, spot: Spot, name: str, found: Walk, named: list[Resource]) -> Walk:
    """Where it was not read whether the service's name leads to an endpoint, packets may go out instead."""
    vague = [each for each in named if answers_names(graph, each) is None]
    if not vague:
        return found
    out = _public(graph, start, spot, name)
    if (found.low and out.low) or (found.over and out.over):
        return found
    gaps = hidden(vague[0], "PrivateDnsEnabled") + _dns_gaps(graph, vague[0])
    stop = Stop.at(vague[0], "endpoint", f"whether {name} resolves to {vague[0].label} was not read")
    return either([found, out]).blur(stop, gaps)


def _kind(endpoint: Resource) -> str:
    return str(endpoint.known("VpcEndpointType", "Gateway"))


def _endpoints(graph: Graph, spot: Spot, name: str) -> tuple[list[Resource], tuple[Gap, ...]]:
    """The endpoints for a service in the network of a place, and what may hide some."""
    half = graph.once(_half_read)
    gaps = tuple(
        gap
        for each in half
        if each.known("VpcId") in (None, spot.network) and service_of(each) in ("", name)
        for gap in hidden(each, *_TELLING)
    )
    gaps += of_network(graph, spot.subnet, "its VPC endpoints")
    return graph.once(_by_service).get((spot.network, name), []), graph.gaps_for(w.ENDPOINT, spot.subnet.region) + gaps


_TELLING = ("VpcId", "ServiceName", "VpcEndpointType")


def _half_read(graph: Graph) -> list[Resource]:
    """The endpoints of which it was not read where or what they are."""
    return [each for each in graph.of_type(w.ENDPOINT) if hidden(each, *_TELLING)]


def _by_service(graph: Graph) -> dict[tuple[str, str], list[Resource]]:
    out: dict[tuple[str, str], list[Resource]] = {}
    for each in graph.of_type(w.ENDPOINT):
        if name := service_of(each):
            out.setdefault((str(each.known("VpcId")), name), []).append(each)
    return out


def service_of(endpoint: Resource) -> str:
    """`s3` of `com.amazonaws.<region>.s3`; none for a service of somebody else (`com.amazonaws.vpce.<region>.<id>`)."""
    parts = str(endpoint.known("ServiceName", "")).split(".", 3)
    return parts[3] if parts[:2] == ["com", "amazonaws"] and len(parts) == 4 and parts[2] != "vpce" else ""


def answers_names(graph: Graph, endpoint: Resource) -> bool | None:
    """Whether the service's own name leads to the endpoint: it says so, and the network resolves names at all. None
    where that was not read.
    """
    private = endpoint.at("PrivateDnsEnabled")
    if private is ABSENT or private is False:
        return False
    network = net(graph).by_id.get(str(endpoint.known("VpcId")))
    if network and (network.known("EnableDnsSupport") is False or network.known("EnableDnsHostnames") is False):
        return False
    return None if isinstance(private, Hidden) or _dns_gaps(graph, endpoint) else bool(private)


def _dns_gaps(graph: Graph, endpoint: Resource) -> tuple[Gap, ...]:
    network = net(graph).by_id.get(str(endpoint.known("VpcId")))
    return hidden(network, "EnableDnsSupport", "EnableDnsHostnames") if network else ()


# --- the three ways --------------------------------------------------------------------------------------------------


def _interface(graph: Graph, walk: Walk, spot: Spot, endpoint: Resource, called: str) -> Walk:
    index = net(graph)
    walk = in_service(walk, endpoint)
    own = [index.by_id[each] for each in endpoint.known("NetworkInterfaceIds", ()) if each in index.by_id]
    places = [place for each in own for place in spots(graph, each)[0]] or spots(graph, endpoint)[0]
    edge = Edge(spot.subnet.key, "routes-to", endpoint.key, f"interface endpoint, under {called}")
    walk = walk.along(edge).by(f"interface endpoint {endpoint.label}, under {called}{policy_words(endpoint)}")
    if walk.over:
        return walk
    if not places:
        unread = hidden(endpoint, "SubnetIds", "SecurityGroupIds")
        stop = Stop.at(endpoint, "endpoint", f"the subnets of {endpoint.label} could not be read")
        return walk.blur(stop, unread) if unread else walk.end(replace(stop, say=f"{endpoint.label} is in no subnet"))
    hop = either([between(graph, spot, place, walk.high.services) for place in places])
    found = _as(walk, hop, hop.low.services)
    unread = hidden(endpoint, "NetworkInterfaceIds")
    if found.over and unread:
        return walk.blur(Stop.at(endpoint, "endpoint", f"the subnets of {endpoint.label} could not be read"), unread)
    return found


def _gateway(graph: Graph, walk: Walk, spot: Spot, endpoint: Resource, leg: Leg, name: str) -> Walk:
    """A route for the addresses of the service. Groups and ACLs still see those addresses."""
    walk = in_service(walk, endpoint).along(*leg.proof)
    walk = walk.by(f"gateway endpoint {endpoint.label}{policy_words(endpoint)}")
    if not leg.alive:
        return walk.end(Stop.at(endpoint, "blackhole", f"{leg.words}: {w.REASONS['blackhole']}"))
    return _outwards(graph, walk, spot, leg.addresses or _whole(graph, spot, name), name)


def to_listed(graph: Graph, spot: Spot, services: Ranges, towards: Ranges) -> tuple[list[Walk], Ranges]:
    """From a place to those of the addresses that its table leads to a gateway endpoint, and which these are; what is
    in a list that was not read may be any of them. The far ends are the addresses.
    """
    found = router(graph, spot.subnet)
    ways, behind = [], NOTHING
    for leg in (*found.legs_for(towards), *found.vague):
        endpoint = net(graph).by_id.get(leg.target)
        if spot.unread or leg.kind != "vpce" or " pl-" not in leg.words:
            continue
        far, behind = leg.addresses or towards, behind | leg.addresses
        name = service_of(endpoint) if endpoint else ""
        walk = Walk.asking(services, far).along(*found.evidence, *leg.proof).by(leg.words)
        words = f"{name or 'the service'} answers at {service_words(ports_of(name or BY_ROUTE[0]))} only"
        walk = walk.only(ports_of(name or BY_ROUTE[0]), EVERYWHERE, Stop.at(leg, "no-listener", words))
        if endpoint is None or not leg.addresses:  # whose list, or what is in it, was not read
            gaps = missing(net(graph), w.ENDPOINT, leg.target) if endpoint is None else _unread_list(graph, leg)
            walk = walk.blur(Stop.at(leg, "endpoint", gaps[0].message), gaps)
        walk = in_service(walk, endpoint) if endpoint else walk
        if not leg.alive:
            walk = walk.end(Stop.at(leg, "blackhole"))
        ways.append(acl(graph, group_out(graph, walk, spot), spot.subnet, egress=True))
    return ways, behind


def _unread_list(graph: Graph, leg: Leg) -> tuple[Gap, ...]:
    name = next((word for word in leg.words.split() if word.startswith("pl-")), "")
    return prefixes(net(graph), name)[1] or missing(net(graph), w.PREFIXES, name)


def _outwards(graph: Graph, walk: Walk, spot: Spot, towards: Ranges, name: str) -> Walk:
    """Out of the place's groups and ACL, towards all addresses of the service."""
    if walk.over:
        return walk
    far = towards or internet() & FOUR
    start = Walk.asking(walk.high.services, far)
    named = _names_list(graph, spot, name)
    hop = start if named else group_out(graph, start, spot)
    hop = acl(graph, hop, spot.subnet, egress=True)
    found = _as(walk, hop, hop.low.for_all(far))
    if found.low or found.over or not hop.low:
        return found
    words = f"{spot.label} reaches only some addresses, and those of {name} were not read"
    return replace(found, doubts=(*found.doubts, Stop.at(spot, "group-rules", words)))


def _public(graph: Graph, walk: Walk, spot: Spot, name: str) -> Walk:
    far = _whole(graph, spot, name) or internet() & FOUR
    hop = outbound(graph, spot, walk.high.services, far)
    return _as(walk.by("no endpoint: its public addresses are used"), hop, hop.low.for_all(far))


def _as(walk: Walk, hop: Walk, sure: Ranges) -> Walk:
    """The walk of the place, as far as the hop goes: on `sure` services it goes all the way."""
    walk = walk.along(*hop.edges).by(*hop.hops)
    stop = hop.stop or Stop("", "no-route", "only some addresses of the service are reached")
    if hop.over:
        return walk.end(stop)
    low, high = (Traffic.box(each, EVERYWHERE) for each in (sure, hop.high.services))
    return walk.through(low, high, (*hop.doubts, stop)[0], () if sure else hop.gaps)


def _legs(graph: Graph, spot: Spot, endpoint: Resource) -> list[Leg]:
    """The routes of the place's table to a gateway endpoint; also those whose prefix list was not read."""
    found = router(graph, spot.subnet)
    return [leg for leg in (*found.legs, *found.vague) if leg.target == endpoint.id]


def _list_of(graph: Graph, spot: Spot, name: str) -> Resource | None:
    """The prefix list of a service in the region."""
    return graph.once(_lists).get(f"com.amazonaws.{spot.subnet.region}.{name}")


def _lists(graph: Graph) -> dict[str, Resource]:
    return {str(each.known("PrefixListName", "")): each for each in reversed(graph.of_type(w.PREFIXES))}


def _whole(graph: Graph, spot: Spot, name: str) -> Ranges:
    """The addresses of a service; none where not all of them were read."""
    found = _list_of(graph, spot, name)
    return NOTHING if found is None or hidden(found, "Entries") else entries_of(found)


def _names_list(graph: Graph, spot: Spot, name: str) -> bool:
    """Whether a group lets out to the service's own list, whatever is in it."""
    found = _list_of(graph, spot, name)
    if found is None or _whole(graph, spot, name):
        return False
    groups = (net(graph).by_id.get(each) for each in spot.groups)
    rules = [rule for group in groups if group for rule in group.known(EGRESS, ())]
    return any(rule.get("DestinationPrefixListId") == found.id and covers(rule, 443) for rule in rules)


def came_from(graph: Graph, spot: Spot, walk: Walk) -> Ranges:
    """The public addresses under which a place is seen outside: its own, or those of the NAT gateways it passed."""
    passed = [graph.resource(key) for edge in walk.edges for key in (edge.tail, edge.head)]
    gateways = [each for each in passed if each and each.type == w.NAT]
    if spot.public or any(hidden(each, "PublicIps") for each in gateways):
        return spot.public if spot.published else NOTHING
    found = (lines(each.known("PublicIps", ())) for each in gateways)
    return Ranges.of(span for each in found for span in each.spans)
