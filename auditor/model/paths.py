"""Paths into canonical values: `Origins[].S3OriginConfig`, `Ingress[FromPort=22].CidrIp`, `Tags[0]`.

One small language for rules, baselines, remedies and reports. `[]` means every element, `[N]` one by position,
`[Key=Value]` one by a key, the form in which paths are written down because it survives reordering. A key with dots
in it
stands in quotes: `Parameters."rds.force_ssl"`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from auditor.model.values import Hidden, Partly
from auditor.model.vocabulary import ABSENT

_SEGMENT = re.compile(r"\"([^\"]+)\"|([^.\[\]\"]+)|\[([^\]]*)\]")
_IDENTITY = (
    *("Id", "Sid", "Name", "Key", "PolicyName", "Arn", "DestinationCidrBlock", "LocationUri"),
    *("ErrorCode", "EventType", "HeaderName"),
)


@lru_cache(maxsize=4096)
def segments(path: str) -> tuple[tuple[str, str], ...]:
    """Split a path into ("key", name) and ("pick", selector) pairs."""
    return tuple(
        ("key", quoted or key) if quoted or key else ("pick", pick) for quoted, key, pick in _SEGMENT.findall(path)
    )


def plain(path: str) -> bool:
    """Whether a path is a property's name and nothing more."""
    return "." not in path and "[" not in path and '"' not in path


def top(path: str) -> str:
    """The property that a path begins with."""
    return segments(path)[0][1] if path else ""


def find(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every place that `path` names inside `value`, as (concrete path, value); an absent place gives ABSENT once."""
    yield from _walk(value, segments(path), "")


def get(value: Any, path: str) -> Any:
    """The first place that `path` names, or ABSENT."""
    return next((found for _, found in find(value, path)), ABSENT)


def _walk(value: Any, rest: tuple[tuple[str, str], ...], at: str) -> Iterator[tuple[str, Any]]:
    if not rest:
        yield at, value
        return
    if isinstance(value, Hidden):
        yield at + _spelled(rest), Hidden(value.gap, next((found for _, found in _walk(value.known, rest, "")), ABSENT))
        return
    (kind, word), tail = rest[0], rest[1:]
    if kind == "key":
        spelled = f'"{word}"' if "." in word else word
        here = f"{at}.{spelled}" if at else spelled
        inner = value.get(word, ABSENT) if isinstance(value, dict) else ABSENT
        if inner is ABSENT:
            if all(later[0] == "key" or later[1] != "" for later in tail):
                yield here + _spelled(tail), ABSENT
            return
        yield from _walk(inner, tail, here)
        return
    if not isinstance(value, list):
        return
    names = _names(value) if word == "" else None
    picked = list(_picked(value, word))
    for index, element in picked:
        yield from _walk(element, tail, f"{at}[{names[index] if names else name_of(value, index)}]")
    if isinstance(value, Partly) and (word == "" or not picked):
        yield at + _spelled(rest), Hidden(value.gap)


def _spelled(rest: tuple[tuple[str, str], ...]) -> str:
    return "".join(f".{word}" if kind == "key" else f"[{word}]" for kind, word in rest)


def _picked(value: list[Any], selector: str) -> Iterator[tuple[int, Any]]:
    for index, element in enumerate(value):
        if selector == "" or picks(element, index, selector):
            yield index, element


def picks(element: Any, index: int, selector: str) -> bool:
    """Whether a selector that is not empty means this element."""
    key, equals, wanted = selector.partition("=")
    return selector == str(index) or bool(equals and isinstance(element, dict) and str(element.get(key, "")) == wanted)


def name_of(value: list[Any], index: int) -> str:
    """How the element is written in a path: by a key that tells it apart from the others, else by position."""
    return _names(value)[index]


def _names(value: list[Any]) -> list[str]:
    """How each element is written, in one walk over all: lists of strangers are long."""
    counts: Counter[tuple[str, Any]] = Counter()
    for element in value:
        if isinstance(element, dict):
            counts.update((key, element[key]) for key in _IDENTITY if isinstance(element.get(key), (str, int)))
    return [_name(element, index, counts) for index, element in enumerate(value)]


def _name(element: Any, index: int, counts: Mapping[tuple[str, Any], int]) -> str:
    for key in _IDENTITY if isinstance(element, dict) else ():
        mine = element.get(key)
        if isinstance(mine, (str, int)) and "]" not in str(mine) and counts[key, mine] == 1:
            return f"{key}={mine}"
    return str(index)


def hidden(unknown: Mapping[str, Any], path: str, inside: bool = True) -> Any:
    """The gap that hides `path`: one on the path itself, on a place above it, or `inside` it; else None."""
    plain = re.sub(r"\[[^\]]*\]", "", path)
    for place, gap in unknown.items():
        bare = re.sub(r"\[[^\]]*\]", "", place)
        if plain == bare or plain.startswith(bare + ".") or (inside and bare.startswith(plain + ".")):
            return gap
    return None
