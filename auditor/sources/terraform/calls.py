"""Modules that call modules: how often each would be evaluated, before anybody evaluates it.

A module that calls itself has no end, and two calls a level make a million at the twentieth. The evaluator finds out by
running out of memory; here it is counted, from the same calls that the copy is made by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from auditor.sources.code_options import BadCode

MOST_CALLS = 5_000


class Call(NamedTuple):
    """A call of a module by its name: where it stands, and the folder that it leads to."""

    name: str
    file: str
    line: int
    folder: Path

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def check_calls(calls: Mapping[Path, Sequence[Call]]) -> None:
    """BadCode for modules without end: at the line of a call that closes a circle, or of one among too many."""
    sizes: dict[Path, int] = {}
    for start in sorted(calls):
        trail: list[tuple[Path, Iterator[Call]]] = [(start, iter(calls[start]))] if start not in sizes else []
        around = {start}
        while trail:
            folder, rest = trail[-1]
            call = next(rest, None)
            if call is None:
                trail.pop()
                around.discard(folder)
                sizes[folder] = sum(1 + sizes.get(each.folder, 0) for each in calls[folder])
                _bound(sizes[folder], calls[folder])
            elif call.folder in around:
                raise BadCode(f"{call.place}: the module calls itself; remove the call")
            elif call.folder in calls and call.folder not in sizes:
                trail.append((call.folder, iter(calls[call.folder])))
                around.add(call.folder)


def _bound(size: int, calls: Sequence[Call]) -> None:
    if size > MOST_CALLS:
        raise BadCode(
            f"{calls[0].place}: more than {MOST_CALLS:,} module calls begin here; pass a plan instead (--plan)"
        )
