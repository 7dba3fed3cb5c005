"""Questions about who may do what: trust of roles, reach of policies, openness of resource policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.checks.predicates import predicate
from auditor.graph.access import Statement, principals, public, statements
from auditor.graph.access.held.as_read import AsRead, as_read, named_policies, policy_as_read
from auditor.graph.access.held.entries import certain, entries
from auditor.graph.access.held.public import for_anybody
from auditor.graph.access.held.resource_policies import (
    FUNCTION,
    MEMBERS,
    PERMISSION,
    PLACES,
    statement_of,
    unread_members,
)
from auditor.graph.access.policy.known import of_principal, partition_of
from auditor.graph.access.strangers.aws_roles import made_by_aws, told
from auditor.graph.access.strangers.holders import administrators
from auditor.graph.access.strangers.trust import Trusted, despite, trusted, worst_first
from auditor.graph.build import Graph
from auditor.model import SERVICE, Answer, Change, Inventory, Resource, paths
from auditor.model.organization import Managers

ROLE, USER, GROUP = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"
POLICY, PROVIDER = "AWS::IAM::ManagedPolicy", "AWS::IAM::OIDCProvider"
TRUST = "AssumeRolePolicyDocument"
_CLOSED, _NO_ADMIN = "a closed trust policy", "no administrator policy"
# What a permission is made of; of whichever function, as it is always its own.
_MEMBERS = ("Action", "Principal", "Effect", "Condition", "FunctionName", *MEMBERS)
_FUNCTION = "function"
ADMIN = {"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess"}


@predicate("trust-closed", needs={ROLE: (TRUST,)}, on=(ROLE,))
def trust_closed(graph: Graph, role: Resource) -> Iterator[Answer]:
    """Principals outside the account can assume the role only under a condition that identifies the caller by a value
    that nobody else can set. No statement allows `*`."""
    read = policy_as_read(role, TRUST)
    found, gaps = list(read.statements), read.gaps
    managers = graph.inventory.managers.get(role.account)
    outside = _outside(role, read, managers, graph.once(_issuers))
    offending = [] if read.gaps else [each for each in outside if each.certain]
    if not offending:
        because = "" if read.doubts else "; ".join(dict.fromkeys(each.sentence for each in outside))
        doubted = gaps or outside
        gaps = (*gaps, *read.doubts)
        if managers and managers.gap and outside:
            gaps = (*gaps, managers.gap)
        yield Answer.unseen(TRUST, _CLOSED, *gaps, because=because) if doubted else Answer("kept", TRUST, _CLOSED)
        return
    bad = [statement for statement in found if any(each.statement == statement for each in offending)]
    made = [each.statement for each in offending if each.made]
    yield Answer(
        "broken", TRUST, "known principals only, or a condition", bad,
        "; ".join(dict.fromkeys(each.sentence for each in offending)),
        changes=() if made else without(role, TRUST, bad), severity=offending[0].severity,
    )  # fmt: skip


def _issuers(graph: Graph) -> dict[str, str]:
    """By the texts with which code refers to an identity provider: the address of its issuer, where code says it."""
    found = [(each, each.known("Url")) for each in graph.of_type(PROVIDER)]
    return {
        name: url
        for each, url in found
        if isinstance(url, str) and "${" not in url
        for name in each.names
        if "${" in name
    }


def _outside(
    role: Resource, read: AsRead, managers: Managers | None, issuers: dict[str, str] | None = None
) -> list[Trusted]:
    """Everybody from outside whom the statements let in, the worst first."""
    outside = trusted(read.document, role.account, issuers)
    return worst_first(told(each, role.label, managers) for each in outside)


def asks_for_managers(inventory: Inventory) -> bool:
    """Whether who manages the organization decides how bad the trust of some role is."""
    named = [each for each in inventory.resources if each.type == ROLE and made_by_aws(each.label)]
    return any(each.account for role in named for each in _outside(role, policy_as_read(role, TRUST), None))


@predicate("assumed-by", needs={ROLE: (TRUST,), USER: ("UserName",)}, on=(ROLE,))
def assumed_by(graph: Graph, role: Resource, users: list[str], addresses: int | None = None) -> Iterator[Answer]:
    """Users of these names alone can assume the role, and only when they call from single addresses: each statement of
    the trust policy that allows something compares `aws:SourceIp` with such alone, at most `addresses` of them."""
    found, unread = certain(entries(role, f"{TRUST}.Statement"))
    allowed = [each for each in found if each.get("Effect") == "Allow"]
    known = {text for each in graph.of_type(USER) if each.known("UserName") in users for text in each.spoken}
    unnamed = {text: gap for each in graph.of_type(USER) if (gap := each.gap("UserName")) for text in each.spoken}
    ends = tuple(f":{role.account}:user/{name}" for name in users)
    others = [each for each in allowed if not _by_users(each, known | unnamed.keys(), ends)]
    elsewhere = [each for each in allowed if not _from_addresses(each, addresses)]
    met = {text for each in allowed for _, text in principals(each)}
    unsure = tuple(gap for text, gap in unnamed.items() if text in met)
    for bad, gaps, expected, because in (
        (others, (*unread, *unsure), users, "others can assume it"),
        (elsewhere, unread, "single addresses in aws:SourceIp", "it can be assumed from other addresses"),
    ):
        place = f"{TRUST}.Statement"
        if bad:
            yield Answer("broken", place, expected, bad, because, changes=without(role, TRUST, bad))
        elif gaps:
            yield Answer.unseen(place, expected, *gaps)
        else:
            yield Answer("kept", place, expected)


def _by_users(statement: Statement, known: set[str], ends: tuple[str, ...]) -> bool:
    named = list(principals(statement))
    return bool(named) and all(kind == "AWS" and (text in known or text.endswith(ends)) for kind, text in named)


def _from_addresses(statement: Statement, most: int | None) -> bool:
    conditions = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, dict) else ():
        for key, value in keys.items() if operator.lower() == "ipaddress" and isinstance(keys, dict) else ():
            texts = value if isinstance(value, list) else [value]
            if key.lower() == "aws:sourceip" and texts and all(_single(str(each)) for each in texts):
                return most is None or len({str(each).removesuffix("/32") for each in texts}) <= most
    return False


def _single(text: str) -> bool:
    return text.endswith(("/32", "/128")) or "/" not in text


def without(owner: Resource, path: str, bad: list[Statement]) -> tuple[Change, ...]:
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
        GROUP: ("Policies", "ManagedPolicyArns"),
        POLICY: ("PolicyDocument",),
    },
)
def no_admin(graph: Graph, principal: Resource) -> Iterator[Answer]:
    """No policy of the user, role or group (or the policy itself) makes an administrator: allows everything, or giving
    oneself everything, however it is written."""
    if principal.type == POLICY:
        yield _not_admin(principal, "PolicyDocument", policy_as_read(principal, "PolicyDocument"))
        return
    for place, named, gap in named_policies(principal):
        if not named:
            yield Answer.unseen("Policies", _NO_ADMIN, *([gap] if gap else []))
            continue
        answer = _not_admin(principal, place, as_read(named.get("PolicyDocument", {})))
        taken = () if gap else (Change(principal.key, "Policies", remove=(named,)),)
        yield replace(answer, changes=taken) if answer.verdict == "broken" else answer
    yield _no_admin_attached(graph, principal)


def _no_admin_attached(graph: Graph, principal: Resource) -> Answer:
    """What is attached by its ARN: an administrator policy that was read decides, whatever else may be attached.

    Policies of the account are judged by themselves; AWS's by what they say where that was read, else by their names.
    """
    gap = principal.gap("ManagedPolicyArns")
    held = {policy.arn: policy for _, policy in graph.heads(principal, "holds", POLICY)}
    attached = principal.known("ManagedPolicyArns", [])
    bad = [arn for arn in attached if _aws_name(arn) in ADMIN or _is_aws_admin(held.get(arn))]
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
    return f"arn:aws:iam::{tail}" if head.startswith(("arn:aws", "arn:${@partition}")) else arn


def _is_aws_admin(policy: Resource | None) -> bool:
    aws_made = policy is not None and policy.aws_made
    return aws_made and policy is not None and administrators(policy.known("PolicyDocument")).value is True


def _not_admin(owner: Resource, place: str, read: AsRead) -> Answer:
    partition = partition_of(owner.arn)
    known: dict[str, tuple[str, ...] | None] = {}
    if owner.type in (ROLE, USER):
        known = {key: value for key, value in of_principal(owner).values.items() if value != ("",)}
    found = administrators(read.document, owner.account, partition, known)
    if found.value and not read.gaps:
        because = _WHOLE if found.whole else _AS_GOOD
        return Answer("broken", place, _NO_ADMIN, list(found.statements), because)
    if read.gaps or found.value is not False:
        return Answer.unseen(place, _NO_ADMIN, *read.gaps, *read.doubts)
    return Answer("kept", place, _NO_ADMIN)


_WHOLE = "it allows every action on every resource"
_AS_GOOD = "it allows attaching any policy to any user and role, hence every action on every resource"


@predicate("policy-not-public", needs={"AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket")})
def policy_not_public(graph: Graph, owner: Resource, at: str = "PolicyDocument") -> Answer:
    """The resource policy is not public by the definition of S3: a condition must compare with fixed values."""
    return _closed(owner, at, strict=True)


_CLOSABLE = (
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
)


@predicate("resource-policy-closed", needs={cfn: (PLACES[cfn],) for cfn in _CLOSABLE}, on=_CLOSABLE)
def resource_policy_closed(graph: Graph, owner: Resource) -> Answer:
    """No statement of the resource policy allows everyone without a condition that identifies the caller."""
    return _closed(owner, PLACES[owner.type], strict=False)


def _closed(owner: Resource, at: str, strict: bool) -> Answer:
    read = policy_as_read(owner, at, attached=True)
    answer = public(read.document if read.statements or read.gaps else owner.known(at), strict)
    bad = [] if read.gaps else [each for each in read.statements if each in answer.open]
    if bad:
        return Answer("broken", at, "not public", bad, "a statement allows everyone", changes=without(owner, at, bad))
    if read.gaps or answer.open or answer.unknown:
        return Answer.unseen(at, "not public", *read.gaps, *read.doubts)
    return Answer("kept", at, "not public")


_CALLERS = "known callers only"


@predicate("permission-closed", needs={PERMISSION: _MEMBERS}, on=(PERMISSION,))
def permission_closed(graph: Graph, permission: Resource) -> Answer:
    """The permission of the function names its callers, or has a condition that identifies them; an AWS service is one
    for everyone who uses it until a condition names the source. A denial of the same policy counts."""
    if permission.known("Effect", "Allow") != "Allow":
        return Answer("kept", "Principal", _CALLERS)
    own = statement_of(permission, _FUNCTION)
    document = {"Version": "2012-10-17", "Statement": [own, *_denials(graph, permission)]}
    everybody, service = public(document), for_anybody(document)
    who = permission.known("Principal")
    if everybody.open:
        return Answer("broken", "Principal", _CALLERS, who, f"anyone can call it{despite(own)}")
    if service.open:
        because = f"{who} calls it for every account that uses the service{despite(own)}"
        return Answer("broken", "Principal", _CALLERS, who, because, severity="medium")
    # A further condition only takes away: it need not be read where the others keep strangers out.
    nameless = any(paths.top(name) == "Principal" and gap.begins != SERVICE for name, gap in permission.unknown.items())
    if nameless or everybody.unknown or service.unknown:
        return Answer.unseen("Principal", _CALLERS, *unread_members(permission))
    return Answer("kept", "Principal", _CALLERS, who)


def _denials(graph: Graph, permission: Resource) -> list[Statement]:
    """The statements of the same function's policy that deny."""
    owners = [function for _, function in graph.heads(permission, "part-of", FUNCTION)]
    beside = [part for owner in owners for _, part in graph.tails(owner, "part-of", PERMISSION)]
    return [statement_of(each, _FUNCTION) for each in beside if each.known("Effect") == "Deny"]
