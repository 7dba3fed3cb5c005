"""Who can become an administrator, by which shortest way, and on what that depends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditor.graph.access.becoming.rights import Rights
from auditor.graph.access.becoming.search import Goal, Search
from auditor.graph.access.becoming.steps import Step
from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.access.held.identities import Identity
from auditor.graph.build import Graph
from auditor.model import Gap, Resource

# admin: it is one. yes: it can become one. depends: on what `asks` of the steps names. unknown: policies were not read.
Outcome = Literal["admin", "yes", "depends", "unknown", "no"]


@dataclass(frozen=True, slots=True)
class Escalation:
    """What one principal can come to, with the steps that lead there."""

    principal: Resource
    outcome: Outcome
    path: tuple[Step, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def asks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for step in self.path for text in step.asks))


def escalations(graph: Graph, guard: Guardrails = NONE) -> list[Escalation]:
    """Every role and user of the account, service-linked ones apart, with what it can come to."""
    rights = Rights(graph, guard)
    search = Search(rights, Goal(rights.is_admin, "is an administrator under a condition"))
    search.run()
    found = [_outcome_of(each, search) for each in search.with_credentials()]
    return sorted(found, key=lambda each: (_ORDER[each.outcome], each.principal.key))


_ORDER = {"admin": 0, "yes": 1, "depends": 2, "unknown": 3, "no": 4}


def _outcome_of(who: Identity, search: Search) -> Escalation:
    path, gaps = search.path(who)
    sure: Outcome = "yes" if path else "admin"
    how = search.how(who)
    return Escalation(who.principal, sure if how == "sure" else how, path, gaps)
