"""API Gateway's doors: from where an API can be called, and who is asked before anything answers.

An API is called over HTTPS at a name of AWS's, and what may shut it is a switch, a policy or its kind: a private REST
API is called through an interface endpoint only. Whether a call gets there is the answer here; who is asked who they
are is told beside it. The API is taken as it stands: what was changed since a stage was deployed is not told apart.
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
from auditor.graph.network.doors.api_methods import PARTS, asked_words, parts_of, questions, runs
from auditor.graph.network.doors.policies import admitted
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between import between
from auditor.graph.network.packets.walk import Walk, either
from auditor.graph.network.services import egress_identity
from auditor.graph.network.services.endpoints import answers_names
from auditor.graph.network.services.ends import End
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

HTTPS = service("tcp", 443)
_INVOKE = "execute-api:Invoke"
# A call from the Internet comes over no endpoint.
_NO_ENDPOINT: Mapping[str, None] = dict.fromkeys(("aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"))


def to_api(graph: Graph, walk: Walk, api: Resource, part: Resource | None = None, name: bool = True) -> Walk:
    """From the Internet to an API, or to one method or route of it; `name`: its own name leads there."""
    walk = _open(graph, walk, api)
    gaps = hidden(api, "EndpointConfiguration")
    if gaps:
        walk = walk.blur(Stop(api.key, "private-api", gaps[0].message), gaps)
    if _private(api):
        return walk.end(Stop(api.key, "private-api", f"{api.label}: {w.REASONS['private-api']}"))
    if not name:
        words = f"{api.label}: {w.REASONS['private-name']}, and whether it has another name is not read"
        walk = walk.blur(Stop(api.key, "private-name", words))
    walk = _families(walk, api)
    return _past_policy(graph, walk, api, "aws:SourceIp", {**_NO_ENDPOINT, "aws:SecureTransport": "true"}, part)


def from_inside(graph: Graph, tail: End, api: Resource, services: Ranges, part: Resource | None = None) -> Walk:
    """From a place inside a network, or from a function outside of all, to an API."""
    if _private(api):
        return _through_endpoints(graph, tail, api, services, part)
    names = not any(_answers(graph, endpoint, spot) for endpoint in _endpoints(graph, api) for spot in tail.spots)
    ways = egress_identity.from_inside(graph, tail, services, lambda walk: to_api(graph, walk, api, part, names))
    gaps = graph.gaps_for(w.ENDPOINT, api.region) if tail.spots else ()
    if gaps:  # one of them may answer under the API's name
        ways = [way.blur(Stop(api.key, "private-name", gaps[0].message), gaps) for way in ways]
    return either(ways) if ways else _nowhere(tail, services)


def _nowhere(tail: End, services: Ranges) -> Walk:
    asked = Traffic.box(services, EVERYWHERE)
    stop = Stop(tail.key, "outside", f"{tail.label}: {w.REASONS['outside']}")
    return Walk(asked, asked).blur(stop, tail.gaps) if tail.gaps else Walk(asked, asked).end(stop)


# ---- what every call meets


def _open(graph: Graph, walk: Walk, api: Resource) -> Walk:
    """The port, the switch of the API's own name, and whether anything is deployed."""
    stop = Stop(api.key, "no-listener", f"{api.label} answers HTTPS on tcp 443 only")
    walk = walk.only(HTTPS, EVERYWHERE, stop)
    stages, parts = (graph.tails(api, "part-of", cfn) for cfn in PARTS[api.type])
    lists = zip(PARTS[api.type], (stages, parts), ("stage", "method or route"), strict=True)
    for cfn, found, what in lists:
        gaps = _unread(graph, api, cfn)
        if not found:
            stop = Stop(api.key, "not-deployed", f"{api.label} has no {what}")
            walk = walk.blur(stop, gaps) if gaps else walk.end(stop)
    if api.properties.get("DisableExecuteApiEndpoint") is True:
        words = f"{api.label}: {w.REASONS['api-name-off']}, and whether another name leads to it is not read"
        walk = walk.blur(Stop(api.key, "api-name-off", words))
    if walk.over:
        return walk
    return walk.along(*(edge for edge, _ in stages)).by(f"API {api.label}{_guarded([each for _, each in stages])}")


def _guarded(stages: list[Resource]) -> str:
    """The web ACLs that look at calls, as words: what they refuse is not read."""
    arns = sorted({str(each.properties["WebAclArn"]) for each in stages if each.properties.get("WebAclArn")})
    names = [arn.rpartition("webacl/")[2].partition("/")[0] for arn in arns]
    return f" (behind web ACL {', '.join(names)})" if names else ""


def _unread(graph: Graph, api: Resource, cfn: str) -> tuple[Gap, ...]:
    """Why the list of an API's parts is not whole."""
    found = [gap for gap in graph.gaps_for(cfn, api.region) if gap.subject in ("", api.key)]
    return tuple(found)


def _private(api: Resource) -> bool:
    return "PRIVATE" in ((api.properties.get("EndpointConfiguration") or {}).get("Types") or ())


