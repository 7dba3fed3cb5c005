"""Questions about who may do what: trust of roles, reach of policies, openness of resource policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.checks.predicates import predicate
from auditor.graph.access import account_of, is_admin, is_public, pinned, principals, statements
from auditor.graph.access.held.resource_policies import PLACES
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Change, Hidden, Json, Resource

ROLE, USER, POLICY = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::ManagedPolicy"
TRUST = "AssumeRolePolicyDocument"
ADMIN = {"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess"}


@predicate("trust-closed", needs={ROLE: (TRUST,)}, on=(ROLE,))
def trust_closed(graph: Graph, role: Resource) -> Iterator[Answer]:
    """Nobody outside the account may assume the role unless a condition pins the caller down; nobody at all may by
    `*`."""
    document = role.at(TRUST)
    if isinstance(document, Hidden):
        yield Answer("unknown", TRUST, "a closed trust policy", None, document.gap.message, gaps=(document.gap,))
        return
    offending = [(each, why) for each in statements(document) if (why := _too_open(each, role.account))]
    if not offending:
        yield Answer("kept", TRUST, "a closed trust policy")
        return
    bad = [statement for statement, _ in offending]
    yield Answer(
        "broken", TRUST, "only known principals, others under a condition", bad,
        "; ".join(dict.fromkeys(why for _, why in offending)), changes=_without(role, TRUST, document, bad),
    )  # fmt: skip


def _too_open(statement: dict[str, Any], account: str) -> str:
    if statement.get("Effect") != "Allow" or pinned(statement):
        return ""
    for kind, who in principals(statement):
        if kind == "AWS" and who == "*":
            return "anybody may assume it"
        if kind == "AWS" and account_of(who) not in ("", account):
            return f"account {account_of(who)} may assume it without a condition"
        if kind == "Federated" and ("token.actions.githubusercontent.com" in who or "oidc-provider" in who):
            return f"any identity of {who.rsplit('/', 1)[-1]} may assume it: no condition on its subject"
    return ""


def _without(owner: Resource, path: str, document: Json, bad: list[dict[str, Any]]) -> tuple[Change, ...]:
    """The document without the offending statements; none when nothing would be left, for that is for a person to
    decide."""
    left = [statement for statement in statements(document) if statement not in bad]
    return (Change(owner.key, path, {**document, "Statement": left}),) if left else ()


@predicate(
    "no-admin",
    needs={
        ROLE: ("Policies", "ManagedPolicyArns"),
        USER: ("Policies", "ManagedPolicyArns"),
        POLICY: ("PolicyDocument",),
    },
)
def no_admin(graph: Graph, principal: Resource) -> Iterator[Answer]:
    """No policy of the principal (or the policy itself) allows every action on every resource."""
    if principal.type == POLICY:
        yield _document(principal, "PolicyDocument", principal.at("PolicyDocument"))
        return
    inline = principal.at("Policies")
    if isinstance(inline, Hidden):
        yield Answer("unknown", "Policies", "no administrator policy", None, inline.gap.message, gaps=(inline.gap,))
    else:
        for entry in [] if inline is ABSENT else inline:
            name = entry.get("PolicyName", "")
            answer = _document(principal, f"Policies[PolicyName={name}]", entry.get("PolicyDocument"))
            changes = (Change(principal.key, "Policies", remove=(entry,)),) if answer.verdict == "broken" else ()
            yield Answer(
                answer.verdict,
                answer.property,
                answer.expected,
                answer.actual,
                answer.because,
                changes=changes,
            )
    attached = principal.at("ManagedPolicyArns")
    if isinstance(attached, Hidden):
        yield Answer(
            "unknown",
            "ManagedPolicyArns",
            "no administrator policy",
            None,
            attached.gap.message,
            gaps=(attached.gap,),
        )
        return
    bad = [arn for arn in ([] if attached is ABSENT else attached) if _aws_name(arn) in ADMIN]
    if bad:
        change = Change(principal.key, "ManagedPolicyArns", remove=tuple(bad))
        yield Answer(
            "broken",
            "ManagedPolicyArns",
            "no administrator policy",
            bad,
            f"{', '.join(bad)} is attached",
            changes=(change,),
        )
    else:
        yield Answer("kept", "ManagedPolicyArns", "no administrator policy")


def _aws_name(arn: str) -> str:
    """The ARN of an AWS managed policy with the partition of the commercial regions."""
    head, _, tail = arn.partition(":iam::")
    return f"arn:aws:iam::{tail}" if head.startswith("arn:aws") else arn


def _document(owner: Resource, place: str, document: Json) -> Answer:
    if isinstance(document, Hidden):
        return Answer("unknown", place, "no administrator policy", None, document.gap.message, gaps=(document.gap,))
    bad = is_admin(document)
    if not bad:
        return Answer("kept", place, "no administrator policy")
    return Answer("broken", place, "no administrator policy", bad, "it allows every action on every resource")


@predicate("policy-not-public", needs={"AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket")})
def policy_not_public(graph: Graph, owner: Resource, at: str = "PolicyDocument") -> Answer:
    """No statement of the resource policy lets everybody in, by S3's definition: only fixed values close it."""
    return _closed(owner, at, strict=True)


_CLOSABLE = (
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::ECR::Repository",
)


@predicate("resource-policy-closed", needs={cfn: (PLACES[cfn],) for cfn in _CLOSABLE}, on=_CLOSABLE)
def resource_policy_closed(graph: Graph, owner: Resource) -> Answer:
    """No statement of the policy that hangs on the resource lets everybody in without a condition that tells callers
    apart."""
    return _closed(owner, PLACES[owner.type], strict=False)


def _closed(owner: Resource, at: str, strict: bool) -> Answer:
    document = owner.at(at)
    if isinstance(document, Hidden):
        return Answer("unknown", at, "not public", None, document.gap.message, gaps=(document.gap,))
    bad = is_public(document, strict=strict)
    if not bad:
        return Answer("kept", at, "not public")
    return Answer(
        "broken",
        at,
        "not public",
        bad,
        "a statement allows everybody",
        changes=_without(owner, at, document, bad),
    )
