"""Who is let in by a policy on a resource: everybody, other accounts, services on anybody's behalf.

What "public" means is S3's definition, for all services: a policy is public until it names fixed values, which hold no
wildcard and no policy variable, for the principal or for a condition key that tells callers apart.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from auditor.graph.access.policy.conditions import many, parsed
from auditor.graph.access.policy.documents import (
    Statement,
    account_of,
    conditions_of,
    is_everybody,
    principals,
    statements,
)

# Keys that tell callers apart when they are compared with a fixed value.
_PINS = re.compile(
    r"aws:(sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|principalorgid|principalorgpaths|principalaccount"
    r"|principalarn|sourceip|vpcsourceip|sourcevpc|sourcevpce|sourcevpcarn|vpceaccount|vpceorgid|vpceorgpaths|userid|username"
    r"|principalservicename|principaltag/.+)|sts:externalid|.*:(sub|aud|amr)|kms:(calleraccount|viaservice)"
    r"|s3:dataaccesspoint(account|arn)|s3:x-amz-server-side-encryption-aws-kms-key-id|lambda:functionurlauthtype"
    r"|lambda:eventsourcetoken|elasticfilesystem:accesspointarn|sns:endpoint|cognito-identity\.amazonaws\.com:.+|saml:.+"
)
_POSITIVE = re.compile(r"(string(equals|equalsignorecase|like)|arn(equals|like)|ipaddress|bool|numericequals)")
_ARNS = (
    "aws:sourcearn",
    "aws:principalarn",
    "aws:sourcevpcarn",
    "s3:dataaccesspointarn",
    "elasticfilesystem:accesspointarn",
)
_PATHS = ("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths")
_GITHUB = "token.actions.githubusercontent.com"


def pinned(statement: Statement, strict: bool = False) -> list[str]:
    """The condition keys that really narrow who may call. `strict`: by S3's letter, where any wildcard opens an ARN.

    An operator with IfExists or ForAllValues also holds where the key is missing, so it keeps nobody out who
    comes without.
    """
    keys: list[str] = []
    for operator, wanted in conditions_of(statement).items():
        group, name, if_exists = parsed(operator)
        if if_exists or group == "forallvalues" or not _POSITIVE.fullmatch(name):
            continue
        for key, values in wanted.items():
            low, texts = key.lower(), many(values)
            if low.endswith(":aud") and _audience_says_nothing(statement):
                continue
            if _PINS.fullmatch(low) and texts and all(is_fixed(low, name, text, strict) for text in texts):
                keys.append(key)
    return keys


def _audience_says_nothing(statement: Statement) -> bool:
    """Every GitHub repository and every pod of a cluster shows the same audience: only their subject tells
    them apart."""
    federated = [who for kind, who in principals(statement) if kind == "Federated"]
    return any(_GITHUB in who or ".eks." in who for who in federated)


def is_fixed(key: str, name: str, text: str, strict: bool = False) -> bool:
    """Whether one value of a condition pins callers down."""
    if key in ("aws:sourceip", "aws:vpcsourceip"):
        return _narrow(text)
    if "${" in text:
        return False
    if key == "lambda:functionurlauthtype":
        return text != "NONE"
    if key == "aws:userid" and re.fullmatch(r"A(ROA|IDA)\w*:.*", text):
        # AWS: "aws:userid, outside the pattern AROLEID:*".
        return not strict and re.fullmatch(r"AROA\w{16,}:\*?.+", text) is not None
    if "*" not in text and "?" not in text:
        return bool(text)
    if not strict and name not in ("stringlike", "arnlike", "arnequals"):
        return True  # without wildcards in the operator, a star is a star
    if key.endswith(":sub"):
        return subject_fixed(key, text)
    if key in _PATHS:
        return re.match(r"o-[a-z0-9]{10,32}/", text) is not None
    if key in _ARNS and (not strict or key == "s3:dataaccesspointarn"):
        return re.fullmatch(r"\d{12}", account_of(text)) is not None
    return not strict and not key.startswith("aws:") and re.match(r"[^*?]{4,}", text) is not None


def _narrow(text: str) -> bool:
    """AWS: ranges wider than /8 (IPv6: /32) are public, except private ones."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return (network.is_private and network.prefixlen > 0) or network.prefixlen >= (8 if network.version == 4 else 32)


def subject_fixed(key: str, text: str) -> bool:
    """Whether a pattern of a token's subject leaves no room for a stranger.

    GitHub has two forms, `repo:OWNER/REPO:...` and `repo:OWNER@ID/REPO@ID:...` with ids that are never given again. The
    owner has to be whole: `repo:acme*` is also `acme-evil`. EKS: `system:serviceaccount:NAMESPACE:NAME`, a
    fixed namespace.
    """
    if "githubusercontent" in key:
        found = re.match(
            r"(?:repo|job_workflow_ref|repository):([^/:]+)/|(?:repository_owner|repository_owner_id|enterprise):([^:]+)(?::|$)",
            text,
        )
        owner = (found[1] or found[2]) if found else ""
        return bool(owner) and "*" not in re.sub(r"@\*$", "", owner) and "?" not in owner
    if text.startswith("system:serviceaccount:") or ".eks." in key:
        found = re.match(r"system:serviceaccount:([^:]+):", text)
        return bool(found) and "*" not in found[1] and "?" not in found[1] if found else False
    return re.match(r"[^*?]{4,}", text) is not None


OpeningKind = Literal["public", "account", "service", "federated", "own"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody whom a statement lets in: who, through which statement, and the keys that pin the caller down."""

    kind: OpeningKind
    who: str
    account: str
    statement: Statement
    keys: tuple[str, ...]
    sentence: str

    @property
    def guarded(self) -> bool:
        return bool(self.keys)


def openings(document: Any, account: str, strict: bool = False) -> list[Opening]:
    """Everybody whom a document lets in."""
    return [
        each
        for statement in statements(document)
        if statement.get("Effect") == "Allow"
        for each in _openings(statement, account, strict)
    ]


def _openings(statement: Statement, account: str, strict: bool) -> Iterator[Opening]:
    keys = tuple(pinned(statement, strict))
    under = f" under {', '.join(keys)}" if keys else " without a condition that pins the caller down"
    for kind, who in principals(statement):
        theirs = account_of(who)
        if kind == "Federated":
            yield Opening("federated", who, theirs, statement, keys, f"identities of {who.rsplit('/', 1)[-1]}{under}")
        elif kind == "Service":
            guard = tuple(
                key
                for key in keys
                if key.lower().startswith("aws:source") or key.lower().startswith("aws:principalorg")
            )
            yield Opening("service", who, "", statement, guard, f"{who}{under}, on behalf of everyone who uses it")
        elif kind == "AWS" and is_everybody(who):
            yield Opening("public", who, "", statement, keys, f"everybody{under}")
        elif kind == "AWS" and theirs and theirs != account:
            yield Opening("account", who, theirs, statement, keys, f"{who} of account {theirs}{under}")
        elif kind == "CanonicalUser":
            yield Opening("account", who, "", statement, keys, f"the S3 user {who}{under}")
        elif who:
            yield Opening("own", who, theirs, statement, keys, f"{who}{under}")


def is_public(document: Any, strict: bool = False) -> list[Statement]:
    """The statements that make a resource public: everybody, and nothing fixed that narrows it."""
    if isinstance(document, dict) and "Statement" not in document and "Effect" in document:
        document = {"Statement": [document]}
    found = [each.statement for each in openings(document, "", strict) if each.kind == "public" and not each.guarded]
    return list({id(each): each for each in found}.values())
