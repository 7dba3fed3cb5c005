"""A policy document of code as far as it is known: what is not is left out, and its place told.

What is known of it still decides: a statement for everybody stands beside one whose principal a parameter names, and a
role that may read one object is no administrator whatever the bucket is called. References to other code stay: policies
are compared by the texts by which code speaks of resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model import ABSENT, SERVICE, Json
from auditor.sources.references import reasons

_ODD = "a statement of a policy that is no object"
_NAME = "the name of a member of a policy is known only to AWS"
_PRINCIPAL = re.compile(r"arn:[a-z-]+:(?:iam|sts)::")
_SERVICE = re.compile(r"\.Principal\.Service(?:\[\d+\])?$")
_OPEN_PART = re.compile(r"\$\{[^{}]*\}")
Unread = tuple[str, str]  # why, and how the text begins that is not known


def as_known(value: Json, path: str) -> tuple[Json, dict[str, Unread]]:
    """The known part of a document, or of a list of named ones, and of each of the other places why it is not known,
    and how a principal begins there of which the rest is not: everybody is named by no ARN."""
    hidden: dict[str, Unread] = {}
    return _known(value, path, hidden), hidden


def _known(value: Json, path: str, hidden: dict[str, Unread]) -> Json:
    if isinstance(value, dict):
        unread = [name for name in value if "${" in name]
        if unread and ".Condition" not in path:  # it may be any member: what stands there says nothing for certain
            hidden[path] = next(iter(reasons(unread[0])), _NAME), ""
            return ABSENT
        for name in filter(reasons, value):  # a key of a condition, of which only the account knows how it is called
            hidden[path] = reasons(name)[0], ""
        found = {name: _known(inner, _below(path, name), hidden) for name, inner in value.items() if not reasons(name)}
        return {name: inner for name, inner in found.items() if inner is not ABSENT}
    if isinstance(value, list):
        out: list[Json] = []
        for inner in _statements(value, path, hidden):
            kept = _known(inner, f"{path}[{len(out)}]", hidden)
            if kept is ABSENT:
                reason, begins = hidden.pop(f"{path}[{len(out)}]")
                hidden[path] = reason, begins if path not in hidden or hidden[path][1] else ""
            else:
                out.append(kept)
        return out
    why = reasons(value) if isinstance(value, str) else []
    if why:
        hidden[path] = why[0], _beginning(value, path)
        return ABSENT
    return value


def _beginning(text: str, path: str) -> str:
    """How the name of a principal begins of which only a part is known. Whatever stands in `logs.${...}.amazonaws.com`,
    it is one service; a name of which nothing is known may be anything."""
    if _SERVICE.search(path):
        return SERVICE if re.search(r"\w", _OPEN_PART.sub("", text)) else ""
    principal = _PRINCIPAL.match(text)
    return principal[0] if principal else ""


def _statements(value: list[Json], path: str, hidden: dict[str, Unread]) -> Iterator[Json]:
    """The elements of a list; of statements only objects, for nobody can say what another one means."""
    for each in value:
        if path.endswith("Statement") and not isinstance(each, dict):
            why = reasons(each) if isinstance(each, str) else []
            hidden[path] = why[0] if why else _ODD, ""
        else:
            yield each


def _below(path: str, name: str) -> str:
    return f'{path}."{name}"' if set(name) & set('.["') else f"{path}.{name}"
