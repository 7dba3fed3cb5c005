"""couple, live: production and development side by side are silent, every mutation is named on its resource and in its
environment alone, harmless changes are silent."""

from __future__ import annotations

import pytest

from auditor import pipeline
from auditor.checks.baselines import load_baseline
from auditor.sandbox.couple.names import part
from tests.accounts.couple_mutations import HARMLESS, MUTATIONS
from tests.accounts.looking import Watched, look, of, seen_by_this_process, told

NAMES = {"prod": "couple", "dev": "couple:dev"}
BOTH = pipeline.Wish(baselines=tuple(NAMES.values()), with_rules=False)
WITH_RULES = pipeline.Wish(baselines=tuple(NAMES.values()))


@pytest.fixture(scope="module")
def conforming(couple):
    with seen_by_this_process(couple.box):
        yield look(lambda box: None, couple.box, WITH_RULES)


@pytest.fixture(scope="module")
def watched(couple):
    with couple.box.clone() as box, seen_by_this_process(box):
        yield Watched(couple.on(box), BOTH)


@pytest.mark.e2e
def test_a_conforming_account_keeps_every_promise_of_both_environments(conforming):
    assert told(conforming.findings) == []
    assert {each.verdict for each in conforming.promises} == {"kept", "unverifiable"}
    assert {each.baseline for each in conforming.promises} == set(NAMES.values())


@pytest.mark.parametrize("environment", NAMES)
def test_every_role_is_bound_to_the_part_of_its_environment(couple, conforming, environment):
    bound = {}
    for each in conforming.record["bindings"]:
        if each["baseline"] == NAMES[environment]:
            bound.setdefault(each["role"], set()).add(each["resource"])
    wrong = {}
    for role, found in bound.items():
        name = part(environment, role) if part(environment, role) in couple else role
        if name in couple and not any(
            each == couple.arns.get(name) or couple[name].rstrip(".").rpartition("/")[2] in each for each in found
        ):
            wrong[role] = found
    assert wrong == {}
    assert {*load_baseline("couple").roles} == set(bound)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_on_its_resource(mutation, watched):
    built = watched.built
    with watched.changed(mutation.do) as outcome:
        broken = of(outcome).values()
        ids = dict(built.ids)
    role = part(mutation.environment, mutation.role)
    role = role if role in ids else mutation.role
    names = {ids.get(role, role), built.arns.get(role, role)}
    wanted = [f"{NAMES[each]}/{mutation.check}" for each in ([*NAMES] if mutation.shared else [mutation.environment])]
    hits = {
        each.check
        for each in broken
        if each.check in wanted
        and each.kind == mutation.kind
        and (not mutation.role or {each.resource.id, each.resource.arn} & names)
    }
    assert hits == set(wanted), told(broken)
    other = {f"{name}/" for environment, name in NAMES.items() if environment != mutation.environment}
    assert mutation.shared or not [each for each in broken if each.check.startswith(tuple(other))], told(broken)


@pytest.mark.parametrize("change", HARMLESS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_harmless_change_is_no_drift(change, watched):
    with watched.changed(change.do, whole=True) as outcome:
        assert told(outcome.findings) == []
        assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}


def test_the_table_is_as_large_as_it_has_to_be():
    assert len(MUTATIONS) >= 30
    assert len(HARMLESS) >= 12
    assert len({each.name for each in (*MUTATIONS, *HARMLESS)}) == len(MUTATIONS) + len(HARMLESS)
