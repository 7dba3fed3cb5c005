"""The one best assignment of all roles together: branch and bound, exact within a bound of steps.

Each role takes one of its candidates or nobody. The sum counts what a resource says by itself and what each link says
of its two ends: its weight where the ends are tied, as much against it where the tail leads to another candidate, and
nothing where it leads nowhere. No two roles take the same resource, unless one of them may have many.

A choice changes what its neighbours may still earn and which candidates are free, and nothing else: so each place of
the tree carries the options of all roles, and only those that the choice touches are counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

NOBODY = ""
STEPS = 20_000  # places of the tree that one search may look at
_ALIKE = 1e-9  # sums that differ by less are the same sum, added up in another order

# table[role][other][key][holder]: what speaks for `key` in `role` beside `holder` in `other`.
Table = dict[str, dict[str, dict[str, dict[str, float]]]]


@dataclass
class Problem:
    """Roles with their candidates and scores. `pairs[(r, s)][(a, b)]` is what speaks for a in r beside b in s."""

    domains: dict[str, tuple[str, ...]]
    own: dict[tuple[str, str], float]
    pairs: dict[tuple[str, str], dict[tuple[str, str], float]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()  # roles whose resource another role may have as well

    def add(self, one: str, other: str, a: str, b: str, value: float) -> None:
        for pair, ends in (((one, other), (a, b)), ((other, one), (b, a))):
            table = self.pairs.setdefault(pair, {})
            table[ends] = table.get(ends, 0.0) + value

    def without(self, role: str, holder: str) -> Problem:
        """The same question with one resource taken out of one role."""
        return self._narrowed(role, tuple(each for each in self.domains[role] if each != holder))

    def only(self, role: str, holder: str) -> Problem:
        """The same question with no other resource in one role."""
        return self._narrowed(role, (holder,))

    def _narrowed(self, role: str, keys: tuple[str, ...]) -> Problem:
        domains = {**self.domains, role: keys}
        fewer = replace(self, domains=domains)
        # What neighbours could add at most stays a bound when a candidate goes.
        fewer.__dict__.update(around=self.around, support=self.support, wanted=self.wanted)
        left = [each for each in self.choices[role].options if each.key == NOBODY or each.key in keys]
        fewer.__dict__["choices"] = {**self.choices, role: _choice(role, left)}
        return fewer

    @cached_property
    def wanted(self) -> dict[str, list[str]]:
        """The roles that a resource may have, of those that need it for themselves."""
        out: dict[str, list[str]] = {}
        for role, keys in self.domains.items():
            for key in keys if role not in self.shared else ():
                out.setdefault(key, []).append(role)
        return out

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """What every role may choose while nothing is decided."""
        out = {}
        for role, keys in self.domains.items():
            hopes = self.support[role].values()
            options = [_option(self.own[role, key], sum(each.get(key, 0.0) for each in hopes), key) for key in keys]
            out[role] = _choice(role, sorted([*options, _option(0.0, 0.0, NOBODY)]))
        return out

    @cached_property
    def around(self) -> Table:
        """The pairs by role; made when first asked for, when everything has been added."""
        out: Table = {role: {} for role in self.domains}
        for (one, other), table in sorted(self.pairs.items()):
            if one not in out or other not in out:
                continue
            rows = out[one].setdefault(other, {})
            for (a, b), value in table.items():
                rows.setdefault(a, {})[b] = value
        return out

    @cached_property
    def support(self) -> dict[str, dict[str, dict[str, float]]]:
        """support[role][other][key]: the best that the other role could add to this candidate, if it is any good."""
        out: dict[str, dict[str, dict[str, float]]] = {}
        for role, others in self.around.items():
            mine = out.setdefault(role, {})
            for other, rows in others.items():
                far = set(self.domains[other])
                best = {key: max((row[b] for b in row.keys() & far), default=0.0) for key, row in rows.items()}
                mine[other] = {key: value for key, value in best.items() if value > 0.0}
        return out


@dataclass(frozen=True, slots=True)
class Solution:
    """Who plays each role (NOBODY where nobody does), the sum, and whether no better one exists."""

    roles: Mapping[str, str]
    score: float
    proven: bool = True


class Option(NamedTuple):
    """A candidate of a role that is not decided yet. The best sorts first; nobody is always possible, and comes after
    a candidate that is as good."""

    lack: float  # less than nothing: the most that it can add to the sum, with the best neighbours, negated
    nobody: bool
    key: str
    gain: float  # it adds beside what is decided
    hope: float  # of the neighbours that are not


class Choice(NamedTuple):
    """A role that is not decided yet with its options. Decided next is the one that sorts last: that loses most by
    its second option."""

    gap: float
    fewest: int
    role: str
    options: list[Option]


def solve(
    problem: Problem, floor: float = float("-inf"), steps: int = STEPS, start: Mapping[str, str] | None = None
) -> Solution | None:
    """The best assignment whose sum is over `floor`; None where there is none. Where the bound of steps ends the search
    the answer is not `proven`, and has no roles if none was found before. `start` is an assignment to begin from."""
    search = _Search(problem, floor, steps)
    first = _bettered(problem, start or {})
    score = _total(problem, first)
    if score > floor:
        search.best, search.best_score = first, score
    search.descend({}, 0.0, problem.choices)
    proven = search.left > 0
    if search.best is None:
        return None if proven else Solution({}, floor, proven=False)
    return Solution(dict(sorted(search.best.items())), search.best_score, proven)


class _Search:
    """One walk through the tree: the best so far, and the steps that are left."""

    def __init__(self, problem: Problem, floor: float, steps: int) -> None:
        self.problem = problem
        self.best_score = floor
        self.best: dict[str, str] | None = None
        self.left = steps

    def descend(self, chosen: dict[str, str], score: float, free: Mapping[str, Choice]) -> None:
        self.left -= 1
        if self.left <= 0:
            return
        if not free:
            if score > self.best_score + _ALIKE:
                self.best, self.best_score = dict(chosen), score
            return
        rest = -sum([each.options[0].lack for each in free.values()])
        if score + rest <= self.best_score + _ALIKE:
            return
        choice = max(free.values())
        role = choice.role
        rest += choice.options[0].lack
        for option in choice.options:
            if score - option.lack + rest <= self.best_score + _ALIKE:
                break
            chosen[role] = option.key
            self.descend(chosen, score + option.gain, _after(self.problem, free, role, option.key))
            del chosen[role]


def _option(gain: float, hope: float, key: str) -> Option:
    # A pair is hoped for at both of its ends: half at each is still never less than the whole.
    return Option(-(gain + hope / 2), key == NOBODY, key, gain, hope)


def _choice(role: str, options: list[Option]) -> Choice:
    """Of options in their order."""
    gap = options[1].lack - options[0].lack if len(options) > 1 else float("inf")
    return Choice(gap, -len(options), role, options)


def _after(problem: Problem, free: Mapping[str, Choice], role: str, key: str) -> dict[str, Choice]:
    """What the other roles may choose once this one is decided."""
    out = dict(free)
    del out[role]
    if key and role not in problem.shared:
        for other in problem.wanted[key]:
            if other in out:
                out[other] = _choice(other, [each for each in out[other].options if each.key != key])
    for other in problem.around[role]:
        if other in out:
            hopes, rows = problem.support[other].get(role, {}), problem.around[other][role]
            out[other] = _choice(other, sorted([_decided(each, rows, hopes, key) for each in out[other].options]))
    return out


def _decided(
    option: Option, rows: Mapping[str, Mapping[str, float]], hopes: Mapping[str, float], holder: str
) -> Option:
    """The option when one of its neighbours is no longer hoped for, but decided."""
    row = rows.get(option.key)
    if row is None:
        return option
    gain = option.gain + (row.get(holder, 0.0) if holder else 0.0)
    return _option(gain, option.hope - hopes.get(option.key, 0.0), option.key)


def _bettered(problem: Problem, start: Mapping[str, str]) -> dict[str, str]:
    """A first assignment, bettered one role at a time: where the tree starts, and often already the best."""
    domains = problem.domains
    chosen = {role: start[role] if start.get(role) in keys else NOBODY for role, keys in domains.items()}
    worth = {
        role: {key: _share(problem, chosen, role, key) for key in (*keys, NOBODY)} for role, keys in domains.items()
    }
    for _ in range(2 * len(chosen) + 2):
        taken = {key: role for role, key in chosen.items() if key and role not in problem.shared}
        best = (_ALIKE, "", "")
        for role, values in worth.items():
            now = values[chosen[role]] + best[0]
            for key, value in values.items():
                if value > now and (role in problem.shared or taken.get(key, role) == role):
                    best, now = (value - values[chosen[role]], role, key), value
        _, role, key = best
        if not role:
            break
        before, chosen[role] = chosen[role], key
        for other in problem.around[role]:
            for each, row in problem.around[other][role].items():
                if each in worth[other]:
                    worth[other][each] += row.get(key, 0.0) - row.get(before, 0.0)
    return chosen


def _share(problem: Problem, chosen: Mapping[str, str], role: str, key: str) -> float:
    if not key:
        return 0.0
    near: Iterable[tuple[str, Mapping[str, Mapping[str, float]]]] = problem.around[role].items()
    return problem.own[role, key] + sum(rows.get(key, {}).get(chosen[other], 0.0) for other, rows in near)


def _total(problem: Problem, chosen: Mapping[str, str]) -> float:
    score = 0.0
    for role, key in chosen.items():
        if key:
            score += problem.own[role, key]
            for other, rows in problem.around[role].items():
                if other > role:
                    score += rows.get(key, {}).get(chosen.get(other, NOBODY), 0.0)
    return score
