"""Modules that call modules: how often each would be evaluated, before anybody evaluates it.

A module that calls itself has no end, and two calls a level make a million at the twentieth. The evaluator finds out by
running out of memory; here it is counted, from the same calls that the copy is made by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from auditor.sources.code_options import BadCode

MOST_CALLS = 5_000
Call = tuple[str, Path]  # where it stands, and the folder that it leads to


def check_calls(calls: Mapping[Path, Iterable[Call]]) -> None:
    """BadCode for modules without end: at the line of a call that closes a circle, or of one among too many."""
    sizes: dict[Path, int] = {}
    for start in sorted(calls):
        trail: list[tuple[Path, Iterator[Call]]] = [(start, iter(calls[start]))] if start not in sizes else []
        around = {start}
        while trail:
            folder, rest = trail[-1]
            place, below = next(rest, ("", folder))
            if not place:
                trail.pop()
                around.discard(folder)
                sizes[folder] = sum(1 + sizes.get(each, 0) for _, each in calls[folder])
                _bound(sizes[folder], calls[folder])
            elif below in around:
                raise BadCode(f"{place}: the module calls itself in a circle; take the call out")
            elif below in calls and below not in sizes:
                trail.append((below, iter(calls[below])))
                around.add(below)


def _bound(size: int, calls: Iterable[Call]) -> None:
    if size > MOST_CALLS:
        place = next(place for place, _ in calls)
        raise BadCode(f"{place}: more than {MOST_CALLS:,} calls of modules begin here; judge a plan instead")
