"""Who can do something to something: every principal of the account, and everybody whom the resource's policy
lets in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.graph.access.callers import ANYBODY, Caller
from auditor.graph.access.context import ANY, clock, of_service
from auditor.graph.access.documents import account_of, compiled
from auditor.graph.access.evaluate import Decision, Held, Named, Request, evaluate
from auditor.graph.access.held import identity
from auditor.graph.access.owned import BUCKET, Owned, policies_on
from auditor.graph.access.powers import ROLE, USER
from auditor.graph.access.public import is_public, openings
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
    """What one principal is answered; `unknown` where a policy that was not read could decide otherwise."""

    who: str
    kind: str
    answer: Literal["allow", "depends", "unknown", "deny", "no"]
    keys: tuple[str, ...]
    because: str
    gaps: tuple[Gap, ...] = ()


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


def who_can(graph: Graph, action: str, arn: str) -> list[Reach]:
    """Everybody with an answer, those who can first."""
    owned = policies_on(graph, arn)
    account = owned.account or (account_of(arn) if account_of(arn).isdigit() else "")
    gaps = owned.gaps
    shut = restricted(graph, owned)
    found = [_inside(graph, each, action, arn, account, owned) for each in graph.of_type(ROLE, USER)]
    found += [
        _outside(door, action, arn, account, owned, shut) for door in dict.fromkeys(_doors(graph, owned, account))
    ]
    out = [
        Reach(each.who, each.kind, "unknown", each.keys, each.because, each.gaps or gaps)
        if each.answer in ("no", "depends") and (each.gaps or (gaps and each.answer == "no"))
        else each
        for each in found
    ]
    return sorted(out, key=lambda each: (_ORDER[each.answer], each.kind, each.who))


_ORDER = {"allow": 0, "depends": 1, "unknown": 2, "deny": 3, "no": 4}


def _inside(graph: Graph, principal: Resource, action: str, arn: str, account: str, owned: Owned) -> Reach:
    who = identity(graph, principal)
    request = Request(who.caller, action, arn, who.context, account)
    decision = evaluate(request, Held(who.held.identity, who.held.boundary, resource=owned.documents))
    return _told(principal.key, who.caller.kind, decision, who.gaps if decision.effect == "no" else ())


def _told(who: str, kind: str, decision: Decision, gaps: tuple[Gap, ...] = ()) -> Reach:
    return Reach(who, kind, decision.effect, decision.keys, decision.because, gaps)


def _doors(graph: Graph, owned: Owned, account: str) -> Iterator[Caller]:
    """Everybody beyond the account's own principals whom the resource's policy names."""
    inside = {each.arn for each in graph.of_type(ROLE, USER)}
    for document in owned.raw:
        for opening in openings(document, account):
            if opening.door == "public":
                yield ANYBODY
            elif opening.door == "service":
                yield Caller("service", opening.who)
            elif opening.door == "federated":
                yield Caller("federated", opening.who, opening.account)
            elif opening.door == "account":
                root = opening.who.isdigit() or opening.who.endswith(":root")
                arn = f"arn:aws:iam::{opening.account}:root" if opening.who.isdigit() else opening.who
                yield Caller("root" if root else "user" if ":user/" in arn else "role", arn, opening.account)
            elif opening.who.startswith("arn:") and ":root" not in opening.who and opening.who not in inside:
                yield Caller("user" if ":user/" in opening.who else "role", opening.who, opening.account)


def _outside(caller: Caller, action: str, arn: str, account: str, owned: Owned, restricted: str) -> Reach:
    if restricted and caller.kind != "service" and caller.account != account:
        return Reach(caller.arn, caller.kind, "deny", (), restricted)
    context = of_service(caller.arn, account) if caller.kind == "service" else ANY.knowing({**clock()})
    if caller.kind == "service":
        # Whose request the service makes is just what the policy has to ask.
        context = type(context)({key: value for key, value in context.values.items() if key != "aws:sourceaccount"})
    if caller.kind in ("user", "role", "root"):
        context = context.knowing({"aws:PrincipalArn": caller.arn, "aws:PrincipalAccount": caller.account})
    identity_side = (_ALL,) if caller.account and caller.account != account else ()
    decision = evaluate(Request(caller, action, arn, context, account), Held(identity_side, resource=owned.documents))
    return _told(caller.arn, "account" if caller.kind == "root" else caller.kind, decision)


def restricted(graph: Graph, owned: Owned) -> str:
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
