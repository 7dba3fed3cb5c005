"""glimpse, live: silent beside its copy for staging, every mutation is named on its resource, harmless changes are silent."""

from __future__ import annotations

import pytest

from auditor import pipeline
from tests.accounts.glimpse_mutations import HARMLESS, MUTATIONS
from tests.accounts.looking import Watched, look, of, seen_by_this_process, told

WISH = pipeline.Wish(baselines=("glimpse",), with_rules=False)
WITH_RULES = pipeline.Wish(baselines=("glimpse",))
# The parts by the names under which they were built, where those differ from the roles.
BUILT_AS = {"password-secret": "db-password", "redis-secret": "redis-auth-token", "jwt-secret": "jwt-secret"}


@pytest.fixture(scope="module")
def conforming(glimpse):
    with seen_by_this_process(glimpse.box):
        yield look(lambda box: None, glimpse.box, WITH_RULES)


@pytest.fixture(scope="module")
def watched(glimpse):
    with glimpse.box.clone() as box, seen_by_this_process(box):
        yield Watched(glimpse.on(box), WISH)


@pytest.mark.e2e
def test_a_conforming_account_keeps_every_promise(conforming):
    assert told(conforming.findings) == []
    assert {each.verdict for each in conforming.promises} == {"kept", "unverifiable"}


def test_every_role_is_bound_to_its_part(glimpse, conforming):
    bound = {each["role"]: each["resource"] for each in conforming.record["bindings"]}
    wrong = {}
    for role, found in bound.items():
        name = BUILT_AS.get(role, role)
        if name in glimpse and not (found == glimpse.arns.get(name) or glimpse[name].rpartition("/")[2] in found):
            wrong[role] = found
    assert wrong == {}
    assert {"database", "redis", "service", "task", "execution-role", "nat", "alb", "cdn", "files"} <= set(bound)
    assert not any("staging" in found for found in bound.values())


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_on_its_resource(mutation, watched):
    before = dict(watched.built.ids), dict(watched.built.arns)
    with watched.changed(mutation.do) as outcome:
        broken = of(outcome).values()
        names = {mutation.role, watched.built.ids.get(mutation.role), watched.built.arns.get(mutation.role)}
    watched.built.ids, watched.built.arns = before
    hits = [
        each
        for each in broken
        if each.check == f"glimpse/{mutation.check}"
        and each.kind == mutation.kind
        and (not mutation.role or {each.resource.id, each.resource.arn} & names)
    ]
    assert hits, told(outcome.findings)


@pytest.mark.parametrize("change", HARMLESS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_harmless_change_is_no_drift(change, watched):
    before = dict(watched.built.ids), dict(watched.built.arns)
    with watched.changed(change.do, whole=True) as outcome:
        assert told(outcome.findings) == []
        assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}
    watched.built.ids, watched.built.arns = before


def test_the_table_is_as_large_as_it_has_to_be():
    assert len(MUTATIONS) >= 30
    assert len(HARMLESS) >= 12
    assert len({each.name for each in (*MUTATIONS, *HARMLESS)}) == len(MUTATIONS) + len(HARMLESS)
