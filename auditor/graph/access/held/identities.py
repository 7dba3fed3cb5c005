"""The identity-based policies of a principal: its own, those of its groups, its permissions boundary, and what was not
read of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.access.held.entries import entries
from auditor.graph.access.held.resource_policies import BUCKET, policies_on
from auditor.graph.access.policy.callers import Caller
from auditor.graph.access.policy.context import CHOSEN, TAG, Context
from auditor.graph.access.policy.documents import account_of, compiled
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate, must_trust
from auditor.graph.access.policy.known import fixed, of_principal, unread_tags
from auditor.graph.access.policy.unread import allowing, denying, is_unread
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Edge, Gap, Hidden, Resource
from auditor.resources.managed_policies import managed_policy

POLICY, GROUP = "AWS::IAM::ManagedPolicy", "AWS::IAM::Group"
# AWS: its managed policies that deny are meant to be attached for that, and their names say so.
_ONLY_ALLOWS = re.compile(r"::aws:policy/(?!.*(Deny|Quarantine|Boundary))")


@dataclass(frozen=True, slots=True)
class Policies:
    """The identity-based policies of a principal, each with the edge or place that brings it.

    `gaps` hide policies; `may_deny` says what kinds of those that were not read could hold an explicit denial.
    """

    documents: tuple[tuple[str, Any], ...]
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]
    may_deny: tuple[str, ...] = ()


def policies_of(graph: Graph, principal: Resource) -> Policies:
    """Inline and attached policies, a user's also through its groups; one that was not read is a gap."""
    own = [_inline(principal), _attached(graph, principal), _of_groups(graph, principal)]
    if principal.unread:
        own.append(Policies((), (), tuple(principal.unknown.values()), ("a policy",)))
    return Policies(
        tuple(each for part in own for each in part.documents),
        tuple(each for part in own for each in part.evidence),
        tuple(dict.fromkeys(each for part in own for each in part.gaps)),
        tuple(dict.fromkeys(each for part in own for each in part.may_deny)),
    )


def _inline(principal: Resource) -> Policies:
    documents, gaps = [], []
    for entry in entries(principal, "Policies"):
        if entry.gap:
            gaps.append(entry.gap)
        else:
            documents.append((f"inline policy {entry.value.get('PolicyName', '')}", entry.value.get("PolicyDocument")))
    return Policies(tuple(documents), (), tuple(gaps), ("an inline policy",) if gaps else ())


def _attached(graph: Graph, principal: Resource) -> Policies:
    held = graph.heads(principal, "holds", POLICY)
    documents, gaps, may_deny = [], [], False
    for _, policy in held:
        document = policy.at("PolicyDocument")
        if isinstance(document, Hidden):
            gaps.append(document.gap)
            may_deny = may_deny or not _ONLY_ALLOWS.search(policy.arn)
        else:
            documents.append((policy.label, None if document is ABSENT else document))
    if gap := principal.gap("ManagedPolicyArns"):
        gaps.append(gap)
        may_deny = True
    known = {text for _, policy in held for text in policy.spoken}
    unread = [arn for arn in principal.known("ManagedPolicyArns", []) if arn not in known]
    said = {arn: document for arn in unread if (document := managed_policy(str(arn))) is not None}
    documents += [(arn.rpartition("/")[2], document) for arn, document in said.items()]
    unread = [arn for arn in unread if arn not in said]
    if unread:
        # Without a failed call of its own this is a list that was never asked for, or a policy outside the account.
        gaps += graph.gaps_for(POLICY) or (_unread(principal, f"{', '.join(unread)} was not read"),)
        may_deny = may_deny or not all(_ONLY_ALLOWS.search(arn) for arn in unread)
    evidence = tuple(edge for edge, _ in held)
    return Policies(tuple(documents), evidence, tuple(gaps), ("an attached policy",) if may_deny else ())


def _of_groups(graph: Graph, principal: Resource) -> Policies:
    documents: list[tuple[str, Any]] = []
    evidence: list[Edge] = []
    gaps = [gap] if (gap := principal.gap("Groups")) else []
    if missing := {lost.value for lost in graph.dangling(principal, "part-of")}:
        gaps += graph.gaps_for(GROUP) or (_unread(principal, f"group {', '.join(sorted(missing))} was not read"),)
    may_deny = bool(gaps)
    for edge, group in graph.heads(principal, "part-of", GROUP):
        through = policies_of(graph, group)
        documents += [(f"{label} of group {group.label}", document) for label, document in through.documents]
        evidence += [edge, *through.evidence]
        gaps += through.gaps
        may_deny = may_deny or bool(through.may_deny)
    return Policies(tuple(documents), tuple(evidence), tuple(gaps), ("a policy of a group",) if may_deny else ())


