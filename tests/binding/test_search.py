"""The exact assignment against trying every possibility, and its bound."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.binding.search import NOBODY, Problem, solve


def best_of_all(problem):
    """The best sum by trying every assignment."""
    roles = sorted(problem.domains)
    best = 0.0
    for chosen in itertools.product(*((*problem.domains[role], NOBODY) for role in roles)):
        alone = [key for role, key in zip(roles, chosen, strict=True) if key and role not in problem.shared]
        everybody = [key for key in chosen if key]
        if any(everybody.count(key) > 1 for key in alone if key in everybody and alone.count(key) > 1):
            continue
        best = max(best, total(problem, dict(zip(roles, chosen, strict=True))))
    return best


def total(problem, chosen):
    score = sum(problem.own[role, key] for role, key in chosen.items() if key)
    for one, other in itertools.combinations(sorted(chosen), 2):
        if chosen[one] and chosen[other]:
            score += problem.pairs.get((one, other), {}).get((chosen[one], chosen[other]), 0.0)
    return score


@st.composite
def problems(draw):
    roles = [f"r{n}" for n in range(draw(st.integers(1, 4)))]
    keys = [f"k{n}" for n in range(draw(st.integers(1, 4)))]
    domains = {role: tuple(sorted(draw(st.sets(st.sampled_from(keys))))) for role in roles}
    points = st.integers(-6, 6).map(lambda number: number / 2)
    problem = Problem(domains, {(role, key): draw(points) for role in roles for key in domains[role]})
    for one, other in itertools.combinations(roles, 2):
        for a in domains[one]:
            for b in domains[other]:
                if a != b:
                    problem.add(one, other, a, b, draw(points))
    return problem


@given(problems())
def test_no_assignment_is_better(problem):
    found = solve(problem)
    assert found.proven
    assert abs(found.score - best_of_all(problem)) < 1e-6
    assert abs(total(problem, found.roles) - found.score) < 1e-6


@given(problems(), st.integers(-4, 12))
def test_over_a_floor_there_is_the_best_or_nothing(problem, floor):
    best = best_of_all(problem)
    found = solve(problem, floor)
    assert (found is None) == (best <= floor + 1e-9)
    assert found is None or abs(found.score - best) < 1e-6


def test_the_bound_is_met_and_told():
    roles = [f"r{n}" for n in range(14)]
    keys = tuple(f"k{n}" for n in range(14))
    problem = Problem(dict.fromkeys(roles, keys), {(role, key): 1.0 for role in roles for key in keys})
    for one, other in itertools.combinations(roles, 2):
        for a, b in itertools.permutations(keys, 2):
            problem.add(one, other, a, b, 1.0 if (hash_of(a, b) % 3) else -1.0)
    assert not solve(problem, steps=200).proven


def hash_of(a, b):
    return int(a[1:]) * 31 + int(b[1:]) * 17
