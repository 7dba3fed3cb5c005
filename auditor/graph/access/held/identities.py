"""What a principal of the account holds: its own policies, those of its groups, its boundary, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from auditor.graph.access.held.resource_policies import policies_on
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.context import CHOSEN, Context
from auditor.graph.access.policy.documents import account_of, compiled
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate, must_trust
from auditor.graph.access.policy.known import of_principal
from auditor.graph.build import Graph
from auditor.model import Answer, Edge, Gap, Resource, paths

POLICY, GROUP = "AWS::IAM::ManagedPolicy", "AWS::IAM::Group"


@dataclass(frozen=True, slots=True)
class Policies:
    """The identity policies of a principal, each with the edge or place that brings it."""

    documents: tuple[tuple[str, Any], ...]
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]


def policies_of(graph: Graph, principal: Resource) -> Policies:
    """Inline and attached policies, a user's also through its groups; an attached one that was not read is a gap."""
    documents = [
        (f"inline policy {entry.get('PolicyName', '')}", entry.get("PolicyDocument"))
        for entry in principal.properties.get("Policies", [])
    ]
    held = graph.heads(principal, "holds", POLICY)
    documents += [(policy.label, policy.properties.get("PolicyDocument")) for _, policy in held]
    gaps = [gap for name in ("Policies", "ManagedPolicyArns") if (gap := paths.hidden(principal.unknown, name))]
    gaps += [gap for _, policy in held if (gap := paths.hidden(policy.unknown, "PolicyDocument"))]
    known = {text for _, policy in held for text in policy.spoken}
    unread = [arn for arn in principal.properties.get("ManagedPolicyArns", []) if arn not in known]
    if unread:
        # Without a failed call of its own this is a list that was never asked for, or a policy outside the account.
        gaps += graph.gaps_for(POLICY) or (_unread(principal, f"{', '.join(unread)} was not read"),)
    gaps += principal.unknown.values() if not principal.properties else ()
    evidence = [edge for edge, _ in held]
    for edge, group in graph.heads(principal, "part-of", GROUP):
        through = policies_of(graph, group)
        documents += [(f"{label} of group {group.label}", document) for label, document in through.documents]
        evidence += [edge, *through.evidence]
        gaps += through.gaps
    if missing := {lost.value for lost in graph.dangling(principal, "part-of")}:
        gaps += graph.gaps_for(GROUP) or (_unread(principal, f"group {', '.join(sorted(missing))} was not read"),)
    return Policies(tuple(documents), tuple(evidence), tuple(dict.fromkeys(gaps)))


def _unread(principal: Resource, message: str) -> Gap:
    return Gap(
        principal.account, principal.region, "iam", "get_account_authorization_details",
        "iam:GetAccountAuthorizationDetails", "unresolved", (POLICY,), message, principal.key,
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class Identity:
    """A principal, ready to be asked. `family` is equal for those of whom every answer is the same."""

    principal: Resource
    caller: Caller
    context: Context
    held: Held
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]
    family: tuple[object, ...]


_KNOWN: WeakKeyDictionary[Graph, dict[str, Identity]] = WeakKeyDictionary()


def identity(graph: Graph, principal: Resource) -> Identity:
    """The principal with everything that it holds; put together once for a graph."""
    cache = _KNOWN.setdefault(graph, {})
    if principal.key not in cache:
        cache[principal.key] = _read_identity(graph, principal)
    return cache[principal.key]


def _read_identity(graph: Graph, principal: Resource) -> Identity:
    policies = policies_of(graph, principal)
    named = tuple((label, compiled(document)) for label, document in policies.documents)
    boundary, gaps = _boundary(graph, principal)
    documents = tuple(dict.fromkeys(id(document) for _, document in named))
    limits = tuple(id(document) for _, document in boundary or ())
    personal = any(document.personal for _, document in (*named, *(boundary or ())))
    family = (documents, limits, boundary is None, principal.type, principal.key if personal else "")
    caller = Caller.of(principal)
    held = Held(named, boundary)
    return Identity(principal, caller, of_principal(principal), held, policies.evidence, policies.gaps + gaps, family)


def _boundary(graph: Graph, principal: Resource) -> tuple[tuple[Named, ...] | None, tuple[Gap, ...]]:
    """The permissions boundary; one that was not read limits in a way that is not known, so that it is a gap."""
    arn = principal.properties.get("PermissionsBoundary")
    if not arn:
        hidden = paths.hidden(principal.unknown, "PermissionsBoundary")
        return None, (hidden,) if hidden else ()
    found = graph.heads(principal, "applies", POLICY)
    if not found:
        return None, (_unread(principal, f"the permissions boundary {arn} was not read"),)
    return tuple(
        (f"boundary {policy.label}", compiled(policy.properties.get("PolicyDocument"))) for _, policy in found
    ), ()


def may(graph: Graph, principal: Resource, action: str, resource: str) -> Answer:
    """Whether a principal is allowed an action on a resource (ARN, or nothing for any), by all policies that were read.

    What depends on the request counts as allowed, and says on which keys, but those that the caller sets as it pleases.
    The policies of an organization are not asked: ARCHITECTURE.md says why. A policy that was not read makes `unknown`
    of a refusal only, because what was read has then not decided.
    """
    found = identity(graph, principal)
    expected = f"{principal.label} may {action} on {resource or 'something'}"
    owned = policies_on(graph, resource)
    account = owned.account or account_of(resource)
    account = account if account.isdigit() else ""
    request = Request(found.caller, action, resource or "*", found.context, account)
    held = Held(found.held.identity, found.held.boundary, resource=owned.documents)
    decision = evaluate(request, held)
    gaps = (*found.gaps, *owned.gaps)
    if must_trust(action) and not owned.documents and not gaps:
        gaps = (_unread(principal, f"the policy of {resource or 'the resource'} was not read, and it has to agree"),)
    if decision.effect in ("allow", "depends"):
        depends = tuple(key for key in decision.keys if key.lower() not in CHOSEN)
        because = "allowed under conditions" if depends else "allowed"
        keys = f": {', '.join(depends)}" if depends else ""
        return Answer(
            "kept",
            expected=expected,
            actual=because,
            because=because + keys,
            evidence=found.evidence,
            depends=depends,
        )
    if gaps and decision.effect != "deny":
        return Answer("unknown", expected=expected, because=gaps[0].message, gaps=tuple(dict.fromkeys(gaps)))
    because = "denied explicitly" if decision.effect == "deny" else decision.because
    return Answer("broken", expected=expected, actual=because, because=because, evidence=found.evidence)