def _unread(principal: Resource, message: str) -> Gap:
    return Gap(
        principal.account, principal.region, "iam", "get_account_authorization_details",
        "iam:GetAccountAuthorizationDetails", "unresolved", (POLICY,), message, principal.key,
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class Identity:
    """A principal, ready to be asked. `family` is equal for those of whom every answer is the same.

    `gaps` are all that was not read of its policies, `hidden` those of them that may hide a permission: a boundary
    gives none. What unread policies may deny is part of `held`. `state` says what it, or who makes it, would have
    changed before: nothing where it is as it was read.
    """

    principal: Resource
    caller: Caller
    context: Context
    held: Held
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]
    hidden: tuple[Gap, ...]
    family: tuple[object, ...]
    state: str = ""

    @property
    def key(self) -> str:
        return self.principal.key + self.state

    def tagging(self, state: str) -> Identity:
        """The same principal with tags of its own choice."""
        family = (*self.family[:-1], "tagged", self.family[-1])
        return replace(self, context=self.context.tagging(), family=family, state=f"{self.state} {state}")

    def holding(self, held: Held, state: str) -> Identity:
        """The same principal with other policies."""
        family = _family(self.principal, held)
        if self.context.own_tags:
            family = (*family[:-1], "tagged", family[-1])
        caller = replace(self.caller, bounded=held.boundary is not None)
        return replace(self, caller=caller, held=held, family=family, state=f"{self.state} {state}")


def identity(graph: Graph, principal: Resource) -> Identity:
    """The principal with everything that it holds; put together once for a graph."""
    cache = graph.once(_identities)
    if principal.key not in cache:
        cache[principal.key] = _read_identity(graph, principal)
    return cache[principal.key]


def _identities(graph: Graph) -> dict[str, Identity]:
    return {}


def _read_identity(graph: Graph, principal: Resource) -> Identity:
    policies = policies_of(graph, principal)
    named = tuple((what, denying(what)) for what in policies.may_deny)
    named += tuple((label, compiled(document)) for label, document in policies.documents)
    boundary, gaps = _boundary(graph, principal)
    held = Held(named, boundary)
    caller, context = Caller.of(principal), of_principal(principal)
    everything = policies.gaps + gaps
    family = _family(principal, held)
    return Identity(principal, caller, context, held, policies.evidence, everything, policies.gaps, family)


def _family(principal: Resource, held: Held) -> tuple[object, ...]:
    documents = tuple(dict.fromkeys(id(document) for _, document in held.identity))
    limits = tuple(id(document) for _, document in held.boundary or ())
    personal = any(document.personal for _, document in (*held.identity, *(held.boundary or ())))
    own = principal.key if personal else ""
    return documents, limits, held.boundary is None, principal.type, principal.account, own


def made(principal: Resource, held: Held, state: str) -> Identity:
    """A principal that somebody would have made, which no answer tells of."""
    family = _family(principal, held)
    return Identity(principal, Caller.of(principal), of_principal(principal), held, (), (), (), family, state)


def _boundary(graph: Graph, principal: Resource) -> tuple[tuple[Named, ...] | None, tuple[Gap, ...]]:
    """The permissions boundary; one that was not read limits in a way that is not known."""
    what = "the permissions boundary"
    arn = principal.at("PermissionsBoundary")
    unread = ((what, allowing(what)), (what, denying(what)))
    if isinstance(arn, Hidden):
        return unread, (arn.gap,)
    if not arn:
        return None, ()
    found = graph.heads(principal, "applies", POLICY)
    if not found:
        gap = _unread(principal, f"the permissions boundary {arn} was not read")
        return unread, (gap,)
    boundary: list[Named] = []
    gaps: list[Gap] = []
    for _, policy in found:
        document = policy.at("PolicyDocument")
        if isinstance(document, Hidden):
            gaps.append(document.gap)
            boundary += unread
        else:
            boundary.append((f"boundary {policy.label}", compiled(document)))
    return tuple(boundary), tuple(gaps)


def may(graph: Graph, principal: Resource, action: str, resource: str) -> Answer:
    """Whether a principal is allowed an action on a resource (ARN, or nothing for any), by all policies that were read.

    What depends on the request counts as allowed, and says on which keys, but those that the caller sets as it pleases.
    The policies of an organization are not asked: ARCHITECTURE.md says why. What policies that were not read could
    allow or deny makes `unknown`, unless what was read decides: an explicit denial, or nothing unread that could allow.
    """
    found = identity(graph, principal)
    expected = f"{principal.label} may {action} on {resource or 'something'}"
    owned = policies_on(graph, resource)
    account = owned.account or account_of(resource)
    account = account if account.isdigit() else ""
    bucket = owned.resource.region if owned.resource and owned.resource.type == BUCKET else ""
    context = found.context.knowing(fixed(action, resource, bucket, account))
    request = Request(found.caller, action, resource or "*", context, account)
    held = Held(found.held.identity, found.held.boundary, resource=owned.documents)
    decision = evaluate(request, held)
    gaps = tuple(dict.fromkeys((*found.gaps, *owned.gaps)))
    if any(is_unread(key) for key in decision.keys):
        return Answer.unseen("", expected, *gaps, because=decision.because)
    tags = unread_tags(principal)
    if tags and any(key.lower().startswith(TAG) for key in decision.keys):
        return Answer.unseen("", expected, *tags, because=decision.because)
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
    hidden = tuple(dict.fromkeys((*found.hidden, *owned.gaps)))
    if must_trust(action) and not owned.documents and not gaps:
        words = f"the policy of {resource or 'the resource'} was not read, and it has to allow the action too"
        hidden = (_unread(principal, words),)
    if hidden and decision.effect != "deny":
        return Answer.unseen("", expected, *hidden)
    because = "denied explicitly" if decision.effect == "deny" else decision.because
    return Answer("broken", expected=expected, actual=because, because=because, evidence=found.evidence)
