"""What all ways between two ends pass, and the fewest changes that close them, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from auditor.graph.build import Graph
    from auditor.graph.network import End
    from auditor.graph.space import Ranges
    from auditor.graph.ways import Element, Ways

_MOST = 10  # ways that are written out as text


def asked(graph: Graph, one: End, other: End, services: Ranges) -> Ways:
    """The ways between the ends of a question."""
    from auditor.graph.network import INTERNET
    from auditor.graph.ways import ways_between

    if one.resource is None and one is not INTERNET:
        raise click.BadParameter("FROM must be `internet` or a resource", param_hint="--cut")
    if other.resource is None:
        raise click.BadParameter("TO must be a resource", param_hint="--cut")
    return ways_between(graph, one.resource, other.resource, services)


def lines(ways: Ways) -> Iterator[tuple[str, str]]:
    """The rows of an answer, each with its title."""
    if ways.state == "blocked":
        yield "ways", f"there is no path from {ways.tail_label} to {ways.head_label}"
        return
    yield "ways", f"{_counted(ways)} from {ways.tail_label} to {ways.head_label}"
    for way in ways.proven[:_MOST]:
        yield "ways", "  " + " → ".join(each.words for each in way.elements)
    if len(ways.proven) > _MOST:
        yield "ways", f"  and {len(ways.proven) - _MOST} more (--format json lists them)"
    if ways.proven:
        yield "pass", "all paths pass" if ways.passed else "the paths have nothing in common"
        yield from (("pass", f"  {each.words}") for each in ways.passed)
        yield from _closing(ways)
    yield from _open(ways)


def _counted(ways: Ways) -> str:
    many = len(ways.proven)
    some = f"{many} proven {'path' if many == 1 else 'paths'}"
    return some if ways.complete else f"at least {some}"


def _closing(ways: Ways) -> Iterator[tuple[str, str]]:
    if ways.cut is None:
        yield "close", "no route, entry, rule, listener or statement closes them"
        return
    many = len(ways.cut)
    sure = "the fewest changes that close" if ways.least else "changes (maybe not the fewest) that close"
    yield "close", f"{sure} every proven path: {many}"
    yield from (("close", f"  remove {each.words}") for each in ways.cut)


def _open(ways: Ways) -> Iterator[tuple[str, str]]:
    """What could not be read and may let through whatever is closed."""
    if ways.left is None or ways.left.state != "unknown":
        return
    after = "after that, a path is still possible" if ways.proven else "a path is possible"
    yield "maybe", f"{after}: {ways.left.because}"


def told(ways: Ways) -> dict[str, Any]:
    """The same for programs."""
    return {
        "complete": ways.complete,
        "proven": [[each.key for each in way.elements] for way in ways.proven],
        "possible": [
            {"elements": [each.key for each in way.elements], "because": way.because} for way in ways.possible
        ],
        "all_pass": [each.key for each in ways.passed],
        "cut": None if ways.cut is None else [each.key for each in ways.cut],
        "fewest": ways.least,
        "afterwards": None if ways.left is None else {"verdict": ways.left.state, "because": ways.left.because},
        "elements": {each.key: _element(each) for each in _elements(ways)},
    }


def _elements(ways: Ways) -> list[Element]:
    every = {each for way in (*ways.proven, *ways.possible) for each in way.elements}
    return sorted(every, key=lambda each: each.rank)


def _element(each: Element) -> dict[str, str]:
    return {"kind": each.kind, "resource": each.owner, "place": each.place, "words": each.words}
