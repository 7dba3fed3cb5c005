"""Least privilege, as far as policies show it: nobody may do everything of a service to everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

from auditor.checks.equality import unfinished
from auditor.checks.operators import UNFINISHED
from auditor.checks.predicates import predicate
from auditor.graph.access.held.acting import acting_needs, acts_may
from auditor.graph.access.held.entries import Entry, entries
from auditor.graph.build import Graph
from auditor.model import Answer, Change, Gap, Resource

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"
_HELD = {ROLE: ("Policies", "ManagedPolicyArns", "PermissionsBoundary"), POLICY: ("PolicyDocument",)}
SERVICE = "AWS::ECS::Service"
_NARROW = "named actions on named resources"
# AWS's managed policies that give a whole service, or the account, by their names.
_FULL = re.compile(r"(FullAccess|AdministratorAccess|PowerUserAccess)$")
# Services that keep data, secrets and rights, of which a statement can always name the resource.
_KEEPING = re.compile(r"(s3|secretsmanager|dynamodb|iam|sts):", re.IGNORECASE)
# What of them belongs to no single resource.
_LISTING = re.compile(
    r"\w+:(list|getcalleridentity|getsessiontoken|getaccount|getbucketlocation|getrandompassword)", re.IGNORECASE
)
_SECRETS = re.compile(r"\*|secretsmanager:.*", re.IGNORECASE)
_SUFFIX = re.compile(r"-([?]{6}|[A-Za-z0-9]{6})$")  # what Secrets Manager adds to the name of a secret
_WHOLE_SERVICE = re.compile(r"(\w[\w-]*:)?[*?]*\*[*?]*")


@predicate("least-privilege", needs=_HELD, on=(ROLE,))
def least_privilege(graph: Graph, role: Resource) -> Iterator[Answer]:
    """No policy of the role allows all actions of a service on all resources, nor reading or changing all buckets,
    secrets, tables or IAM itself; none of AWS's for full access is attached. Conditions are taken to limit."""
    wide: list[tuple[str, Any]] = []
    gaps: list[Gap] = []
    changes: list[Change] = []
    for entry in entries(role, "Policies"):
        found = list(_wide(entry, "PolicyDocument"))
        gaps += [entry.gap] if entry.gap else []
        wide += [(f"Policies[{entry.value.get('PolicyName', '')}]", each) for each in found]
    for _, policy in graph.heads(role, "holds", POLICY):
        if not policy.aws_made:
            inside = list(entries(policy, "PolicyDocument.Statement"))
            gaps += [each.gap for each in inside if each.gap]
            wide += [(policy.label, each.value) for each in inside if not each.gap and too_wide(each.value)]
    attached = role.known("ManagedPolicyArns", [])
    full = [arn for arn in attached if ":iam::aws:policy/" in arn and _FULL.search(arn)]
    if full:
        wide += [("ManagedPolicyArns", arn) for arn in full]
        changes.append(Change(role.key, "ManagedPolicyArns", remove=tuple(full)))
    gaps += [gap for gap in (role.gap("ManagedPolicyArns"), *graph.blind(role, "holds", (POLICY,))) if gap]
    if wide:
        because = f"{wide[0][0]} allows {_words(wide[0][1])}"
        yield Answer("broken", wide[0][0], _NARROW, [each for _, each in wide], because, changes=tuple(changes))
    elif gaps:
        yield Answer.unseen("Policies", _NARROW, *gaps)
    else:
        yield Answer("kept", "Policies", _NARROW)


def _wide(entry: Entry, at: str) -> Iterator[Mapping[str, Any]]:
    document = entry.value.get(at) if isinstance(entry.value, Mapping) else None
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    for each in statements if isinstance(statements, list) else [statements]:
        if isinstance(each, Mapping) and too_wide(each):
            yield each


