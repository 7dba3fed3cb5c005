"""CloudFront in front: which distributions draw from a thing, how viewers come to them, and whether the thing lets
CloudFront in.

Viewers speak 443, and 80 where a behaviour allows it without sending them to https. A public origin has to admit the
addresses from which CloudFront comes, which AWS keeps in a managed prefix list; a private origin has to admit them, or
the group that CloudFront makes for itself in the network. A bucket and a signed function URL have to permit the
distribution. A web ACL, countries and signed links are told, for they depend on who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.access.policy.callers import ANYBODY, Caller
from auditor.graph.boxes import ALL_SERVICES, FOUR, NOTHING, SIX, Traffic, internet, lines, service
from auditor.graph.build import Graph
from auditor.graph.network.doors.api_methods import APIS
from auditor.graph.network.doors.apis import to_api
from auditor.graph.network.doors.buckets import permitted
from auditor.graph.network.fronts.balancers import carried
from auditor.graph.network.fronts.hosts import behind as resources_behind
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, missing, net
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.security_groups import INGRESS, covers
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.inward import inbound
from auditor.graph.network.packets.walk import Walk, either, group_in
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

EDGE_LIST = "com.amazonaws.global.cloudfront.origin-facing"
_OWN_GROUP = "CloudFront-VPCOrigins-Service-SG"
_HTTP, _HTTPS = service("tcp", 80), service("tcp", 443)
_DRAWN = _HTTP | _HTTPS | service("tcp", 1024, 65535)  # the ports that an origin may have


@dataclass(frozen=True, slots=True)
class Origin:
    """A distribution that draws from a thing: on which services viewers come, and the port that they lead to there."""

    distribution: Resource
    ports: tuple[tuple[Ranges, int], ...]
    edges: tuple[Edge, ...]
    private: bool = False
    signer: Caller | None = None
    gaps: tuple[Gap, ...] = ()  # the private origin could not be read


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


def origins_of(graph: Graph, target: Resource) -> list[Origin]:
    """The origins that lead to a thing; looked up in all distributions once a graph."""
    if "origins" not in graph.memo:
        known: dict[str, list[Origin]] = {}
        for distribution in graph.of_type(w.DISTRIBUTION):
            for key, origin in _origins(graph, distribution):
                known.setdefault(key, []).append(origin)
        graph.memo["origins"] = known
    found: list[Origin] = graph.memo["origins"].get(target.key, [])
    return found


def _origins(graph: Graph, distribution: Resource) -> Iterator[tuple[str, Origin]]:
    config = distribution.properties.get("DistributionConfig") or {}
    private = {each.id: each for each in graph.of_type(w.VPC_ORIGIN)}
    for said in config.get("Origins", ()):
        viewers = _viewers(config, str(said.get("Id")))
        host = str(said.get("DomainName"))
        named = str((said.get("VpcOriginConfig") or {}).get("VpcOriginId") or "")
        own = private.get(named)
        if own is not None:
            ports = _ports(own.properties.get("VpcOriginEndpointConfig") or {}, viewers)
            first = Edge(distribution.key, "draws-from", own.key, f"Origins[].VpcOriginConfig = {own.id}")
            for edge, head in graph.heads(own, "draws-from"):
                yield head.key, Origin(distribution, ports, (first, edge), True)
            continue
        ports = _ports(said.get("CustomOriginConfig") or {}, viewers)
        gaps = missing(net(graph), w.VPC_ORIGIN, named) if named else ()
        for head in resources_behind(graph, host):
            edge = Edge(distribution.key, "draws-from", head.key, f"Origins[].DomainName = {host}")
            yield head.key, Origin(distribution, ports, (edge,), bool(named), _signer(said), gaps)


def _signer(said: dict[str, Any]) -> Caller | None:
    """As whom a distribution reads: as the service (access control), as an identity of its own, or as anybody."""
    if said.get("OriginAccessControlId"):
        return Caller("service", "cloudfront.amazonaws.com")
    identity = str((said.get("S3OriginConfig") or {}).get("OriginAccessIdentity") or "").rpartition("/")[2]
    name = f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {identity}"
    return Caller("user", name, "cloudfront") if identity else None


def _viewers(config: dict[str, Any], name: str) -> Ranges:
    """The services on which viewers come to an origin, by the behaviours that lead to it or to a group with it."""
    names = {name}
    for group in (config.get("OriginGroups") or {}).get("Items", ()):
        members = (group.get("Members") or {}).get("Items", ())
        if any(each.get("OriginId") == name for each in members):
            names.add(str(group.get("Id")))
    found = NOTHING
    for behavior in (config.get("DefaultCacheBehavior") or {}, *config.get("CacheBehaviors", ())):
        if behavior.get("TargetOriginId") in names:
            # Viewers that are redirected come back over https.
            found |= _HTTPS | (_HTTP if behavior.get("ViewerProtocolPolicy") == "allow-all" else NOTHING)
    if found and "3" in str(config.get("HttpVersion", "")):
        found |= service("udp", 443)
    return found


def _ports(said: dict[str, Any], viewers: Ranges) -> tuple[tuple[Ranges, int], ...]:
    """The port at the origin for each way in which viewers come."""
    plain, secure = int(said.get("HTTPPort", 80)), int(said.get("HTTPSPort", 443))
    policy = str(said.get("OriginProtocolPolicy", "match-viewer"))
    if policy == "match-viewer":
        return tuple(each for each in ((viewers & _HTTP, plain), (viewers - _HTTP, secure)) if each[0])
    return ((viewers, plain if policy == "http-only" else secure),) if viewers else ()


def _viewing(distribution: Resource, services: Ranges, sources: Ranges) -> Walk:
    """Viewers before a distribution."""
    config = distribution.properties.get("DistributionConfig") or {}
    start = Walk(Traffic.box(services, sources), Traffic.box(services, sources))
    if not services:
        everything = Walk(Traffic.box(ALL_SERVICES, sources), Traffic.box(ALL_SERVICES, sources))
        words = f"{distribution.label} takes viewers at 443 only, or at 80 where a behaviour allows it"
        return everything.end(Stop(distribution.key, "no-listener", words))
    if config.get("Enabled") is False:
        return start.end(Stop(distribution.key, "bad-state", f"{distribution.label} is disabled"))
    six = config.get("IPV6Enabled")
    low, high = FOUR | (SIX if six else NOTHING), FOUR | (NOTHING if six is False else SIX)
    words = f"{distribution.label} has no IPv6 addresses"
    stop = Stop(distribution.key, "no-public-address", words)
    walk = start.through(Traffic.box(ALL_SERVICES, low), Traffic.box(ALL_SERVICES, high), stop)
    return walk.by(f"CloudFront {distribution.label}{_told(config)}")


def _told(config: dict[str, Any]) -> str:
    """What may refuse a viewer for reasons that no address shows."""
    told = []
    if config.get("WebACLId"):
        told.append(f"behind web ACL {str(config['WebACLId']).rpartition('webacl/')[2].partition('/')[0]}")
    places = (config.get("Restrictions") or {}).get("GeoRestriction") or {}
    if places.get("RestrictionType") in ("whitelist", "blacklist"):
        only = "for viewers in" if places["RestrictionType"] == "whitelist" else "not for viewers in"
        told.append(f"{only} {', '.join(places.get('Locations', ()))}")
    behaviors = (config.get("DefaultCacheBehavior") or {}, *config.get("CacheBehaviors", ()))
    signed = [bool(each.get("TrustedKeyGroups") or each.get("TrustedSigners")) for each in behaviors]
    if any(signed):
        told.append("with a signed link" if all(signed) else "with a signed link for some paths")
    return f" ({', '.join(told)})" if told else ""


# --- to the origin ---------------------------------------------------------------------------------------------------


def _onward(graph: Graph, walk: Walk, origin: Origin, target: Resource, own: Ranges, part: Resource | None) -> Walk:
    if walk.over:
        return walk
    if target.type in (w.BUCKET, w.FUNCTION_URL):
        return _signed(graph, walk, origin, target)
    if target.type in APIS and target.properties.get("DisableExecuteApiEndpoint") is True:
        words = f"{origin.distribution.label} asks for the name of {target.label} that is switched off"
        return walk.end(Stop(target.key, "api-name-off", words))
    if target.type in APIS:
        known = edge_addresses(graph, target.region)[1] or internet() & FOUR
        hop = to_api(graph, Walk(Traffic.box(own, known), Traffic.box(own, known)), target, part)
        if not known <= hop.low.addresses:
            words = f"whether {target.label} admits all of CloudFront's addresses is not known"
            hop = hop.blur(Stop(target.key, "not-permitted", words))
        return carried(walk, hop, target).by(*hop.hops)
    if origin.gaps:
        return walk.blur(Stop(origin.distribution.key, "outside", origin.gaps[0].message), origin.gaps)
    places, gaps = spots(graph, target)
    if not places:
        stop = Stop(target.key, "outside", f"where {target.label} stands could not be read")
        return walk.blur(stop, gaps) if gaps else walk.end(stop)
    lets_in = _privately if origin.private else _publicly
    return either([carried(walk, lets_in(graph, place, own), place) for place in places])


def edge_addresses(graph: Graph, region: str) -> tuple[Resource | None, Ranges, tuple[Gap, ...]]:
    """The list of the addresses from which CloudFront comes, and these, where they were read."""
    if "edges" not in graph.memo:
        lists = graph.of_type(w.PREFIXES)
        graph.memo["edges"] = [each for each in lists if each.properties.get("PrefixListName") == EDGE_LIST]
    found = sorted(
        graph.memo["edges"], key=lambda each: (each.region != region, bool(hidden(each, "Entries")), each.key)
    )
    if not found:
        return None, NOTHING, missing(net(graph), w.PREFIXES, EDGE_LIST)
    unread = hidden(found[0], "Entries")
    return found[0], lines(each["Cidr"] for each in found[0].properties.get("Entries", ())), unread


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
    words = f"whether {spot.label} admits all of CloudFront's addresses is not known"
    if known and not hop.gaps:
        words = f"{spot.label} admits only some of CloudFront's addresses"
    return hop.blur(Stop(spot.key, "group-rules", words), gaps)


def _own_groups(graph: Graph, spot: Spot) -> tuple[str, ...]:
    """The groups that CloudFront makes for its interfaces in a network."""
    if "edge groups" not in graph.memo:
        known: dict[str, tuple[str, ...]] = {}
        for each in graph.of_type(w.GROUP):
            if each.properties.get("GroupName") == _OWN_GROUP:
                network = str(each.properties.get("VpcId"))
                known[network] = (*known.get(network, ()), each.id)
        graph.memo["edge groups"] = known
    found: tuple[str, ...] = graph.memo["edge groups"].get(spot.network, ())
    return found


def may_draw(graph: Graph, target: Resource, services: Ranges) -> bool:
    """Whether a distribution that nobody could read may lead to a thing: only where its groups admit the world."""
    if target.type in (w.BUCKET, w.FUNCTION):
        return bool(services & (_HTTP | _HTTPS))
    for spot in spots(graph, target)[0]:
        start = Walk(Traffic.box(_DRAWN, internet() & FOUR), Traffic.box(_DRAWN, internet() & FOUR))
        let = group_in(graph, start, spot, internet() & FOUR, _own_groups(graph, spot)).high.services
        if let and services & (let | _HTTP | _HTTPS):
            return True
    return False


def _names(graph: Graph, spot: Spot, listed: Resource, own: Ranges) -> bool:
    """Whether a group admits the list itself, whatever is in it."""
    by_id = net(graph).by_id
    port = own.spans[0][0] % 65536
    rules = [rule for name in spot.groups if name in by_id for rule in by_id[name].properties.get(INGRESS, ())]
    return any(rule.get("SourcePrefixListId") == listed.id and covers(rule, port) for rule in rules)


def _privately(graph: Graph, spot: Spot, own: Ranges) -> Walk:
    """CloudFront inside the network: the network has a gateway, though no route has to lead to it."""
    listed, known, gaps = edge_addresses(graph, spot.subnet.region)
    index = net(graph)
    asked = known or internet() & FOUR
    start = Walk(Traffic.box(own, asked), Traffic.box(own, asked))
    if not index.gateways_of.get(spot.network) and not graph.gaps_for(w.GATEWAY, spot.subnet.region):
        words = f"a private origin takes an internet gateway, and {spot.network} has none"
        return start.end(Stop(spot.network, "not-attached", words))
    hop = group_in(graph, start, spot, asked, _own_groups(graph, spot))
    if hop.over or asked <= hop.low.addresses or (listed is not None and _names(graph, spot, listed, own)):
        return replace(hop, low=start.low, high=start.high) if hop.high else hop
    words = f"whether {spot.label} admits all of CloudFront's addresses is not known"
    return hop.blur(Stop(spot.key, "group-rules", words), gaps)


def _signed(graph: Graph, walk: Walk, origin: Origin, target: Resource) -> Walk:
    """A bucket has to permit the distribution; a function URL takes everybody, or who signs."""
    if target.type == w.BUCKET:
        return permitted(graph, walk, target, origin.signer or ANYBODY, origin.distribution)
    if target.properties.get("AuthType") == "NONE":
        return walk.by("function URL")
    if origin.signer:
        return walk.by("function URL, signed")
    words = f"{target.label} takes signed requests only, and {origin.distribution.label} does not sign"
    return walk.end(Stop(target.key, "not-permitted", words))
