"""What policies say of a request to one of AWS's services: the policy of the endpoint on its way, and all others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.access.held.acting import roles_of
from auditor.graph.access.held.identities import identity
from auditor.graph.access.held.resource_policies import policies_on
from auditor.graph.access.policy.documents import compiled, conditions_of, principals, statements
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden
from auditor.model import Edge, Gap, Resource


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a request would be let through: by the policy of the endpoint, and by all other policies."""

    action: str
    resource: str
    endpoint: Decision | None  # None: no endpoint on the way
    policies: Decision | None  # None: it is not known who makes the request
    gaps: tuple[Gap, ...] = ()

    @property
    def effect(self) -> str:
        effects = [each.effect for each in (self.endpoint, self.policies) if each is not None]
        for effect in ("deny", "no", "depends"):
            if effect in effects:
                return "unknown" if effect in ("no", "depends") and self.gaps else effect
        return "unknown" if self.policies is None or self.gaps else "allow"


_ALL: tuple[Named, ...] = (("*", compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})),)


def taken(graph: Graph, path: tuple[Edge, ...]) -> Resource | None:
    """The endpoint that a path goes through."""
    found = (graph.resource(key) for edge in path for key in (edge.head, edge.tail))
    return next((each for each in found if each and each.type == w.ENDPOINT), None)


def permits(graph: Graph, endpoint: Resource | None, tail: Resource | None, action: str, arn: str) -> Permit:
    """What policies say of an action that a function or a machine asks for, over an endpoint or without one."""
    roles = roles_of(graph, tail, action) if tail else []
    if not roles:
        return Permit(action, arn, None, None)
    who = identity(graph, roles[0][1])
    context = who.context
    if endpoint is not None:
        more = {"aws:SourceVpce": endpoint.id, "aws:SourceVpc": str(endpoint.known("VpcId", ""))}
        context = context.knowing(more)
    owned = policies_on(graph, arn)
    request = Request(who.caller, action, arn, context, owned.account)
    whole = evaluate(request, Held(who.held.identity, who.held.boundary, resource=owned.documents))
    gaps = who.gaps + owned.gaps
    if endpoint is None:
        return Permit(action, arn, None, whole, gaps)
    label = f"policy of {endpoint.label}"
    document = compiled(endpoint.known("PolicyDocument"))
    # An account named there means everybody in it: as for the policy of another account's resource.
    door = evaluate(replace(request, account="endpoint"), Held(_ALL, resource=((label, document),)))
    if door.effect == "no":
        door = replace(door, because=f"the {label} does not allow such a request")
    return Permit(action, arn, door, whole, gaps + hidden(endpoint, "PolicyDocument"))


def policy_words(endpoint: Resource) -> str:
    """What an endpoint's policy is like, in a word."""
    if hidden(endpoint, "PolicyDocument"):
        return " (its policy was not read)"
    document = endpoint.known("PolicyDocument")
    return "" if document is None or _open(document) else " (its policy allows only some requests)"


def _open(document: Any) -> bool:
    every = statements(document)
    everybody = [
        each
        for each in every
        if each.get("Effect") == "Allow"
        and not conditions_of(each)
        and "*" in each.get("Action", ())
        and "*" in each.get("Resource", ())
        and any(who == "*" for _, who in principals(each))
    ]
    return bool(everybody) and all(each.get("Effect") == "Allow" for each in every)
