"""Whether a value is what a definition wants, with a third answer wherever something in it was not read.

A list with unread elements (`Partly`) holds those that were read for certain; a Hidden member may be anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.checks.kleene import every, some
from auditor.model import ABSENT, Hidden, Json, Partly, Value, symbolic


def same(wanted: Json, value: Value) -> bool | None:
    """Equality as people mean it: `"443"` is 443, but true is neither 1 nor "true" written by hand in a list."""
    if isinstance(value, Hidden):
        return None
    if value is ABSENT:
        return False
    if isinstance(wanted, dict) and isinstance(value, dict):
        return every(_members(wanted, value))
    if isinstance(wanted, list) and isinstance(value, list):
        return _sequence(wanted, value)
    if unfinished(value):
        return symbolic.same(wanted, value) if isinstance(wanted, str) else _may_be(wanted)
    if isinstance(wanted, bool) or isinstance(value, bool):
        return str(wanted).lower() == str(value).lower() if _texty(wanted, value) else wanted is value
    if isinstance(wanted, (int, float)) or isinstance(value, (int, float)):
        return number(wanted) == number(value) and number(wanted) is not None
    return bool(wanted == value)


def _members(wanted: dict[str, Json], value: dict[str, Value]) -> Iterator[bool | None]:
    for name in {**wanted, **value}:
        yield exactly(wanted[name], value.get(name, ABSENT)) if name in wanted else _unset(value[name])


def _unset(value: Value) -> bool | None:
    return None if isinstance(value, Hidden) else False


def exactly(wanted: Json, value: Value) -> bool | None:
    """Equality inside of lists and objects, where 1 is not "1"."""
    if isinstance(value, Hidden) or unfinished(value):
        return same(wanted, value)
    if isinstance(wanted, (dict, list)) and isinstance(value, (dict, list)):
        return same(wanted, value)
    return value is not ABSENT and _kind(wanted) is _kind(value) and bool(wanted == value)


def _kind(value: Value) -> type:
    """AWS answers with 45.0 where 45 was written."""
    return float if type(value) is int else type(value)


def _sequence(wanted: list[Json], value: list[Value]) -> bool | None:
    if not isinstance(value, Partly):
        pairs = zip(wanted, value, strict=False)
        return every([len(wanted) == len(value), *(exactly(one, other) for one, other in pairs)])
    if len(value) > len(wanted):
        return False
    # Where the unread elements stand nobody knows: that each read one is among the wanted is all that can be asked.
    return every([None, contains_all(value, wanted)])


def contains_all(items: Iterable[Value], among: Iterable[Json]) -> bool | None:
    """Whether each of the items is one of `among`."""
    known = list(among)
    return every(some(exactly(each, item) for each in known) for item in items)


def listed(value: Value) -> list[Value]:
    """The elements: none where nothing is set, one where a single value stands for a list of it."""
    if value is ABSENT or value is None:
        return []
    return value if isinstance(value, list) else [value]


def more(value: Value) -> list[None]:
    """An open answer for the elements of a list that were not read."""
    return [None] if isinstance(value, Partly) else []


def number(value: Json) -> float | None:
    try:
        return float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        return None


def _texty(wanted: Json, value: Json) -> bool:
    return isinstance(wanted, (bool, str)) and isinstance(value, (bool, str))


def unfinished(value: Value) -> bool:
    """Whether it is a text that only the account completes."""
    return isinstance(value, str) and symbolic.symbolic(value)


def _may_be(wanted: Json) -> bool | None:
    """An unfinished text may come to say a number or a flag, but is no list and no object."""
    return False if isinstance(wanted, (dict, list)) else None
