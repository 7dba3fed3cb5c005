"""Law 1 for documents: in conforming code no promise turns from kept to broken by what could not be read."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from auditor.checks.baselines import load_baseline
from auditor.checks.binding import Bound, bind
from auditor.checks.drift import drift
from auditor.graph.build import build
from auditor.model import Gap
from auditor.resources import load
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions

CODE = Path(__file__).parents[1] / "code"
DOCUMENTS = {"cuggu": "cuggu_cfn", "couple": "couple_cfn", "glimpse": "glimpse_tf", "pingvas": "pingvas_tf"}
STRIDE = 3  # of the places one in so many is hidden, always the same ones: each reason hides others


@cache
def conforming(name):
    baseline, folder = load_baseline(name), CODE / DOCUMENTS[name]
    graph = build(read_code(folder, CodeOptions(region="ap-northeast-2", root=folder)), load())
    return baseline, graph, bind(baseline, graph)


def verdicts(baseline, graph, bound):
    return {each.id: each.verdict for each in drift(baseline, bound, graph).promises}


def hiding(baseline, graph, bound, resource, name, reason):
    """The graph without a property of one resource, and the same parts played by the same resources."""
    gap = Gap("1", "r", "service", "describe", "service:Describe", reason, (resource.type,), "not read", resource.key)
    changed = copy.copy(resource)
    changed.properties = {key: value for key, value in resource.properties.items() if key != name}
    changed.unknown = {**resource.unknown, name: gap}
    others = [copy.copy(each) for each in graph.resources() if each.key != resource.key]
    hidden = build(replace(graph.inventory, resources=[*others, changed]), graph.types)
    roles = {role: [each for old in found if (each := hidden.resource(old.key))] for role, found in bound.roles.items()}
    return baseline, hidden, Bound(baseline.id, roles, bound.bindings, bound.doubts, bound.hidden)


def places(graph, bound):
    played = bound.keys()
    return [(each, name) for each in graph.resources() if each.key in played for name in each.properties]


@pytest.mark.parametrize("reason", ["denied", "unresolved"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_promise_turns(name, reason):
    baseline, graph, bound = conforming(name)
    before = verdicts(baseline, graph, bound)
    start = ("denied", "unresolved").index(reason)
    wrong = []
    for resource, place in places(graph, bound)[start::STRIDE]:
        after = verdicts(*hiding(baseline, graph, bound, resource, place, reason))
        turned = {each: (was, after[each]) for each, was in before.items() if after[each] not in (was, "unknown")}
        wrong += [f"{resource.id} {place}: {each} {change}" for each, change in turned.items()]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_sample_is_large_enough(name):
    _, graph, bound = conforming(name)
    assert len(places(graph, bound)) > 200
