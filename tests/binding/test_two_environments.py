"""dualtetrax, whose document draws no arrow between the database, the API, the site and the bill: each environment is
bound right beside the other, also without tags and where every name that the document leaves open is random."""

from __future__ import annotations

import dataclasses

import pytest

from auditor import pipeline
from auditor.checks.agreed import declared_together, drift_of_all
from auditor.checks.baselines import load_baseline, load_baselines
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sandbox.dualtetrax.names import part
from auditor.sources import live, snapshot
from tests.binding.variants import renamed, replaced, untagged

DOCUMENTED = r"qp[-_]dualtetrax|dualtetrax-cdk-deployer|^dev$|^prod$|^index|nodejs"
FIRM = ("vpc", "database", "subnet-group", "secret", "function", "function-role", "function-logs", "api", "stage",
        "get-health", "post-sessions", "cost-alarm", "cost-topic", "deployer")  # fmt: skip
VARIANTS = {
    "as it is": lambda inventory: inventory,
    "without tags": untagged,
    "other names": lambda inventory: renamed(inventory, 1, keep=DOCUMENTED)[0],
    "other names without tags": lambda inventory: untagged(renamed(inventory, 2, keep=DOCUMENTED)[0]),
}


@pytest.fixture(scope="module")
def saved(dualtetrax, tmp_path_factory):
    """The account, saved; and the places of its resources in what was read."""
    path = tmp_path_factory.mktemp("dualtetrax") / "account.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in dualtetrax.box.environ().items():
            patch.setenv(name, value)
        pipeline.scan(pipeline.Wish(regions=(dualtetrax.region,)), path)
    return path


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_environment_is_bound_right_beside_the_other(dualtetrax, saved, environment):
    baseline, types = load_baseline(f"dualtetrax:{environment}"), load()
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
        for role in FIRM:
            (found,) = bound.of(role)
            built = part(environment, role) if part(environment, role) in dualtetrax else role
            old = where[found.key]
            if not {old.id, old.arn, old.name} & {dualtetrax[built], dualtetrax.arns.get(built)}:
                told[name, role] = old.label
    assert told == {}


def test_what_the_other_named_document_declares_is_not_undeclared(dualtetrax, saved):
    """Both environments in one VPC: each stands in reach of the other, and only what neither names is an extra."""
    baselines, types = load_baselines(["dualtetrax:dev", "dualtetrax:prod"]), load()
    place, replay = snapshot.load(saved)
    read = pipeline.demand(pipeline.Wish(), pipeline.Definitions([], baselines), types)
    inventory = live.read(replay, place, read, types)
    vpcs = {dualtetrax["prod/vpc"]: dualtetrax["dev/vpc"]}
    one = dataclasses.replace(inventory, resources=replaced(inventory.resources, vpcs))
    kept = {each.key: each for each in one.resources}  # the VPC itself once
    graph = build(dataclasses.replace(one, resources=list(kept.values())), types)
    told = {}
    drifts = [(each, bound := bind(each, graph), drift_of_all(each, bound, graph)) for each in baselines]
    for name, found in (("apart", drifts), ("together", declared_together(drifts))):
        told[name] = {
            each.resource.id for _, _, drift in found for each in drift.findings if each.check.endswith("/undeclared")
        }
    databases = {dualtetrax["dev/database"], dualtetrax["prod/database"]}
    assert databases <= told["apart"]
    assert not databases & told["together"]
