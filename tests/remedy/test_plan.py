"""From what findings want changed to calls: kinds of remedy, kinds of setters, and plans made of many findings."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from auditor.model import ABSENT, Change, Resource
from auditor.remedy.plan import make_plan, remedy_for
from auditor.remedy.planfile import plan_text
from auditor.remedy.refused import Replace
from tests.remedy.fake import TYPES, World, finding, gap, plan_of, thing

ONE = thing("one").key
NAMED = {"Id": "a", "Port": 1}


def remedy(change: Change, **properties: Any) -> Any:
    world = World({ONE: thing("one", **properties)})
    return remedy_for(finding(world, "check", change), world, TYPES)


SETTERS: list[tuple[dict[str, Any], Change, list[tuple[str, dict[str, Any], str]]]] = [
    ({}, Change(ONE, "Flag", True), [("put_flag", {"Flag": True}, "put_flag")]),
    ({}, Change(ONE, "Maybe", "x"), [("put_maybe", {"Maybe": "x"}, "delete_maybe")]),
    ({"Maybe": "a"}, Change(ONE, "Maybe", "x"), [("put_maybe", {"Maybe": "x"}, "put_maybe")]),
    ({"Maybe": "a"}, Change(ONE, "Maybe", ABSENT), [("delete_maybe", {}, "put_maybe")]),
    ({"Flag": True}, Change(ONE, "Flag", ABSENT), [("put_flag", {"Flag": False}, "put_flag")]),
    ({}, Change(ONE, "Switch", True), [("switch_on", {}, "switch_off")]),
    ({"Switch": True}, Change(ONE, "Switch", False), [("switch_off", {}, "switch_on")]),
    (
        {"Config": {"A": 1, "Deep": {"X": 1, "Y": 2}}},
        Change(ONE, "Config.Deep.X", 5),
        [("put_config", {"Config": {"A": 1, "Deep": {"X": 5, "Y": 2}}}, "put_config")],
    ),
    ({}, Change(ONE, "Config.Deep.X", 5), [("put_config", {"Config": {"Deep": {"X": 5}}}, "delete_config")]),
    (
        {"Config": {"List": ["a", "b"]}},
        Change(ONE, "Config.List", remove=("a",), add=("c", "b")),
        [("put_config", {"Config": {"List": ["b", "c"]}}, "put_config")],
    ),
    (
        {"Config": {"List": [{"Id": "a", "X": 1}, {"Id": "b", "X": 1}]}},
        Change(ONE, "Config.List[Id=b].X", 2),
        [("put_config", {"Config": {"List": [{"Id": "a", "X": 1}, {"Id": "b", "X": 2}]}}, "put_config")],
    ),
    (
        {"Rules": ["bad", "fine"]},
        Change(ONE, "Rules", remove=("bad",), add=("good", "fine")),
        [("add_rule", {"Rule": "good"}, "remove_rule"), ("remove_rule", {"Rule": "bad"}, "add_rule")],
    ),
    (
        {"Rules": ["a", "b"]},
        Change(ONE, "Rules", ["b", "c"]),
        [("add_rule", {"Rule": "c"}, "remove_rule"), ("remove_rule", {"Rule": "a"}, "add_rule")],
    ),
    (
        {"Rules": [NAMED]},
        Change(ONE, "Rules[Id=a].Port", 2),
        [("remove_rule", {"Rule": NAMED}, "add_rule"), ("add_rule", {"Rule": {"Id": "a", "Port": 2}}, "remove_rule")],
    ),
]


@pytest.mark.parametrize(("properties", "change", "wanted"), SETTERS)
def test_changes_become_calls(properties: dict[str, Any], change: Change, wanted: list[Any]) -> None:
    told = remedy(change, **properties)
    steps = [(each.operation, {**each.params}, each.undo["operation"]) for each in told.steps]
    assert steps == [(operation, {"Id": "one", **params}, undo) for operation, params, undo in wanted]
    assert told.kind == "automatic"
    assert all(each.permissions for each in told.steps)


def test_an_edit_names_its_place_and_leaves_document_and_tag_open() -> None:
    (step,) = remedy(Change(ONE, "Document.Origins[Id=a].Oac", "E"), Document={"Origins": [{"Id": "a"}]}).steps
    assert (step.property, step.before, step.after) == ("Document.Origins[Id=a].Oac", ABSENT, "E")
    assert step.params == {"Id": "one", "IfMatch": "{token}", "Document": "{value}"}
    assert step.permissions == ("thing:GetDocument", "thing:PutDocument")


def test_an_element_taken_out_of_a_document_is_a_change_of_its_list() -> None:
    document = {"Origins": [{"Id": "a"}, {"Id": "b"}]}
    (step,) = remedy(Change(ONE, "Document.Origins[Id=a]", ABSENT), Document=document).steps
    assert (step.property, step.before, step.after) == ("Document.Origins", document["Origins"], [{"Id": "b"}])


@pytest.mark.parametrize(
    ("change", "properties", "words"),
    [
        (Change(ONE, "OneWay", "x"), {}, "no call that can unset OneWay"),
        (Change(ONE, "Fixed", "x"), {}, "no call changes Fixed"),
        (Change(ONE, "Nothing", "x"), {}, "no call changes Nothing"),
        (Change(ONE, "Password", "x"), {}, "holds a secret"),
        (Change(ONE, "Config.A", 1), {"Config": {"B": "[redacted]"}}, "holds a secret"),
        (Change(ONE, "Rules", remove=("gone",)), {}, "does not exist"),
        (Change(ONE, "Config.List[Id=z].X", 1), {"Config": {"List": []}}, "does not identify exactly one value"),
        (Change("elsewhere", "Flag", True), {}, "not one of a live account"),
    ],
)
def test_what_no_call_makes_and_unmakes_is_left_to_a_person(change: Change, properties: Any, words: str) -> None:
    world = World({ONE: thing("one", **properties)})
    found = finding(world, "check", Change(ONE, change.property))
    found.changes, found.fix = (change,), "Do it by hand."
    told = remedy_for(found, world, TYPES)
    assert told.kind == "manual"
    assert words in told.text
    assert told.text.startswith("Do it by hand.")
    assert not told.steps


def test_a_property_that_could_not_be_read_is_not_written() -> None:
    world = World({ONE: thing("one")})
    world.things[ONE].unknown["Flag"] = gap()
    told = remedy_for(finding(world, "check", Change(ONE, "Flag", True)), world, TYPES)
    assert told.kind == "manual"
    assert "thing:GetIt" in told.text


def test_an_unknown_finding_is_not_mended() -> None:
    world = World({ONE: thing("one")})
    found = finding(world, "check", Change(ONE, "Flag", True))
    found.verdict, found.gaps = "unknown", (gap(),)
    assert "allow thing:GetIt" in remedy_for(found, world, TYPES).text
    assert plan_of(world, found).steps == ()


def test_a_create_only_property_means_another_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> Any:
        raise Replace("Fixed")

    monkeypatch.setattr("auditor.remedy.plan.moves", refuse)
    told = remedy(Change(ONE, "Fixed", "x"))
    assert (told.kind, told.risk) == ("replace", "destroys")
    assert "can only be set at creation" in told.text


def test_create_only_is_what_cloudformation_says() -> None:
    resource = Resource("AWS::RDS::DBInstance", "db", "1", "r", properties={"StorageEncrypted": False})
    world = World({resource.key: resource})
    found = finding(world, "check", Change(resource.key, "StorageEncrypted", True))
    assert remedy_for(found, world, {**TYPES, resource.type: TYPES["AWS::Test::Thing"]}).kind == "replace"


def test_the_risk_is_that_of_the_place_that_changes() -> None:
    config = {"A": 1, "Deep": {"Danger": 1, "X": 1}}
    assert remedy(Change(ONE, "Config.A", 2), Config=config).risk == "safe"
    assert remedy(Change(ONE, "Config.Deep.Danger", 2), Config=config).risk == "destroys"
    assert remedy(Change(ONE, "Config.Deep", ABSENT), Config=config).risk == "destroys"
    assert remedy(Change(ONE, "Maybe", "x")).risk == "interrupts"


def test_two_wishes_for_one_property_are_one_call() -> None:
    world = World({ONE: thing("one", Config={"A": 1, "B": 1})})
    a, b = (finding(world, name, Change(ONE, f"Config.{name}", 2)) for name in "AB")
    (step,) = plan_of(world, a, b).steps
    assert (step.after, {step.finding, *step.also}) == ({"A": 2, "B": 2}, {a.id, b.id})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Change(ONE, "Config.A", 2), Change(ONE, "Config.A", 3)),
        (Change(ONE, "Config", {"A": 2}), Change(ONE, "Config.B", 3)),
        (Change(ONE, "Config.List[0]", ABSENT), Change(ONE, "Config.List[1]", ABSENT)),
        (Change(ONE, "Rules", remove=("a",)), Change(ONE, "Rules", ["a", "b"])),
        (Change(ONE, "Document.X", 1), Change(ONE, "Document.X", 2)),
        (Change(ONE, "Document", {"Y": 1}), Change(ONE, "Document.X", 2)),
    ],
)
def test_wishes_that_contradict_each_other_are_left_to_a_person(first: Change, second: Change) -> None:
    world = World({ONE: thing("one", Config={"A": 1, "List": [1, 2, 3]}, Rules=["a", "c"], Document={})})
    one, two = finding(world, "first", first), finding(world, "second", second)
    plan = plan_of(world, one, two)
    served = {name for step in plan.steps for name in (step.finding, *step.also)}
    assert served | {each.finding for each in plan.left} == {one.id, two.id}
    if first.property != "Rules":
        assert len(plan.left) == 1


def test_the_same_wish_twice_is_one_step_for_both() -> None:
    world = World({ONE: thing("one", Rules=["bad"], Document={})})
    for change in (Change(ONE, "Flag", True), Change(ONE, "Rules", remove=("bad",)), Change(ONE, "Document.X", 1)):
        a, b = finding(world, "a", change), finding(world, "b", change)
        (step,) = plan_of(world, a, b).steps
        assert {step.finding, *step.also} == {a.id, b.id}


def test_the_order_of_findings_does_not_change_the_plan() -> None:
    world = World({ONE: thing("one", Rules=["bad"], Config={"A": 1})})
    found = [
        finding(world, "f", Change(ONE, "Flag", True)),
        finding(world, "r", Change(ONE, "Rules", remove=("bad",))),
        finding(world, "c", Change(ONE, "Config.A", 2)),
        finding(world, "d", Change(ONE, "Config.A", 3)),
    ]
    texts = {plan_text(make_plan(order, world, TYPES, "run", "now")) for order in permutations(found)}
    assert len(texts) == 1


def test_waived_and_unchosen_findings_are_not_planned() -> None:
    world = World({ONE: thing("one")})
    found = finding(world, "f", Change(ONE, "Flag", True))
    assert not make_plan([found], world, TYPES, "run", "now", choose=lambda each: False).steps
    found.waiver = {"reason": "accepted"}
    assert not plan_of(world, found).steps
