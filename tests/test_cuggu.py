"""cuggu, live: a conforming account is silent, every mutation is named on its resource, harmless changes are silent."""

from __future__ import annotations

import pytest

from tests.accounts.cuggu_mutations import HARMLESS, MUTATIONS
from tests.accounts.looking import Watched, look, of, seen_by_this_process, told


@pytest.fixture(scope="module")
def conforming(cuggu):
    with seen_by_this_process(cuggu.box):
        yield look(lambda box: None, cuggu.box)


@pytest.fixture(scope="module")
def watched(cuggu):
    with cuggu.box.clone() as box, seen_by_this_process(box):
        yield Watched(cuggu.on(box))


@pytest.mark.e2e
def test_a_conforming_account_keeps_every_promise(conforming):
    assert told(conforming.findings) == []
    assert {each.verdict for each in conforming.promises} == {"kept", "unverifiable"}
    assert conforming.record["coverage"] == {"complete": True, "gaps": []}
    assert conforming.record["summary"]["unknown"] == 0


def test_every_role_is_bound_to_the_part_that_plays_it(cuggu, conforming):
    """The names in the account are a team's own: nothing but the shape tells them apart."""
    bound = {}
    for each in conforming.record["bindings"]:
        bound.setdefault(each["role"], set()).add(each["resource"])
    known = {
        **cuggu.ids,
        "static-bucket": f"arn:aws:s3:::{cuggu['static-bucket']}",
        "images-bucket": "arn:aws:s3:::cuggu-images",
    }
    for role in (
        "server",
        "image-optimizer",
        "cleanup",
        "cdn",
        "image-cdn",
        "database",
        "static-bucket",
        "images-bucket",
        "vpc",
    ):
        (resource,) = bound[role]
        assert cuggu.arns.get(role) == resource or known[role] in resource, role


def test_each_call_is_made_once(copy_of_cuggu, pointed):
    outcome = look(pointed, copy_of_cuggu.box)
    asked = [request.key for request in copy_of_cuggu.box.requests()]
    assert sorted(asked) == sorted(set(asked))
    assert outcome.record["scan"]["requests"]["total"] == len(asked)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_on_its_resource(mutation, watched):
    built = watched.built
    with watched.changed(mutation.do) as outcome:
        broken = of(outcome).values()
    names = {built.ids.get(mutation.role, mutation.role), built.arns.get(mutation.role, mutation.role)}
    hits = [
        each
        for each in broken
        if each.check.startswith(mutation.check)
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
    assert len(MUTATIONS) >= 25
    assert len(HARMLESS) >= 10
    assert len({each.name for each in (*MUTATIONS, *HARMLESS)}) == len(MUTATIONS) + len(HARMLESS)
