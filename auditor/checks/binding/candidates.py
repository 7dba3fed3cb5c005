"""Who could play a role at all: what is of its types, in the document's regions, and meets its conditions.

A condition may ask for an arrow, such as that a schedule targets a function. Where that arrow was lost and a permission
between the two is left, the resource is a candidate all the same: else a part that the document leaves open would count
as absent, and nothing would tell of what was lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.checks.ask import selected
from auditor.checks.schema import Baseline, Role
from auditor.graph.build import Graph
from auditor.model import GLOBAL, Resource

ARROWS = frozenset({"has-head", "has-tail"})  # conditions that ask for an arrow


def candidates(baseline: Baseline, role: Role, graph: Graph) -> list[Resource]:
    """Everything of the role's types in the document's regions that meets the role's conditions, or may."""
    found = [
        resource
        for resource in graph.of_type(*role.types)
        if not resource.aws_made
        and resource.region in (*baseline.regions, GLOBAL, *graph.types[resource.type].at_home)
        and (selected(graph, resource, list(role.find)) is not False or _was(graph, resource, role))
    ]
    return sorted(found, key=lambda resource: resource.key)


def _was(graph: Graph, resource: Resource, role: Role) -> bool:
    """Whether it lacks nothing of the role's conditions but an arrow that it has lost."""
    drawn = [entry for entry in role.find if entry.keys() <= ARROWS]
    rest: list[Mapping[str, Any]] = [entry for entry in role.find if entry not in drawn]
    return (
        bool(drawn)
        and selected(graph, resource, rest) is not False
        and all(selected(graph, resource, [entry]) is not False or _left(graph, resource, entry) for entry in drawn)
    )


def _left(graph: Graph, resource: Resource, entry: Mapping[str, Any]) -> bool:
    """Whether it has no such arrow, and a permission joins it to what it would lead to, or to what would lead to it."""
    ((kind, wanted),) = entry.items()
    named = wanted.get("type", ())
    types = (named,) if isinstance(named, str) else tuple(named)
    near, mine, far = (graph.heads, "permits", "part-of") if kind == "has-head" else (graph.tails, "part-of", "permits")
    if any(near(resource, str(wanted["relation"]))):
        return False
    return any(any(graph.heads(statement, far, *types)) for _, statement in graph.tails(resource, mine))