def too_wide(statement: Any) -> bool:
    """Whether a statement allows everything of a service, or what a keeping service holds, whatever it is called."""
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow" or statement.get("Condition"):
        return False
    if "NotAction" in statement:
        return _everywhere(statement)
    return _everywhere(statement) and any(_whole(each) for each in _texts(statement.get("Action")))


def _whole(action: str) -> bool:
    return bool(_WHOLE_SERVICE.fullmatch(action)) or bool(_KEEPING.match(action) and not _LISTING.match(action))


def _everywhere(statement: Mapping[str, Any]) -> bool:
    return "NotResource" in statement or any(_anything(each) for each in _texts(statement.get("Resource")))


def _anything(resource: str) -> bool:
    """`*`, and ARNs that name no resource nor a beginning of one: `secret:*`. A bucket has no such word before it."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return set(resource) <= {"*"}
    word = "" if parts[2] == "s3" else "([a-z-]+[:/])?"
    return bool(re.fullmatch(rf"{word}[*/]*\*", parts[5]))


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _words(found: Any) -> str:
    if isinstance(found, str):
        return f"full access ({found.rpartition('/')[2]})"
    said = _texts(found.get("Action")) or ["everything but some actions"]
    return f"{', '.join(said[:3])} on every resource"


@predicate("secrets-named", needs={ROLE: ("Policies",)}, on=(ROLE,))
def secrets_named(graph: Graph, role: Resource, most: int = 0, actions: list[str] | None = None) -> Answer:
    """No inline policy of the role allows an action of Secrets Manager on a pattern: each statement names its secrets,
    `most` together (0: any number), and allows these `actions` alone where some are given. What code refers to is one
    resource. AWS's managed policies are not looked into."""
    place, expected, gaps = "Policies", "secrets by their ARNs", []
    asking: list[Mapping[str, Any]] = []
    for entry in entries(role, "Policies"):
        gaps += [entry.gap] if entry.gap else []
        document = entry.value.get("PolicyDocument") if isinstance(entry.value, Mapping) else None
        said = document.get("Statement") if isinstance(document, Mapping) else None
        asking += [each for each in (said if isinstance(said, list) else [said]) if _asks_for_secrets(each)]
    wide = [
        each for each in asking if "NotResource" in each or any("*" in text for text in _texts(each.get("Resource")))
    ]
    named = {_SUFFIX.sub("", text) for each in asking for text in _texts(each.get("Resource"))}
    beyond = [each for each in asking if actions and not _only(each, actions)]
    if wide:
        return Answer("broken", place, expected, list(wide), "a pattern may mean other secrets as well")
    if most and len(named) > most and any(map(unfinished, named)):
        return Answer.unseen(place, f"{most} of the secrets", *gaps, because=UNFINISHED)
    if most and len(named) > most:
        return Answer("broken", place, f"{most} of the secrets", sorted(named), "it may use more secrets than that")
    if beyond:
        return Answer("broken", place, list(actions or ()), list(beyond), "it may do more than that to the secret")
    return Answer.unseen(place, expected, *gaps) if gaps else Answer("kept", place, expected)


def _asks_for_secrets(statement: Any) -> TypeGuard[Mapping[str, Any]]:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    return "NotAction" in statement or any(_SECRETS.fullmatch(each) for each in _texts(statement.get("Action")))


def _only(statement: Mapping[str, Any], actions: list[str]) -> bool:
    """Whether of Secrets Manager the statement allows these actions alone."""
    known = {each.lower() for each in actions}
    asked = [each for each in _texts(statement.get("Action")) if _SECRETS.fullmatch(each)]
    return "NotAction" not in statement and all(each.lower() in known for each in asked)


@predicate("allowed-to", needs={**_HELD, **acting_needs((SERVICE,)), SERVICE: ("TaskDefinition",)}, on=(SERVICE,))
def allowed_to(graph: Graph, service: Resource, action: str) -> Answer:
    """The programs of the service may do this action, which belongs to no single resource."""
    expected = f"{service.label} may {action}"
    return replace(acts_may(graph, service, action, ["*"]), property=action, expected=expected)
