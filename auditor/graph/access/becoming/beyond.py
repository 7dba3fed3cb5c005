"""Principals that are not there, or not so yet: changed by themselves, made, or raised by somebody else.

The search for administrators asks them like all others. They are explored only for those who do not get there as the
account stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from auditor.graph.access.becoming.changes import Changes, Move
from auditor.graph.access.becoming.giving import Gift, Giving
from auditor.graph.access.becoming.making import Making
from auditor.graph.access.becoming.promotions import Promotions
from auditor.graph.access.becoming.rights import Rights
from auditor.graph.access.becoming.steps import Step, Steps
from auditor.graph.access.held.identities import Identity
from auditor.graph.access.policy.truth import Truth

_CHANGES = 5  # one after the other: what takes more is not looked for


@dataclass(frozen=True, slots=True)
class Origin:
    """Who comes to be such a principal, and how."""

    who: Identity
    move: Move

    @property
    def sure(self) -> bool:
        return self.move.found.value is True and not self.move.asks

    @property
    def step(self) -> Step:
        return self.told(self.move.gifts)

    def told(self, gifts: tuple[Gift, ...]) -> Step:
        """The step with those of the policies that it takes."""
        move = self.move
        asks = dict.fromkeys((*sorted(move.found.keys), *move.asks))
        words, makes = f"can {move.told(gifts)}", move.makes_with(gifts)
        return Step(self.who.principal.key, "", move.way_with(gifts), words, tuple(asks), makes)


@dataclass(slots=True, eq=False)
class Beyond:
    rights: Rights
    steps: Steps
    arrives: Callable[[Identity], Truth]
    identities: dict[str, Identity] = field(default_factory=dict)
    origins: dict[str, dict[tuple[str, bool], Origin]] = field(default_factory=dict)
    _same: dict[object, str] = field(default_factory=dict)
    _changes: Changes = field(init=False)
    _making: Making = field(init=False)
    _promotions: Promotions = field(init=False)

    def __post_init__(self) -> None:
        giving = Giving(self.rights)
        self._changes, self._making = Changes(self.rights, giving), Making(self.rights, giving)
        self._promotions = Promotions(self.rights, self.steps, giving)

    def explore(self, left: Iterable[Identity], sure: bool) -> list[Identity]:
        """What these could come to be; everything that was found so far."""
        line = [*left, *self.identities.values()]
        asked: set[str] = set()
        for _ in range(_CHANGES):
            after: dict[str, Identity] = {}
            for who in line:
                asked.add(who.key)
                for move in self.moves(who, sure):
                    found = self._noted(who, move)
                    if found.key not in asked and not self.arrives(found).value:
                        after[found.key] = found
            line = list(after.values())
        return list(self.identities.values())

    def moves(self, who: Identity, sure: bool) -> Iterator[Move]:
        yield from self._changes.of(who, sure)
        yield from self._making.of(who, sure)
        yield from self._promotions.moves(who, sure)

    def _noted(self, who: Identity, move: Move) -> Identity:
        same = (move.to.principal.key, frozenset(move.to.family[0]), *move.to.family[1:])  # type: ignore[call-overload]
        key = self._same.setdefault(same, move.to.key)
        if key not in self.identities:
            self.identities[key] = move.to
            self.steps.add(move.to)
            if move.to.principal.key in self.rights.identities:
                self.rights.states.setdefault(move.to.principal.key, []).append(move.to)
        origin = Origin(who, move)
        # All ways of one principal to another are as long: the first that is sure is told, else the first.
        self.origins.setdefault(key, {}).setdefault((who.key, origin.sure), origin)
        return self.identities[key]

    def needed(self, origin: Origin, after: Step | None, sure: bool) -> Step:
        """The step with as few of the policies as lead on to `after` (nothing: to the goal)."""
        gifts = list(origin.move.gifts)
        size = len(gifts)
        while size and len(gifts) > 1:
            for start in range(0, len(gifts), size):
                fewer = gifts[:start] + gifts[start + size :]
                if fewer and self._leads(origin, tuple(fewer), after, sure):
                    gifts = fewer
                    break
            else:
                size //= 2
        return origin.told(tuple(gifts))

    def _leads(self, origin: Origin, gifts: tuple[Gift, ...], after: Step | None, sure: bool) -> bool:
        who = origin.move.with_only(gifts)
        if after is None or after.way == "*":
            found = self.arrives(who).value
            return bool(found) if sure else found is not False
        if after.head in self.rights.identities:
            single = self.steps.single(who, self.rights.identities[after.head].principal, sure)
            return single is not None and single.way == after.way
        return any(move.way_with(move.gifts) == after.way for move in self.moves(who, sure))
