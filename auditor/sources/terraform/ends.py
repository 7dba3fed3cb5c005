"""What the evaluator loses: the last block that a `dynamic` block makes, where another kind of block follows it.

So in the copy such a block gets one more `dynamic` block at its end, which keeps that from happening. It is taken out
of the answer, and the lines of the answer are those of the original again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from auditor.sources.terraform.text import Head, blocks, inside

END = "auditor_end"
_CHUNK = f'\ndynamic "{END}" {{\nfor_each = [0]\ncontent {{\n}}\n}}\n'
_LINES = _CHUNK.count("\n")
Ends = Mapping[str, Sequence[int]]  # by file: the lines of the original before whose closing brace something was put


@lru_cache(maxsize=5_000)
def with_ends(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with what keeps the evaluator whole, and the lines before whose closing brace it stands."""
    places = sorted({place for head in blocks(text) for place in _places(head)}) if "dynamic" in text else []
    out = text
    for place in reversed(places):
        out = out[:place] + _CHUNK + out[place:]
    return out, tuple(text.count("\n", 0, place) + 1 for place in places)


def _places(head: Head) -> Iterator[int]:
    """The closing braces of the block, and of those in it, in which a block stands behind a dynamic one."""
    within = head.source.find("{") + 1
    many = list(inside(head.source, 1))
    dynamic = [each.kind == "dynamic" for each in many]
    if any(dynamic) and not all(dynamic[dynamic.index(True) :]):
        yield head.start + head.source.rfind("}")
    for each in many:
        for place in _places(each):
            yield head.start + within + place


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


def _line(line: int, ends: Sequence[int]) -> int:
    """The line of the original: what was put in stands before the braces in these lines."""
    return line - _LINES * sum(end + _LINES * (at + 1) <= line for at, end in enumerate(ends))


def message_as_written(message: str, ends: Ends) -> str:
    """A message of the evaluator with the lines of the original."""

    def placed(found: re.Match[str]) -> str:
        lines = next((lines for name, lines in ends.items() if name.endswith(found[1])), ())
        return f"{found[1]}:{_line(int(found[2]), lines)}"

    return re.sub(r"([^\s:]+\.(?:tf|tofu)):(\d+)", placed, message)
