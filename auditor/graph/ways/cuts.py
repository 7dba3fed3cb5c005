"""What all ways pass, and the fewest elements that close every one.

networkx finds a cut as a flow through a plain graph in which each element is an edge of capacity one; its functions for
node cuts of multigraphs are no use here (they answer the empty set where the ends are neighbours, and count parallel
edges once). In that graph an element that two ways share may join the beginning of one with the end of the other, so a
flow can ask for more than is needed, and never for less. A search for fewer elements then settles it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import networkx as nx

from auditor.graph.ways.elements import Element

MOST_STEPS = 50_000  # of the search for fewer; beyond them the flow's answer stands, as one that may not be the least

Node = TypeVar("Node")


def dominators(net: nx.DiGraph, start: Node, end: Node) -> list[Node]:
    """The nodes between two ends that every path passes, in its order; none where there is no path.

    networkx maps the start to itself up to 3.5 and leaves it out since.
    """
    if start not in net or end not in net:
        return []
    above = nx.immediate_dominators(net, start)
    found: list[Node] = []
    here = above.get(end, start)
    while here != start:
        found.append(here)
        here = above.get(here, start)
    return found[::-1]


def flow_cut(ways: Iterable[Sequence[Element]]) -> frozenset[Element] | None:
    """Elements that close every way, by the flow through all of them; None where a way has no element."""
    net = nx.DiGraph()
    net.add_nodes_from(("start", "end"))
    by_key: dict[str, Element] = {}
    for way in ways:
        steps = [each.key for each in way]
        by_key |= {each.key: each for each in way}
        for key in steps:
            net.add_edge(("in", key), ("out", key), capacity=1)
        exits = ["start", *(("out", key) for key in steps)]
        entries = [*(("in", key) for key in steps), "end"]
        net.add_edges_from(zip(exits, entries, strict=True))  # no capacity: as much as one likes
    try:
        _, (near, _) = nx.minimum_cut(net, "start", "end")
    except nx.NetworkXUnbounded:
        return None
    return frozenset(each for key, each in by_key.items() if ("in", key) in near and ("out", key) not in near)


def fewest(ways: Sequence[Sequence[Element]]) -> tuple[tuple[Element, ...] | None, bool]:
    """The fewest elements that close all these ways, and whether it is certain that fewer do not.

    Among equally few those are taken that touch least beside the way.
    """
    most = flow_cut(ways)
    if most is None:
        return None, True
    sets = sorted({frozenset(way) for way in ways}, key=lambda each: (len(each), sorted(e.rank for e in each)))
    search = _Search(sets)
    for size in range(_apart(sets), len(most) + 1):
        found = search.within(size)
        if found is not None:
            return tuple(sorted(found, key=lambda each: each.rank)), True
        if search.steps > MOST_STEPS:
            break
    return tuple(sorted(most, key=lambda each: each.rank)), False


def _apart(sets: list[frozenset[Element]]) -> int:
    """How many ways have no element in common: at least so many changes are needed."""
    taken: frozenset[Element] = frozenset()
    count = 0
    for way in sets:
        if not way & taken:
            taken, count = taken | way, count + 1
    return count


class _Search:
    """Looks for a set of at most so many elements that meets every way."""

    def __init__(self, sets: list[frozenset[Element]]) -> None:
        self.sets = sets
        self.steps = 0

    def within(self, size: int, chosen: frozenset[Element] = frozenset()) -> frozenset[Element] | None:
        self.steps += 1
        left = next((way for way in self.sets if not way & chosen), None)
        if left is None:
            return chosen
        if len(chosen) >= size or self.steps > MOST_STEPS:
            return None
        for each in sorted(left, key=lambda element: element.rank):
            found = self.within(size, chosen | {each})
            if found is not None:
                return found
        return None
