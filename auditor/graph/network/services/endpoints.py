"""From a place to one of AWS's services: through an endpoint of the network, or out to its public addresses.

What the name of the service resolves to decides. With private names an interface endpoint answers for the service,
and nothing else does; a gateway endpoint is a route for the service's addresses, and the longest prefix wins; without
either the packets go where those to the Internet go. Whether a policy lets a request through is another question
(`permits`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.access.held.identities import identity
from auditor.graph.access.held.resource_policies import policies_on
from auditor.graph.access.policy.documents import compiled, principals, statements
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.boxes import EVERYWHERE, FOUR, NOTHING, Traffic, internet, lines, service
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.network.ground.route_tables import Leg, router
from auditor.graph.network.ground.security_groups import EGRESS, covers
from auditor.graph.network.ground.words import Stop
from auditor.graph.network.packets.between import between
from auditor.graph.network.packets.outward import outbound
from auditor.graph.network.packets.walk import Walk, acl, either, group_out
from auditor.graph.network.services.services import BY_ROUTE
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_HTTPS, _PORTS = service("tcp", 443), service("tcp", 443) | service("tcp", 80)
_ROLES = ("AWS::IAM::Role",)


def to_service(graph: Graph, spot: Spot, name: str, services: Ranges) -> Walk:
    """What of `services` gets from a place to a service; the far ends are the place's own addresses."""
    asked = services & (_PORTS if name in BY_ROUTE else _HTTPS)
    here = spot.addresses or EVERYWHERE
    start = Walk(Traffic.box(asked, here), Traffic.box(asked, here))
    if not asked:
        everything = Walk(Traffic.box(services, here), Traffic.box(services, here))
        return everything.end(Stop("", "no-listener", f"{name} answers at 443 only"))
    unread = graph.gaps_for(w.ENDPOINT, spot.subnet.region)
    if unread:
        return start.blur(Stop(spot.network, "endpoint", "the endpoints of the network could not be read"), unread)
    ours = _endpoints(graph, spot, name)
    by_name = [each for each in ours if _kind(each) == "Interface" and answers_names(graph, each)]
    routed = [(each, leg) for each in ours if _kind(each) == "Gateway" for leg in _legs(graph, spot, each)]
    if by_name or routed:
        ways = [_interface(graph, start, spot, each, "its private name") for each in by_name]
        ways += [_gateway(graph, start, spot, each, leg, name) for each, leg in routed]
        return either(ways)
    others = [each for each in ours if _kind(each) == "Interface"]
    ways = [_interface(graph, start, spot, each, "its own name only") for each in others]
    return either([_public(graph, start, spot, name), *ways])


def _kind(endpoint: Resource) -> str:
    return str(endpoint.properties.get("VpcEndpointType", "Gateway"))


def _endpoints(graph: Graph, spot: Spot, name: str) -> list[Resource]:
    """The endpoints for a service in the network of a place."""
    if "endpoints" not in graph.memo:
        known: dict[tuple[str, str], list[Resource]] = {}
        for each in graph.of_type(w.ENDPOINT):
            called = str(each.properties.get("ServiceName", "")).split(".", 3)
            if called[:2] == ["com", "amazonaws"] and len(called) == 4:
                known.setdefault((str(each.properties.get("VpcId")), called[3]), []).append(each)
        graph.memo["endpoints"] = known
    found: list[Resource] = graph.memo["endpoints"].get((spot.network, name), [])
    return found


def answers_names(graph: Graph, endpoint: Resource) -> bool:
    """Whether the service's own name leads to the endpoint: it says so, and the network resolves names at all."""
    if not endpoint.properties.get("PrivateDnsEnabled"):
        return False
    network = net(graph).by_id.get(str(endpoint.properties.get("VpcId")))
    said = network.properties if network else {}
    return bool(said.get("EnableDnsSupport", True)) and said.get("EnableDnsHostnames") is not False


