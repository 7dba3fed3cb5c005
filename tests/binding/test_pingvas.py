"""pingvas beside a complete copy for staging: every part is the documented system's, also without tags and where every
name that the document leaves open is random."""

from __future__ import annotations

import pytest

from auditor import pipeline
from auditor.checks.agreed import drift_of_all
from auditor.checks.baselines import load_baseline
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sandbox.pingvas import build_system
from auditor.sandbox.pingvas.names import Team
from auditor.sources import live, snapshot
from tests.binding.variants import renamed, untagged

# The document's names, and what of a name stands inside of them.
DOCUMENTED = (r"^(pingvas[-/])?(staging[-/])?(images|assets|backups|models|shared|dev|prod)|^pingvas(-staging)?$|pingvas\.|"
              r"^pingvas/|DevOps-AssumeRole|Developer-|stable-diffusion|sdxl|flux|controlnet|lora|workflows|styles")  # fmt: skip
VARIANTS = {
    "as it is": lambda inventory: inventory,
    "without tags": untagged,
    "other names": lambda inventory: renamed(inventory, 1, keep=DOCUMENTED)[0],
    "other names without tags": lambda inventory: untagged(renamed(inventory, 2, keep=DOCUMENTED)[0]),
}


@pytest.fixture(scope="module")
def saved(pingvas, tmp_path_factory):
    path = tmp_path_factory.mktemp("pingvas") / "account.jsonl"
    with pingvas.box.clone() as box, pytest.MonkeyPatch.context() as patch:
        team = Team(pingvas.on(box), "pingvas-staging", "staging.pingvas.io", "staging/")
        build_system(team, ("Tester-A", "Tester-B"), "Staging-AssumeRole")
        for name, value in box.environ().items():
            patch.setenv(name, value)
        pipeline.scan(pipeline.Wish(regions=(pingvas.region,)), path)
    return path


def test_the_documented_system_is_bound_beside_its_copy(pingvas, saved):
    baseline, types = load_baseline("pingvas"), load()
    place, replay = snapshot.load(saved)
    read = pipeline.demand(pipeline.Wish(), pipeline.Definitions([], [baseline]), types)
    inventory = live.read(replay, place, read, types)
    told = {}
    for name, vary in VARIANTS.items():
        varied = vary(inventory)
        bound = bind(baseline, graph := build(varied, types))
        drift = drift_of_all(baseline, bound, graph)
        assert [f"{found.kind} {found.check}" for found in drift.findings] == [], name
        assert {each.verdict for each in drift.promises} == {"kept", "unverifiable"}, name
        where = {each.key: old for each, old in zip(varied.resources, inventory.resources, strict=True)}
        for role in baseline.roles.keys() & set(pingvas):
            olds = [where[found.key] for found in bound.of(role)]
            built = {pingvas[role], pingvas.arns.get(role)}
            if not any({old.id, old.arn, old.name} & built for old in olds):
                told[name, role] = [old.label for old in olds]
    assert told == {}
