"""Who is let in by a policy on a resource: everybody, other accounts, services on anybody's behalf.

What "public" means is S3's definition, for all services: a policy is public until it names fixed values, which hold no
wildcard and no policy variable, for the principal or for a condition key that tells callers apart. Which keys do, and
which values are fixed, stands in `strangers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from auditor.graph.access.policy.documents import (
    UNREAD,
    Statement,
    account_of,
    compiled,
    is_everybody,
    principals,
    statements,
)
from auditor.graph.access.strangers.admits import lets_in, shutting
from auditor.graph.access.strangers.choices import Stranger
from auditor.graph.access.strangers.federated import stranger_with_token
from auditor.model import SERVICE

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
    for kind, who in principals(statement):
        theirs = account_of(who)
        keys = tuple(pinned(statement, kind, who, strict))
        under = f" under {', '.join(keys)}" if keys else " without a condition that identifies the caller"
        if kind == "Federated":
            named = (stranger_with_token(statement, who).issuer if "${" in who else "") or who.rsplit("/", 1)[-1]
            yield Opening("federated", who, theirs, statement, keys, f"identities of {named}{under}")
        elif kind == "Service":
            yield Opening("service", who, "", statement, keys, f"{who}{under}, on behalf of everyone who uses it")
        elif kind == "AWS" and is_everybody(who):
            yield Opening("public", who, "", statement, keys, f"everybody{under}")
        elif kind == "AWS" and theirs and theirs != account:
            yield Opening("account", who, theirs, statement, keys, f"{who} of account {theirs}{under}")
        elif kind == "CanonicalUser":
            yield Opening("account", who, "", statement, keys, f"the S3 user {who}{under}")
        elif who:
            yield Opening("own", who, theirs, statement, keys, f"{who}{under}")


def pinned(statement: Statement, kind: str = "AWS", who: str = "*", strict: bool = False) -> list[str]:
    """The condition keys of which each alone keeps out whoever the principal names without meaning him."""
    if kind == "Federated":
        return shutting(statement, stranger_with_token(statement, who))
    if kind == "Service":
        return shutting(statement, Stranger("service", strict=strict))
    theirs = account_of(who)
    if kind == "AWS" and theirs.isdigit():
        return shutting(statement, Stranger("account", theirs))
    return shutting(statement, Stranger("anybody", signed=False, strict=strict))


@dataclass(frozen=True, slots=True)
class Public:
    """The statements that let everybody in, and those of which what was not read decides."""

    open: tuple[Statement, ...] = ()
    unknown: tuple[Statement, ...] = ()


def public(document: Any, strict: bool = False) -> Public:
    """Which statements of a policy let everybody in. `strict`: by S3's letter."""
    if isinstance(document, dict) and "Statement" not in document and "Effect" in document:
        document = {"Statement": [document]}
    whole, anybody = compiled(document), Stranger("anybody", signed=False, strict=strict)
    found: dict[bool | None, list[Statement]] = {True: [], None: [], False: []}
    for clause in whole.clauses:
        if clause.denies:
            continue
        named = list(principals(clause.raw))
        if any(kind == "AWS" and is_everybody(who) for kind, who in named):
            found[lets_in(clause, whole, anybody)].append(clause.raw)
        elif (
            any(kind == UNREAD and not who.startswith(("arn:", SERVICE)) for kind, who in named)
            and lets_in(clause, whole, anybody) is not False
        ):
            found[None].append(clause.raw)
    return Public(tuple(found[True]), tuple(found[None]))


def for_anybody(document: Any) -> Public:
    """Which statements let a service of AWS in, whoever it works for: every account has buckets, topics and APIs.

    A token is what such a service shows for one of its own customers alone, so that no other one brings it.
    """
    whole, service = compiled(document), Stranger("service", knows=False)
    found: dict[bool | None, list[Statement]] = {True: [], None: [], False: []}
    for clause in whole.clauses:
        if not clause.denies and any(kind == "Service" for kind, _ in principals(clause.raw)):
            found[lets_in(clause, whole, service)].append(clause.raw)
    return Public(tuple(found[True]), tuple(found[None]))


def is_public(document: Any, strict: bool = False) -> list[Statement]:
    """The statements that make a resource public: everybody, and nothing fixed that narrows it."""
    return list(public(document, strict).open)
