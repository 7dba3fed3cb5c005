"""Documents that AWS only takes whole: one place changed, everything else left exactly as it was read.

What a document holds beyond the canonical value survives: the canonical value is turned back into the live shape
twice, as it was and as it shall be, and only their difference is laid over it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from auditor.model import ABSENT, Edit, Json, Prop, paths
from auditor.remedy.values import changed, same
from auditor.resources.normalise import canonical, read, reader, settle, writer

_NAMES = ("Id", "Name", "Key", "PathPattern", "Arn")


def place_in(document: Json, row: Prop, place: str) -> Json:
    """What stands at a canonical place in a live document."""
    return paths.get({row.name: _canonical_value(document, row)}, place)


def with_place(document: Json, row: Prop, place: str, new: Json) -> Json:
    """The live document with one canonical place changed, or taken out (ABSENT)."""
    edit = _edit(row)
    top = edit.renames.get(row.name, row.name)
    live = document.get(top, ABSENT) if isinstance(document, dict) else ABSENT
    before = settle(row.same, read(row, _shaped(document, row)))
    after = settle(row.same, changed(before, place.removeprefix(row.name).removeprefix("."), new))
    out = dict(document) if isinstance(document, dict) else {}
    if after is ABSENT:
        out.pop(top, None)
        return out
    reads, write = reader(row), writer(row)
    if write:
        aligned = not reads or live is ABSENT or same(before, reads(live))
        old, now = write(before) if before is not ABSENT else ABSENT, write(after)
    else:
        aligned, wraps = True, _wraps(document)
        old = _live(before, edit.renames, wraps)
        now = _live(after, edit.renames, wraps)
    out[top] = _lay_over(live, old, now) if aligned else now
    return out


def _edit(row: Prop) -> Edit:
    if row.edit is None:
        raise ValueError(f"{row.name} is not edited inside a document")
    return row.edit


def _canonical_value(document: Json, row: Prop) -> Json:
    """The canonical value of the row from the document."""
    return canonical(row, _shaped(document, row))


def _shaped(document: Json, row: Prop) -> Json:
    """The row's part of the document, in the names of a template where the row has no reader of its own."""
    edit = _edit(row)
    live = document.get(edit.renames.get(row.name, row.name)) if isinstance(document, dict) else None
    if not reader(row):
        live = _canonical_shape(live, {theirs: ours for ours, theirs in edit.renames.items()})
    return live


def _is_wrapper(value: Json) -> bool:
    return isinstance(value, dict) and "Quantity" in value and value.keys() <= {"Quantity", "Items"}


def _wraps(value: Json) -> bool:
    """Whether the document writes its lists as `{Quantity, Items}`."""
    if isinstance(value, dict):
        return _is_wrapper(value) or any(_wraps(inner) for inner in value.values())
    return isinstance(value, list) and any(_wraps(inner) for inner in value)


def _canonical_shape(value: Json, names: Mapping[str, str]) -> Json:
    """A live value with its wrappers looked through and its members under their canonical names."""
    if _is_wrapper(value):
        value = value.get("Items") or []
    if isinstance(value, dict):
        return {names.get(key, key): _canonical_shape(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_canonical_shape(inner, names) for inner in value]
    return value


def _live(value: Json, names: Mapping[str, str], wraps: bool) -> Json:
    """The inverse of `_canonical_shape`."""
    if isinstance(value, dict):
        return {names.get(key, key): _live(inner, names, wraps) for key, inner in value.items()}
    if isinstance(value, list):
        items = [_live(inner, names, wraps) for inner in value]
        if not wraps:
            return items
        return {"Quantity": len(items), **({"Items": items} if items else {})}
    return value


def _lay_over(old: Json, base: Json, new: Json) -> Json:
    """`old` with what differs between `base` and `new` changed, and nothing else."""
    if same(base, new):
        return copy.deepcopy(old) if old is not ABSENT else new
    if isinstance(old, dict) and isinstance(base, dict) and isinstance(new, dict):
        gone = base.keys() - new.keys()
        out: dict[str, Any] = {key: copy.deepcopy(inner) for key, inner in old.items() if key not in gone}
        for key, inner in new.items():
            if key in old or not same(base.get(key, ABSENT), inner):
                out[key] = _lay_over(old.get(key, ABSENT), base.get(key, ABSENT), inner)
        return out
    if isinstance(old, list) and isinstance(base, list) and isinstance(new, list) and len(old) == len(base):
        partners = _partners(old, base)
        return [_lay_element([old[at] for at in partners], base, new, index) for index in range(len(new))]
    return new


def _partners(old: list[Json], base: list[Json]) -> list[int]:
    """Where in `old` each element of `base` stands: the canonical value may be sorted where the live one is not."""
    left = set(range(len(old)))
    found: dict[int, int] = {}

    def pair(like: Callable[[Json, Json], bool]) -> None:
        for at, element in enumerate(base):
            if at not in found:
                nearest = sorted(left, key=lambda each: (each != at, each))
                partner = next((each for each in nearest if like(old[each], element)), None)
                if partner is not None:
                    found[at] = partner
                    left.discard(partner)

    pair(same)
    pair(_namesakes)
    pair(lambda one, other: True)
    return [found[at] for at in range(len(base))]


def _namesakes(one: Json, other: Json) -> bool:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return False
    return any(one.get(key) and one.get(key) == other.get(key) for key in _NAMES)


def _lay_element(old: list[Json], base: list[Json], new: list[Json], index: int) -> Json:
    """An element laid over the one that it was, found by its text, by its name, or in a list as long by its place."""
    element = new[index]
    was = next((at for at, each in enumerate(base) if same(each, element)), None)
    if was is None and isinstance(element, dict):
        for key in _NAMES:
            name = element.get(key)
            found = [at for at, each in enumerate(base) if isinstance(each, dict) and name and each.get(key) == name]
            if len(found) == 1:
                was = found[0]
                break
    if was is None and len(new) == len(base):
        was = index
    return element if was is None else _lay_over(old[was], base[was], element)
