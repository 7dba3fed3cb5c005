"""Who may assume a role, and from where: everybody whom its trust policy names."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.graph.access.held.public import Opening, openings
from auditor.graph.access.policy.conditions import holds, many
from auditor.graph.access.policy.context import Context, clock
from auditor.graph.access.policy.documents import Statement, statements
from auditor.graph.access.policy.patterns import like
from auditor.graph.access.policy.truth import Truth, depends, some
from auditor.model import Resource

ASSUME = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
_CLASSES = {
    "token.actions.githubusercontent.com": "GitHub workflows",
    ".eks.": "pods of an EKS cluster (IRSA)",
    "saml-provider/AWSSSO_": "people of IAM Identity Center",
    "saml-provider": "people of a SAML provider",
    "cognito-identity": "identities of a Cognito pool",
}


@dataclass(frozen=True, slots=True)
class Trusted:
    """Somebody whom a trust policy names. `external`: by somebody outside the account. `asks`: every condition key of
    the statement."""

    who: str
    kind: str
    external: bool
    guarded: bool
    asks: tuple[str, ...]
    sentence: str
    statement: Statement


def trusted_by(role: Resource) -> list[Trusted]:
    """Everybody whom the trust policy names for one of the assume actions."""
    document = role.known("AssumeRolePolicyDocument")
    return [_trusted(each, role.account) for each in openings(document, role.account) if _assumes(each.statement)]


def _assumes(statement: Statement) -> bool:
    if "NotAction" in statement:
        return not all(any(like(each, action) for each in many(statement["NotAction"])) for action in ASSUME)
    return any(like(each, action) for each in many(statement.get("Action", ())) for action in ASSUME)


def _trusted(opening: Opening, account: str) -> Trusted:
    kind: str = opening.kind if opening.kind != "federated" else "identities"
    kind = next(
        (words for mark, words in _CLASSES.items() if opening.kind == "federated" and mark in opening.who), kind
    )
    sentence, guarded = opening.sentence, opening.guarded
    if opening.who == "pods.eks.amazonaws.com":
        # The association that gives a pod the role lies in the role's own account and takes iam:PassRole there.
        kind, guarded, sentence = (
            "pods of EKS clusters (Pod Identity)",
            True,
            "pods that an association of the account gives the role",
        )
    elif opening.kind == "service":
        # A service takes a role only from a caller of the role's account, who has to be allowed iam:PassRole.
        guarded = True
    external = opening.kind in ("public", "account") or (opening.kind == "federated" and opening.account != account)
    return Trusted(opening.who, kind, external, guarded, condition_keys(opening.statement), sentence, opening.statement)


def condition_keys(statement: Statement) -> tuple[str, ...]:
    condition = statement.get("Condition") or {}
    return tuple(sorted({key for keys in condition.values() for key in keys}))


def covered(role: Resource, key: str) -> dict[str, bool]:
    """Condition coverage: for everybody trusted whether its statement asks for a condition key (aws:SourceIp, say)."""
    return {trusted.who: key.lower() in (asked.lower() for asked in trusted.asks) for trusted in trusted_by(role)}


def accounts(role: Resource) -> list[str]:
    """The other accounts that may come in."""
    found = {each.account for each in openings(role.known("AssumeRolePolicyDocument"), role.account)}
    return sorted(found - {"", role.account})


def federated(role: Resource, provider: str, claims: dict[str, str]) -> Truth:
    """Whether a token of an identity provider (its host) with these claims may assume the role."""
    values: dict[str, tuple[str, ...] | None] = {**clock(), "aws:username": None}
    values |= {f"{provider}:{name}".lower(): (value,) for name, value in claims.items()}
    context = Context(values)
    answers = [
        holds(trusted.statement.get("Condition") or {}, context)
        for trusted in trusted_by(role)
        if trusted.who.split("oidc-provider/")[-1] == provider
    ]
    denied = [
        holds(each.get("Condition") or {}, context)
        for each in statements(role.known("AssumeRolePolicyDocument"))
        if each.get("Effect") == "Deny" and _assumes(each)
    ]
    allowed, refused = some(answers), some(denied)
    if refused.value:
        return ~refused
    return depends(*refused.keys) if allowed.value and refused.value is None else allowed
