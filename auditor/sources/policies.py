"""A policy document of code as far as it is known: what is not is left out, and its place told.

What is known of it still decides: a statement for everybody stands beside one whose principal a parameter names, and a
role that may read one object is no administrator whatever the bucket is called. References to other code stay: policies
are compared by the texts by which code speaks of resources.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import ABSENT, Json
from auditor.sources.references import reasons

_ODD = "a statement of a policy that is no object"


def as_known(value: Json, path: str) -> tuple[Json, dict[str, str]]:
    """The known part of a document, or of a list of named ones, and why each of the other places is not known."""
    hidden: dict[str, str] = {}
    return _known(value, path, hidden), hidden


def _known(value: Json, path: str, hidden: dict[str, str]) -> Json:
    if isinstance(value, dict):
        for name in filter(reasons, value):  # a key of a condition, of which only the account knows how it is called
            hidden[path] = reasons(name)[0]
        found = {name: _known(inner, _below(path, name), hidden) for name, inner in value.items() if not reasons(name)}
        return {name: inner for name, inner in found.items() if inner is not ABSENT}
    if isinstance(value, list):
        out: list[Json] = []
        for inner in _statements(value, path, hidden):
            kept = _known(inner, f"{path}[{len(out)}]", hidden)
            if kept is ABSENT:
                hidden[path] = hidden.pop(f"{path}[{len(out)}]")
            else:
                out.append(kept)
        return out
    why = reasons(value) if isinstance(value, str) else []
    if why:
        hidden[path] = why[0]
        return ABSENT
    return value


def _statements(value: list[Json], path: str, hidden: dict[str, str]) -> Iterator[Json]:
    """The elements of a list; of statements only objects, for nobody can say what another one means."""
    for each in value:
        if path.endswith("Statement") and not isinstance(each, dict):
            why = reasons(each) if isinstance(each, str) else []
            hidden[path] = why[0] if why else _ODD
        else:
            yield each


def _below(path: str, name: str) -> str:
    return f'{path}."{name}"' if set(name) & set('.["') else f"{path}.{name}"
