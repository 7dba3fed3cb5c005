"""The one best assignment of all roles together: branch and bound, exact within a bound of steps.

Each role takes one of its candidates or nobody. The sum counts what a resource says by itself and what each link says
of its two ends: its weight where the ends are tied, as much against it where the tail leads to another candidate, and
nothing where it leads nowhere. No two roles take the same resource, unless one of them may have many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

NOBODY = ""
STEPS = 20_000  # places of the tree that one search may look at

Pairs = Mapping[str, Mapping[tuple[str, str], float]]


@dataclass(slots=True)
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
        domains = {**self.domains, role: tuple(each for each in self.domains[role] if each != holder)}
        return Problem(domains, self.own, self.pairs, self.shared)


@dataclass(frozen=True, slots=True)
class Solution:
    """Who plays each role (NOBODY where nobody does), the sum, and whether no better one exists."""

    roles: Mapping[str, str]
    score: float
    proven: bool = True


def solve(problem: Problem, floor: float = float("-inf"), steps: int = STEPS) -> Solution | None:
    """The best assignment whose sum is over `floor`; None where there is none, or none was found."""
    return _Search(problem, floor, steps).run()


class _Search:
    """One walk through the tree. State is kept because every step changes a little of it."""

    def __init__(self, problem: Problem, floor: float, steps: int) -> None:
        self.problem = problem
        self.best_score = floor
        self.best: dict[str, str] | None = None
        self.left = steps
        self.around = _neighbours(problem)
        self.support = _support(problem, self.around)

    def run(self) -> Solution | None:
        first = _greedy(self.problem, self.around)
        score = _total(self.problem, first, self.around)
        if score > self.best_score:
            self.best, self.best_score = first, score
        self._descend({}, 0.0)
        if self.best is None:
            return None
        return Solution(dict(sorted(self.best.items())), self.best_score, self.left > 0)

    def _descend(self, chosen: dict[str, str], score: float) -> None:
        self.left -= 1
        if self.left <= 0:
            return
        free = [role for role in self.problem.domains if role not in chosen]
        if not free:
            if score > self.best_score + 1e-9:
                self.best, self.best_score = dict(chosen), score
            return
        taken = {key for role, key in chosen.items() if key and role not in self.problem.shared}
        ranked = {role: self._ranked(role, chosen, taken) for role in free}
        most = score + sum(options[0][0] for options in ranked.values())
        if most <= self.best_score + 1e-9:
            return
        role = max(free, key=lambda each: (_gap(ranked[each]), -len(ranked[each]), each))
        for optimistic, gain, key in ranked[role]:
            if score + optimistic + sum(options[0][0] for each, options in ranked.items() if each != role) <= (
                self.best_score + 1e-9
            ):
                break
            chosen[role] = key
            self._descend(chosen, score + gain)
            del chosen[role]

    def _ranked(self, role: str, chosen: Mapping[str, str], taken: set[str]) -> list[tuple[float, float, str]]:
        """(at most, now, candidate) for each that is free, best first; nobody is always possible."""
        options = [(0.0, 0.0, NOBODY)]
        exclusive = role not in self.problem.shared
        for key in self.problem.domains[role]:
            if exclusive and key in taken:
                continue
            gain = self.problem.own[role, key] + sum(
                self._pair(role, key, other, chosen[other]) for other in self.around[role] if other in chosen
            )
            hope = sum(self.support[role, key].get(other, 0.0) for other in self.around[role] if other not in chosen)
            options.append((gain + hope / 2, gain, key))
        options.sort(key=lambda each: (-each[0], each[2] == NOBODY, each[2]))
        return options

    def _pair(self, role: str, key: str, other: str, holder: str) -> float:
        return self.problem.pairs[role, other].get((key, holder), 0.0) if holder else 0.0


def _gap(options: Sequence[tuple[float, float, str]]) -> float:
    return options[0][0] - options[1][0] if len(options) > 1 else float("inf")


def _neighbours(problem: Problem) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {role: [] for role in problem.domains}
    for one, other in sorted(problem.pairs):
        if one in out and other in out:
            out[one].append(other)
    return out


def _support(problem: Problem, around: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], dict[str, float]]:
    """For each candidate the best that each neighbouring role could add to it."""
    out: dict[tuple[str, str], dict[str, float]] = {
        (role, key): {} for role, keys in problem.domains.items() for key in keys
    }
    for (one, other), table in problem.pairs.items():
        if one not in problem.domains or other not in problem.domains:
            continue
        far = set(problem.domains[other])
        for (a, b), value in table.items():
            if b in far and (one, a) in out and value > out[one, a].get(other, 0.0):
                out[one, a][other] = value
    return out


def _greedy(problem: Problem, around: Mapping[str, list[str]]) -> dict[str, str]:
    """A first assignment, bettered one role at a time: where the tree starts, and often already the best."""
    chosen = dict.fromkeys(problem.domains, NOBODY)
    for _ in range(2 * len(chosen) + 2):
        best = (1e-9, "", "")
        for role in chosen:
            taken = {key: each for each, key in chosen.items() if key and each != role and each not in problem.shared}
            now = _share(problem, around, chosen, role, chosen[role])
            for key in (*problem.domains[role], NOBODY):
                if key == chosen[role] or (key in taken and role not in problem.shared):
                    continue
                gain = _share(problem, around, chosen, role, key) - now
                if gain > best[0]:
                    best = (gain, role, key)
        if not best[1]:
            break
        chosen[best[1]] = best[2]
    return chosen


def _share(problem: Problem, around: Mapping[str, list[str]], chosen: Mapping[str, str], role: str, key: str) -> float:
    if not key:
        return 0.0
    near = ((other, chosen[other]) for other in around[role])
    return problem.own[role, key] + sum(
        problem.pairs[role, other].get((key, holder), 0.0) for other, holder in near if holder
    )


def _total(problem: Problem, chosen: Mapping[str, str], around: Mapping[str, list[str]]) -> float:
    score = 0.0
    for role, key in chosen.items():
        if not key:
            continue
        score += problem.own[role, key]
        for other in around[role]:
            if other > role and chosen.get(other):
                score += problem.pairs[role, other].get((key, chosen[other]), 0.0)
    return score
