"""Ways through the graph by which a documented link joins two resources."""

from __future__ import annotations

from collections.abc import Container, Iterator

from auditor.graph.build import Graph
from auditor.graph.network import VPC, stand
from auditor.model import Edge, Resource

# Sub-resources point at their owner; a walk may enter them from either side.
BOTH_WAYS = ("part-of", "attached-to")


def walk(
    graph: Graph, start: Resource, wanted: Container[str], allowed: frozenset[str], most: int, backwards: bool = False
) -> set[str]:
    """The wanted ends of walks over allowed relations; a walk ends at the first of them. Backwards all ends within
    reach count, for a shorter walk to one tail says nothing of another."""
    frontier, seen, found = [start], {start.key}, set[str]()
    for _ in range(most):
        following: list[Resource] = []
        for here in frontier:
            for _, there in _steps(graph, here, allowed, backwards):
                if there.key in seen:
                    continue
                seen.add(there.key)
                if there.key in wanted:
                    found.add(there.key)
                if there.key not in wanted or backwards:
                    following.append(there)
        if found and not backwards:
            return found
        frontier = following
    return found


def _steps(graph: Graph, here: Resource, allowed: frozenset[str], backwards: bool) -> Iterator[tuple[Edge, Resource]]:
    for relation in sorted(allowed):
        if not backwards or relation in BOTH_WAYS:
            yield from graph.heads(here, relation)
        if backwards or relation in BOTH_WAYS:
            yield from graph.tails(here, relation)


def networks(graph: Graph, resource: Resource) -> set[str]:
    """The keys of the VPCs in which a resource stands."""
    return {vpc.key for subnet in stand(graph, resource).subnets for _, vpc in graph.heads(subnet, "placed-in", VPC)}
