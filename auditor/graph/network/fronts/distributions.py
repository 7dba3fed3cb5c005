"""CloudFront in front: which distributions draw from a thing, how viewers come to them, and whether the thing lets
CloudFront in.

Viewers speak 443, and 80 where a behaviour allows it without sending them to https. A public origin has to admit the
addresses from which CloudFront comes, which AWS keeps in a managed prefix list; a private origin has to admit them, or
the group that CloudFront makes for itself in the network. A bucket and a signed function URL have to permit the
distribution. A web ACL, countries and signed links are named in the answer, for they depend on who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from auditor.graph.access.policy.callers import ANYBODY
from auditor.graph.boxes import ALL_SERVICES, FOUR, NOTHING, SIX, Traffic, internet, service
from auditor.graph.build import Graph
from auditor.graph.network.doors.api_methods import APIS
from auditor.graph.network.doors.apis import to_api
from auditor.graph.network.doors.buckets import permitted
from auditor.graph.network.fronts.load_balancers import carried
from auditor.graph.network.fronts.origins import CONFIG, HTTP, HTTPS, Origin, origins_of
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import entries_of, hidden, missing, net, unread_links
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.security_groups import INGRESS, covers
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.from_internet import inbound
from auditor.graph.network.packets.walk import Walk, either, group_in
from auditor.graph.space import Ranges
from auditor.model import Gap, Hidden, Resource

EDGE_LIST = "com.amazonaws.global.cloudfront.origin-facing"
_OWN_GROUP = "CloudFront-VPCOrigins-Service-SG"
_DRAWN = HTTP | HTTPS | service("tcp", 1024, 65535)  # the ports that an origin may have


def distributed(
    graph: Graph,
    target: Resource,
    services: Ranges,
    sources: Ranges,
    behind: Ranges | None,
    part: Resource | None = None,
) -> Iterator[Walk]:
    """The ways of viewers to a thing, or to a `part` of an API, over every distribution that draws from it."""
    for edge, url in graph.tails(target, "part-of", w.FUNCTION_URL) if target.type == w.FUNCTION else ():
        yield from (way.along(edge) for way in distributed(graph, url, services, sources, behind))
    for origin in origins_of(graph, target):
        for viewers, port in origin.ports:
            own = service("tcp", port)
            if behind is not None and not own & behind:
                continue
            wanted = viewers if services & own else viewers & services
            walk = _viewing(origin.distribution, wanted, sources).along(*origin.edges)
            yield _onward(graph, walk, origin, target, own, part)


def _viewing(distribution: Resource, services: Ranges, sources: Ranges) -> Walk:
    """Viewers before a distribution."""
    config = distribution.known(CONFIG, {})
    start = Walk.asking(services, sources)
    unread = hidden(distribution, CONFIG)
    if unread:  # what was read of it may be the smaller part
        return Walk.asking(services or ALL_SERVICES, sources).blur(
            Stop.at(distribution, "no-listener", unread[0].message), unread
        )
    if not services:
        words = f"{distribution.label} accepts viewers only on tcp 443, and on tcp 80 where a behaviour allows it"
        return Walk.asking(ALL_SERVICES, sources).end(Stop.at(distribution, "no-listener", words))
    if config.get("Enabled") is False:
        return start.end(Stop.at(distribution, "bad-state", f"{distribution.label} is disabled"))
    six = config.get("IPV6Enabled")
    low, high = FOUR | (SIX if six else NOTHING), FOUR | (NOTHING if six is False else SIX)
    stop = Stop.at(distribution, "no-public-address", f"{distribution.label} has no IPv6 addresses")
    walk = start.through(Traffic.box(ALL_SERVICES, low), Traffic.box(ALL_SERVICES, high), stop)
    return walk.by(f"CloudFront {distribution.label}{_refusals(config)}")


def _refusals(config: dict[str, Any]) -> str:
    """What may refuse a viewer for reasons that no address shows."""
    words = []
    if config.get("WebACLId"):
        words.append(f"behind web ACL {str(config['WebACLId']).rpartition('webacl/')[2].partition('/')[0]}")
    places = (config.get("Restrictions") or {}).get("GeoRestriction") or {}
    if places.get("RestrictionType") in ("whitelist", "blacklist"):
        only = "for viewers in" if places["RestrictionType"] == "whitelist" else "except for viewers in"
        words.append(f"{only} {', '.join(places.get('Locations', ()))}")
    behaviors = (config.get("DefaultCacheBehavior") or {}, *config.get("CacheBehaviors", ()))
    signed = [bool(each.get("TrustedKeyGroups") or each.get("TrustedSigners")) for each in behaviors]
    if any(signed):
        words.append("with a signed URL or cookie" if all(signed) else "with a signed URL or cookie for some paths")
    return f" ({', '.join(words)})" if words else ""


# --- to the origin ---------------------------------------------------------------------------------------------------


def _onward(graph: Graph, walk: Walk, origin: Origin, target: Resource, own: Ranges, part: Resource | None) -> Walk:
    if walk.over:
        return walk
    if target.type in (w.BUCKET, w.FUNCTION_URL):
        return _signed(graph, walk, origin, target)
    if target.type in APIS:
        return _onto_api(graph, walk, origin, target, own, part)
    if origin.gaps:
        return walk.blur(Stop.at(origin.distribution, "outside", origin.gaps[0].message), origin.gaps)
    places, gaps = spots(graph, target)
    if not places:
        stop = Stop.at(target, "outside", f"the subnets of {target.label} could not be read")
        return walk.blur(stop, gaps) if gaps else walk.end(stop)
    lets_in = _privately if origin.private else _publicly
    return either([carried(walk, lets_in(graph, place, own), place) for place in places])


def _onto_api(graph: Graph, walk: Walk, origin: Origin, api: Resource, own: Ranges, part: Resource | None) -> Walk:
    """CloudFront before an API: it asks for the API's own name, under any of its addresses."""
    switch = api.at("DisableExecuteApiEndpoint")
    if isinstance(switch, Hidden):
        walk = walk.blur(Stop.at(api, "api-name-off", switch.gap.message), (switch.gap,))
    elif switch is True:
        words = f"{origin.distribution.label} uses the default endpoint of {api.label}, which is disabled"
        return walk.end(Stop.at(api, "api-name-off", words))
    known = edge_addresses(graph, api.region)[1] or internet() & FOUR
    hop = to_api(graph, Walk.asking(own, known), api, part)
    if not known <= hop.low.addresses:
        words = f"whether {api.label} allows all of CloudFront's addresses is not known"
        hop = hop.blur(Stop.at(api, "not-permitted", words))
    return carried(walk, hop, api).by(*hop.hops)


