"""Values with a mark wherever something in them was not read: a Hidden member, or a list that is `Partly` read.

A reader leaves out what it could not read and notes the place; in a list it notes `Rules[].CidrIp` for whichever of the
elements it was. A member of an element that is there was read; one that is missing may be what was not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.model import paths
from auditor.model.values import Gap, Hidden, Partly, Value
from auditor.model.vocabulary import ABSENT, Json

_PICK = re.compile(r"\[[^\]]*\]")
_FIRST = re.compile(r"\"[^\"]+\"|[^.]+")


def places(properties: Mapping[str, Json], path: str, unknown: Mapping[str, Gap]) -> list[tuple[str, Value]]:
    """Every place that `path` names, with its value; the unread ones Hidden."""
    top = paths.segments(path)[0][1]
    gaps = {_PICK.sub("", place): gap for place, gap in unknown.items()}
    marked = _marked(properties.get(top, ABSENT), _spelled(top), gaps)
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


def _spelled(name: str) -> str:
    return f'"{name}"' if "." in name else name


def _marked(value: Value, at: str, gaps: Mapping[str, Gap], in_list: bool = False, listed: bool = False) -> Value:
    """`listed`: the value is an element of the list that stands at `at`."""
    own = None if listed else gaps.get(at)
    if own and isinstance(value, list):
        return Partly((_marked(each, at, gaps, True, True) for each in value), own)
    if own and not (in_list and value is not ABSENT):
        return Hidden(own, value)
    inside = {place: gap for place, gap in gaps.items() if place.startswith(at + ".")}
    if not inside:
        return value
    if isinstance(value, list):
        return [_marked(each, at, gaps, True, True) for each in value]
    if not isinstance(value, dict):
        return Hidden(next(iter(inside.values())), value)
    names = [_FIRST.match(place[len(at) + 1 :]) for place in inside]
    out = dict(value)
    for name in dict.fromkeys(found[0] for found in names if found):
        key = name.strip('"')
        out[key] = _marked(value.get(key, ABSENT), f"{at}.{name}", gaps, in_list)
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
