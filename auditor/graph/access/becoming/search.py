"""Backwards from a goal to everybody who gets there, by which shortest way, and on what that depends.

Every principal is reached once, first over steps that are sure, then over those that depend on something. A step is
asked of a family of equal principals at a time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from auditor.graph.access.becoming.beyond import Beyond, Origin
from auditor.graph.access.becoming.rights import ROLE, USER, Rights
from auditor.graph.access.becoming.steps import Lookups, Step, Steps
from auditor.graph.access.becoming.ways import CENTRAL
from auditor.graph.access.held.identities import GROUP, POLICY, Identity
from auditor.graph.access.policy.truth import FALSE, Truth
from auditor.model import Gap

_WHOSE = {
    USER: "whether it has the credentials of that user",
    GROUP: "whether it has the credentials of a user in that group",
    POLICY: "whether it has the credentials of a principal with that policy",
    ROLE: "whether it has the credentials of that role",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """Whether a principal is there by its own rights, and the words where that depends."""

    arrives: Callable[[Identity], Truth]
    under_condition: str


@dataclass(frozen=True, slots=True)
class Reached:
    """How far from the goal, and the next step there (none: it is there), to whom, and by which change."""

    distance: int
    step: Step | None = None
    following: str = ""
    origin: Origin | None = None


class Search:
    """Principals reached so far: the next step of each towards the goal (none: it is there), and its distance.

    Beside those that were read stand principals that would first have to be changed, made or raised (`beyond`): each
    has its `origins`, who could do that, and is asked like the others.
    """

    def __init__(self, rights: Rights, goal: Goal) -> None:
        self.rights, self.goal = rights, goal
        self.steps = Steps(rights)
        self.beyond = Beyond(rights, self.steps, goal.arrives)
        self.reached: dict[str, Reached] = {}
        self._sure: set[str] = set()
        self._possible: set[str] = set()

    def run(self) -> None:
        """First over steps that are sure, then over all; at last to whom nobody could look into."""
        self._run(sure=True)
        self._sure = set(self.reached)
        self._run(sure=False)
        self._possible = set(self.reached)
        self._run_to_unread()

    def with_credentials(self) -> list[Identity]:
        return [each for each in self.rights.identities.values() if each.principal.type != GROUP]

    def how(self, who: Identity) -> Literal["sure", "depends", "unknown", "no"]:
        if who.key not in self.reached:
            return "no"
        return "sure" if who.key in self._sure else "depends" if who.key in self._possible else "unknown"

    def path(self, who: Identity) -> tuple[tuple[Step, ...], tuple[Gap, ...]]:
        """The steps of a principal, and what could not be read of whoever decides."""
        how = self.how(who)
        path = tuple(self._path(who.key, how == "sure")) if how != "no" else ()
        if how == "unknown":
            last = self.rights.identities[path[-1].head] if path else who
            return path, last.hidden
        return path, who.gaps if how == "depends" else ()

    def _run(self, sure: bool) -> None:
        self._start(self.rights.identities.values(), sure)
        self._spread(sure)
        left = [who for who in self.rights.identities.values() if who.key not in self.reached]
        if found := self.beyond.explore(left, sure):
            self._start(found, sure)
            self._spread(sure)
        if not sure and [who for who in left if self._with_credentials(who)]:
            self._spread(sure)

    def _run_to_unread(self) -> None:
        """On to whoever can become a principal of which policies were not read: that may be an administrator."""
        unread = [
            who for who in self.rights.identities.values() if who.hidden and who.principal.key not in self.reached
        ]
        self.reached |= {who.key: Reached(0) for who in unread}
        self._spread(sure=False)

    def _start(self, found: Iterable[Identity], sure: bool) -> None:
        """Those who are there, surely or under a condition."""
        for who in found:
            there = self.goal.arrives(who) if who.key not in self.reached else FALSE
            if there.value:
                self.reached[who.key] = Reached(0)
            elif there.value is None and not sure:
                step = Step(who.principal.key, "", "*", self.goal.under_condition, tuple(sorted(there.keys)))
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
        for origin in self.beyond.origins.get(key, {}).values():
            if origin.who.key not in done and (origin.sure or not sure):
                yield origin.who.key, origin.step, origin

    def _path(self, key: str, sure: bool) -> Iterator[Step]:
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
