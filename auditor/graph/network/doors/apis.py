"""API Gateway's doors: from where an API can be called, and who is asked before anything answers.

An API is called over HTTPS at a name of AWS's, and what may shut it is a switch, a policy or its kind: a private REST
API is called through an interface endpoint only. Whether a call gets there is the answer here; who is asked who they
are stands beside it. The API is taken as it stands: what was changed since a stage was deployed is not seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from auditor.graph.box_words import address_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, FOUR, Traffic, service
from auditor.graph.build import Graph
from auditor.graph.network.doors.api_methods import APIS, PARTS, asked_words, parts_of, questions, runs, unread_parts
from auditor.graph.network.doors.policies import admitted
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, unread_links
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.walk import Walk, either, in_service
from auditor.graph.network.services import egress_identity
from auditor.graph.network.services.path_ends import End
from auditor.graph.network.services.vpc_endpoints import answers_names
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Hidden, Resource

HTTPS = service("tcp", 443)
_INVOKE = "execute-api:Invoke"
# A call from the Internet comes over no endpoint.
_NO_ENDPOINT: Mapping[str, None] = dict.fromkeys(("aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"))


def to_api(graph: Graph, walk: Walk, api: Resource, part: Resource | None = None, name: bool = True) -> Walk:
    """From the Internet to an API, or to one method or route of it; `name`: its own name leads there."""
    walk = _open(graph, walk, api)
    private, unread = _private(api)
    if unread:
        walk = walk.blur(Stop.at(api, "private-api", unread[0].message), unread)
    elif private:
        return walk.end(Stop.at(api, "private-api"))
    if not name:
        words = f"{api.label}: {w.REASONS['private-name']}; custom domain names are not read"
        walk = walk.blur(Stop.at(api, "private-name", words))
    walk = _families(walk, api)
    return _past_policy(graph, walk, api, "aws:SourceIp", {**_NO_ENDPOINT, "aws:SecureTransport": "true"}, part)


def from_inside(graph: Graph, tail: End, api: Resource, services: Ranges, part: Resource | None = None) -> Walk:
    """From a place inside a network, or from a function outside of all, to an API."""
    private, unread = _private(api)
    if private and not unread:
        return _through_endpoints(graph, tail, api, services, part)
    answers = [_answers(graph, each, spot) for each in _endpoints(graph, api)[0] for spot in tail.spots]
    names = True not in answers
    ways = egress_identity.from_inside(graph, tail, services, lambda walk: to_api(graph, walk, api, part, names))
    gaps = _endpoints(graph, api)[1] if tail.spots else ()
    if None in answers:
        gaps += tuple(gap for each in graph.of_type(w.ENDPOINT, w.VPC) for gap in each.unknown.values())
    if gaps:  # one of them may answer under the API's name
        ways = [way.blur(Stop.at(api, "private-name", gaps[0].message), gaps) for way in ways]
    if not ways:
        return _nowhere(tail, services)
    if unread and tail.spots:  # a private API is called through an endpoint
        stop = Stop.at(api, "private-api", unread[0].message)
        return either([*ways, _through_endpoints(graph, tail, api, services, part)]).blur(stop, unread)
    return either(ways)


def _nowhere(tail: End, services: Ranges) -> Walk:
    asked = Walk.asking(services, EVERYWHERE)
    return asked.blur(Stop.at(tail, "outside"), tail.gaps) if tail.gaps else asked.end(Stop.at(tail, "outside"))


# ---- what every call meets


def _open(graph: Graph, walk: Walk, api: Resource) -> Walk:
    """The port, the switch of the API's own name, and whether anything is deployed."""
    stop = Stop.at(api, "no-listener", f"{api.label} accepts only HTTPS on tcp 443")
    walk = walk.only(HTTPS, EVERYWHERE, stop)
    stages, parts = (graph.tails(api, "part-of", cfn) for cfn in PARTS[api.type])
    lists = zip(PARTS[api.type], (stages, parts), ("stage", "method or route"), strict=True)
    for cfn, found, what in lists:
        gaps = _unread(graph, api, cfn)
        if not found:
            stop = Stop.at(api, "not-deployed", f"{api.label} has no {what}")
            walk = walk.blur(stop, gaps) if gaps else walk.end(stop)
    switch = api.at("DisableExecuteApiEndpoint")
    if isinstance(switch, Hidden):
        walk = walk.blur(Stop.at(api, "api-name-off", switch.gap.message), (switch.gap,))
    elif switch is True:
        words = f"{api.label}: {w.REASONS['api-name-off']}; custom domain names are not read"
        walk = walk.blur(Stop.at(api, "api-name-off", words))
    if walk.over:
        return walk
    return walk.along(*(edge for edge, _ in stages)).by(f"API {api.label}{_guarded([each for _, each in stages])}")