def _in_service(walk: Walk, endpoint: Resource) -> Walk:
    state = str(endpoint.properties.get("State", "available")).lower()
    return walk if state == "available" else walk.end(Stop(endpoint.key, "bad-state", f"{endpoint.label} is {state}"))


# --- the three ways --------------------------------------------------------------------------------------------------


def _interface(graph: Graph, walk: Walk, spot: Spot, endpoint: Resource, called: str) -> Walk:
    index = net(graph)
    walk = _in_service(walk, endpoint)
    own = [index.by_id[each] for each in endpoint.properties.get("NetworkInterfaceIds", ()) if each in index.by_id]
    places = [place for each in own for place in spots(graph, each)[0]] or spots(graph, endpoint)[0]
    edge = Edge(spot.subnet.key, "routes-to", endpoint.key, f"interface endpoint, under {called}")
    walk = walk.along(edge).by(f"interface endpoint {endpoint.label}, under {called}{policy_words(endpoint)}")
    if walk.over:
        return walk
    unread = hidden(endpoint, "SubnetIds", "SecurityGroupIds")
    if not places:
        stop = Stop(endpoint.key, "endpoint", f"where {endpoint.label} stands could not be read")
        return walk.blur(stop, unread) if unread else walk.end(replace(stop, say=f"{endpoint.label} is in no subnet"))
    hop = either([between(graph, spot, place, walk.high.services) for place in places])
    return _as(walk, hop, hop.low.services)


def _gateway(graph: Graph, walk: Walk, spot: Spot, endpoint: Resource, leg: Leg, name: str) -> Walk:
    """A route for the addresses of the service. Groups and ACLs still see those addresses."""
    walk = _in_service(walk, endpoint).along(*((leg.edge,) if leg.edge else ()))
    walk = walk.by(f"gateway endpoint {endpoint.label}{policy_words(endpoint)}")
    if not leg.alive:
        return walk.end(Stop(endpoint.key, "blackhole", f"{leg.words}: {w.REASONS['blackhole']}"))
    return _outwards(graph, walk, spot, leg.addresses or _addresses(graph, spot, name)[1], name)


def _outwards(graph: Graph, walk: Walk, spot: Spot, towards: Ranges, name: str) -> Walk:
    """Out of the place's groups and ACL, towards all addresses of the service."""
    if walk.over:
        return walk
    far = towards or internet() & FOUR
    start = Walk(Traffic.box(walk.high.services, far), Traffic.box(walk.high.services, far))
    named = _names_list(graph, spot, name)
    hop = start if named else group_out(graph, start, spot)
    hop = acl(graph, hop, spot.subnet, egress=True)
    found = _as(walk, hop, hop.low.for_all(far))
    if found.low or found.over or not hop.low:
        return found
    words = f"{spot.label} is let out to some addresses only, and those of {name} were not read"
    return replace(found, doubts=(*found.doubts, Stop(spot.key, "group-rules", words)))


def _public(graph: Graph, walk: Walk, spot: Spot, name: str) -> Walk:
    _, towards, _ = _addresses(graph, spot, name)
    far = towards or internet() & FOUR
    hop = outbound(graph, spot, walk.high.services, far)
    return _as(walk.by("no endpoint: out to its public addresses"), hop, hop.low.for_all(far))


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


def _addresses(graph: Graph, spot: Spot, name: str) -> tuple[Resource | None, Ranges, tuple[Gap, ...]]:
    """The prefix list of a service in the region, and its addresses, where they were read."""
    called = f"com.amazonaws.{spot.subnet.region}.{name}"
    for each in graph.of_type(w.PREFIXES):
        if each.properties.get("PrefixListName") == called:
            entries = each.properties.get("Entries", ())
            return each, lines(entry["Cidr"] for entry in entries), hidden(each, "Entries")
    return None, NOTHING, ()


def _names_list(graph: Graph, spot: Spot, name: str) -> bool:
    """Whether a group lets out to the service's own list, whatever is in it."""
    listed, known, _ = _addresses(graph, spot, name)
    if listed is None or known:
        return False
    by_id = net(graph).by_id
    rules = [rule for group in spot.groups if group in by_id for rule in by_id[group].properties.get(EGRESS, ())]
    return any(rule.get("DestinationPrefixListId") == listed.id and covers(rule, 443) for rule in rules)


