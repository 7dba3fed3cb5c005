"""Values with a mark wherever something in them was not read: a Hidden member, or a list that is `Partly` read.

A reader leaves out what it could not read and notes the place: `Rules[2].CidrIp` where it knows the element,
`Rules[].CidrIp` for whichever of them it was. In the latter case a member of an element that is there was read; one
that is missing may be what was not. A gap on the list itself says that there may be more elements than were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.model import paths
from auditor.model.values import Gap, Hidden, Partly, Value
from auditor.model.vocabulary import ABSENT, Json

_PICK = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class _Unread:
    """A gap, where it lies below the value that is looked at, and whether it may be another element's."""

    rest: tuple[tuple[str, str], ...]
    gap: Gap
    any_element: bool = False


def places(properties: Mapping[str, Json], path: str, unknown: Mapping[str, Gap]) -> list[tuple[str, Value]]:
    """Every place that `path` names, with its value; the unread ones Hidden."""
    top = paths.segments(path)[0][1]
    unread = [_Unread(paths.segments(place), gap) for place, gap in unknown.items()]
    marked = _marked(properties.get(top, ABSENT), _below(unread, top))
    out = [(place, _whole(value)) for place, value in paths.find({top: marked}, path)]
    gap = paths.hidden(unknown, path)
    if gap and not any(_gap_in(value) for _, value in paths.find({top: marked}, _PICK.sub("[]", path))):
        # The readers noted a place that is filled nevertheless: which of it holds nobody knows.
        return [*out, (path, Hidden(gap))] if "[]" in path else [(path, Hidden(gap, paths.get(properties, path)))]
    return out


def bare(value: Value) -> Json:
    """The value without its marks."""
    if isinstance(value, Hidden):
        return value.known
    if isinstance(value, dict):
        inner = {name: bare(each) for name, each in value.items()}
        return {name: each for name, each in inner.items() if each is not ABSENT}
    return [each for each in map(bare, value) if each is not ABSENT] if isinstance(value, list) else value


def _marked(value: Value, unread: list[_Unread]) -> Value:
    own = next((each for each in unread if not each.rest), None)
    inside = [each for each in unread if each.rest]
    if isinstance(value, list):
        elements = [_marked(each, _picking(inside, each, number)) for number, each in enumerate(value)]
        return Partly(elements, own.gap) if own else elements
    if own and not (own.any_element and value is not ABSENT):
        return Hidden(own.gap, value)
    if not inside:
        return value
    if not isinstance(value, dict):
        return Hidden(inside[0].gap, value)
    out = dict(value)
    for name in dict.fromkeys(each.rest[0][1] for each in inside if each.rest[0][0] == "key"):
        out[name] = _marked(value.get(name, ABSENT), _below(inside, name))
    return out


def _below(unread: Iterable[_Unread], name: str) -> list[_Unread]:
    """What lies below a member."""
    return [replace(each, rest=each.rest[1:]) for each in unread if each.rest[0] == ("key", name)]


def _picking(unread: Iterable[_Unread], element: Value, number: int) -> list[_Unread]:
    """What lies below an element of a list, by its position or a key, or below any of them."""
    out = []
    for each in unread:
        kind, word = each.rest[0]
        rest = each.rest[1:] if kind == "pick" else each.rest
        if kind == "key" or word == "":
            out.append(replace(each, rest=rest, any_element=True))
        elif paths.picks(element, number, word):
            out.append(replace(each, rest=rest))
    return out


def _whole(value: Value) -> Value:
    """A value with marks in it as Hidden."""
    gap = None if isinstance(value, Hidden) else _gap_in(value)
    return Hidden(gap, bare(value), value) if gap else value


def _gap_in(value: Value) -> Gap | None:
    if isinstance(value, (Hidden, Partly)):
        return value.gap
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((gap for each in inner if (gap := _gap_in(each))), None)
