"""Canonical values compared and changed: what is the same, what AWS made of what was written, one place replaced."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator

from auditor.aws.redact import REDACTED
from auditor.model import ABSENT, Json, paths
from auditor.resources.shapes import whole_numbers


class NoPlace(Exception):
    """A path that leads to no one place in a value."""


def text(value: Json) -> str:
    """A value as text, the same for the same meaning: `true` and `1` stay apart, 45 and 45.0 do not, the order of
    keys does not count.
    """
    if value is ABSENT:
        return ""
    return json.dumps(whole_numbers(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=repr)


def same(left: Json, right: Json) -> bool:
    return text(left) == text(right)


def secretive(value: Json) -> bool:
    """Whether a part of the value was redacted when it was read: writing it back would destroy the secret."""
    return value is not ABSENT and REDACTED in text(value)


def settled(wanted: Json, before: Json, live: Json) -> bool:
    """Whether `live` is what became of writing `wanted` over `before`.

    AWS fills members in that nobody named, so an object may hold more than was written, but nothing
    that stood there before and was to go. Lists hold neither more nor less.
    """
    if same(wanted, live):
        return True
    if same(before, live):
        return False
    if isinstance(wanted, dict) and isinstance(live, dict):
        old = before if isinstance(before, dict) else {}
        filled_in = live.keys() - wanted.keys()
        return not filled_in & old.keys() and all(
            key in live and (same(inner, live[key]) or settled(inner, old.get(key, ABSENT), live[key]))
            for key, inner in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(live, list):
        return len(wanted) == len(live) and all(
            same(ours, theirs) or (isinstance(ours, dict) and settled(ours, ABSENT, theirs))
            for ours, theirs in zip(wanted, live, strict=True)
        )
    return False


def among(element: Json, collection: Json, *, loose: bool = False) -> Json:
    """The element of a collection that is `element` (loosely: with members that AWS filled in), or ABSENT."""
    items = collection if isinstance(collection, list) else []
    for item in items:
        if same(item, element):
            return item
    for item in items:
        if loose and isinstance(element, dict) and settled(element, ABSENT, item):
            return item
    return ABSENT


def changed(value: Json, path: str, new: Json) -> Json:
    """A copy of `value` with the one place that `path` names replaced, or taken out (ABSENT)."""
    steps = paths.segments(path)
    if not steps:
        return copy.deepcopy(new)
    out = copy.deepcopy(value) if value is not ABSENT else {}
    inner = out
    for kind, word in steps[:-1]:
        inner = _enter(inner, kind, word, path)
    _put_at(inner, *steps[-1], new, path)
    return out


def _enter(value: Json, kind: str, word: str, path: str) -> Json:
    if kind == "key":
        if not isinstance(value, dict):
            raise NoPlace(path)
        return value.setdefault(word, {})
    return value[position(value, word, path)]


def _put_at(value: Json, kind: str, word: str, new: Json, path: str) -> None:
    if kind == "pick":
        index = position(value, word, path)
        if new is ABSENT:
            del value[index]
        else:
            value[index] = copy.deepcopy(new)
    elif not isinstance(value, dict):
        raise NoPlace(path)
    elif new is ABSENT:
        value.pop(word, None)
    else:
        value[word] = copy.deepcopy(new)


def position(value: Json, selector: str, path: str) -> int:
    """Where the one element stands that a selector (`0`, `Id=a`) names."""
    key, equals, wanted = selector.partition("=")
    found = [
        index
        for index, element in enumerate(value if isinstance(value, list) else [])
        if selector == str(index) or (equals and isinstance(element, dict) and str(element.get(key, "")) == wanted)
    ]
    if len(found) != 1:
        raise NoPlace(path)
    return found[0]


def bare(path: str) -> str:
    """A path without its selectors, the form in which a row names places."""
    return ".".join(word for kind, word in paths.segments(path) if kind == "key")


def differing(before: Json, after: Json, at: str = "") -> Iterator[tuple[str, bool]]:
    """The places, without selectors, at which two values differ, and whether nothing stood there before."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            inner = f"{at}.{key}" if at else key
            yield from differing(before.get(key, ABSENT), after.get(key, ABSENT), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for old, new in zip(before, after, strict=True):
            yield from differing(old, new, at)
    elif not same(before, after):
        yield at, before is ABSENT
