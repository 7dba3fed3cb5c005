"""The shortest path along relations that a question allows. Answers do not depend on input order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.graph.build import Graph
from auditor.model import Edge, Resource

# Sub-resources point at their owner; a path may enter them from either side.
_BOTH_WAYS = ("part-of", "attached-to")


def path(
    graph: Graph, start: Resource, goals: Iterable[Resource], allowed: Callable[[Edge], bool], most: int = 4
) -> tuple[Edge, ...] | None:
    """The shortest path over allowed edges from `start` to one of `goals`, as its edges."""
    wanted = {goal.key for goal in goals}
    frontier: list[tuple[Resource, tuple[Edge, ...]]] = [(start, ())]
    seen = {start.key}
    for _ in range(most):
        reached: list[tuple[Resource, tuple[Edge, ...]]] = []
        for here, trail in frontier:
            for edge, there in _steps(graph, here):
                if there.key in seen or not allowed(edge):
                    continue
                if there.key in wanted:
                    return (*trail, edge)
                seen.add(there.key)
                reached.append((there, (*trail, edge)))
        frontier = reached
    return None


def _steps(graph: Graph, here: Resource) -> list[tuple[Edge, Resource]]:
    backwards = [pair for relation in _BOTH_WAYS for pair in graph.tails(here, relation)]
    return graph.heads(here) + backwards