def _families(walk: Walk, api: Resource) -> Walk:
    """IPv6 is a choice; of HTTP and WebSocket APIs it is not read."""
    said = api.properties.get("EndpointConfiguration") or {}
    low = EVERYWHERE if said.get("IpAddressType") == "dualstack" else FOUR
    high = EVERYWHERE if api.type == w.HTTP_API else low
    words = f"{api.label} has no IPv6 address" if high == low else f"whether {api.label} has IPv6 addresses is not read"
    return _among(walk, low, high, Stop(api.key, "no-public-address", words))


def _among(walk: Walk, low: Ranges, high: Ranges, stop: Stop) -> Walk:
    return walk.through(Traffic.box(ALL_SERVICES, low), Traffic.box(ALL_SERVICES, high), stop)


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
    told = tuple(asked_words(api, parts))
    gaps = hidden(api, "Policy")
    if gaps:
        return walk.blur(Stop(api.key, "not-permitted", gaps[0].message), gaps).by(*told)
    document = api.properties.get("Policy")
    if not document:
        words = f"{api.label} has no policy, and a private API without one refuses everybody"
        return walk.end(Stop(api.key, "not-permitted", words)) if _private(api) else walk.by(*told)
    let = admitted(
        _written_out(document, api), _INVOKE, questions(graph, api, parts, document), key, walk.high.addresses, known
    )
    words = f"the policy of {api.label} refuses whoever calls from {address_words(walk.high.addresses)}"
    if let.high:
        words = f"the policy of {api.label} looks at {', '.join(let.keys) or 'who calls'}"
    return _among(walk, let.low, let.high, Stop(api.key, "not-permitted", words)).by(*told)


def _written_out(document: Any, api: Resource) -> Any:
    """A policy in code may leave the API's own ARN out (`execute-api:/STAGE/...`); API Gateway writes it in."""
    return json.loads(json.dumps(document).replace('"execute-api:/', f'"{runs(api)}/'))


# ---- private APIs


def _endpoints(graph: Graph, api: Resource) -> list[Resource]:
    return [
        each
        for each in graph.of_type(w.ENDPOINT)
        if str(each.properties.get("ServiceName", "")).endswith(".execute-api") and each.region == api.region
    ]


def _answers(graph: Graph, endpoint: Resource, spot: Spot) -> bool:
    """Whether the endpoint answers under the names of all APIs in the network of the spot."""
    return answers_names(graph, endpoint) and endpoint.properties.get("VpcId") == spot.network


def _through_endpoints(graph: Graph, tail: End, api: Resource, services: Ranges, part: Resource | None) -> Walk:
    gaps = graph.gaps_for(w.ENDPOINT, api.region)
    if not tail.spots:
        return _nowhere(tail, services)
    ways = [
        _through(graph, spot, door, endpoint, api, services, part)
        for endpoint in _endpoints(graph, api)
        for spot in tail.spots
        for door in spots(graph, endpoint)[0]
    ]
    if ways and not gaps:
        return either(ways)
    asked = Traffic.box(services, EVERYWHERE)
    stop = Stop(api.key, "no-endpoint", f"{api.label} is private, and {w.REASONS['no-endpoint']}")
    blind = Walk(asked, asked).blur(stop, gaps) if gaps else Walk(asked, asked).end(stop)
    return either([*ways, blind])


def _through(
    graph: Graph, spot: Spot, door: Spot, endpoint: Resource, api: Resource, services: Ranges, part: Resource | None
) -> Walk:
    """Over one interface of an endpoint, past its policy and then past that of the API."""
    walk = between(graph, spot, door, services & HTTPS).by(f"endpoint {endpoint.label}")
    state = str(endpoint.properties.get("State", "available")).lower()
    if state != "available":
        walk = walk.end(Stop(endpoint.key, "bad-state", f"{endpoint.label} is {state}"))
    walk = _open(graph, walk, api)
    known: dict[str, str | tuple[str, ...] | None] = {
        "aws:SourceVpce": endpoint.id,
        "aws:SourceVpc": str(endpoint.properties.get("VpcId", "")),
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
    stop = Stop(endpoint.key, "not-permitted", partial(_endpoint_words, endpoint, api))
    if gaps or walk.over:
        return walk.blur(stop, gaps)
    document, sources = endpoint.properties.get("PolicyDocument"), walk.high.addresses
    asked = questions(graph, api, parts_of(graph, api, part), document)
    strict = [replace(each, silence=False) for each in asked]
    let = admitted(document, _INVOKE, strict, "aws:VpcSourceIp", sources, known)
    most = let.high
    if strict != asked:  # whoever signs a call may be one of those whom the policy names
        most |= admitted(document, _INVOKE, asked, "aws:VpcSourceIp", sources, known).high
    return _among(walk, let.low, most, stop)


def _endpoint_words(endpoint: Resource, api: Resource) -> str:
    return f"the policy of {endpoint.label} does not let {api.label} be called"
