"""Law 1: what could not be read is never taken for kept, broken or absent, and what is certain decides.

Every example of every rule is judged again with each property of each resource hidden in turn, as a denied call and as a
value that is known only after apply: its verdict stays or becomes unknown. It may not stay where a value that another
example has at that place gives another verdict, and it does where the rule does not ask for the property.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from auditor.checks.demand import of_rules
from auditor.checks.judge import judge
from auditor.checks.rules import load_rules
from auditor.graph.build import Graph, build
from auditor.model import ABSENT, Gap, Resource
from auditor.resources import load
from tests.rules import forms

RULES = load_rules()
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda each: each.id)
REASONS = ("denied", "unresolved")


@cache
def graphs(rule_id):
    (rule,) = (each for each in RULES if each.id == rule_id)
    return [
        (name, wanted, forms.graph(rule, name, example, "cloudformation"))
        for name, wanted, example in forms.examples(rule)
    ]


def gap(cfn, reason="denied"):
    return Gap("1", "r", "service", "describe", "service:Describe", reason, (cfn,), "it could not be read", "x")


def verdicts(rule, graph: Graph) -> dict[str, str]:
    """The verdict of the rule on each resource that it judges."""
    out = {each.key: "kept" for each in graph.of_type(*rule.on)}
    for found in judge([rule], graph).findings:
        if found.resource.key in out and out[found.resource.key] != "broken":
            out[found.resource.key] = found.verdict
    return out


def with_resource(graph: Graph, *changed: Resource, gaps: tuple[Gap, ...] = ()) -> Graph:
    keys = {each.key for each in changed}
    rest = [copy.deepcopy(each) for each in graph.resources() if each.key not in keys]
    inventory = replace(graph.inventory, resources=[*rest, *changed], gaps=[*graph.inventory.gaps, *gaps])
    return build(inventory, load())


def with_value(resource: Resource, place: tuple, value) -> Resource:
    """The resource with another value at a place: a property, or a member of an element of a list."""
    out = copy.deepcopy(resource)
    inner = out.properties
    for step in place[:-1]:
        inner = inner[step]
    if value is ABSENT:
        inner.pop(place[-1], None)
    else:
        inner[place[-1]] = copy.deepcopy(value)
    return out


def hidden(resource: Resource, place: tuple, reason: str) -> Resource:
    out = with_value(resource, place, ABSENT)
    path = ""
    for step in place:
        path += "[]" if isinstance(step, int) else f".{step}" if path else step
    out.unknown[path] = gap(resource.type, reason)
    return out


def places(value, at: tuple = ()) -> Iterator[tuple]:
    """Every member of every object inside a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*at, name)
            yield from places(inner, (*at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*at, index))


def shape(place: tuple) -> tuple:
    return tuple("[]" if isinstance(step, int) else step for step in place)


@cache
def values(rule_id) -> dict[tuple, list]:
    """What the examples of a rule say at each place of each type."""
    out: dict[tuple, list] = {}
    for _, _, graph in graphs(rule_id):
        for resource in graph.resources():
            for place in places(resource.properties):
                found = resource.properties
                for step in place:
                    found = found[step]
                known = out.setdefault((resource.type, *shape(place)), [])
                if found not in known:
                    known.append(found)
    return out


def demanded(rule, cfn) -> frozenset[str]:
    wanted = of_rules([rule], load()).get(cfn, frozenset())
    return frozenset(row.name for row in load()[cfn].props) if wanted is None else wanted


def hides(rule, graph: Graph) -> Iterator[tuple[Resource, tuple, str]]:
    """Each property that is there or asked for, as a denied call and unresolved; and what lies inside, unresolved."""
    for resource in graph.resources():
        documents = {row.name for row in load()[resource.type].props if row.same == "policy"}
        for place in places(resource.properties):
            if place[0] not in documents or len(place) == 1:  # code either knows a document or does not
                yield from ((resource, place, reason) for reason in (REASONS if len(place) == 1 else REASONS[1:]))
        for name in sorted(demanded(rule, resource.type) - resource.properties.keys()):
            yield resource, (name,), REASONS[0]


CASES = [
    pytest.param(rule, number, id=f"{rule.id}-{name}")
    for rule in RULES
    for number, (name, _, _) in enumerate(forms.examples(rule))
]


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_a_verdict_stays_or_becomes_unknown(rule, number):
    _, _, graph = graphs(rule.id)[number]
    before = verdicts(rule, graph)
    wrong = []
    for resource, place, reason in hides(rule, graph):
        after = verdicts(rule, with_resource(graph, hidden(resource, place, reason)))
        asked = place[0] in demanded(rule, resource.type)
        for key, was in before.items():
            told = f"{resource.id} {place} {reason}: {was} -> {after[key]}"
            if after[key] not in (was, "unknown"):
                wrong.append("turned: " + told)
            elif after[key] != was and not asked:
                wrong.append("hangs on what is not asked for: " + told)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_a_verdict_is_not_sure_where_the_values_of_other_examples_give_another(rule, number):
    _, _, graph = graphs(rule.id)[number]
    before = verdicts(rule, graph)
    wrong = []
    for resource, place, reason in hides(rule, graph):
        if reason == REASONS[0] and place[0] in resource.properties:
            continue  # the same place comes as unresolved
        after = verdicts(rule, with_resource(graph, hidden(resource, place, reason)))
        if "unknown" in {*before.values()} or all(each == "unknown" for each in after.values()):
            continue
        for key, others in possible(rule, graph, resource, place).items():
            if after.get(key) in ("kept", "broken") and others - {"unknown", after[key]}:
                wrong.append(f"{resource.id} {place}: {after[key]}, possible {sorted(others)}")
    assert not wrong, "\n".join(wrong)


