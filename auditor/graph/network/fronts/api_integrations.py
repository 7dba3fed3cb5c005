"""What API Gateway calls: functions, which have to let it, and load balancers, over a VPC link or under public names.

The far ends of every walk here are the clients of the API, and the services those on which the API is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from auditor.graph.access.held.resource_policies import policies_of_resource
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate
from auditor.graph.access.policy.known import of_service
from auditor.graph.box_words import service_words
from auditor.graph.boxes import ALL_SERVICES, FOUR, NOTHING, internet, service
from auditor.graph.build import Graph
from auditor.graph.network.doors import apis
from auditor.graph.network.doors.api_methods import PARTS, named, runs, runs_of, stages, unread_parts
from auditor.graph.network.fronts.distributions import distributed
from auditor.graph.network.fronts.load_balancers import arriving, carried, listening
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, unread_links
from auditor.graph.network.ground.places import spots
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between_places import between
from auditor.graph.network.packets.walk import Walk, either, in_service
from auditor.graph.network.services.path_ends import End
from auditor.graph.space import Ranges
from auditor.model import Answer, Edge, Gap, Resource, Verdict, symbolic

_GATEWAY = "apigateway.amazonaws.com"
_CALLING = ("lambda:InvokeFunction", "lambda:*", "*")
_QUALIFIED = re.compile(r":function:[^:/]+:([^:/]+)")
# A link that is made, unmade or broken carries nothing; one that was long idle wakes up when it is called.
_CARRIES = ("available", "inactive")
# What tells which API calls what; whatever of it is unread may hide a way.
_LISTS = (w.REST_API, w.METHOD, w.REST_LINK, w.HTTP_API, w.ROUTE, w.INTEGRATION)
_LINKS = (
    *((w.METHOD, "part-of"), (w.METHOD, "targets"), (w.REST_LINK, "targets"), (w.ROUTE, "part-of")),
    *((w.ROUTE, "targets"), (w.INTEGRATION, "targets")),
)
Arrive = Callable[["Call", Ranges], Walk]  # a call, and the services of clients -> their walk to the API


@dataclass(frozen=True, slots=True)
class Call:
    """A method or route of an API that calls a target, over an `integration` (a REST method holds its own)."""

    api: Resource
    part: Resource
    edges: tuple[Edge, ...]
    uri: str
    role: str
    linked: bool
    integration: Resource

    @property
    def unread(self) -> tuple[Gap, ...]:
        """What leaves open how it calls the target."""
        names = ("Integration", "ConnectionType", "IntegrationUri", "CredentialsArn")
        return hidden(self.integration, *names)


def called(graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None) -> Iterator[Walk]:
    """The ways from the Internet to a function or a balancer over the APIs that call it."""

    def arrive(call: Call, asked: Ranges) -> Walk:
        direct = apis.to_api(graph, Walk.asking(asked, sources), call.api, call.part)
        if sources <= direct.low.addresses:
            return direct
        return either([direct, *distributed(graph, call.api, asked, sources, apis.HTTPS, call.part)])

    return _ways(graph, target, services, behind, arrive)


def from_inside(graph: Graph, tail: End, target: Resource, services: Ranges) -> Iterator[Walk]:
    """The same from a place inside a network."""
    return _ways(
        graph, target, services, None, lambda call, asked: apis.from_inside(graph, tail, call.api, asked, call.part)
    )


def _ways(graph: Graph, target: Resource, services: Ranges, behind: Ranges | None, arrive: Arrive) -> Iterator[Walk]:
    if target.type not in (w.FUNCTION, *w.BALANCERS):
        return
    for call in _calls(graph, target):
        # A function has no port; a balancer may be asked about by the port on which the API calls it.
        own = _ports(graph, call) if target.type in w.BALANCERS else NOTHING
        walk = arrive(call, ALL_SERVICES if services & own else services)
        if not walk.over:
            walk = walk.along(*call.edges)
            walk = _connect(graph, walk, call, target, behind) if own else _invoke(graph, walk, call, target)
        yield walk
    gaps = unread_callers(graph, target)
    most = services if target.type in w.BALANCERS else services & apis.HTTPS
    if gaps and most:
        words = f"which APIs call {target.label} could not be read: {gaps[0].message}"
        yield Walk.asking(most, internet()).blur(Stop.at(target, "no-route", words), gaps)


def unread_callers(graph: Graph, target: Resource) -> tuple[Gap, ...]:
    """What may hide that an API calls the target: a list, or whose part something is, or what it calls."""
    gaps = [gap for cfn in _LISTS for gap in graph.gaps_for(cfn, target.region)]
    for cfn, relation in _LINKS:
        gaps += unread_links(graph, cfn, relation, target.region)
    return tuple(dict.fromkeys(gaps))


# ---- which parts of which APIs lead to a target


def _calls(graph: Graph, target: Resource) -> Iterator[Call]:
    for edges, method in _leading(graph, target, w.METHOD, w.REST_LINK):
        for edge, api in graph.heads(method, "part-of", w.REST_API):
            linked = method.known("Integration.ConnectionType") == "VPC_LINK"
            uri, role = str(method.known("Integration.Uri", "")), str(method.known("Integration.Credentials", ""))
            yield Call(api, method, (edge, *edges), uri, role, linked, method)
    for edges, integration in _leading(graph, target, w.INTEGRATION, ""):
        for route_edge, route in graph.tails(integration, "targets", w.ROUTE):
            for edge, api in graph.heads(route, "part-of", w.HTTP_API):
                linked = integration.known("ConnectionType") == "VPC_LINK"
                uri, role = str(integration.known("IntegrationUri", "")), str(integration.known("CredentialsArn", ""))
                yield Call(api, route, (edge, route_edge, *edges), uri, role, linked, integration)


def _leading(graph: Graph, target: Resource, cfn: str, link: str) -> Iterator[tuple[tuple[Edge, ...], Resource]]:
    """What names the target: itself, one of its listeners, or the link that leads to it; each once."""
    heads: list[tuple[tuple[Edge, ...], Resource]] = [((), target)]
    if target.type == w.BALANCER:
        heads += [((edge,), listener) for edge, listener in graph.tails(target, "part-of", w.LISTENER)]
    heads += [((edge,), each) for edge, each in (graph.tails(target, "targets", link) if link else ())]
    found: dict[str, tuple[tuple[Edge, ...], Resource]] = {}
    for above, head in heads:
        for edge, each in graph.tails(head, "targets", cfn):
            found.setdefault(each.key, ((edge, *above), each))
    yield from found.values()


# ---- a function is called


def _invoke(graph: Graph, walk: Walk, call: Call, function: Resource) -> Walk:
    lets = _lets(graph, call, function)
    stop = Stop.at(function, "not-permitted", lets.because)
    if lets.verdict == "kept":
        return walk.along(*lets.evidence)
    return walk.end(stop) if lets.verdict == "broken" else walk.blur(stop, lets.gaps)


def invoked(graph: Graph, function: Resource) -> Iterator[tuple[Call, Answer]]:
    """The methods and routes of APIs that call a function, and whether each may.

    In code a permission that refers to the API means it.
    """
    for call in _calls(graph, function):
        lets = _lets(graph, call, function)
        owned = graph.tails(function, "part-of", w.PERMISSION)
        if (
            lets.verdict != "kept"
            and not lets.gaps
            and not (call.role or _QUALIFIED.search(call.uri))  # which say of themselves why they are not known
            and any(symbolic.symbolic(name) for name in (*call.api.spoken, *function.spoken))
        ):
            lets = _lets_in_code(graph, call, [(edge, each) for edge, each in owned if _refers(each, call.api)], lets)
        yield call, lets


def _refers(permission: Resource, api: Resource) -> bool:
    """Whether a permission in code is one for the gateway, and refers to this API or to none."""
    said = {name: permission.known(name) for name in ("Principal", "Action", "Effect", "SourceArn")}
    source = said["SourceArn"]
    means = source is None or symbolic.refers(str(source), api.spoken)
    return means and said["Principal"] == _GATEWAY and said["Effect"] == "Allow" and said["Action"] in _CALLING


def _lets_in_code(graph: Graph, call: Call, meant: list[tuple[Edge, Resource]], lets: Answer) -> Answer:
    """Whether permissions that refer to the API mean this method on every stage; what names the API alone is taken for
    all of it, for not every reference says whether it is the ARN that is called."""
    begin = len(runs(call.api))
    tails = [arn[begin:] for stage in stages(graph, call.api) for arn in runs_of(call.api, call.part, stage, ["*"])]
    patterns = {edge: _tail(each, call.api) for edge, each in meant}
    found = [_best(symbolic.fits(each, tail) if each else True for each in patterns.values()) for tail in tails]
    verdicts: dict[bool, Verdict] = {True: "unknown", False: "broken"}
    verdict = "kept" if set(found) == {True} else verdicts[any(each is not False for each in found)]
    return replace(lets, verdict=verdict, evidence=tuple(patterns))


def _best(answers: Iterable[bool | None]) -> bool | None:
    known = set(answers)
    return True if True in known else None if None in known else False


def _tail(permission: Resource, api: Resource) -> str:
    """What a source says behind the API: stage, method and path."""
    source = str(permission.known("SourceArn") or "")
    return source[at:] if (at := symbolic.behind(source, api.spoken)) else ""


def _lets(graph: Graph, call: Call, function: Resource) -> Answer:
    """The function's own policy has to let API Gateway in, for this method; with a role it is the role that may."""
    if call.role:
        words = f"{named(call.part)} calls {function.label} as {call.role}, whose permissions are not evaluated"
        return Answer("unknown", because=words)
    if call.unread:
        return Answer.unseen("", None, *call.unread)
    alias = _QUALIFIED.search(call.uri)
    if alias:
        words = f"{named(call.part)} calls {alias[1]} of {function.label}, and policies of aliases are not read"
        return Answer("unknown", because=words)
    owned = policies_of_resource(graph, function)
    gaps = (*owned.gaps, *(graph.gaps_for(w.PERMISSION) if w.PERMISSION not in graph.inventory.asked else ()))
    gaps += unread_links(graph, w.PERMISSION, "part-of") + unread_parts([call.part])
    gaps += unread_links(graph, PARTS[call.api.type][0], "part-of")
    if gaps:
        return Answer.unseen("", None, *gaps)
    sources = [arn for stage in stages(graph, call.api) for arn in runs_of(call.api, call.part, stage, ["*"])]
    effects = {_permitted(owned.documents, function, call.api, arn) for arn in sources}
    words = f"no permission of {function.label} allows {named(call.part)} of {call.api.label} to invoke it"
    if effects == {"allow"}:
        edges = graph.tails(call.api, "permits", w.PERMISSION)
        owners = {each.key for _, each in graph.tails(function, "part-of", w.PERMISSION)}
        return Answer("kept", evidence=tuple(edge for edge, each in edges if each.key in owners))
    return Answer("unknown" if effects & {"allow", "depends"} else "broken", because=words)