def edge_addresses(graph: Graph, region: str) -> tuple[Resource | None, Ranges, tuple[Gap, ...]]:
    """The list of the addresses from which CloudFront comes, and these, where they were all read."""
    lists = graph.once(_edge_lists)
    found = sorted(lists, key=lambda each: (each.region != region, bool(hidden(each, "Entries")), each.key))
    if not found:
        return None, NOTHING, missing(net(graph), w.PREFIXES, EDGE_LIST)
    unread = hidden(found[0], "Entries")
    return found[0], NOTHING if unread else entries_of(found[0]), unread


def _edge_lists(graph: Graph) -> list[Resource]:
    return [each for each in graph.of_type(w.PREFIXES) if each.known("PrefixListName") == EDGE_LIST]


def _publicly(graph: Graph, spot: Spot, own: Ranges) -> Walk:
    """CloudFront at a public address: certain where all of its addresses come through."""
    listed, known, gaps = edge_addresses(graph, spot.subnet.region)
    asked = known or internet() & FOUR
    hop = inbound(graph, spot, own, asked, patient=True)
    if hop.over or asked <= hop.low.addresses:
        return hop
    if not known and listed is not None and _names(graph, spot, listed, own):
        unguarded = inbound(graph, replace(spot, guarded=False), own, asked, patient=True)
        if asked <= unguarded.low.addresses:
            return unguarded
    words = f"whether {spot.label} allows all of CloudFront's addresses is not known"
    if known and not hop.gaps:
        words = f"{spot.label} allows only some of CloudFront's addresses"
    return hop.blur(Stop.at(spot, "group-rules", words), gaps)


