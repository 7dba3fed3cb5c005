"""Who can become an administrator, by which shortest way, and on what that depends.

Searched backwards from those who are administrators: every principal is reached once, first over steps that
are sure, then over those that depend on something. A step is asked of a family of equal principals at a time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from auditor.graph.access.becoming.beyond import Beyond, Origin
from auditor.graph.access.becoming.rights import ROLE, USER, Rights
from auditor.graph.access.becoming.steps import Lookups, Step, Steps
from auditor.graph.access.becoming.ways import CENTRAL
from auditor.graph.access.held.guardrails import NONE, Guardrails
from auditor.graph.access.held.identities import GROUP, POLICY, Identity
from auditor.graph.access.policy.truth import FALSE
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

    @property
    def makes(self) -> tuple[str, ...]:
        """What it would have to make first."""
        return tuple(dict.fromkeys(text for step in self.path for text in step.makes))


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
    path = tuple(search.path(key, key in sure))
    if key not in possible:
        last = search.rights.identities[path[-1].head] if path else who
        return Escalation(who.principal, "unknown", path, last.hidden)
    if key not in sure:
        return Escalation(who.principal, "depends", path, who.gaps)
    return Escalation(who.principal, "yes" if path else "admin", path)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far from administration, and the next step there (none: it is one), to whom, and by which change."""

    distance: int
    step: Step | None = None
    following: str = ""
    origin: Origin | None = None


class _Search:
    """Principals reached so far: the next step of each towards administration (none: it is there), and its distance.

    Beside those that were read stand principals that would first have to be changed, made or raised (`beyond`): each
    has its `origins`, who could do that, and is asked like the others.
    """

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.steps = Steps(rights)
        self.beyond = Beyond(rights, self.steps)
        self.reached: dict[str, Reached] = {}

    def run(self, sure: bool) -> None:
        self._start(self.rights.identities.values(), sure)
        self._spread(sure)
        left = [who for who in self.rights.identities.values() if who.key not in self.reached]
        if found := self.beyond.explore(left, sure):
            self._start(found, sure)
            self._spread(sure)
        if not sure and [who for who in left if self._with_credentials(who)]:
            self._spread(sure)

    def run_to_unread(self) -> None:
        """On to whoever can become a principal of which policies were not read: that may be an administrator."""
        unread = [
            who for who in self.rights.identities.values() if who.hidden and who.principal.key not in self.reached
        ]
        self.reached |= {who.key: Reached(0) for who in unread}
        self._spread(sure=False)

    def _start(self, found: Iterable[Identity], sure: bool) -> None:
        """Those who are administrators, surely or under a condition."""
        for who in found:
            admin = self.rights.is_admin(who) if who.key not in self.reached else FALSE
            if admin.value:
                self.reached[who.key] = Reached(0)
            elif admin.value is None and not sure:
                step = Step(
                    who.principal.key, "", "*", "is an administrator under a condition", tuple(sorted(admin.keys))
                )
                self.reached[who.key] = Reached(1, step)

    def _with_credentials(self, who: Identity) -> bool:
        """By rights that help whoever has somebody else's credentials, or what another account manages."""
        if who.key in self.reached:
            return False
        for way, target in self.rights.promotions(who):
            step = Step(who.key, "", way.id, way.sentence.format(target=target.label), (_WHOSE[target.type],))
            self.reached[who.key] = Reached(1, step)
            return True
        for way in CENTRAL:
            found = self.rights.all_allowed(who, way.actions)
            if found.value is not False:
                step = Step(who.key, "", way.id, way.sentence, (*sorted(found.keys), way.asks))
                self.reached[who.key] = Reached(1, step)
                return True
        return False

    def _spread(self, sure: bool) -> None:
        """Backwards from all that are reached, over every step that leads to one of them."""
        line = [(each.distance, key) for key, each in self.reached.items()]
        heapq.heapify(line)
        done = set(self.reached)
        lookups = self.steps.lookups(sure, done)
        while line:
            distance, key = heapq.heappop(line)
            for who, step, origin in self._before(key, lookups, sure, done):
                done.add(who)
                self.reached[who] = Reached(distance + 1, step, key, origin)
                heapq.heappush(line, (distance + 1, who))

    def _before(
        self, key: str, lookups: Lookups, sure: bool, done: set[str]
    ) -> Iterator[tuple[str, Step, Origin | None]]:
        if key in self.rights.identities:
            target = self.rights.identities[key].principal
            yield from ((who.key, step, None) for who, step in self.steps.towards(target, lookups, sure, done))
        for origin in self.beyond.origins.get(key, ()):
            if origin.who.key not in done and (origin.sure or not sure):
                yield origin.who.key, origin.step, origin

    def path(self, key: str, sure: bool) -> Iterator[Step]:
        """Steps between principals that are there; what would first have to be changed or made is part of a step."""
        while key:
            here, parts = self.reached[key], []
            while here.origin:
                after = self.reached[here.following]
                parts.append(self.beyond.needed(here.origin, after.step, sure))
                here = after
            parts += [here.step] if here.step else []
            if parts:
                yield reduce(Step.then, parts)
            key = here.following