def _permitted(documents: tuple[Named, ...], function: Resource, api: Resource, source: str) -> str:
    context = of_service(_GATEWAY, api.account).knowing({"aws:SourceArn": source})
    request = Request(Caller("service", _GATEWAY), "lambda:InvokeFunction", function.arn, context, function.account)
    return evaluate(request, Held(resource=documents)).effect


# ---- a balancer is connected to


def _connect(graph: Graph, walk: Walk, call: Call, balancer: Resource, behind: Ranges | None) -> Walk:
    ports = _ports(graph, call)
    listens, edges, gaps = listening(graph, balancer)
    wanted = listens if behind is None else listens & behind
    words = f"{balancer.label} listens on {service_words(wanted)}, and is called on {service_words(ports)}"
    if not ports & wanted:
        stop = Stop.at(balancer, "no-listener", words if wanted else f"{balancer.label} has no listener")
        return walk.blur(stop, gaps) if gaps else walk.end(stop)
    walk = walk.along(*edges)
    if call.unread:
        return walk.blur(Stop.at(balancer, "no-route", call.unread[0].message), call.unread)
    if not call.linked:
        return _publicly(graph, walk, balancer, ports)
    links = graph.heads(call.integration, "targets", w.HTTP_LINK, w.REST_LINK)
    if not links:
        gaps = graph.blind(call.integration, "targets")
        stop = Stop.at(balancer, "no-route", f"{named(call.part)} has no VPC link, or one that was not read")
        return walk.blur(stop, gaps) if gaps else walk.end(stop)
    edge, link = links[0]
    walk = walk.along(edge).by(f"VPC link {link.label}")
    walk = in_service(walk, link, "VpcLinkStatus" if link.type == w.HTTP_LINK else "Status", _CARRIES)
    if link.type == w.HTTP_LINK:
        return _over_link(graph, walk, link, balancer, ports)
    return _over_private_link(walk, balancer)


