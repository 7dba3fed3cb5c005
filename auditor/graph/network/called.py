"""From the clients of an API to what it calls: a function that permits it, or a balancer behind its link."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.graph.access.callers import Caller
from auditor.graph.access.evaluate import Held, Request, evaluate
from auditor.graph.access.known import of_service
from auditor.graph.access.owned import policies_of_resource
from auditor.graph.boxes import ALL_SERVICES, Traffic, service
from auditor.graph.build import Graph
from auditor.graph.network import words as w
from auditor.graph.network.balancers import carried
from auditor.graph.network.between import between
from auditor.graph.network.calls import Call, answering, calls_to
from auditor.graph.network.outward import unseen
from auditor.graph.network.places import spots
from auditor.graph.network.walk import Walk, either
from auditor.graph.network.words import Stop
from auditor.graph.space import Ranges
from auditor.model import Resource

_ANY = "GET/"  # some method and path; permissions are given to all of an API, or to one of them


def called(graph: Graph, target: Resource, services: Ranges, sources: Ranges, behind: Ranges | None) -> Iterator[Walk]:
    """The ways of clients to a thing, over every API that calls it."""
    for call in calls_to(graph, target):
        own = service("tcp", call.port) if call.port else ALL_SERVICES
        if behind is not None and not own & behind:
            continue
        wanted = ALL_SERVICES if services & own else services
        start = Walk(Traffic.box(wanted, sources), Traffic.box(wanted, sources))
        walk = answering(graph, start, call.api).along(*call.edges).by(call.words)
        yield walk if walk.over else _delivered(graph, walk, call, target, own)


def _delivered(graph: Graph, walk: Walk, call: Call, target: Resource, own: Ranges) -> Walk:
    """From an API to what it calls: by invocation, or over its link into the network."""
    if target.type == w.FUNCTION:
        return _invoking(graph, walk, call, target)
    if call.link is None:
        words = f"{call.api.label} names {target.label} without a link into its network"
        return walk.end(Stop(call.api.key, "no-route", words))
    state = str(call.link.properties.get("Status", "AVAILABLE"))
    if state != "AVAILABLE":
        return walk.end(Stop(call.link.key, "bad-state", f"VPC link {call.link.label} is {state}"))
    if call.link.type == w.REST_LINK:
        if not target.properties.get("SecurityGroups"):
            return walk
        words = f"whether the groups of {target.label} are asked for what comes over PrivateLink is not read"
        return walk.blur(Stop(target.key, "group-rules", words), unseen(graph, target.key, words))
    starts, places = spots(graph, call.link)[0], spots(graph, target)[0]
    if not starts or not places:
        words = f"where {call.link.label} and {target.label} stand could not be read"
        return walk.blur(Stop(call.link.key, "outside", words), unseen(graph, call.link.key, words))
    hops = [between(graph, one, place, own) for one in starts for place in places]
    return carried(walk, either(hops), places[0])


def _invoking(graph: Graph, walk: Walk, call: Call, function: Resource) -> Walk:
    """A function has to permit the API, unless the API calls it under a role of its own, which is not read."""
    owned = policies_of_resource(graph, function)
    name = "apigateway.amazonaws.com"
    context = of_service(name, call.api.account).knowing(
        {"aws:SourceArn": f"arn:aws:execute-api:{call.api.region}:{call.api.account}:{call.api.id}/stage/{_ANY}"}
    )
    request = Request(Caller("service", name), "lambda:InvokeFunction", function.arn, context, function.account)
    found = evaluate(request, Held(resource=owned.documents))
    if found.effect == "allow":
        return walk.by(f"function {function.label}, {found.because}")
    words = f"{function.label} does not permit {call.api.label} to invoke it ({found.because}); a role of the API may"
    return walk.blur(Stop(function.key, "not-permitted", words), owned.gaps or unseen(graph, function.key, words))