def _edge_spot(graph: Graph, spot: Spot) -> Spot:
    """CloudFront's interfaces in a network, with the groups that it makes for them."""
    return Spot("CloudFront", "", spot.subnet, graph.once(_edge_groups).get(spot.network, ()))


def _edge_groups(graph: Graph) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for each in graph.of_type(w.GROUP):
        if each.known("GroupName") == _OWN_GROUP:
            network = str(each.known("VpcId"))
            known[network] = (*known.get(network, ()), each.id)
    return known


def may_draw(graph: Graph, target: Resource, services: Ranges) -> bool:
    """Whether a distribution that was not read may lead to a thing: only where its groups admit the world."""
    if target.type in (w.BUCKET, w.FUNCTION):
        return bool(services & (HTTP | HTTPS))
    for spot in spots(graph, target)[0]:
        start = Walk.asking(_DRAWN, internet() & FOUR)
        let = group_in(graph, start, spot, internet() & FOUR, _edge_spot(graph, spot)).high.services
        if let and services & (let | HTTP | HTTPS):
            return True
    return False


def _names(graph: Graph, spot: Spot, listed: Resource, own: Ranges) -> bool:
    """Whether a group admits the list itself, whatever is in it."""
    by_id = net(graph).by_id
    port = own.spans[0][0] % 65536
    rules = [rule for name in spot.groups if name in by_id for rule in by_id[name].known(INGRESS, ())]
    return any(rule.get("SourcePrefixListId") == listed.id and covers(rule, port) for rule in rules)


def _privately(graph: Graph, spot: Spot, own: Ranges) -> Walk:
    """CloudFront inside the network: the network has a gateway, though no route has to lead to it."""
    listed, known, gaps = edge_addresses(graph, spot.subnet.region)
    index = net(graph)
    asked = known or internet() & FOUR
    start = Walk.asking(own, asked)
    unread = unread_links(graph, w.GATEWAY, "attached-to", spot.subnet.region)
    if not index.gateways_of.get(spot.network) and not unread:
        words = f"a VPC origin needs an internet gateway, and {spot.network} has none"
        return start.end(Stop(spot.network, "not-attached", words))
    hop = group_in(graph, start, spot, asked, _edge_spot(graph, spot))
    if hop.over or asked <= hop.low.addresses or (listed is not None and _names(graph, spot, listed, own)):
        return replace(hop, low=start.low, high=start.high) if hop.high else hop
    words = f"whether {spot.label} allows all of CloudFront's addresses is not known"
    return hop.blur(Stop.at(spot, "group-rules", words), gaps)


def _signed(graph: Graph, walk: Walk, origin: Origin, target: Resource) -> Walk:
    """A bucket has to permit the distribution; a function URL takes everybody, or who signs."""
    if target.type == w.BUCKET:
        return permitted(graph, walk, target, origin.signer or ANYBODY, origin.distribution)
    kind = target.at("AuthType")
    if kind == "NONE":
        return walk.by("function URL")
    if origin.signer:
        return walk.by("function URL, signed")
    words = f"{target.label} accepts only signed requests, and {origin.distribution.label} does not sign"
    if isinstance(kind, Hidden):
        return walk.blur(Stop.at(target, "not-permitted", kind.gap.message), (kind.gap,))
    return walk.end(Stop.at(target, "not-permitted", words))
