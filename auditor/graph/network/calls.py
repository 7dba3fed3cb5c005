"""APIs in front: how clients come to an API, and what it calls for them.

An API answers https. A private one answers at interface endpoints alone; a resource policy may admit addresses, which
makes a set, or endpoints. What is called is a function, or something in a network over a VPC link: a REST API's ends at
a network load balancer, an HTTP API's stands in subnets with groups of its own and ends at a listener.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.callers import ANYBODY
from auditor.graph.access.context import ANY, Context, clock
from auditor.graph.access.documents import compiled, statements
from auditor.graph.access.evaluate import Held, Request, evaluate
from auditor.graph.boxes import EVERYWHERE, FOUR, NOTHING, Traffic, by_family, internet, line, service
from auditor.graph.build import Graph
from auditor.graph.network import words as w
from auditor.graph.network.endpoints import came_from, taken, to_service
from auditor.graph.network.index import hidden
from auditor.graph.network.outward import unseen
from auditor.graph.network.places import Spot
from auditor.graph.network.walk import Walk
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges, cidrs
from auditor.model import Edge, Gap, Resource

_HTTPS = service("tcp", 443)
_STAGES = {w.REST_API: w.REST_STAGE, w.HTTP_API: w.HTTP_STAGE}
_PARTS = {w.REST_API: w.METHOD, w.HTTP_API: w.ROUTE}


def answering(graph: Graph, walk: Walk, api: Resource) -> Walk:
    """From the Internet to an API."""
    if "PRIVATE" in _kinds(api):
        return walk.end(Stop(api.key, "not-public", f"{api.label} is private: it answers at interface endpoints only"))
    walk = _served(graph, walk, api)
    low, high, gaps = admitted(graph, api, {"aws:SourceVpce": None, "aws:SourceVpc": None})
    stop = Stop(api.key, "not-permitted", f"the policy of {api.label} admits none of these clients")
    return walk.through(Traffic.box(_HTTPS, low), Traffic.box(_HTTPS, high), stop, gaps)


def from_place(graph: Graph, spot: Spot, api: Resource, services: Ranges) -> Walk:
    """From a place in a network, by the way to the service; its endpoint's private name takes every API's host."""
    walk = to_service(graph, spot, "execute-api", services)
    endpoint = taken(graph, walk.edges)
    private = "PRIVATE" in _kinds(api)
    if walk.over:
        return walk
    if endpoint is None and private:
        return walk.end(
            Stop(api.key, "not-public", f"{api.label} is private, and no endpoint of the network leads there")
        )
    if endpoint is not None and not private and endpoint.properties.get("PrivateDnsEnabled"):
        words = f"{endpoint.label} takes the host of every API, and {api.label} is not private"
        return walk.end(Stop(endpoint.key, "endpoint", words))
    more: dict[str, str | tuple[str, ...] | None] = {"aws:SourceVpce": None, "aws:SourceVpc": None}
    if endpoint is not None:
        more = {"aws:SourceVpce": endpoint.id, "aws:SourceVpc": spot.network}
    low, high, gaps = admitted(graph, api, more)
    stop = Stop(api.key, "not-permitted", f"the policy of {api.label} does not admit {spot.label}")
    # Over an endpoint the policy sees private addresses, else public ones, of which not all may be known.
    sees = spot.addresses if endpoint is not None else came_from(graph, spot, walk) or internet() & FOUR
    sure, may = (sees <= low and bool(sees), bool(sees & high))
    whole = Traffic.box(_HTTPS, EVERYWHERE)
    return _served(graph, walk, api).through(whole if sure else Traffic(), whole if may else Traffic(), stop, gaps)


def _served(graph: Graph, walk: Walk, api: Resource) -> Walk:
    """Whether it answers at all: https, deployed, under the host that AWS gives."""
    words = f"{api.label} answers https only"
    walk = walk.only(_HTTPS, EVERYWHERE, Stop(api.key, "no-listener", words))
    stages = graph.tails(api, "part-of", _STAGES[api.type])
    if not stages:
        gaps = graph.gaps_for(_STAGES[api.type], api.region)
        stop = Stop(api.key, "bad-state", f"{api.label} has no stage: nothing is deployed")
        return walk.blur(stop, gaps) if gaps else walk.end(stop)
    walk = walk.along(*(edge for edge, _ in stages)).by(
        f"API {api.label}{_told(graph, api, [each for _, each in stages])}"
    )
    if api.properties.get("DisableExecuteApiEndpoint"):
        words = f"the host that AWS gives {api.label} is turned off; domain names of its own are not read"
        return walk.blur(Stop(api.key, "not-public", words), unseen(graph, api.key, words))
    return walk


def _told(graph: Graph, api: Resource, stages: list[Resource]) -> str:
    """What may refuse a client for reasons that no address shows."""
    parts = [each for _, each in graph.tails(api, "part-of", _PARTS[api.type])]
    asks = [str(each.properties.get("AuthorizationType", "NONE")) for each in parts]
    free = sum(kind == "NONE" for kind in asks)
    told = []
    if parts and not free:
        told.append(f"asks who calls: {', '.join(sorted(set(asks)))}")
    elif parts and free < len(parts):
        told.append(f"{free} of {len(parts)} methods ask nobody who they are")
    acls = [str(each.properties["WebAclArn"]) for each in stages if each.properties.get("WebAclArn")]
    told += [f"behind web ACL {arn.rpartition('webacl/')[2].partition('/')[0]}" for arn in sorted(set(acls))]
    return f" ({', '.join(told)})" if told else ""


def _kinds(api: Resource) -> list[str]:
    return list((api.properties.get("EndpointConfiguration") or {}).get("Types", ()))


# --- the resource policy as a set of addresses -----------------------------------------------------------------------


def admitted(
    graph: Graph, api: Resource, more: dict[str, str | tuple[str, ...] | None]
) -> tuple[Ranges, Ranges, tuple[Gap, ...]]:
    """The addresses that a resource policy surely and possibly admits; without one, all (a private API needs one).

    The networks that its conditions name cut the addresses into parts within which every condition is the same, so that
    one address stands for its part.
    """
    unread = hidden(api, "Policy")
    if unread:
        return NOTHING, EVERYWHERE, unread
    document = api.properties.get("Policy")
    if not document:
        return (NOTHING, NOTHING, ()) if "PRIVATE" in _kinds(api) else (EVERYWHERE, EVERYWHERE, ())
    arn = f"arn:aws:execute-api:{api.region}:{api.account}:{api.id}/*"
    held = Held(resource=((f"policy of {api.label}", compiled(_whole(document, arn))),))
    low = high = NOTHING
    for part in _parts(document):
        context: Context = ANY.knowing({**clock(), "aws:SourceIp": _first(part), **more})
        found = evaluate(Request(ANYBODY, "execute-api:Invoke", arn, context, api.account), held)
        low |= part if found.effect == "allow" else NOTHING
        high |= part if found.effect in ("allow", "depends") else NOTHING
    return low, high, ()


def _whole(document: Any, arn: str) -> dict[str, Any]:
    """A policy may say `execute-api:/stage/...` for the API it hangs on."""

    def named(text: str) -> str:
        return arn[:-1] + text.removeprefix("execute-api:/") if text.startswith("execute-api:/") else text

    said = [
        {name: [named(each) for each in value] if name in ("Resource", "NotResource") else value
         for name, value in statement.items()}
        for statement in statements(document)
    ]  # fmt: skip
    return {**document, "Statement": said}


def _parts(document: Any) -> list[Ranges]:
    parts = [EVERYWHERE]
    for statement in statements(document):
        for keys in (statement.get("Condition") or {}).values():
            for name, values in keys.items():
                if name.lower() == "aws:sourceip":
                    cuts = [line(text) for text in (values if isinstance(values, list) else [values])]
                    for cut in cuts:
                        parts = [each for part in parts for each in (part & cut, part - cut) if each]
    return parts


def _first(part: Ranges) -> str:
    """One address of a part, as text."""
    family, found = next((family, found) for family, found in by_family(part).items() if found)
    return cidrs(family, Ranges((found.spans[0],)))[0].partition("/")[0]


# --- what an API calls -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """An API that calls a thing: over which edges, in words, from where in the network, and at which port."""

    api: Resource
    edges: tuple[Edge, ...]
    words: str
    link: Resource | None = None
    port: int | None = None


def calls_to(graph: Graph, target: Resource) -> list[Call]:
    """Every API that calls a thing; looked up in all of them once a graph."""
    if "calls" not in graph.memo:
        known: dict[str, list[Call]] = {}
        for key, call in (*_of_methods(graph), *_of_routes(graph)):
            known.setdefault(key, []).append(call)
        graph.memo["calls"] = known
    found: list[Call] = graph.memo["calls"].get(target.key, [])
    return found


def _of_methods(graph: Graph) -> Iterator[tuple[str, Call]]:
    for method in graph.of_type(w.METHOD):
        for part, api in graph.heads(method, "part-of", w.REST_API):
            said = method.properties
            words = f"{said.get('HttpMethod')} {said.get('Path') or said.get('ResourceId')}"
            for edge, head in graph.heads(method, "targets", w.FUNCTION):
                yield head.key, Call(api, (part, edge), words)
            for edge, link in graph.heads(method, "targets", w.REST_LINK):
                port = _port(str((said.get("Integration") or {}).get("Uri", "")))
                for last, head in graph.heads(link, "targets", w.BALANCER):
                    yield head.key, Call(api, (part, edge, last), f"{words}, VPC link {link.label}", link, port)


def _of_routes(graph: Graph) -> Iterator[tuple[str, Call]]:
    for integration in graph.of_type(w.INTEGRATION):
        routes = graph.tails(integration, "targets", w.ROUTE)
        for part, api in graph.heads(integration, "part-of", w.HTTP_API) if routes else ():
            words = " or ".join(str(each.properties.get("RouteKey")) for _, each in routes[:3])
            first = (part, routes[0][0])
            links = graph.heads(integration, "targets", w.HTTP_LINK)
            for edge, head in graph.heads(integration, "targets", w.FUNCTION):
                yield head.key, Call(api, (*first, edge), words)
            for edge, listener in graph.heads(integration, "targets", w.LISTENER):
                for last, balancer in graph.heads(listener, "part-of", w.BALANCER):
                    port = listener.properties.get("Port")
                    link = links[0][1] if links else None
                    told = f"{words}, VPC link {link.label}" if link else words
                    yield balancer.key, Call(api, (*first, edge, last), told, link, int(port) if port else None)


def _port(uri: str) -> int:
    """The port of a URI, by its scheme where it says none."""
    found = re.match(r"(https?)://[^/:]+(?::(\d+))?", uri)
    return int(found[2]) if found and found[2] else 443 if not found or found[1] == "https" else 80
