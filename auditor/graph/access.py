"""Identity facts: who may assume a role, what a policy opens, whether a principal's own policies allow an action.

The first form of the engine: statements are matched exactly (wildcards, NotAction, explicit deny), conditions are read as
"depends" and named. Boundaries, organisation policies and session policies join here later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from auditor import paths
from auditor.graph.build import Graph
from auditor.model import Answer, Edge, Gap, Resource

Statement = dict[str, Any]
Effect = Literal["allow", "deny", "depends", "no"]
POLICY = "AWS::IAM::ManagedPolicy"

# Condition keys that pin a caller down when they are compared with a value that is not a wildcard.
_PINS = re.compile(
    r"^(aws:(sourcearn|sourceaccount|sourceorgid|sourceorgpaths|principalorgid|principalorgpaths|principalaccount|principalarn"
    r"|sourceip|sourcevpc|sourcevpce|vpcsourceip|userid|username)|sts:externalid|.*:(sub|aud|amr)|kms:calleraccount|s3:dataaccesspointaccount"
    r"|lambda:functionurlauthtype|cognito-identity\.amazonaws\.com:.*|saml:.*)$"
)
_NEGATIVE = re.compile(r"Not(Equals|Like|IpAddress)|^NotIp|IfExists$|^Null$", re.IGNORECASE)


@lru_cache(maxsize=8192)
def _pattern(text: str) -> re.Pattern[str]:
    escaped = re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.IGNORECASE | re.DOTALL)


def like(pattern: str, text: str) -> bool:
    """IAM's wildcard match: `*` and `?`, for actions without regard to case."""
    return _pattern(pattern).fullmatch(text) is not None


def statements(document: Any) -> list[Statement]:
    return list(document.get("Statement", [])) if isinstance(document, dict) else []


def speaks_of(statement: Statement, action: str, resource: str) -> bool:
    """Whether a statement is about this action on this resource ("" = any resource)."""
    if "NotAction" in statement:
        acts = not any(like(each, action) for each in statement["NotAction"])
    else:
        acts = any(like(each, action) for each in statement.get("Action", ()))
    if not acts or not resource:
        return acts
    if "NotResource" in statement:
        return not any(like(each, resource) for each in statement["NotResource"])
    return any(like(each, resource) for each in statement.get("Resource", ("*",)))


def decide(found: Iterable[Statement], action: str, resource: str) -> Effect:
    """Explicit deny, else allow, else no; a condition turns the answer into `depends`."""
    answer: Effect = "no"
    for statement in found:
        if not speaks_of(statement, action, resource):
            continue
        conditional = bool(statement.get("Condition"))
        if statement.get("Effect") == "Deny":
            if not conditional:
                return "deny"
            answer = "depends" if answer in ("allow", "depends") else answer
        elif not conditional and answer != "depends":
            answer = "allow"
        elif answer == "no":
            answer = "depends"
    return answer


@dataclass(frozen=True, slots=True)
class Policies:
    """The identity policies of a principal, each with the edge or place that brings it."""

    documents: tuple[tuple[str, Any], ...]
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]


def policies_of(graph: Graph, principal: Resource) -> Policies:
    """Inline and attached policies; an attached one that was not read is a gap."""
    documents = [
        (f"inline policy {entry.get('PolicyName', '')}", entry.get("PolicyDocument"))
        for entry in principal.properties.get("Policies", [])
    ]
    held = graph.heads(principal, "holds", POLICY)
    documents += [(policy.label, policy.properties.get("PolicyDocument")) for _, policy in held]
    gaps = [gap for name in ("Policies", "ManagedPolicyArns") if (gap := paths.hidden(principal.unknown, name))]
    known = {policy.arn for _, policy in held}
    unread = [arn for arn in principal.properties.get("ManagedPolicyArns", []) if arn not in known]
    if unread:
        # Without a failed call of its own this is a list that was never asked for, or a policy outside the account.
        gaps += graph.gaps_for(POLICY) or (
            Gap(principal.account, principal.region, "iam", "get_account_authorization_details",
                "iam:GetAccountAuthorizationDetails", "unresolved", (POLICY,), f"{', '.join(unread)} was not read", principal.key),
        )  # fmt: skip
    gaps += principal.unknown.values() if not principal.properties else ()
    return Policies(tuple(documents), tuple(edge for edge, _ in held), tuple(dict.fromkeys(gaps)))


def may(graph: Graph, principal: Resource, action: str, resource: str) -> Answer:
    """Whether the principal's own policies allow an action on a resource (ARN)."""
    held = policies_of(graph, principal)
    found = [statement for _, document in held.documents for statement in statements(document)]
    effect = decide(found, action, resource)
    expected = f"{principal.label} may {action} on {resource or 'something'}"
    if effect in ("allow", "depends"):
        because = "allowed" if effect == "allow" else "allowed under conditions"
        return Answer("kept", expected=expected, actual=because, because=because, evidence=held.evidence)
    if held.gaps and effect != "deny":
        return Answer("unknown", expected=expected, because=held.gaps[0].message, gaps=held.gaps)
    because = "denied explicitly" if effect == "deny" else "no policy allows it"
    return Answer("broken", expected=expected, actual=because, because=because, evidence=held.evidence)


def principals(statement: Statement) -> Iterator[tuple[str, str]]:
    """(kind, who) pairs of a statement; NotPrincipal with Allow is everybody else, hence everybody."""
    if "NotPrincipal" in statement and statement.get("Effect") == "Allow":
        yield "AWS", "*"
    spoken = statement.get("Principal")
    if spoken == "*":
        yield "AWS", "*"
    elif isinstance(spoken, dict):
        for kind, many in spoken.items():
            for who in many if isinstance(many, list) else [many]:
                yield kind, str(who)


def account_of(who: str) -> str:
    """The account of an AWS principal: an account id, an ARN, or nothing."""
    if re.fullmatch(r"\d{12}", who):
        return who
    parts = who.split(":")
    return parts[4] if len(parts) > 5 else ""


def pinned(statement: Statement) -> list[str]:
    """The condition keys that really narrow who may call: positive comparisons with a value that is not open."""
    keys: list[str] = []
    for operator, wanted in (statement.get("Condition") or {}).items():
        if _NEGATIVE.search(operator) and not operator.startswith("ForAnyValue"):
            continue
        for key, values in wanted.items():
            texts = values if isinstance(values, list) else [values]
            if key.lower().endswith(":aud") and _audience_says_nothing(statement):
                continue
            if _PINS.match(key.lower()) and texts and not any(_open_value(key.lower(), str(text)) for text in texts):
                keys.append(key)
    return keys


def _audience_says_nothing(statement: Statement) -> bool:
    """Every GitHub repository and every pod of a cluster shows the same audience: only their subject tells them apart."""
    federated = [who for kind, who in principals(statement) if kind == "Federated"]
    return any("token.actions.githubusercontent.com" in who or ".eks." in who for who in federated)


def _open_value(key: str, text: str) -> bool:
    if "sourceip" in key:
        return text in ("0.0.0.0/0", "::/0", "*")
    if key.endswith(":sub"):
        return text in ("*", "repo:*") or text.startswith("repo:*")
    return set(text) <= set("*?") or text in ("arn:aws:*", "arn:*")


def is_admin(document: Any) -> list[Statement]:
    """The statements that allow every action on every resource without a condition."""
    return [
        statement
        for statement in statements(document)
        if statement.get("Effect") == "Allow"
        and not statement.get("Condition")
        and any(set(each) == {"*"} or each == "*:*" for each in statement.get("Action", ()))
        and any(set(each) == {"*"} for each in statement.get("Resource", ()))
    ]
