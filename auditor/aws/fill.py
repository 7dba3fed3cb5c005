"""Placeholders of a `Call`, filled in one place for reading and for mending.

`{id}`, `{arn}`, `{name}`, `{account}`, `{region}`, `{partition}`: the resource's; `{Prop}`: a property of it;
`{raw.Path}`: the list answer's item; `{parent.id}`, `{parent.arn}`, `{parent.Prop}`: the resource of `over`;
`{value}`: a setter's new value, `{element}`: one element added or removed, `{value.X}` and `{element.X}`: members of
them; `{token}`: the entity tag of an edited document.

A text that is one placeholder and nothing else keeps the type of what it stands for. A parameter whose placeholder ends
in `?` (`{value.X?}`) is left out when nothing stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.model import ABSENT, Json

_HOLE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.\[\]]*\??)\}")
_PARTED = ("value", "element")  # what has members that a placeholder may name


class Unfilled(Exception):
    """A placeholder that nothing stands for."""


def fill(template: Json, values: Callable[[str], Json]) -> Json:
    """`template` with its placeholders replaced; a text that is only one placeholder keeps the value's type.

    A parameter whose placeholder ends in `?` is left out when nothing, or an empty list, stands for it.
    """
    if isinstance(template, str):
        return _fill_text(template, values)
    if isinstance(template, dict):
        filled = ((key, fill(inner, values)) for key, inner in template.items())
        return {key: value for key, value in filled if value is not ABSENT}
    if isinstance(template, (list, tuple)):
        return [value for value in (fill(inner, values) for inner in template) if value is not ABSENT]
    return template


def _fill_text(text: str, values: Callable[[str], Json]) -> Json:
    whole = _HOLE.fullmatch(text)
    if whole:
        return _found(whole[1], values)
    return _HOLE.sub(lambda hole: str(_found(hole[1], values)), text)


def _found(name: str, values: Callable[[str], Json]) -> Json:
    bare = name.removesuffix("?")
    head, _, rest = bare.partition(".")
    value = _member(values(head), rest) if rest and head in _PARTED else values(bare)
    if bare != name and (value is None or value is ABSENT or value == []):
        return ABSENT
    if value is not None and value is not ABSENT:
        return value
    raise Unfilled(name)


def _member(value: Json, path: str) -> Json:
    for step in path.split("."):
        value = value.get(step, ABSENT) if isinstance(value, dict) else ABSENT
    return value
