"""pingvas, live: a conforming account is silent, also beside a staging copy of the whole system; every mutation is named
on its resource; harmless changes are silent."""

from __future__ import annotations

import pytest

from auditor import pipeline
from auditor.sandbox.pingvas import build_system
from auditor.sandbox.pingvas.names import Team
from tests.accounts.looking import Watched, look, of, told
from tests.accounts.pingvas_mutations import HARMLESS, MUTATIONS

ALONE = pipeline.Wish(baselines=("pingvas",), with_rules=False)


@pytest.fixture
def seen(monkeypatch):
    def point(box):
        for name, value in box.environ().items():
            monkeypatch.setenv(name, value)

    return point


@pytest.fixture(scope="module")
def watched(pingvas):
    with pingvas.box.clone() as box, pytest.MonkeyPatch.context() as patch:
        for name, value in box.environ().items():
            patch.setenv(name, value)
        yield Watched(pingvas.on(box), ALONE)


def bound_right(built, outcome):
    """The roles that somebody else plays than the part that was built for them."""
    wrong = {}
    for each in outcome.record["bindings"]:
        role, found = each["role"], each["resource"]
        if role in built and built[role] not in found and built.arns.get(role, found) != found:
            wrong[role] = found
    return wrong


@pytest.mark.e2e
def test_a_conforming_account_keeps_every_promise(pingvas, seen):
    outcome = look(seen, pingvas.box, ALONE)
    assert told(outcome.findings) == []
    assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}
    assert bound_right(pingvas, outcome) == {}
    assert {each["role"] for each in outcome.record["bindings"]} >= {"cluster", "dev-redis", "prod-redis", "cpu-alarm"}


def test_a_staging_copy_beside_it_changes_nothing(pingvas, seen):
    with pingvas.box.clone() as box:
        built = pingvas.on(box)
        team = Team(built, "pingvas-staging", "staging.pingvas.io", "staging/")
        build_system(team, ("Tester-A", "Tester-B"), "Staging-AssumeRole")
        outcome = look(seen, box, ALONE)
        assert told(outcome.findings) == []
        assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}
        assert bound_right(built, outcome) == {}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_on_its_resource(mutation, watched):
    built = watched.built
    with watched.changed(mutation.do) as outcome:
        broken = of(outcome).values()
        names = {built.ids.get(mutation.role, mutation.role), built.arns.get(mutation.role, mutation.role)}
    hits = [
        each
        for each in broken
        if each.check == f"pingvas/{mutation.check}"
        and each.kind == mutation.kind
        and (not mutation.role or {each.resource.id, each.resource.arn} & names)
    ]
    assert hits, told(broken)


@pytest.mark.parametrize("change", HARMLESS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_harmless_change_is_no_drift(change, watched):
    with watched.changed(change.do, whole=True) as outcome:
        assert told(outcome.findings) == []
        assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}


def test_the_table_is_as_large_as_it_has_to_be():
    assert len(MUTATIONS) >= 30
    assert len(HARMLESS) >= 12
    assert len({each.name for each in (*MUTATIONS, *HARMLESS)}) == len(MUTATIONS) + len(HARMLESS)