def _guarded(stages: list[Resource]) -> str:
    """The web ACLs that look at calls, as words: what they refuse is not read."""
    arns = sorted({str(each.known("WebAclArn")) for each in stages if each.known("WebAclArn")})
    names = [arn.rpartition("webacl/")[2].partition("/")[0] for arn in arns]
    return f" (behind web ACL {', '.join(names)})" if names else ""


def _unread(graph: Graph, api: Resource, cfn: str) -> tuple[Gap, ...]:
    """Why the list of an API's parts is not whole, or which of them may be its own."""
    found = [gap for gap in unread_links(graph, cfn, "part-of", api.region) if _may_be_of(graph, gap, api)]
    return tuple(found)


def _may_be_of(graph: Graph, gap: Gap, api: Resource) -> bool:
    subject = graph.resource(gap.subject) if gap.subject else None
    return subject is None or subject.type not in APIS or subject.key == api.key


def _private(api: Resource) -> tuple[bool, tuple[Gap, ...]]:
    kinds = api.known("EndpointConfiguration.Types", ())
    return "PRIVATE" in kinds, hidden(api, "EndpointConfiguration.Types")


def _families(walk: Walk, api: Resource) -> Walk:
    """IPv6 is a choice; of HTTP and WebSocket APIs it is not read."""
    unread = hidden(api, "EndpointConfiguration.IpAddressType")
    low = EVERYWHERE if api.known("EndpointConfiguration.IpAddressType") == "dualstack" else FOUR
    high = EVERYWHERE if api.type == w.HTTP_API or unread else low
    words = f"{api.label} has no IPv6 address" if high == low else f"the IP address type of {api.label} is not read"
    return _among(walk, low, high, Stop.at(api, "no-public-address", words), unread)


def _among(walk: Walk, low: Ranges, high: Ranges, stop: Stop, gaps: tuple[Gap, ...] = ()) -> Walk:
    return walk.through(Traffic.box(ALL_SERVICES, low), Traffic.box(ALL_SERVICES, high), stop, gaps)


def _past_policy(
    graph: Graph,
    walk: Walk,
    api: Resource,
    key: str,
    known: Mapping[str, str | tuple[str, ...] | None],
    part: Resource | None,
) -> Walk:
    """What the API's own policy lets through; HTTP and WebSocket APIs have none."""
    if walk.over:
        return walk
    parts = parts_of(graph, api, part)
    asked = tuple(asked_words(api, parts))
    gaps = hidden(api, "Policy")
    if gaps:
        return walk.blur(Stop.at(api, "not-permitted", gaps[0].message), gaps).by(*asked)
    document = api.known("Policy")
    if not document:
        private, unread = _private(api)
        words = f"{api.label} has no policy, and a private API without one denies every caller"
        stop = Stop.at(api, "not-permitted", words)
        if unread:
            return walk.blur(stop, unread).by(*asked)
        return walk.end(stop) if private else walk.by(*asked)
    let = admitted(
        _written_out(document, api), _INVOKE, questions(graph, api, parts, document), key, walk.high.addresses, known
    )
    words = f"the policy of {api.label} denies calls from {address_words(walk.high.addresses)}"
    if let.high:
        words = f"the policy of {api.label} depends on {', '.join(let.keys) or 'the caller'}"
    stop = Stop.at(api, "not-permitted", words)
    if unread := unread_parts(parts) + _unread(graph, api, PARTS[api.type][0]):
        return walk.blur(stop, unread).by(*asked)
    return _among(walk, let.low, let.high, stop).by(*asked)


