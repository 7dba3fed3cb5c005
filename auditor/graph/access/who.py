"""Who can do something to something: every principal of the account, and everybody whom the resource's policy
lets in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from auditor.graph.access.becoming.rights import ROLE, USER
from auditor.graph.access.held.guardrails import NONE, UNLESS, Guardrails
from auditor.graph.access.held.identities import identity
from auditor.graph.access.held.public import is_public, openings
from auditor.graph.access.held.resource_policies import BUCKET, ResourcePolicies, policies_on
from auditor.graph.access.policy.callers import ANYBODY, Caller
from auditor.graph.access.policy.context import ANY, CHOSEN, clock
from auditor.graph.access.policy.documents import account_of, compiled
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.access.policy.known import of_service
from auditor.graph.build import Graph
from auditor.model import Gap, Resource

BLOCK = "AWS::S3::AccountPublicAccessBlock"
_SETTING = "RestrictPublicBuckets"
_ALL: Named = (
    "policies of that account",
    compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
)


class NotFound(Exception):
    """A name that no resource has, or that several have."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one principal is answered; `unknown` where a policy that was not read could decide otherwise.

    `unless` is what could still take a permission away, where that could not be read: the policies of the organization.
    """

    who: str
    kind: str
    answer: Literal["allow", "depends", "unknown", "deny", "no"]
    keys: tuple[str, ...]
    because: str
    gaps: tuple[Gap, ...] = ()
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An action on a resource, its policies, and what binds everybody who asks.

    `session` are the policies of a session: then the answer is about sessions of the roles that are under them.
    """

    action: str
    arn: str
    account: str
    owned: ResourcePolicies
    guard: Guardrails = NONE
    session: tuple[Named, ...] | None = None


def arn_of(graph: Graph, text: str) -> str:
    """The ARN that is meant: itself, or that of the one resource with this id or name (`bucket/key`: an object)."""
    if text.startswith("arn:") or text == "*":
        return text
    head, slash, rest = text.partition("/")
    for name, tail in ((text, ""), (head, slash + rest)):
        found = [each for each in graph.resources() if each.arn and name in (each.id, each.name, each.label)]
        found = [each for each in found if not tail or each.type == BUCKET]
        if len(found) == 1:
            return found[0].arn + tail
        if found:
            raise NotFound(f"{name!r} is {', '.join(sorted(each.arn for each in found))}: say which by its ARN")
    raise NotFound(f"no resource that was read is called {text!r}; name it by its ARN")


def who_can(
    graph: Graph, action: str, arn: str, guard: Guardrails = NONE, session: tuple[Named, ...] | None = None
) -> list[Reach]:
    """Everybody with an answer, those who can first."""
    owned = policies_on(graph, arn)
    account = owned.account or (account_of(arn) if account_of(arn).isdigit() else "")
    question = Question(action, arn, account, owned, guard, session)
    shut = restricted(graph, owned)
    found = [_principal_of_account(graph, each, question) for each in graph.of_type(ROLE, USER)]
    found += [_named_by_policy(door, question, shut) for door in dict.fromkeys(_callers_named(graph, owned, account))]
    out = [
        replace(each, answer="unknown", gaps=each.gaps or owned.gaps)
        if each.answer in ("no", "depends") and (each.gaps or (owned.gaps and each.answer == "no"))
        else each
        for each in found
    ]
    return sorted(out, key=lambda each: (_ORDER[each.answer], each.kind, each.who))


_ORDER = {"allow": 0, "depends": 1, "unknown": 2, "deny": 3, "no": 4}


def _principal_of_account(graph: Graph, principal: Resource, asked: Question) -> Reach:
    who = identity(graph, principal)
    request = Request(who.caller, asked.action, asked.arn, who.context, asked.account)
    held = Held(
        who.held.identity,
        who.held.boundary,
        asked.session if principal.type == ROLE else None,
        asked.owned.documents,
        asked.guard.scps,
        asked.guard.on_resources(asked.action),
    )
    decision = evaluate(request, held)
    return _reach_of(principal.key, who.caller, decision, asked.guard, who.gaps if decision.effect == "no" else ())


def _reach_of(who: str, caller: Caller, decision: Decision, guard: Guardrails, gaps: tuple[Gap, ...] = ()) -> Reach:
    open_ = guard.unread and not caller.linked and decision.effect in ("allow", "depends")
    kind = "account" if caller.kind == "root" else caller.kind
    answer, because = decision.effect, decision.because
    if answer == "depends" and decision.keys and all(key.lower() in CHOSEN for key in decision.keys):
        answer, because = "allow", f"{because}, which is for the caller to choose"
    return Reach(who, kind, answer, decision.keys, because, gaps, UNLESS if open_ else "")


def _callers_named(graph: Graph, owned: ResourcePolicies, account: str) -> Iterator[Caller]:
    """Everybody beyond the account's own principals whom the resource's policy names."""
    inside = {each.arn for each in graph.of_type(ROLE, USER)}
    for document in owned.raw:
        for opening in openings(document, account):
            if opening.kind == "public":
                yield ANYBODY
            elif opening.kind == "service":
                yield Caller("service", opening.who)
            elif opening.kind == "federated":
                yield Caller("federated", opening.who, opening.account)
            elif opening.kind == "account":
                root = opening.who.isdigit() or opening.who.endswith(":root")
                arn = f"arn:aws:iam::{opening.account}:root" if opening.who.isdigit() else opening.who
                yield Caller("root" if root else "user" if ":user/" in arn else "role", arn, opening.account)
            elif opening.who.startswith("arn:") and ":root" not in opening.who and opening.who not in inside:
                yield Caller("user" if ":user/" in opening.who else "role", opening.who, opening.account)


def _named_by_policy(caller: Caller, asked: Question, shut: str) -> Reach:
    account = asked.account
    if shut and caller.kind != "service" and caller.account != account:
        return Reach(caller.arn, caller.kind, "deny", (), shut)
    context = of_service(caller.arn, account) if caller.kind == "service" else ANY.knowing({**clock()})
    if caller.kind == "service":
        # Whose request the service makes is just what the policy has to ask.
        context = type(context)({key: value for key, value in context.values.items() if key != "aws:sourceaccount"})
    if caller.kind in ("user", "role", "root"):
        context = context.knowing({"aws:PrincipalArn": caller.arn, "aws:PrincipalAccount": caller.account})
    identity_side = (_ALL,) if caller.account and caller.account != account else ()
    rcps = asked.guard.on_resources(asked.action)
    held = Held(identity_side, resource=asked.owned.documents, rcps=rcps)
    decision = evaluate(Request(caller, asked.action, asked.arn, context, account), held)
    return _reach_of(caller.arn, caller, decision, asked.guard)


def restricted(graph: Graph, owned: ResourcePolicies) -> str:
    """Why S3 keeps a public policy from letting anybody in: RestrictPublicBuckets, on the bucket or on the account."""
    bucket = owned.resource
    if not bucket or bucket.type != BUCKET or not any(is_public(each, strict=True) for each in owned.raw):
        return ""
    on_bucket = _on(bucket)
    on_account = any(_on(each) for each in graph.of_type(BLOCK))
    if not (on_bucket or on_account):
        return ""
    return f"{_SETTING} is on for the {'bucket' if on_bucket else 'account'}, and the policy is public"


def _on(resource: Resource) -> bool:
    return bool((resource.properties.get("PublicAccessBlockConfiguration") or {}).get(_SETTING))
