"""glimpse beside its copy for staging, which its modules build alike: bound right without tags and under any names."""

from __future__ import annotations

import pytest

from auditor import pipeline
from auditor.checks.agreed import drift_of_all
from auditor.checks.baselines import load_baseline
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import live, snapshot
from tests.accounts.tables import TABLES
from tests.binding.variants import renamed, untagged

# What the document names: the cluster and service, the secrets, the bucket, the log group, the repository, the domain.
DOCUMENTED = (
    r"^glimpse-prod$|^glimpse-staging$|^glimpse-api$|glimpse-(prod|staging)-(jwt|db-password|redis)|glimpse-files"
    r"|^/ecs/glimpse|glimpse\.contact"
)
VARIANTS = {
    "as it is": lambda inventory: inventory,
    "without tags": untagged,
    "other names": lambda inventory: renamed(inventory, 1, keep=DOCUMENTED)[0],
    "other names without tags": lambda inventory: untagged(renamed(inventory, 2, keep=DOCUMENTED)[0]),
}


@pytest.fixture(scope="module")
def saved(glimpse, tmp_path_factory):
    path = tmp_path_factory.mktemp("glimpse") / "account.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in glimpse.box.environ().items():
            patch.setenv(name, value)
        pipeline.scan(pipeline.Wish(regions=(glimpse.region,)), path)
    return path


@pytest.mark.parametrize("name", VARIANTS)
def test_the_system_is_bound_right_beside_its_copy(glimpse, saved, name):
    baseline, types = load_baseline("glimpse"), load()
    place, replay = snapshot.load(saved)
    read = pipeline.demand(pipeline.Wish(), pipeline.Definitions([], [baseline]), types)
    inventory = live.read(replay, place, read, types)
    varied = VARIANTS[name](inventory)
    bound = bind(baseline, graph := build(varied, types))
    where = {each.key: old for each, old in zip(varied.resources, inventory.resources, strict=True)}
    wrong = {}
    for role, found in bound.roles.items():
        built = TABLES["glimpse"].built_as.get(role, role)
        for each in found:
            old = where[each.key]
            if built in glimpse and not {old.id, old.arn, old.name} & {glimpse[built], glimpse.arns.get(built)}:
                wrong[role] = old.label
    assert wrong == {}
    drift = drift_of_all(baseline, bound, graph)
    assert [f"{found.kind} {found.check} {found.because}" for found in drift.findings] == []
    assert {each.verdict for each in drift.promises} == {"kept", "unverifiable"}
