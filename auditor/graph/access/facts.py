"""What the identity engine proves of a graph, as edges beside those that types declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.becoming.rights import ROLE, Rights
from auditor.graph.access.becoming.steps import ASSUME, Steps
from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.build import Graph
from auditor.model import Edge


def access_facts(graph: Graph, guard: Guardrails = NONE) -> Iterator[Edge]:
    """Who can assume which role, and the shortest way by which each principal can become an administrator.

    Principals without a resource in the graph (services, other accounts) have no edge. An edge that ends where it
    begins is a principal that can make itself an administrator.
    """
    found = {*_assumable(graph, guard), *_promotable(graph, guard)}
    yield from sorted(found, key=lambda edge: (edge.tail, edge.relation, edge.head, edge.because))


def _assumable(graph: Graph, guard: Guardrails) -> Iterator[Edge]:
    rights = Rights(graph, guard)
    steps = Steps(rights)
    lookups = steps.lookups(False, set())
    for role in graph.of_type(ROLE):
        if role.key not in rights.identities:
            continue  # a service-linked role is for its service alone
        for who, answer in steps.assuming(role, lookups):
            because = ASSUME.sentence.format(target=role.label)
            yield Edge(who.principal.key, "can-assume", role.key, because + _depending(sorted(answer.keys)))


def _promotable(graph: Graph, guard: Guardrails) -> Iterator[Edge]:
    for each in escalations(graph, guard):
        for step in each.path if each.outcome in ("yes", "depends") else ():
            head = step.head or step.tail
            yield Edge(step.tail, "can-become", head, step.sentence + _depending(step.asks))


def _depending(on: Iterable[str]) -> str:
    words = ", ".join(on)
    return f"; depends on {words}" if words else ""
