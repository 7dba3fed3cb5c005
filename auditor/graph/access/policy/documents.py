"""Policy documents, compiled once: equal documents, of which an account has many, are one object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from auditor.graph.access.policy.conditions import many
from auditor.graph.access.policy.patterns import Actions, like

Statement = dict[str, Any]
Effect = Literal["allow", "deny", "depends", "no"]

# For policies that were not read (see `unread`): a principal that is anybody, and an operator that is never decided.
UNREAD, OPEN = "Unread", "Unread"
# What an answer depends on where a statement is one that AWS takes in no policy; worded as the unread ones are.
MALFORMED = "what a malformed statement means, that could not be read"


def statements(document: Any) -> list[Statement]:
    found = document.get("Statement", []) if isinstance(document, dict) else []
    return [each for each in ([found] if isinstance(found, dict) else found) if isinstance(each, dict)]


def principals(statement: Statement, element: str = "Principal") -> Iterator[tuple[str, str]]:
    """(kind, who) pairs of a statement; NotPrincipal with Allow is everybody else, hence everybody."""
    if element == "Principal" and "NotPrincipal" in statement and statement.get("Effect") == "Allow":
        yield "AWS", "*"
    spoken = statement.get(element)
    if isinstance(spoken, str):
        yield "AWS", spoken
    elif isinstance(spoken, dict):
        for kind, who in spoken.items():
            yield from ((kind, each) for each in many(who))


def account_of(who: str) -> str:
    """The account of an AWS principal or an ARN: an account id, a part of the ARN, or nothing."""
    if re.fullmatch(r"\d{12}", who):
        return who
    parts = who.split(":")
    return parts[4] if len(parts) > 4 else ""


def is_everybody(who: str) -> bool:
    """`*`, or an ARN that leaves the account open (AWS takes no such ARN; where one stands, nobody is shut out)."""
    return set(who) == {"*"} or "*" in account_of(who)


def speaks_of(statement: Statement, action: str, resource: str) -> bool:
    """Whether a statement is about this action on this resource ("" = any resource)."""
    if "NotAction" in statement:
        acts = not any(like(each, action) for each in many(statement["NotAction"]))
    else:
        acts = any(like(each, action) for each in many(statement.get("Action", ())))
    if not acts or not resource:
        return acts
    if "NotResource" in statement:
        return not any(like(each, resource) for each in many(statement["NotResource"]))
    return any(like(each, resource) for each in many(statement.get("Resource", ("*",))))


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One statement, ready to be asked."""

    name: str
    denies: bool
    actions: Actions
    but_actions: bool  # NotAction
    resources: tuple[str, ...]
    but_resources: bool  # NotResource
    condition: Mapping[str, Any]
    principals: tuple[tuple[str, str], ...]
    but_principals: bool  # NotPrincipal
    raw: Statement

    def acts(self, action: str) -> bool:
        return self.actions.has(action) != self.but_actions

    @property
    def whole(self) -> bool:
        """Every action on every resource."""
        every_action = self.actions.whole and not self.but_actions
        return every_action and not self.but_resources and any(set(each) == {"*"} for each in self.resources)


@dataclass(slots=True, eq=False)
class Document:
    """A compiled policy. `personal`: what it says may differ between two principals that both hold it."""

    clauses: tuple[Clause, ...]
    personal: bool
    variables: bool
    tokens: bool = False  # whether it asks for the time of a session token
    tags: bool = False  # whether it asks for tags of the principal
    _allows: dict[str, tuple[Clause, ...]] = field(default_factory=dict)
    _denies: dict[str, tuple[Clause, ...]] = field(default_factory=dict)

    def allows(self, action: str) -> tuple[Clause, ...]:
        """The clauses that allow the (lower case) action on something."""
        if action not in self._allows:
            self._allows[action] = tuple(each for each in self.clauses if not each.denies and each.acts(action))
        return self._allows[action]

    def denials(self, action: str) -> tuple[Clause, ...]:
        if action not in self._denies:
            self._denies[action] = tuple(each for each in self.clauses if each.denies and each.acts(action))
        return self._denies[action]


EMPTY = Document((), False, False)


def compiled(document: Any) -> Document:
    """The compiled form of a document, in whichever spelling it comes."""
    if not isinstance(document, dict):
        return EMPTY
    return _compiled(json.dumps(document, sort_keys=True, default=str))


@lru_cache(maxsize=65536)
def _compiled(text: str) -> Document:
    document = json.loads(text)
    variables = document.get("Version") == "2012-10-17"
    clauses = tuple(_clause(number, each) for number, each in enumerate(statements(document), 1))
    personal = any(each.condition.keys() - {OPEN} or any("${" in text for text in each.resources) for each in clauses)
    lower = text.lower()
    return Document(clauses, personal, variables, "tokenissuetime" in lower, "aws:principaltag/" in lower)


def _clause(number: int, raw: Statement) -> Clause:
    """AWS takes no policy with another effect than Allow and Deny, in just this spelling: such a statement allows
    nothing here, and what it may deny stays open."""
    but_actions, but_resources = "NotAction" in raw, "NotResource" in raw
    but_principals = "NotPrincipal" in raw
    condition = conditions_of(raw)
    if raw.get("Effect") not in ("Allow", "Deny"):
        condition |= _MALFORMED
    return Clause(
        name=raw.get("Sid") or f"statement {number}",
        denies=raw.get("Effect") != "Allow",
        actions=Actions(many(raw.get("NotAction" if but_actions else "Action", ()))),
        but_actions=but_actions,
        resources=many(raw.get("NotResource" if but_resources else "Resource", ("*",))),
        but_resources=but_resources,
        condition=condition,
        principals=tuple(principals(raw, "NotPrincipal" if but_principals else "Principal")),
        but_principals=but_principals,
        raw=raw,
    )


_MALFORMED: dict[str, Any] = {OPEN: {MALFORMED: ""}}


def conditions_of(raw: Statement) -> dict[str, Any]:
    """The condition of a statement, operator by operator. What of it has not the form of one leaves it open: read as no
    condition it would open the statement."""
    said = raw.get("Condition", {})
    if not isinstance(said, dict):
        return dict(_MALFORMED)
    formed = {operator: keys for operator, keys in said.items() if _formed(operator, keys)}
    return formed if len(formed) == len(said) else formed | _MALFORMED


def _formed(operator: str, keys: Any) -> bool:
    """Whether an operator has keys, each with a value or a list of values, of which there is one at least."""
    if operator == OPEN:
        return True
    return isinstance(keys, dict) and all(_is_value(each) for each in keys.values())


def _is_value(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return bool(listed) and all(isinstance(each, (str, int, float)) for each in listed)
