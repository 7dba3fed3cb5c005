"""Who can do something to something: every principal of the account, and everybody whom the resource's policy
lets in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from auditor.graph.access.becoming.rights import ROLE, USER
from auditor.graph.access.held.guardrails import NONE, UNLESS, Guardrails
from auditor.graph.access.held.identities import identity
from auditor.graph.access.held.public import is_public, openings
from auditor.graph.access.held.resource_policies import BUCKET, BUCKET_POLICY, ResourcePolicies, policies_on
from auditor.graph.access.policy.callers import ANYBODY, Caller
from auditor.graph.access.policy.context import ANY, CHOSEN, Values, clock
from auditor.graph.access.policy.documents import account_of, compiled
from auditor.graph.access.policy.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.access.policy.known import fixed, of_service, partition_of
from auditor.graph.access.policy.unread import is_unread
from auditor.graph.build import Graph
from auditor.model import Gap, Resource

BLOCK = "AWS::S3::AccountPublicAccessBlock"
_SETTING = "RestrictPublicBuckets"
_BUCKET = re.compile(r"arn:aws[a-z-]*:s3:::")
_ALL: Named = (
    "policies of that account",
    compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
)


class NotFound(Exception):
    """A name that no resource has, or that several have."""


Outcome = Literal["allow", "depends", "unknown", "deny", "no"]


@dataclass(frozen=True, slots=True)
class Reach:
    """The answer for one principal; `unknown` where a policy that was not read could decide otherwise.

    `unless` is what could still take a permission away, where that could not be read: the policies of the organization.
    """

    who: str
    kind: str
    answer: Outcome
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

    @property
    def fixed(self) -> Values:
        """What the resource fixes of a request."""
        bucket = self.owned.resource if self.owned.resource and self.owned.resource.type == BUCKET else None
        region, own = (
            bucket.region if bucket else "",
            self.guard.about(self.account).organization if self.owned.resource else "",
        )
        return fixed(self.action, self.arn, region, self.account, own)

    @property
    def chosen(self) -> frozenset[str]:
        """What whoever asks sets as it pleases: the region is where a bucket is, also where that was not read."""
        return CHOSEN - {"aws:requestedregion"} if _BUCKET.match(self.arn) else CHOSEN


def arn_of(graph: Graph, text: str, action: str = "") -> str:
    """The ARN that is meant: itself, or that of the one resource with this id or name (`bucket/key`: an object).

    Of several with that name it is the one that the action is about: iam:PassRole is done to a role.
    """
    if text.startswith("arn:") or text == "*":
        return text
    head, slash, rest = text.partition("/")
    for name, tail in ((text, ""), (head, slash + rest)):
        found = [each for each in graph.resources() if each.arn and name in (each.id, each.name, each.label)]
        found = [each for each in found if not tail or each.type == BUCKET]
        found = _about(found, action) if len(found) > 1 else found
        if len(found) == 1:
            return found[0].arn + tail
        if found:
            arns = ", ".join(sorted(each.arn for each in found))
            raise NotFound(f"{name!r} is the name of several resources ({arns}); specify the ARN of one")
    raise NotFound(f"no resource named {text!r} was found; specify its ARN")


def _about(found: list[Resource], action: str) -> list[Resource]:
    service, _, name = action.partition(":")
    own = [each for each in found if each.arn.split(":")[2] == service] or found
    nouns = [each for each in own if each.type.rpartition("::")[2].lower() in name.lower()]
    return nouns or own


def who_can(
    graph: Graph, action: str, arn: str, guard: Guardrails = NONE, session: tuple[Named, ...] | None = None
) -> list[Reach]:
    """Everybody with an answer, those who can first."""
    owned = policies_on(graph, arn)
    account = owned.account or (account_of(arn) if account_of(arn).isdigit() else "")
    question = Question(action, arn, account, owned, guard, session)
    public = restriction(graph, owned)
    found = [_principal_read(graph, each, question, public) for each in graph.of_type(ROLE, USER)]
    callers = dict.fromkeys(_callers_named(graph, owned, account))
    if owned.gaps:
        callers[ANYBODY] = None  # whom a policy that was not read may name
    found += [_named_by_policy(caller, question, public) for caller in callers]
    out = [
        replace(each, answer="unknown", gaps=each.gaps or owned.gaps)
        if each.answer in ("no", "depends") and (each.gaps or (owned.gaps and each.answer == "no"))
        else each
        for each in found
    ]
    return sorted(out, key=lambda each: (_ORDER[each.answer], each.kind, each.who))


_ORDER = {"allow": 0, "depends": 1, "unknown": 2, "deny": 3, "no": 4}


def _principal_read(graph: Graph, principal: Resource, asked: Question, public: Restriction) -> Reach:
    who = identity(graph, principal)
    guard = asked.guard.between(principal.account, asked.account)
    context = who.context.knowing({**guard.member(), **asked.fixed})
    request = Request(who.caller, asked.action, asked.arn, context, asked.account)
    held = Held(
        who.held.identity,
        who.held.boundary,
        asked.session if principal.type == ROLE else None,
        asked.owned.documents,
        guard.scps,
        guard.on_resources(asked.action),
    )
    decision = evaluate(request, held)
    found = _reach_of(principal.key, who.caller, decision, asked, who.hidden if decision.effect == "no" else who.gaps)
    return found if request.same_account else public.on(found)


def _reach_of(who: str, caller: Caller, decision: Decision, asked: Question, gaps: tuple[Gap, ...] = ()) -> Reach:
    unread = asked.guard.between(caller.account, asked.account).unread
    open_ = unread and not caller.linked and decision.effect in ("allow", "depends")
    kind = "account" if caller.kind == "root" else caller.kind
    answer: Outcome = decision.effect
    because = decision.because
    if any(is_unread(key) for key in decision.keys):
        hiding = tuple(dict.fromkeys((*gaps, *asked.owned.gaps)))
        return Reach(who, kind, "unknown", decision.keys, because, hiding)
    if answer == "depends" and decision.keys and all(key.lower() in asked.chosen for key in decision.keys):
        answer, because = "allow", f"{because}, which the caller chooses"
    gaps = gaps if answer == "no" else ()
    return Reach(who, kind, answer, decision.keys, because, gaps, UNLESS if open_ else "")


def _callers_named(graph: Graph, owned: ResourcePolicies, account: str) -> Iterator[Caller]:
    """Everybody beyond the principals that were read whom the resource's policy names; an account that was read is each
    of its principals."""
    inside = {each.arn for each in graph.of_type(ROLE, USER)}
    partition = partition_of(owned.resource.arn if owned.resource else "")
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
                arn = f"arn:{partition}:iam::{opening.account}:root" if opening.who.isdigit() else opening.who
                if arn not in inside and not (root and opening.account in graph.inventory.accounts):
                    yield Caller("root" if root else "user" if ":user/" in arn else "role", arn, opening.account)
            elif opening.who.startswith("arn:") and ":root" not in opening.who and opening.who not in inside:
                yield Caller("user" if ":user/" in opening.who else "role", opening.who, opening.account)


def _named_by_policy(caller: Caller, asked: Question, public: Restriction) -> Reach:
    account = asked.account
    limited = caller.kind != "service" and caller.account != account
    context = of_service(caller.arn, account) if caller.kind == "service" else ANY.knowing({**clock()})
    if caller.kind == "service":
        # Whose request the service makes is just what the policy has to ask.
        context = type(context)({key: value for key, value in context.values.items() if key != "aws:sourceaccount"})
    if caller.kind in ("user", "role", "root"):
        context = context.knowing({"aws:PrincipalArn": caller.arn, "aws:PrincipalAccount": caller.account})
    context = context.knowing(asked.fixed)
    identity_side = (_ALL,) if caller.account and caller.account != account else ()
    rcps = asked.guard.about(account).on_resources(asked.action)
    held = Held(identity_side, resource=asked.owned.documents, rcps=rcps)
    decision = evaluate(Request(caller, asked.action, asked.arn, context, account), held)
    found = _reach_of(caller.arn, caller, decision, asked)
    return public.on(found) if limited else found


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why S3 lets nobody from outside in by a public policy (empty: it does), and what of that could not be read."""

    because: str = ""
    gaps: tuple[Gap, ...] = ()

    def on(self, found: Reach) -> Reach:
        """The answer for somebody from another account."""
        if self.because:
            return Reach(found.who, found.kind, "deny", (), self.because)
        if self.gaps and found.answer in ("allow", "depends"):
            return replace(found, answer="unknown", gaps=self.gaps, unless="")
        return found