def came_from(graph: Graph, spot: Spot, walk: Walk) -> Ranges:
    """The public addresses under which a place is seen outside: its own, or those of the NAT gateways it passed."""
    passed = [graph.resource(key) for edge in walk.edges for key in (edge.tail, edge.head)]
    gateways = [lines(each.properties.get("PublicIps", ())) for each in passed if each and each.type == w.NAT]
    return spot.public or Ranges.of(span for found in gateways for span in found.spans)


# --- the other answer: permitted -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a request would be let through: by the policy of the endpoint, and by all other policies."""

    action: str
    resource: str
    endpoint: Decision | None  # None: no endpoint on the way
    policies: Decision | None  # None: nobody knows who makes the request
    gaps: tuple[Gap, ...] = ()

    @property
    def effect(self) -> str:
        told = [each.effect for each in (self.endpoint, self.policies) if each is not None]
        for effect in ("deny", "no", "depends"):
            if effect in told:
                return "unknown" if effect in ("no", "depends") and self.gaps else effect
        return "unknown" if self.policies is None or self.gaps else "allow"


_ALL: tuple[Named, ...] = (("*", compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})),)


def taken(graph: Graph, path: tuple[Edge, ...]) -> Resource | None:
    """The endpoint that a path goes through."""
    found = (graph.resource(key) for edge in path for key in (edge.head, edge.tail))
    return next((each for each in found if each and each.type == w.ENDPOINT), None)


def permits(graph: Graph, endpoint: Resource | None, tail: Resource | None, action: str, arn: str) -> Permit:
    """What policies say of an action that a function or a machine asks for, over an endpoint or without one."""
    role = _role(graph, tail) if tail else None
    if role is None:
        return Permit(action, arn, None, None)
    who = identity(graph, role)
    context = who.context
    if endpoint is not None:
        more = {"aws:SourceVpce": endpoint.id, "aws:SourceVpc": str(endpoint.properties.get("VpcId", ""))}
        context = context.knowing(more)
    owned = policies_on(graph, arn)
    request = Request(who.caller, action, arn, context, owned.account)
    whole = evaluate(request, Held(who.held.identity, who.held.boundary, resource=owned.documents))
    gaps = who.gaps + owned.gaps
    if endpoint is None:
        return Permit(action, arn, None, whole, gaps)
    label = f"policy of {endpoint.label}"
    document = compiled(endpoint.properties.get("PolicyDocument"))
    # An account named there means everybody in it: as for the policy of another account's resource.
    door = evaluate(replace(request, account="endpoint"), Held(_ALL, resource=((label, document),)))
    if door.effect == "no":
        door = replace(door, because=f"the {label} allows no such request")
    return Permit(action, arn, door, whole, gaps + hidden(endpoint, "PolicyDocument"))


def _role(graph: Graph, tail: Resource) -> Resource | None:
    for _, head in graph.heads(tail, "acts-as"):
        if head.type in _ROLES:
            return head
        inner = [role for _, role in graph.heads(head) if role.type in _ROLES]
        if inner:
            return inner[0]
    return None


def policy_words(endpoint: Resource) -> str:
    """What an endpoint's policy is like, in a word."""
    if hidden(endpoint, "PolicyDocument"):
        return " (its policy was not read)"
    document = endpoint.properties.get("PolicyDocument")
    return "" if document is None or _open(document) else " (its policy admits only some requests)"


def _open(document: Any) -> bool:
    said = statements(document)
    everybody = [
        each
        for each in said
        if each.get("Effect") == "Allow"
        and not each.get("Condition")
        and "*" in each.get("Action", ())
        and "*" in each.get("Resource", ())
        and any(who == "*" for _, who in principals(each))
    ]
    return bool(everybody) and all(each.get("Effect") == "Allow" for each in said)
