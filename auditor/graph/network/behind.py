"""What API Gateway calls: functions, which have to let it, and load balancers, over a VPC link or under public names.

The far ends of every walk here are the clients of the API, and the services those on which the API is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.graph.access.callers import Caller
from auditor.graph.access.context import of_service
from auditor.graph.access.evaluate import Held, Named, Request, evaluate
from auditor.graph.access.owned import policies_of_resource
from auditor.graph.box_words import service_words
from auditor.graph.boxes import EVERYWHERE, FOUR, Traffic, internet, service
from auditor.graph.build import Graph
from auditor.graph.network import apis
from auditor.graph.network import words as w
from auditor.graph.network.balancers import listening, to_balancer
from auditor.graph.network.between import between
from auditor.graph.network.ends import End
from auditor.graph.network.index import hidden
from auditor.graph.network.methods import called, named, stages
from auditor.graph.network.places import spots
from auditor.graph.network.walk import Walk, either
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Edge, Resource

_GATEWAY = "apigateway.amazonaws.com"
_QUALIFIED = re.compile(r":function:[^:/]+:([^:/]+)")
# A link that is made, unmade or broken carries nothing; one that was long idle wakes up when it is called.
_CARRIES = ("AVAILABLE", "INACTIVE")
# What tells which API calls what; whatever of it is unread may hide a way.
_LISTS = (w.REST_API, w.METHOD, w.REST_LINK, w.HTTP_API, w.ROUTE, w.INTEGRATION)
Arrive = Callable[[Resource, Resource], Walk]  # an API and a part of it -> the walk to there


@dataclass(frozen=True, slots=True)
class Front:
    """A method or route of an API that calls a target; `said` holds what the integration says."""

    api: Resource
    part: Resource
    edges: tuple[Edge, ...]
    uri: str
    role: str
    linked: bool
    said: Resource


def from_internet(graph: Graph, target: Resource, services: Ranges, sources: Ranges) -> list[Walk]:
    """The ways from the Internet to a function or a balancer over the APIs that call it."""
    asked = Traffic.box(services, sources)
    return _ways(graph, target, asked, lambda api, part: apis.to_api(graph, api, services, sources, part))


def from_inside(graph: Graph, tail: End, target: Resource, services: Ranges) -> list[Walk]:
    """The same from a place inside a network."""
    asked = Traffic.box(services, EVERYWHERE)
    return _ways(graph, target, asked, lambda api, part: apis.from_inside(graph, tail, api, services, part))


def _ways(graph: Graph, target: Resource, asked: Traffic, arrive: Arrive) -> list[Walk]:
    onward = {w.FUNCTION: _call, w.BALANCER: _connect}.get(target.type)
    if onward is None:
        return []
    out = []
    for front in _fronts(graph, target):
        walk = arrive(front.api, front.part)
        out.append(walk if walk.over else onward(graph, walk.along(*front.edges), front, target))
    gaps = tuple(dict.fromkeys(gap for cfn in _LISTS for gap in graph.gaps_for(cfn, target.region)))
    if gaps:
        words = f"which APIs call {target.label} could not be read: {gaps[0].message}"
        most = asked & Traffic.box(apis.HTTPS, EVERYWHERE)
        out.append(Walk(most, most).blur(Stop(target.key, "no-route", words), gaps))
    return out


# ---- which parts of which APIs lead to a target


def _fronts(graph: Graph, target: Resource) -> Iterator[Front]:
    for edges, method in _leading(graph, target, w.METHOD, w.REST_LINK):
        said = method.properties.get("Integration") or {}
        for edge, api in graph.heads(method, "part-of", w.REST_API):
            linked = said.get("ConnectionType") == "VPC_LINK"
            uri, role = str(said.get("Uri", "")), str(said.get("Credentials", ""))
            yield Front(api, method, (edge, *edges), uri, role, linked, method)
    for edges, integration in _leading(graph, target, w.INTEGRATION, ""):
        said = integration.properties
        for route_edge, route in graph.tails(integration, "targets", w.ROUTE):
            for edge, api in graph.heads(route, "part-of", w.HTTP_API):
                linked = said.get("ConnectionType") == "VPC_LINK"
                uri, role = str(said.get("IntegrationUri", "")), str(said.get("CredentialsArn", ""))
                yield Front(api, route, (edge, route_edge, *edges), uri, role, linked, integration)


def _leading(graph: Graph, target: Resource, cfn: str, link: str) -> Iterator[tuple[tuple[Edge, ...], Resource]]:
    """What names the target: itself, one of its listeners, or the link that leads to it; each once."""
    heads: list[tuple[tuple[Edge, ...], Resource]] = [((), target)]
    if target.type == w.BALANCER:
        heads += [((edge,), listener) for edge, listener in graph.tails(target, "part-of", w.LISTENER)]
    found: list[tuple[tuple[Edge, ...], Resource]]
    found = [((edge, *above), each) for above, head in heads for edge, each in graph.tails(head, "targets", cfn)]
    if link:
        for link_edge, each_link in graph.tails(target, "targets", link):
            found += [((edge, link_edge), each) for edge, each in graph.tails(each_link, "routes-to", cfn)]
    seen: set[str] = set()
    for edges, each in found:
        if each.key not in seen:
            seen.add(each.key)
            yield edges, each


# ---- a function is called


def _call(graph: Graph, walk: Walk, front: Front, function: Resource) -> Walk:
    """The function's own policy has to let API Gateway in, for this method; with a role it is the role that may."""
    if front.role:
        words = f"{named(front.part)} calls {function.label} as {front.role}, whose rights are not asked here"
        return walk.blur(Stop(function.key, "not-permitted", words))
    alias = _QUALIFIED.search(front.uri)
    if alias:
        words = f"{named(front.part)} calls {alias[1]} of {function.label}, and policies of aliases are not read"
        return walk.blur(Stop(function.key, "not-permitted", words))
    owned = policies_of_resource(graph, function)
    gaps = (*owned.gaps, *(graph.gaps_for(w.PERMISSION) if w.PERMISSION not in graph.inventory.asked else ()))
    if gaps:
        return walk.blur(Stop(function.key, "not-permitted", gaps[0].message), gaps)
    calls = [arn for stage in stages(graph, front.api) for arn in called(front.api, front.part, stage, ["*"])]
    effects = {_permitted(owned.documents, function, front.api, arn) for arn in calls}
    words = f"no permission of {function.label} lets {named(front.part)} of {front.api.label} call it"
    stop = Stop(function.key, "not-permitted", words)
    if effects == {"allow"}:
        edges = graph.tails(front.api, "permits", w.PERMISSION)
        owners = {each.key for _, each in graph.tails(function, "part-of", w.PERMISSION)}
        return walk.along(*(edge for edge, each in edges if each.key in owners))
    return walk.blur(stop) if effects & {"allow", "depends"} else walk.end(stop)


