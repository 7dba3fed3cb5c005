"""Who comes into a role from outside of the account's own roles and users: other accounts, everybody, and people of
identity providers (GitHub, SAML, IAM Identity Center)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.access.held.public import Opening, openings
from auditor.graph.access.policy.callers import ANYBODY, Caller
from auditor.graph.access.policy.conditions import many
from auditor.graph.access.policy.context import ANY, clock
from auditor.graph.access.policy.documents import compiled, conditions_of
from auditor.graph.access.policy.evaluate import Held, Named, Request, evaluate
from auditor.model import Resource

_ACTIONS = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
_OWN_SIDE: Named = (
    "policies of that account",
    compiled({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Somebody from outside whom a trust policy lets in, and the condition that it asks."""

    who: str
    kind: str
    sentence: str
    condition: Mapping[str, Any]


def entrances(role: Resource, guard: Guardrails = NONE) -> list[Entrance]:
    """Everybody from outside whom the trust policy of a role lets in, as far as it was read; services apart."""
    document = role.known("AssumeRolePolicyDocument")
    trust = ((f"trust of {role.label}", compiled(document)),)
    found = [
        Entrance(each.who, each.kind, _sentence(each), conditions_of(each.statement))
        for each in openings(document, role.account)
        if each.kind in ("public", "account", "federated") and _lets_in(each, role, trust, guard)
    ]
    return list({(each.who, each.sentence): each for each in found}.values())


def _lets_in(opening: Opening, role: Resource, trust: tuple[Named, ...], guard: Guardrails) -> bool:
    """Whether the whole policy, denials and the organization's policies on resources too, may let it in."""
    statement = compiled({"Statement": [{**opening.statement, "Effect": "Allow"}]})
    for action in _ACTIONS:
        if not any(clause.acts(action.lower()) for clause in statement.clauses):
            continue
        for caller in _callers(opening):
            context = ANY.knowing({**clock()})
            if caller.account and caller.kind != "federated":
                context = context.knowing({"aws:PrincipalArn": caller.arn, "aws:PrincipalAccount": caller.account})
            held = Held((_OWN_SIDE,), resource=trust, rcps=guard.about(role.account).on_resources(action))
            decision = evaluate(Request(caller, action, role.arn, context, role.account), held)
            if decision.effect in ("allow", "depends"):
                return True
    return False


def _callers(opening: Opening) -> Iterator[Caller]:
    if opening.kind == "public":
        yield ANYBODY
    elif opening.kind == "federated":
        yield Caller("federated", opening.who, opening.account)
    elif opening.who.isdigit() or opening.who.endswith(":root"):
        yield Caller("root", f"arn:aws:iam::{opening.account}:root", opening.account)
    else:
        yield Caller("user" if ":user/" in opening.who else "role", opening.who, opening.account)


def _sentence(opening: Opening) -> str:
    """With the values of the keys that pin it down: it is them that name a repository."""
    values = [
        f"{key} = {', '.join(many(wanted))}"
        for keys in conditions_of(opening.statement).values()
        if isinstance(keys, Mapping)
        for key, wanted in keys.items()
        if key in opening.keys
    ]
    return f"{opening.sentence}{' (' + '; '.join(values) + ')' if values else ''}"
