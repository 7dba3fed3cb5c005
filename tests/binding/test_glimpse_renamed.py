"""glimpse beside its copy for staging, which its modules build alike: bound right without tags and under any names."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from auditor import pipeline
from auditor.checks.agreed import drift_of_all
from auditor.checks.baselines import load_baseline
from auditor.checks.binding import bind
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import live, snapshot
from tests.accounts.tables import TABLES
from tests.binding.variants import renamed, untagged, without

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


def read(saved, baseline, types):
    place, replay = snapshot.load(saved)
    return live.read(
        replay, place, pipeline.demand(pipeline.Wish(), pipeline.Definitions([], [baseline]), types), types
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_the_system_is_bound_right_beside_its_copy(glimpse, saved, name):
    baseline, types = load_baseline("glimpse"), load()
    inventory = read(saved, baseline, types)
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


# What is joined to the system by the part alone: the policy that its role holds, what scales it, its group.
HANG_ON = {
    "service": {"ecs-group", "s3-policy", "scaling-target", "scaling-policy", "cpu-alarm"},
    "record": set(),
    "listener": {"certificate"},
}


@pytest.mark.parametrize("gone", HANG_ON)
def test_a_part_that_is_gone_leaves_the_others_in_their_place(gone, saved):
    """Beside the copy for staging, whose record stands in the same zone."""
    baseline, types = load_baseline("glimpse"), load()
    inventory = read(saved, baseline, types)
    whole = bind(baseline, build(inventory, types))
    (key,) = [each.key for each in whole.of(gone)]
    graph = build(without(inventory, [key]), types)
    bound = bind(baseline, graph)
    assert bound.doubts.keys() - {gone} <= HANG_ON[gone]
    moved = {role for role, found in whole.roles.items() if bound.of(role) != [graph.resource(e.key) for e in found]}
    assert moved - {gone} <= HANG_ON[gone]
    verdicts = {promise.id: promise.verdict for promise in drift_of_all(baseline, bound, graph).promises}
    assert verdicts[gone] == ("unknown" if gone == "record" else "broken")  # staging's record stands in our zone


def test_a_second_group_without_rules_is_not_the_one_that_is_meant(saved):
    baseline, types = load_baseline("glimpse"), load()
    inventory = read(saved, baseline, types)
    (group,) = bind(baseline, build(inventory, types)).of("ecs-group")
    spare = dataclasses.replace(
        group, id="sg-0123456789abcdef0", arn=group.arn.replace(group.id, "sg-0123456789abcdef0"), name="spare",
        names=(), tags={}, properties={**group.properties, "SecurityGroupIngress": []},
    )  # fmt: skip
    resources = [*inventory.resources, spare]
    for place, each in enumerate(resources):
        if each.type == "AWS::ECS::Service":
            changed = dataclasses.replace(each, properties=copy.deepcopy(each.properties))
            network = changed.properties["NetworkConfiguration"]["AwsvpcConfiguration"]
            if group.id in network["SecurityGroups"]:
                network["SecurityGroups"].append(spare.id)
                resources[place] = changed
    graph = build(dataclasses.replace(inventory, resources=resources), types)
    bound = bind(baseline, graph)
    assert bound.doubts == {}
    drift = drift_of_all(baseline, bound, graph)
    assert {each.verdict for each in drift.promises} == {"kept", "unverifiable"}