def possible(rule, graph, resource, place) -> dict[str, set[str]]:
    """The verdicts that the values of this place in other examples would give."""
    out: dict[str, set[str]] = {}
    for value in (*values(rule.id).get((resource.type, *shape(place)), ()), ABSENT):
        for key, verdict in verdicts(rule, with_resource(graph, with_value(resource, place, value))).items():
            out.setdefault(key, set()).add(verdict)
    return out


FAILING = [
    pytest.param(rule, number, id=f"{rule.id}-{name}")
    for rule in RULES
    for number, (name, verdict, _) in enumerate(forms.examples(rule))
    if verdict == "broken"
]


def lists(resource: Resource) -> Iterator[tuple[tuple, list]]:
    """Every list of objects inside a resource, documents left out."""
    documents = {row.name for row in load()[resource.type].props if row.same == "policy"}
    for place in places(resource.properties):
        found = resource.properties
        for step in place:
            found = found[step]
        if isinstance(found, list) and found and isinstance(found[0], dict) and place[0] not in documents:
            yield place, found


# An unread route may be the more specific one for any single address, so none is reached for certain. That all unread
# routes together leave some address is an answer about several addresses, which the engine does not give.
ANY_ADDRESS = ("database-not-reachable", "Routes")


def with_unread_element(resource: Resource, place: tuple, elements: list) -> Resource:
    out = with_value(resource, place, [*elements, {}])
    path = ""
    for step in place:
        path += "[]" if isinstance(step, int) else f".{step}" if path else step
    for name in {name for each in elements for name in each}:
        out.unknown[f"{path}[{len(elements)}].{name}"] = gap(resource.type, "unresolved")
    return out


def every_list(resource: Resource) -> Iterator[tuple[tuple, list]]:
    documents = {row.name for row in load()[resource.type].props if row.same == "policy"}
    for place in places(resource.properties):
        found = resource.properties
        for step in place:
            found = found[step]
        if isinstance(found, list) and found and place[0] not in documents:
            yield place, found


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_a_list_of_which_an_element_was_not_read_turns_no_verdict(rule, number):
    """Code that adds to a list by a block that it does not know gives the others, and that there may be more."""
    _, _, graph = graphs(rule.id)[number]
    before = verdicts(rule, graph)
    wrong = []
    for resource in graph.resources():
        for place, elements in every_list(resource):
            path = "".join("[]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
            for lost in range(len(elements)):
                part = with_value(resource, place, elements[:lost] + elements[lost + 1 :])
                part.unknown[path] = gap(resource.type, "unresolved")
                after = verdicts(rule, with_resource(graph, part))
                wrong += [f"{resource.id} {place}[{lost}]: {was} -> {after[key]}"
                          for key, was in before.items() if after[key] not in (was, "unknown")]  # fmt: skip
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("rule", "number"), FAILING)
def test_what_is_broken_for_certain_stays_beside_an_unread_element(rule, number):
    """Unless an element of another example would mend it: then it is unknown."""
    _, _, graph = graphs(rule.id)[number]
    before = verdicts(rule, graph)
    for resource in graph.resources():
        for place, elements in lists(resource):
            after = verdicts(rule, with_resource(graph, with_unread_element(resource, place, elements)))
            if (rule.id, place[0]) == ANY_ADDRESS:
                assert "kept" not in after.values()
                continue
            others = [each for known in values(rule.id)[(resource.type, *shape(place))] for each in known]
            said = [verdicts(rule, with_resource(graph, with_value(resource, place, [*elements, each])))
                    for each in others]  # fmt: skip
            for key, was in before.items():
                if was == "broken":
                    mended = any(each[key] == "kept" for each in said)
                    assert after[key] == ("unknown" if mended else "broken"), f"{resource.id} {place}"


@pytest.mark.parametrize(("rule", "number"), FAILING)
def test_what_is_broken_for_certain_stays_beside_a_resource_that_was_not_read(rule, number):
    _, _, graph = graphs(rule.id)[number]
    before = verdicts(rule, graph)
    for resource in graph.resources():
        rows = [row.name for row in load()[resource.type].props]
        unread = replace(resource, id="unread", arn="", name="", properties={}, names=(), address="unread",
                         unknown=dict.fromkeys(rows, gap(resource.type)))  # fmt: skip
        after = verdicts(rule, with_resource(graph, unread))
        for key, was in before.items():
            if was == "broken":
                assert after[key] == "broken", resource.type
