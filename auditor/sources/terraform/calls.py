"""Modules that call modules: how often each would be evaluated, before anybody evaluates it.

A module that calls itself has no end, and two calls a level make a million at the twentieth. The evaluator finds out by
running out of memory; here it is counted, from the same blocks that its answer is read by.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from auditor.sources.code_options import BadCode
from auditor.sources.terraform.text import Head, attributes

MOST_CALLS = 5_000
_LOCAL = re.compile(r'"(\.{1,2}(?:/[^"\\$%]*)?)"')


def check_calls(heads: Mapping[str, Iterable[Head]]) -> None:
    """BadCode for modules without end: at the line of a call that closes a circle, or of one among too many."""
    calls = _calls(heads)
    sizes: dict[str, int] = {}
    for start in sorted(calls):
        trail: list[tuple[str, Iterator[tuple[str, str]]]] = [(start, iter(calls[start]))]
        around = {start}
        while trail:
            folder, rest = trail[-1]
            place, below = next(rest, ("", ""))
            if not place:
                trail.pop()
                around.discard(folder)
                sizes[folder] = sum(1 + sizes.get(each, 0) for _, each in calls.get(folder, ()))
                _bound(sizes[folder], calls[folder])
            elif below in around:
                raise BadCode(f"{place}: a module that calls itself has no end; take the call out")
            elif below in calls and below not in sizes:
                trail.append((below, iter(calls[below])))
                around.add(below)


def _bound(size: int, calls: Iterable[tuple[str, str]]) -> None:
    if size > MOST_CALLS:
        place = next(place for place, _ in calls)
        raise BadCode(f"{place}: more than {MOST_CALLS:,} calls of modules begin here; judge a plan instead")


def _calls(heads: Mapping[str, Iterable[Head]]) -> dict[str, list[tuple[str, str]]]:
    """The local calls of each folder: where they stand, and the folder that they name."""
    out: dict[str, list[tuple[str, str]]] = {}
    for name, many in heads.items():
        folder = posixpath.dirname(name)
        for head in many:
            if head.kind != "module":
                continue
            source = attributes(head.source, head.line).get("source")
            local = _LOCAL.fullmatch(source.text) if source else None
            if source and local:
                below = os.path.normpath(posixpath.join(folder or ".", local[1]))
                out.setdefault(folder, []).append((f"{name}:{source.line}", "" if below == "." else below))
    return out