def _written_out(document: Any, api: Resource) -> Any:
    """A policy in code may leave the API's own ARN out (`execute-api:/STAGE/...`); API Gateway writes it in."""
    return json.loads(json.dumps(document).replace('"execute-api:/', f'"{runs(api)}/'))


# ---- private APIs


def _endpoints(graph: Graph, api: Resource) -> tuple[list[Resource], tuple[Gap, ...]]:
    """The endpoints by which APIs of a region are called, and what may hide some."""
    near = [each for each in graph.of_type(w.ENDPOINT) if each.region == api.region]
    found = [each for each in near if str(each.known("ServiceName", "")).endswith(".execute-api")]
    own = tuple(gap for each in near for gap in hidden(each, "ServiceName"))
    own += tuple(gap for each in found for gap in hidden(each, "VpcId"))
    return found, graph.gaps_for(w.ENDPOINT, api.region) + own


def _answers(graph: Graph, endpoint: Resource, spot: Spot) -> bool | None:
    """Whether the endpoint answers under the names of all APIs in the network of the spot."""
    return answers_names(graph, endpoint) if endpoint.known("VpcId") == spot.network else False


def _through_endpoints(graph: Graph, tail: End, api: Resource, services: Ranges, part: Resource | None) -> Walk:
    if not tail.spots:
        return _nowhere(tail, services)
    found, gaps = _endpoints(graph, api)
    ways = [
        _through(graph, spot, door, endpoint, api, services, part)
        for endpoint in found
        for spot in tail.spots
        for door in spots(graph, endpoint)[0]
    ]
    if ways and not gaps:
        return either(ways)
    asked = Walk.asking(services, EVERYWHERE)
    stop = Stop.at(api, "no-endpoint", f"{api.label} is private, and {w.REASONS['no-endpoint']}")
    blind = asked.blur(stop, gaps) if gaps else asked.end(stop)
    return either([*ways, blind])


def _through(
    graph: Graph, spot: Spot, door: Spot, endpoint: Resource, api: Resource, services: Ranges, part: Resource | None
) -> Walk:
    """Over one interface of an endpoint, past its policy and then past that of the API."""
    walk = between(graph, spot, door, services & HTTPS).by(f"endpoint {endpoint.label}")
    walk = _open(graph, in_service(walk, endpoint), api)
    known: dict[str, str | tuple[str, ...] | None] = {
        "aws:SourceVpce": endpoint.id,
        "aws:SourceVpc": str(endpoint.known("VpcId", "")),
        "aws:SourceIp": None,  # AWS: not there when the call comes over an endpoint
        "aws:SecureTransport": "true",
    }
    walk = _past_endpoint(graph, walk, endpoint, api, known, part)
    walk = _past_policy(graph, walk, api, "aws:VpcSourceIp", known, part)
    return walk if walk.over else walk.along(*_names(graph, api, endpoint))


def _names(graph: Graph, api: Resource, endpoint: Resource) -> list[Edge]:
    return [edge for edge, head in graph.heads(api, "attached-to", w.ENDPOINT) if head.key == endpoint.key]


def _past_endpoint(
    graph: Graph,
    walk: Walk,
    endpoint: Resource,
    api: Resource,
    known: Mapping[str, str | tuple[str, ...] | None],
    part: Resource | None,
) -> Walk:
    gaps = hidden(endpoint, "PolicyDocument")
    stop = Stop.at(endpoint, "not-permitted", partial(_endpoint_words, endpoint, api))
    parts = parts_of(graph, api, part)
    gaps += unread_parts(parts)
    if gaps or walk.over:
        return walk.blur(stop, gaps)
    document, sources = endpoint.known("PolicyDocument"), walk.high.addresses
    asked = questions(graph, api, parts, document)
    strict = [replace(each, silence=False) for each in asked]
    let = admitted(document, _INVOKE, strict, "aws:VpcSourceIp", sources, known)
    most = let.high
    if strict != asked:  # a signed call may come from one of those whom the policy names
        most |= admitted(document, _INVOKE, asked, "aws:VpcSourceIp", sources, known).high
    return _among(walk, let.low, most, stop)


def _endpoint_words(endpoint: Resource, api: Resource) -> str:
    return f"the policy of {endpoint.label} does not allow calls of {api.label}"
