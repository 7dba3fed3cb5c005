"""What the evaluator loses of `dynamic` blocks, kept by other words in the copy.

It loses the last block that a `dynamic` block makes where another kind of block follows it: such a block gets one more
`dynamic` block at its end, which keeps that from happening and is taken out of the answer. And it makes nothing of a
`dynamic` block that stands inside of a plain one: the plain one is written as a `dynamic` block that is made once.
The lines of the answer are those of the original again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from auditor.sources.terraform.text import Head, blocks, inside

END = "auditor_end"
_CHUNK = f'\ndynamic "{END}" {{\nfor_each = [0]\ncontent {{\n}}\n}}\n'
_ONCE = 'dynamic "{kind}" {{\nfor_each = [0]\niterator = auditor_once\ncontent {{'
Ends = Mapping[str, Sequence[tuple[int, int]]]  # by file: lines of the original, and how many more there are from there


class _Edit(NamedTuple):
    place: int
    length: int
    text: str


@lru_cache(maxsize=5_000)
def with_ends(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with what keeps the evaluator whole, and the lines of the original at which it is longer by how many."""
    many = sorted({edit for head in blocks(text) for edit in _edits(head)}) if "dynamic" in text else []
    out = text
    for place, length, instead in reversed(many):
        out = out[:place] + instead + out[place + length :]
    return out, tuple((text.count("\n", 0, each.place) + 1, each.text.count("\n")) for each in many)


def _edits(head: Head) -> Iterator[_Edit]:
    """What is written otherwise of a block and of those in it."""
    within, last = head.source.find("{") + 1, head.source.rfind("}")
    many = list(inside(head.source, 1))
    dynamic = [each.kind == "dynamic" or _makes_none(each) for each in many]
    if any(dynamic) and not all(dynamic[dynamic.index(True) :]):
        yield _Edit(head.start + last, 0, _CHUNK)
    for each in many:
        start = head.start + within
        if _makes_none(each):
            yield _Edit(start + each.start, each.source.find("{") + 1, _ONCE.format(kind=each.kind))
            yield _Edit(start + each.start + len(each.source), 0, "\n}")
        yield from (edit._replace(place=start + edit.place) for edit in _edits(each))


def _makes_none(head: Head) -> bool:
    """Whether a block inside of another one is plain and has a dynamic block in it."""
    plain = not head.labels and head.kind not in ("dynamic", "content") and "dynamic" in head.source
    return plain and any(each.kind == "dynamic" or _holds(each) for each in inside(head.source, 1))


def _holds(head: Head) -> bool:
    return "dynamic" in head.source and any(each.kind == "dynamic" or _holds(each) for each in inside(head.source, 1))


def as_written(value: Any, ends: Ends) -> Any:
    """The evaluator's answer without what was put in, on the lines of the original."""
    if isinstance(value, list):
        return [as_written(each, ends) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _placed(each, ends) if name == "__tfmeta" else as_written(each, ends)
        for name, each in value.items()
        if name != END
    }


def _placed(meta: dict[str, Any], ends: Ends) -> dict[str, Any]:
    lines = ends.get(str(meta.get("filename", "")), ())
    return {
        name: _line(each, lines) if name in ("line_start", "line_end") and isinstance(each, int) else each
        for name, each in meta.items()
    }


def _line(line: int, ends: Sequence[tuple[int, int]]) -> int:
    """The line of the original."""
    for at, more in ends:
        line = line - more if line >= at + more else min(line, at)
    return line


def message_as_written(message: str, ends: Ends) -> str:
    """A message of the evaluator with the lines of the original."""

    def placed(found: re.Match[str]) -> str:
        lines = next((lines for name, lines in ends.items() if name.endswith(found[1])), ())
        return f"{found[1]}:{_line(int(found[2]), lines)}"

    return re.sub(r"([^\s:]+\.(?:tf|tofu)):(\d+)", placed, message)
