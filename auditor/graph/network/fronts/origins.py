"""The origins of CloudFront's distributions: from what each draws, for which viewers, on which port and as whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.policy.callers import Caller
from auditor.graph.boxes import NOTHING, service
from auditor.graph.build import Graph
from auditor.graph.network.doors import buckets, function_urls
from auditor.graph.network.fronts.host_names import behind as resources_behind
from auditor.graph.network.fronts.host_names import unread_names
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, missing, net
from auditor.graph.space import Ranges
from auditor.model import Answer, Edge, Gap, Resource

CONFIG = "DistributionConfig"
HTTP, HTTPS = service("tcp", 80), service("tcp", 443)


@dataclass(frozen=True, slots=True)
class Origin:
    """A distribution that draws from a thing: on which services viewers come, and the port that they lead to there."""

    distribution: Resource
    ports: tuple[tuple[Ranges, int], ...]
    edges: tuple[Edge, ...]
    private: bool = False
    signer: Caller | None = None
    gaps: tuple[Gap, ...] = ()  # the private origin could not be read


def origins_of(graph: Graph, target: Resource) -> list[Origin]:
    """The origins that lead to a thing; looked up in all distributions once a graph."""
    return graph.once(_every_origin).get(target.key, [])


def _every_origin(graph: Graph) -> dict[str, list[Origin]]:
    known: dict[str, list[Origin]] = {}
    for distribution in graph.of_type(w.DISTRIBUTION):
        for key, origin in _origins(graph, distribution):
            known.setdefault(key, []).append(origin)
    return known


def _origins(graph: Graph, distribution: Resource) -> Iterator[tuple[str, Origin]]:
    config = distribution.known(CONFIG, {})
    private = {each.id: each for each in graph.of_type(w.VPC_ORIGIN)}
    for origin in config.get("Origins", ()):
        viewers = _viewers(config, str(origin.get("Id")))
        host = str(origin.get("DomainName"))
        named = str((origin.get("VpcOriginConfig") or {}).get("VpcOriginId") or "")
        own = private.get(named)
        if own is not None:
            ports = _ports(own.known("VpcOriginEndpointConfig", {}), viewers)
            first = Edge(distribution.key, "draws-from", own.key, f"Origins[].VpcOriginConfig = {own.id}")
            for edge, head in graph.heads(own, "draws-from"):
                yield head.key, Origin(distribution, ports, (first, edge), True)
            continue
        ports = _ports(origin.get("CustomOriginConfig") or {}, viewers)
        gaps = missing(net(graph), w.VPC_ORIGIN, named) if named else ()
        for head in resources_behind(graph, host):
            edge = Edge(distribution.key, "draws-from", head.key, f"Origins[].DomainName = {host}")
            yield head.key, Origin(distribution, ports, (edge,), bool(named), _signer(origin), gaps)


def unread_distributions(graph: Graph) -> tuple[Gap, ...]:
    """What may hide that a distribution draws from a thing: lists, and configurations and names that were not read."""
    return graph.once(_unread)


def _unread(graph: Graph) -> tuple[Gap, ...]:
    gaps = [gap for each in graph.of_type(w.DISTRIBUTION) for gap in hidden(each, CONFIG)]
    for each in graph.of_type(w.VPC_ORIGIN):
        gaps += hidden(each, "VpcOriginEndpointConfig")
    if graph.of_type(w.DISTRIBUTION):
        gaps += unread_names(graph)
    return (*graph.gaps_for(w.DISTRIBUTION), *gaps)


def _signer(origin: dict[str, Any]) -> Caller | None:
    """As whom a distribution reads: as the service (access control), as an identity of its own, or as anybody."""
    if origin.get("OriginAccessControlId"):
        return Caller("service", "cloudfront.amazonaws.com")
    identity = str((origin.get("S3OriginConfig") or {}).get("OriginAccessIdentity") or "").rpartition("/")[2]
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
    for behavior in _behaviors(config):
        if behavior.get("TargetOriginId") in names:
            # Viewers that are redirected come back over https.
            found |= HTTPS | (HTTP if behavior.get("ViewerProtocolPolicy") == "allow-all" else NOTHING)
    if found and "3" in str(config.get("HttpVersion", "")):
        found |= service("udp", 443)
    return found


def _behaviors(config: dict[str, Any]) -> list[dict[str, Any]]:
    return [config.get("DefaultCacheBehavior") or {}, *config.get("CacheBehaviors", ())]


def unused(graph: Graph, distribution: Resource, target: Resource) -> Answer | None:
    """That a distribution has a thing among its origins and no behaviour leads there; None where one does.

    A function on the viewer's or the origin's request may choose any origin, which lies in its code.
    """
    config = distribution.known(CONFIG, {})
    proof = tuple(edge for edge, head in graph.heads(distribution, "draws-from") if head.key == target.key)
    named = [
        str(each.get("Id"))
        for index, each in enumerate(config.get("Origins", ()))
        if any(f"Origins[{place}]." in edge.because for edge in proof for place in (f"Id={each.get('Id')}", index))
    ]
    if not named or any(_viewers(config, each) for each in named):
        return None
    gaps = [
        gap
        for place in ("DefaultCacheBehavior", "CacheBehaviors[]")
        if (gap := distribution.gap(f"{CONFIG}.{place}.TargetOriginId"))
    ]
    because = f"no behaviour of {distribution.label} leads to {target.label}"
    if gaps:
        return Answer.unseen("", None, *gaps, evidence=proof)
    if any(_choosing(behavior) for behavior in _behaviors(config)):
        told = f"{because}; whether the function on its requests chooses this origin lies in its code"
        return Answer("unknown", because=told, evidence=proof)
    return Answer("broken", because=because, evidence=proof)


def unread_by(graph: Graph, distribution: Resource, target: Resource) -> Answer | None:
    """That a distribution signs its requests to a bucket or a function URL which does not let it in. None for anything
    else: that it does not sign at all is another question."""
    door = {w.BUCKET: buckets.refused, w.FUNCTION_URL: function_urls.refused}.get(target.type)
    if door is None:
        return None
    signers = [each.signer for each in origins_of(graph, target) if each.distribution.key == distribution.key]
    found = [door(graph, distribution, target, each) if each else None for each in signers]
    return found[0] if found and all(found) else None


def drawn_by(graph: Graph, distribution: Resource, name: str) -> list[tuple[Edge, Resource]]:
    """What the origin of this id leads to by the edges of its distribution."""
    listed = distribution.known(CONFIG, {}).get("Origins", ())
    places = [f"Id={name}", *(str(index) for index, each in enumerate(listed) if each.get("Id") == name)]
    return [
        (edge, head)
        for edge, head in graph.heads(distribution, "draws-from")
        if any(f"Origins[{place}]." in edge.because for place in places)
    ]


def _choosing(behavior: dict[str, Any]) -> bool:
    at_edge = (*behavior.get("FunctionAssociations", ()), *behavior.get("LambdaFunctionAssociations", ()))
    return any(each.get("EventType") in ("viewer-request", "origin-request") for each in at_edge)


def _ports(config: dict[str, Any], viewers: Ranges) -> tuple[tuple[Ranges, int], ...]:
    """The port at the origin for each way in which viewers come."""
    plain, secure = int(config.get("HTTPPort", 80)), int(config.get("HTTPSPort", 443))
    policy = str(config.get("OriginProtocolPolicy", "match-viewer"))
    if policy == "match-viewer":
        return tuple(each for each in ((viewers & HTTP, plain), (viewers - HTTP, secure)) if each[0])
    return ((viewers, plain if policy == "http-only" else secure),) if viewers else ()
