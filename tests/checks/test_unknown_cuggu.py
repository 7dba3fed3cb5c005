"""Law 1 for a document: of the conforming cuggu no promise turns from kept to broken by what could not be read."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.checks.baselines import load_baseline
from auditor.checks.binding import Bound, bind
from auditor.checks.drift import drift
from auditor.graph.build import build
from auditor.model import Gap
from auditor.resources import load
from auditor.sources.cloudformation import read
from auditor.sources.code_options import CodeOptions

FOLDER = Path(__file__).parents[1] / "code" / "cuggu_cfn"
BASELINE = load_baseline("cuggu")
STRIDE = 7  # of the places one in so many is hidden, always the same ones


@pytest.fixture(scope="module")
def conforming():
    graph = build(read(FOLDER, CodeOptions(region="ap-northeast-2")), load())
    return graph, bind(BASELINE, graph)


def verdicts(graph, bound):
    return {each.id: each.verdict for each in drift(BASELINE, bound, graph).promises}


def hiding(graph, bound, resource, name, reason):
    """The graph without a property of one resource, and the same parts played by the same resources."""
    gap = Gap("1", "r", "service", "describe", "service:Describe", reason, (resource.type,), "not read", resource.key)
    changed = copy.copy(resource)
    changed.properties = {key: value for key, value in resource.properties.items() if key != name}
    changed.unknown = {**resource.unknown, name: gap}
    others = [copy.copy(each) for each in graph.resources() if each.key != resource.key]
    hidden = build(replace(graph.inventory, resources=[*others, changed]), graph.types)
    roles = {role: [each for old in found if (each := hidden.resource(old.key))] for role, found in bound.roles.items()}
    return hidden, Bound(BASELINE.id, roles, bound.bindings, bound.doubts, bound.hidden)


@pytest.mark.parametrize("reason", ["denied", "unresolved"])
def test_no_promise_turns(conforming, reason):
    graph, bound = conforming
    before = verdicts(graph, bound)
    played = bound.keys()
    cases = [
        (resource, name) for resource in graph.resources() if resource.key in played for name in resource.properties
    ]
    start = ("denied", "unresolved").index(reason)
    wrong = []
    for resource, name in cases[start::STRIDE]:
        after = verdicts(*hiding(graph, bound, resource, name, reason))
        turned = {each: (was, after[each]) for each, was in before.items() if after[each] not in (was, "unknown")}
        wrong += [f"{resource.id} {name}: {each} {change}" for each, change in turned.items()]
    assert not wrong, "\n".join(wrong)


def test_the_sample_is_large_enough(conforming):
    graph, bound = conforming
    played = bound.keys()
    assert sum(len(each.properties) for each in graph.resources() if each.key in played) > 30 * STRIDE
