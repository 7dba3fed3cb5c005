"""Who can become an administrator, by which shortest way, and on what that depends.

Searched backwards from those who are administrators: every principal is reached once, first over steps that
are sure, then over those that depend on something. A step is asked of a family of equal principals at a time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from auditor.graph.access.becoming.promotions import Promotions
from auditor.graph.access.becoming.rights import ROLE, USER, Rights
from auditor.graph.access.becoming.steps import Step, Steps
from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.access.held.identities import GROUP, POLICY, Identity
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
    search = _Search(rights)
    search.run(sure=True)
    sure = set(search.reached)
    search.run(sure=False)
    possible = set(search.reached)
    search.run_to_unread()
    with_credentials = [each for each in rights.identities.values() if each.principal.type != GROUP]
    found = [_outcome_of(each, search, sure, possible) for each in with_credentials]
    return sorted(found, key=lambda each: (_ORDER[each.outcome], each.principal.key))


_WHOSE = {
    USER: "whether it has the credentials of that user",
    GROUP: "whether it has the credentials of a user in that group",
    POLICY: "whether it has the credentials of a principal with that policy",
    ROLE: "whether it has the credentials of that role",
}
_ORDER = {"admin": 0, "yes": 1, "depends": 2, "unknown": 3, "no": 4}


def _outcome_of(who: Identity, search: _Search, sure: set[str], possible: set[str]) -> Escalation:
    key = who.principal.key
    if key not in search.reached:
        return Escalation(who.principal, "no")
    path = tuple(search.path(key))
    if key not in possible:
        last = search.rights.identities[path[-1].head] if path else who
        return Escalation(who.principal, "unknown", path, last.hidden)
    if key not in sure:
        return Escalation(who.principal, "depends", path, who.gaps)
    return Escalation(who.principal, "yes" if path else "admin", path)


class _Search:
    """Principals reached so far: the next step of each towards administration (none: it is there), and its distance."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.steps = Steps(rights)
        self.promotions = Promotions(rights)
        self.reached: dict[str, tuple[int, Step | None]] = {}

    def run(self, sure: bool) -> None:
        line = [(distance, key) for key, (distance, _) in self.reached.items()]
        for who in self.rights.identities.values():
            if who.principal.key not in self.reached and (start := self._start(who, sure)):
                self.reached[who.principal.key] = start
                line.append((start[0], who.principal.key))
        self._spread(line, sure)

    def run_to_unread(self) -> None:
        """On to whoever can become a principal of which policies were not read: that may be an administrator."""
        unread = [
            who for who in self.rights.identities.values() if who.hidden and who.principal.key not in self.reached
        ]
        self.reached |= {who.principal.key: (0, None) for who in unread}
        self._spread([(0, who.principal.key) for who in unread], sure=False)

    def _spread(self, line: list[tuple[int, str]], sure: bool) -> None:
        """Backwards from those reached, over every step that leads to one of them."""
        if not line:
            return
        heapq.heapify(line)
        done = set(self.reached)
        lookups = self.steps.lookups(sure, done)
        while line:
            distance, key = heapq.heappop(line)
            target = self.rights.identities[key].principal
            for who, step in self.steps.towards(target, lookups, sure, done):
                self.reached[who.principal.key] = (distance + 1, step)
                done.add(who.principal.key)
                heapq.heappush(line, (distance + 1, who.principal.key))

    def _start(self, who: Identity, sure: bool) -> tuple[int, Step | None] | None:
        admin = self.rights.is_admin(who)
        if admin.value:
            return 0, None
        key = who.principal.key
        for way, target, found in self.rights.self_promotions(who):
            if found.value or not sure:
                return 1, Step(key, "", way.id, _sentence(way.sentence, target), tuple(sorted(found.keys)))
        if (both := self._promotes(who, sure)) or sure:
            return both
        if admin.value is None:
            return 1, Step(key, "", "*", "is an administrator under a condition", tuple(sorted(admin.keys)))
        for way, target in self.rights.promotions(who):
            return 1, Step(key, "", way.id, _sentence(way.sentence, target), (_WHOSE[target.type],))
        return None

    def _promotes(self, who: Identity, sure: bool) -> tuple[int, Step] | None:
        """Whom it can make an administrator and then become: two steps that are told as one."""
        for way, target, found in self.promotions.targets(who):
            after = self.steps.single(who, target, sure) if found.value or not sure else None
            if after:
                words = f"{_sentence(way.sentence, target)}, and {after.sentence}"
                asks = tuple(dict.fromkeys((*sorted(found.keys), *after.asks)))
                return 2, Step(who.principal.key, "", f"{way.id}+{after.way}", words, asks)
        return None

    def path(self, key: str) -> Iterator[Step]:
        step = self.reached[key][1]
        while step:
            yield step
            if not step.head:
                return
            step = self.reached[step.head][1]


def _sentence(sentence: str, target: Resource) -> str:
    return sentence.format(target=target.label)
