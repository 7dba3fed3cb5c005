"""What code is handed from outside: a certificate by a parameter, a topic by an export of another stack.

Who plays such a role is not made by this code, and its documented part is not missing for that: nobody here can say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.checks.binding import Bound
from auditor.checks.schema import Baseline
from auditor.graph.build import Graph
from auditor.model import LATER, Gap, Hidden, Resource

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


def _leading_out(graph: Graph, tail: Resource, relation: str, types: set[str]) -> Iterator[Gap]:
    rows = [row for row in graph.types[tail.type].edges if row.relation == relation and not row.back]
    for row in rows:
        if not types & set(row.to):
            continue
        for place, value in tail.each(row.via):
            if isinstance(value, Hidden) and value.gap.message != LATER and _WRONG not in value.gap.message:
                yield value.gap
            elif isinstance(value, str) and _THERE.fullmatch(value):
                lost = [each for each in graph.dangling(tail, relation) if each.value == value]
                words = f"{place} leads to {value[:120]}, which is not in this code"
                if lost:
                    yield Gap(tail.account, tail.region, "", "", "", "unresolved", (tail.type,), words, tail.key)
