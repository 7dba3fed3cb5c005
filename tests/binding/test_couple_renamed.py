"""couple, whose document names nothing: each environment is found beside the other and beside the neighbours, also without
tags and where every name is random."""

from __future__ import annotations

import pytest

from auditor import pipeline
from auditor.checks.agreed import drift_of_all
from auditor.checks.baselines import load_baseline
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import live, snapshot
from tests.binding.variants import renamed, untagged, without

SAID_BY_AWS = r"^\$"  # keys of routes, which mean something to API Gateway
VARIANTS = {
    "as it is": lambda inventory: inventory,
    "without tags": untagged,
    "other names": lambda inventory: renamed(inventory, 1, keep=SAID_BY_AWS)[0],
    "other names without tags": lambda inventory: untagged(renamed(inventory, 2, keep=SAID_BY_AWS)[0]),
}


@pytest.fixture(scope="module")
def saved(couple, tmp_path_factory):
    path = tmp_path_factory.mktemp("couple") / "account.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in couple.box.environ().items():
            patch.setenv(name, value)
        pipeline.scan(pipeline.Wish(), path)
    return path


def read(saved, baseline, types):
    place, replay = snapshot.load(saved)
    return live.read(
        replay, place, pipeline.demand(pipeline.Wish(), pipeline.Definitions([], [baseline]), types), types
    )


@pytest.mark.parametrize("name", ["couple", "couple:dev"])
def test_whatever_it_is_called_a_conforming_system_is_silent(name, saved):
    baseline, types = load_baseline(name), load()
    inventory = read(saved, baseline, types)
    for variant, vary in VARIANTS.items():
        varied = vary(inventory)
        bound = bind(baseline, graph := build(varied, types))
        drift = drift_of_all(baseline, bound, graph)
        assert [f"{found.kind} {found.check}" for found in drift.findings] == [], variant
        assert {each.verdict for each in drift.promises} == {"kept", "unverifiable"}, variant


@pytest.mark.parametrize("name", ["couple", "couple:dev"])
def test_an_api_that_is_gone_is_missing_with_its_routes_beside_another_one(name, saved):
    """AWS deletes stage and routes along. A neighbour's API has routes of its own and nothing that makes it ours."""
    baseline, types = load_baseline(name), load()
    inventory = read(saved, baseline, types)
    whole = bind(baseline, build(inventory, types))
    assert whole.doubts == {}
    graph = build(without(inventory, [each.key for each in whole.of("socket-api")]), types)
    bound = bind(baseline, graph)
    assert bound.doubts.keys() <= {"socket-function", "function-role"}  # only the API led to them
    verdicts = {promise.id: promise.verdict for promise in drift_of_all(baseline, bound, graph).promises}
    parts = ("socket-api", "socket-stage", "connect-route", "message-route")
    assert {verdicts[role] for role in parts} == {"broken"}
    assert verdicts["disconnect-route"] == "kept"  # the document allows that there is none