def _ports(graph: Graph, call: Call) -> Ranges:
    """The port of the listener that is named, else that of the address, else the one of its scheme."""
    for edge in call.edges:
        head = graph.resource(edge.head)
        if head and head.type == w.LISTENER and head.known("Port"):
            return service("tcp", int(head.known("Port")))
    address = urlsplit(call.uri)
    return service("tcp", address.port or (443 if address.scheme == "https" else 80))


def _publicly(graph: Graph, walk: Walk, balancer: Resource, ports: Ranges) -> Walk:
    """API Gateway calls under public addresses of its own, which AWS does not publish."""
    into = either([each for _, each in arriving(graph, balancer, ports, internet())])
    if not into.over and not internet() & FOUR <= into.low.addresses:
        words = f"the addresses from which API Gateway calls {balancer.label} are not known"
        into = into.blur(Stop.at(balancer, "group-rules", words))
    return carried(walk, into, balancer)


def _over_link(graph: Graph, walk: Walk, link: Resource, balancer: Resource, ports: Ranges) -> Walk:
    """Over interfaces of a link in subnets, which have groups like any other."""
    starts, gaps = spots(graph, link)
    nodes, more = spots(graph, balancer)
    hops = [between(graph, one, node, ports) for one in starts for node in nodes]
    if not hops:
        words = f"the subnets of {link.label} or {balancer.label} could not be read"
        return walk.blur(Stop.at(link, "outside", words), gaps + more)
    return carried(walk, either(hops), nodes[0])


def _over_private_link(walk: Walk, balancer: Resource) -> Walk:
    """Over AWS's own connection to a network balancer: no subnet's rules are met, and its groups by choice only."""
    groups, gaps = balancer.known("SecurityGroups"), hidden(balancer, "SecurityGroups")
    if (groups or gaps) and balancer.known("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic") != "off":
        words = f"the security groups of {balancer.label} may apply, and the addresses of API Gateway are not known"
        return walk.blur(Stop.at(balancer, "group-rules", words), gaps)
    return walk
