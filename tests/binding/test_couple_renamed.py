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
from tests.binding.variants import renamed, untagged

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


@pytest.mark.parametrize("name", ["couple", "couple:dev"])
def test_whatever_it_is_called_a_conforming_system_is_silent(name, saved):
    baseline, types = load_baseline(name), load()
    place, replay = snapshot.load(saved)
    read = pipeline.demand(pipeline.Wish(), pipeline.Definitions([], [baseline]), types)
    inventory = live.read(replay, place, read, types)
    for variant, vary in VARIANTS.items():
        varied = vary(inventory)
        bound = bind(baseline, graph := build(varied, types))
        drift = drift_of_all(baseline, bound, graph)
        assert [f"{found.kind} {found.check}" for found in drift.findings] == [], variant
        assert {each.verdict for each in drift.promises} == {"kept", "unverifiable"}, variant
