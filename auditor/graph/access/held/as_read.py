"""Statements as far as they were read: the certain ones, and what a partly read one may say besides, in doubt.

Of a statement whose resource is not known the action still is: it makes nobody an administrator by reading one object.
So each statement gives at most two: one of all members that were read, and one, marked as in doubt, in which each
unread member may be anything. Whoever evaluates them gets "depends" where the unread decides, and nothing less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.access.policy.documents import UNREAD, Statement
from auditor.graph.access.policy.unread import in_doubt
from auditor.model import ABSENT, SERVICE, Gap, Hidden, Partly, Resource, Value, bare

_SETS = ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal")
_ANY: Mapping[str, Any] = {"Action": ["*"], "Resource": ["*"], "Principal": {UNREAD: ["*"]}}
_WORDS = "a part of a statement"
_SOME_PROVIDER = "${? not read}"


@dataclass(frozen=True, slots=True)
class AsRead:
    """`gaps` hide whole statements, `doubts` parts of those that are here."""

    version: str
    statements: tuple[Statement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    doubts: tuple[Gap, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        return {"Version": self.version, "Statement": list(self.statements)}


def policy_as_read(resource: Resource, path: str, attached: bool = False) -> AsRead:
    """The policy document at a path of a resource. `attached`: it is the policy on that resource, of which AWS takes a
    permission for no other, so that a permission needs not be read to its Resource."""
    return as_read(resource.at(path), attached)


def named_policies(holder: Resource) -> Iterator[tuple[str, Mapping[str, Value], Gap | None]]:
    """The inline policies of a principal: where each stands, the policy with marks at its unread places (nothing where
    it was not read at all), and why not all of it was read."""
    found = holder.at("Policies")
    listed = found.marked if isinstance(found, Hidden) else found
    if isinstance(found, Hidden) and not isinstance(listed, list):
        yield "Policies", {}, found.gap
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        # What a policy is called says nothing of what it permits.
        hiding = _gaps(
            {key: held for key, held in each.items() if key != "PolicyName"} if isinstance(each, dict) else each
        )
        name = each.get("PolicyName", "") if isinstance(each, dict) else number
        place = f"Policies[{number}]" if isinstance(name, (int, Hidden)) else f"Policies[PolicyName={name}]"
        yield place, each if isinstance(each, dict) else {}, hiding[0] if hiding else None
    if isinstance(listed, Partly):
        yield "Policies", {}, listed.gap


def as_read(document: Value, attached: bool = False) -> AsRead:
    """A document with marks at its unread places."""
    if isinstance(document, Hidden) and document.marked is not ABSENT:
        document = document.marked
    if isinstance(document, Hidden):
        known = as_read(document.known, attached)
        return replace(known, gaps=(*known.gaps, document.gap))
    if not isinstance(document, dict):
        return AsRead("")
    version = document.get("Version")
    listed = document.get("Statement", [])
    gaps = [each.gap for each in (version, listed) if isinstance(each, (Hidden, Partly))]
    statements: list[Statement] = []
    doubts: list[Gap] = []
    if isinstance(listed, Hidden):
        listed = listed.known
    for each in listed if isinstance(listed, list) else [listed]:
        if attached and isinstance(each, dict) and each.get("Effect") == "Allow" and _gaps(each.get("Resource")):
            each = {**each, "Resource": ["*"]}
        hiding = _gaps(each)
        if isinstance(each, Hidden) or _hidden(each, "Effect"):
            gaps += hiding
        elif isinstance(each, dict):
            statements += _parts(each) if hiding else [each]
            doubts += hiding
    return AsRead(version if isinstance(version, str) else "", tuple(statements), tuple(gaps), tuple(doubts))


def _hidden(statement: Value, name: str) -> bool:
    return isinstance(statement, dict) and isinstance(statement.get(name), Hidden)


def _gaps(value: Value) -> list[Gap]:
    """What hides something inside a value."""
    if isinstance(value, Hidden):
        return [value.gap]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [gap for each in inner for gap in _gaps(each)]
    return [value.gap, *found] if isinstance(value, Partly) else found


def _parts(statement: Mapping[str, Value]) -> Iterator[Statement]:
    """The statement of what was read of it, where that is one, and the one that it may be besides."""
    statement = {**statement, **_with_provider(statement.get("Principal"))}
    unread = [name for name in _SETS if _gaps(statement.get(name))]
    condition = statement.get("Condition", {})
    whole = {name: bare(value) for name, value in statement.items() if not isinstance(value, Hidden)}
    limited = bool(_gaps(condition))
    if not unread and not limited:
        yield whole  # its name alone is not known
        return
    if not limited and all(whole.get(name) and not name.startswith("Not") for name in unread):
        yield whole
    may_be = {name: value for name, value in whole.items() if name not in unread}
    for name in unread:
        may_be[name.removeprefix("Not")] = _ANY[name.removeprefix("Not")]
    if "Principal" in unread and (begins := _beginning(statement["Principal"])):
        may_be["Principal"] = {UNREAD: [begins]}
    if limited:
        may_be["Condition"] = _known_limits(condition)
    yield in_doubt(may_be, _WORDS)


def _beginning(principal: Value) -> str:
    """How the names of principals begin that were not read; nothing where that is not known of one of them. Of services
    and others the others, of whom less is certain."""
    found = sorted((gap.begins for gap in _gaps(principal)), key=lambda each: each == SERVICE)
    return found[0] if all(found) else ""


def _with_provider(principal: Value) -> dict[str, Any]:
    """A provider of identities that was not read, as a text that stands for it: a condition tells whose tokens are
    meant, by its keys."""
    unread = _gaps(principal.get("Federated")) if isinstance(principal, dict) else ()
    if not unread:
        return {}
    known = bare(principal["Federated"])
    listed = known if isinstance(known, list) else []
    return {"Principal": {**principal, "Federated": [*listed, _SOME_PROVIDER]}}


def _known_limits(condition: Value) -> dict[str, Any]:
    """The tests of a condition that were read whole; the others may hold or not."""
    out: dict[str, Any] = {}
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        if isinstance(keys, dict):
            known = {key: value for key, value in keys.items() if not _gaps(value)}
            out.update({operator: known} if known else {})
        elif not isinstance(keys, Hidden):
            out[operator] = keys
    return out