def _permitted(documents: tuple[Named, ...], function: Resource, api: Resource, source: str) -> str:
    context = of_service(_GATEWAY, api.account).knowing({"aws:SourceArn": source})
    request = Request(Caller("service", _GATEWAY), "lambda:InvokeFunction", function.arn, context, function.account)
    return evaluate(request, Held(resource=documents)).effect


# ---- a balancer is connected to


def _connect(graph: Graph, walk: Walk, front: Front, balancer: Resource) -> Walk:
    ports = _ports(graph, front, balancer)
    listens, edges, gaps = listening(graph, balancer)
    words = f"{balancer.label} listens on {service_words(listens)}, and is called on {service_words(ports)}"
    if not ports & listens:
        stop = Stop(balancer.key, "no-listener", words if listens else f"{balancer.label} has no listener")
        return walk.blur(stop, gaps) if gaps else walk.end(stop)
    walk = walk.along(*edges)
    if not front.linked:
        return _publicly(graph, walk, balancer, ports)
    for edge, link in graph.heads(front.said, "routes-to", w.LINK, w.REST_LINK):
        status = str(link.properties.get("VpcLinkStatus") or link.properties.get("Status") or "AVAILABLE")
        if status not in _CARRIES:
            return walk.along(edge).end(Stop(link.key, "bad-state", f"VPC link {link.label} is {status.lower()}"))
    links = graph.heads(front.said, "routes-to", w.LINK)
    if links:
        return _over_link(graph, walk, links[0], balancer, ports)
    if graph.heads(front.said, "routes-to", w.REST_LINK):
        return _over_private_link(graph, walk, front, balancer)
    gaps = graph.blind(front.said, "routes-to")
    stop = Stop(balancer.key, "no-route", f"{named(front.part)} has no VPC link that was read")
    return walk.blur(stop, gaps) if gaps else walk.end(stop)


def _ports(graph: Graph, front: Front, balancer: Resource) -> Ranges:
    """The port of the listener that is named, else that of the address, else the one of its scheme."""
    for edge in front.edges:
        head = graph.resource(edge.head)
        if head and head.type == w.LISTENER and head.properties.get("Port"):
            return service("tcp", int(head.properties["Port"]))
    address = urlsplit(front.uri)
    return service("tcp", address.port or (443 if address.scheme == "https" else 80))


def _publicly(graph: Graph, walk: Walk, balancer: Resource, ports: Ranges) -> Walk:
    """API Gateway calls under public addresses of its own, which nobody can tell."""
    into = to_balancer(graph, balancer, ports, internet())
    if into.over:
        return walk.along(*into.edges).end(into.stop or Stop(balancer.key, "no-listener", ""))
    walk = walk.along(*into.edges)
    if internet() & FOUR <= into.low.addresses:
        return walk
    words = f"from which addresses API Gateway calls {balancer.label} is not known"
    return walk.blur(Stop(balancer.key, "group-rules", words), into.gaps)


def _over_link(graph: Graph, walk: Walk, link: tuple[Edge, Resource], balancer: Resource, ports: Ranges) -> Walk:
    """Over interfaces of a link in subnets, which have groups like any other."""
    edge, door = link
    starts, gaps = spots(graph, door)
    nodes, more = spots(graph, balancer)
    hops = [between(graph, one, node, ports) for one in starts for node in nodes]
    walk = walk.along(edge).by(f"VPC link {door.label}")
    if not hops:
        words = f"where {door.label} or {balancer.label} stands could not be read"
        return walk.blur(Stop(door.key, "outside", words), gaps + more)
    hop = either(hops)
    walk = walk.along(*hop.edges)
    stop = hop.stop or next(iter(hop.doubts), Stop(door.key, "no-route", f"{door.label} does not reach it"))
    if hop.over:
        return walk.end(stop)
    return walk if hop.low else walk.blur(stop, hop.gaps)


def _over_private_link(graph: Graph, walk: Walk, front: Front, balancer: Resource) -> Walk:
    """Over AWS's own connection to a network balancer: no subnet's rules are met, and its groups by choice only."""
    links = graph.heads(front.said, "routes-to", w.REST_LINK)
    walk = walk.along(*(edge for edge, _ in links)).by(*(f"VPC link {link.label}" for _, link in links))
    groups, gaps = balancer.properties.get("SecurityGroups"), hidden(balancer, "SecurityGroups")
    said = balancer.properties.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    if (groups or gaps) and said != "off":
        words = f"the security groups of {balancer.label} may be asked, and from where API Gateway calls is not known"
        return walk.blur(Stop(balancer.key, "group-rules", words), gaps)
    return walk