def restriction(graph: Graph, owned: ResourcePolicies) -> Restriction:
    """RestrictPublicBuckets, on the bucket or on the account: one that is certainly on decides.

    AWS: it asks whether the bucket policy is public; an access control list is for the two settings beside it.
    """
    bucket = owned.resource
    if not bucket or bucket.type != BUCKET:
        return Restriction()
    policies = [policy.known("PolicyDocument") for _, policy in graph.tails(bucket, "attached-to", BUCKET_POLICY)]
    if not any(is_public(each, strict=True) for each in policies):
        return Restriction()
    accounts = [each for each in graph.of_type(BLOCK) if each.account == bucket.account]
    for each in (bucket, *accounts):
        if _restricts(each):
            noun = "bucket" if each is bucket else "account"
            return Restriction(f"{_SETTING} is on for the {noun}, and the policy is public")
    unread = [gap for each in (bucket, *accounts) if (gap := each.gap("PublicAccessBlockConfiguration"))]
    unread += graph.gaps_for(BLOCK) if BLOCK in graph.inventory.asked else ()
    return Restriction(gaps=tuple(unread))


def restricted(graph: Graph, owned: ResourcePolicies) -> str:
    """Why S3 certainly keeps a public policy from letting anybody in; empty where that is not certain."""
    return restriction(graph, owned).because


def _restricts(resource: Resource) -> bool:
    return bool(resource.known("PublicAccessBlockConfiguration", {}).get(_SETTING))
