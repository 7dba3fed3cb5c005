"""What code is handed from outside: a certificate by a parameter, a topic by an export of another stack.

Who plays such a role is not made by this code, and its documented part is not missing for that: nobody here can say.
Nor is it certain that it is another than the part that other code in the same folder makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.checks.binding import Bound
from auditor.checks.schema import Baseline
from auditor.graph.build import Graph
from auditor.model import LATER, EdgeTo, Gap, Hidden, Resource, symbolic
from auditor.resources.permissions import prefix

# A name may be one that AWS gives, or what a mistake left; these belong to something that is there.
_THERE = re.compile(r"arn:.*|[a-z]+-[0-9a-f]{8,17}|Z[A-Z0-9]{8,32}")
_WRONG = "is neither a parameter nor a resource"


def handed_in(baseline: Baseline, bound: Bound, graph: Graph, role: str) -> tuple[Gap, ...]:
    """References from parts of the system, by the documented arrows to a role, that lead out of the code."""
    types = set(baseline.roles[role].types)
    found = (
        gap
        for link in baseline.links
        if link.head == role and link.relation
        for tail in bound.of(link.tail)
        if tail.address
        for gap in _leading_out(graph, tail, link.relation, types)
    )
    return tuple(dict.fromkeys(found))


def may_be(graph: Graph, tail: Resource, relation: str, heads: Iterable[Resource]) -> tuple[Gap, ...]:
    """Why an arrow of code that leads to none of the heads may lead to one all the same: it names something that is
    there already, and so may be one of them, whose own name only AWS knows."""
    if not tail.address:
        return ()
    return tuple(
        gap
        for value, gap in _named_outside(graph, tail, relation, {each.type for each in heads})
        if any(_may_be_called(graph, each, value) for each in heads)
    )


def _may_be_called(graph: Graph, head: Resource, name: str) -> bool:
    arns = [text for text in head.spoken if text.startswith("arn:")]
    if not name.startswith("arn:"):
        return not any(text and "${" not in text for text in (head.arn, *head.names))
    if name.split(":")[2] != prefix(graph.types[head.type].service):
        return False
    return any(symbolic.same(name, text) is not False for text in arns) if arns else True


def _named_outside(graph: Graph, tail: Resource, relation: str, types: set[str]) -> Iterator[tuple[str, Gap]]:
    """What stands in the code as the name of something that is there, and leads to nothing in it."""
    for row in _rows(graph, tail, relation, types):
        for place, value in tail.each(row.via):
            if not isinstance(value, str) or not _THERE.fullmatch(value):
                continue
            if any(each.value == value for each in graph.dangling(tail, relation)):
                words = f"{place} leads to {value[:120]}, which is not in this code"
                yield (
                    value,
                    Gap(tail.account, tail.region, "", "", "", "unresolved", (tail.type,), words, tail.key),
                )


def _rows(graph: Graph, tail: Resource, relation: str, types: set[str]) -> list[EdgeTo]:
    rows = graph.types[tail.type].edges
    return [row for row in rows if row.relation == relation and not row.back and types & set(row.to)]


def _leading_out(graph: Graph, tail: Resource, relation: str, types: set[str]) -> Iterator[Gap]:
    for row in _rows(graph, tail, relation, types):
        for _, value in tail.each(row.via):
            if isinstance(value, Hidden) and value.gap.message != LATER and _WRONG not in value.gap.message:
                yield value.gap
    yield from (gap for _, gap in _named_outside(graph, tail, relation, types))
