"""Questions about who may do what: trust of roles, reach of policies, openness of resource policies."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.predicates import predicate
from auditor.graph.access import Statement, is_admin, public, statements
from auditor.graph.access.held.entries import certain, entries
from auditor.graph.access.held.resource_policies import PLACES
from auditor.graph.access.strangers.trust import trusted
from auditor.graph.build import Graph
from auditor.model import Answer, Change, Gap, Hidden, Resource

ROLE, USER, POLICY = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::ManagedPolicy"
TRUST = "AssumeRolePolicyDocument"
_CLOSED, _NO_ADMIN = "a closed trust policy", "no administrator policy"
ADMIN = {"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess"}


@predicate("trust-closed", needs={ROLE: (TRUST,)}, on=(ROLE,))
def trust_closed(graph: Graph, role: Resource) -> Iterator[Answer]:
    """Nobody outside the account may assume the role unless a condition says who, by a value that nobody else can
    bring; nobody at all may by `*`."""
    found, gaps = certain(entries(role, f"{TRUST}.Statement"))
    outside = trusted({"Version": role.known(f"{TRUST}.Version"), "Statement": found}, role.account)
    offending = [] if _may_deny(role, TRUST) else [each for each in outside if each.certain]
    if not offending:
        because = "; ".join(dict.fromkeys(each.sentence for each in outside))
        doubted = gaps or outside
        yield Answer.unseen(TRUST, _CLOSED, *gaps, because=because) if doubted else Answer("kept", TRUST, _CLOSED)
        return
    bad = [statement for statement in found if any(each.statement == statement for each in offending)]
    yield Answer(
        "broken", TRUST, "only known principals, others under a condition", bad,
        "; ".join(dict.fromkeys(each.sentence for each in offending)), changes=_without(role, TRUST, bad),
        severity=offending[0].severity,
    )  # fmt: skip


def _may_deny(owner: Resource, at: str) -> bool:
    """Whether a statement that was not read could be a denial, which takes away what others let in."""
    unread = [value for _, value in owner.each(f"{at}.Statement[]") if isinstance(value, Hidden)]
    return any(not isinstance(each.marked, dict) or each.marked.get("Effect") != "Allow" for each in unread)


def _without(owner: Resource, path: str, bad: list[Statement]) -> tuple[Change, ...]:
    """The document without the offending statements; none where it was not all read, or where nothing would be left:
    that is for a person to decide."""
    document = owner.at(path)
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
        found, gaps = certain(entries(principal, "PolicyDocument.Statement"))
        yield _not_admin("PolicyDocument", found, gaps)
        return
    for entry in entries(principal, "Policies"):
        if entry.gap:
            yield Answer.unseen("Policies", _NO_ADMIN, entry.gap)
            continue
        place = f"Policies[PolicyName={entry.value.get('PolicyName', '')}]"
        yield _not_admin(
            place,
            statements(entry.value.get("PolicyDocument")),
            changes=(Change(principal.key, "Policies", remove=(entry.value,)),),
        )
    yield _no_admin_attached(principal)


def _no_admin_attached(principal: Resource) -> Answer:
    """What is attached by its ARN: an administrator policy that was read decides, whatever else may be attached."""
    gap = principal.gap("ManagedPolicyArns")
    bad = [arn for arn in principal.known("ManagedPolicyArns", []) if _aws_name(arn) in ADMIN]
    if bad:
        change = Change(principal.key, "ManagedPolicyArns", remove=tuple(bad))
        verb = "is" if len(bad) == 1 else "are"
        because = f"{', '.join(bad)} {verb} attached"
        return Answer("broken", "ManagedPolicyArns", _NO_ADMIN, bad, because, changes=(change,))
    if gap:
        return Answer.unseen("ManagedPolicyArns", _NO_ADMIN, gap)
    return Answer("kept", "ManagedPolicyArns", _NO_ADMIN)


def _aws_name(arn: str) -> str:
    """The ARN of an AWS managed policy with the partition of the commercial regions."""
    head, _, tail = arn.partition(":iam::")
    return f"arn:aws:iam::{tail}" if head.startswith("arn:aws") else arn


def _not_admin(
    place: str, found: list[Statement], gaps: tuple[Gap, ...] = (), changes: tuple[Change, ...] = ()
) -> Answer:
    bad = is_admin({"Statement": found})
    if bad:
        because = "it allows every action on every resource"
        return Answer("broken", place, _NO_ADMIN, bad, because, changes=changes)
    return Answer.unseen(place, _NO_ADMIN, *gaps) if gaps else Answer("kept", place, _NO_ADMIN)


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
    found, gaps = certain(entries(owner, f"{at}.Statement"))
    version = owner.known(f"{at}.Version")
    answer = public({"Version": version, "Statement": found} if found or gaps else owner.known(at), strict)
    bad = [] if _may_deny(owner, at) else [each for each in found if each in answer.open]
    if bad:
        return Answer("broken", at, "not public", bad, "a statement allows everyone", changes=_without(owner, at, bad))
    doubted = gaps or answer.open or answer.unknown
    return Answer.unseen(at, "not public", *gaps) if doubted else Answer("kept", at, "not public")
