"""A plan file is reviewed by people and may be written by an enemy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Change, Step
from auditor.remedy.apply import apply
from auditor.remedy.plan import Plan
from auditor.remedy.planfile import BadPlan, plan_text, read_plan, step_digest, step_to_json, write_plan
from auditor.remedy.tell import sentence
from tests.remedy.fake import ACCOUNT, TYPES, World, finding, hands, plan_of, thing


def planned() -> tuple[World, Plan]:
    one = thing("one", Rules=["bad"], Document={"A": 1})
    world = World({one.key: one, thing("two").key: thing("two")})
    found = [
        finding(world, "a", Change(one.key, "Flag", True)),
        finding(world, "b", Change(one.key, "Maybe", "x")),
        finding(world, "c", Change(one.key, "Rules", remove=("bad",))),
        finding(world, "d", Change(one.key, "Document.A", 2)),
        finding(world, "e", Change(one.key, "Fixed", 2)),
    ]
    return world, plan_of(world, *found)


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path) -> None:
    _, plan = planned()
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json", TYPES) == plan
    told = json.loads(plan_text(plan))
    assert (told["schema_version"], told["run"], told["accounts"]) == ("2", "run-1", [ACCOUNT])
    assert told["steps"][0]["does"] == "Change Document.A of Thing one from 1 to 2"
    assert {each["does"].split()[0] for each in told["steps"]} == {"Change", "Set", "Remove"}
    assert "before" not in next(each for each in told["steps"] if each["property"] == "Maybe")
    assert len(told["left"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_step_may_be_taken_out(tmp_path: Path) -> None:
    _, plan = planned()
    path = tmp_path / "plan.json"
    told = json.loads(plan_text(plan))
    del told["steps"][1]
    path.write_text(json.dumps(told))
    assert len(read_plan(path, TYPES).steps) == len(plan.steps) - 1


def _set(*place: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(step: dict[str, Any]) -> None:
        inner: Any = step
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = to

    return change


HOSTILE: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_set("after", to=3), "its description does not match its call"),
    (_set("does", to="Nothing to see"), "its description does not match its call"),
    (_set("call", "params", "Id", to="other"), "it was edited after it was planned"),
    (_set("call", "operation", to="delete_everything"), "does not change"),
    (_set("call", "service", to="iam"), "iam:put_document does not change"),
    (_set("undo", "operation", to="delete_everything"), "does not change"),
    (_set("type", to="AWS::Other::Type"), "has no property"),
    (_set("property", to="Password"), "could be set"),
    (_set("risk", to="none"), "wrong kind: risk"),
    (_set("account", to=7), "wrong kind: account"),
    (_set("touches", to="x"), "wrong kind: touches"),
    (_set("call", to=[]), "wrong kind: call"),
    (_set("extra", to=1), "unknown: extra"),
    (lambda step: step.pop("undo"), "missing or unknown: undo"),
]


@pytest.mark.parametrize(("change", "words"), HOSTILE)
def test_a_changed_step_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str) -> None:
    _, plan = planned()
    told = json.loads(plan_text(plan))
    change(told["steps"][0])
    (tmp_path / "plan.json").write_text(json.dumps(told))
    with pytest.raises(BadPlan, match=r"plan\.json: step 1: .*" + words):
        read_plan(tmp_path / "plan.json", TYPES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"schema_version": "9"}',
        '{"schema_version": "2", "steps": {}, "left": []}',
        '{"schema_version": "2", "steps": [null], "left": []}',
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(BadPlan, match=r"plan\.json"):
        read_plan(tmp_path / "plan.json", TYPES)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    _, plan = planned()
    told = json.loads(plan_text(plan))
    told["steps"][0]["risk"] = told["steps"][1]["account"] = 1
    told["steps"].append(told["steps"][2])
    (tmp_path / "plan.json").write_text(json.dumps(told))
    with pytest.raises(BadPlan) as error:
        read_plan(tmp_path / "plan.json", TYPES)
    assert str(error.value).count("\n") == 2


def forged(step: Step, **changes: Any) -> Step:
    """A step changed by somebody who also put its words and its digest right, and passes the door."""
    return replace(step, **changes)


def test_a_well_forged_step_is_refused_by_the_account(tmp_path: Path) -> None:
    world, plan = planned()
    flag = next(step for step in plan.steps if step.property == "Flag")
    maybe = next(step for step in plan.steps if step.property == "Maybe")
    elsewhere = thing("two").key
    for number, step in enumerate(
        [
            forged(flag, params={"Id": "two", "Flag": True}),
            forged(flag, params={"Id": "one", "Flag": "other"}),
            forged(flag, undo={**flag.undo, "params": {"Id": "two", "Flag": False}}),
            forged(flag, resource=elsewhere),
            forged(flag, region="eu-west-1"),
            forged(flag, account="999999999999"),
            forged(maybe, risk="safe"),
        ]
    ):
        written = json.loads(plan_text(Plan("run", "now", (step,))))
        assert written["steps"][0] == {**step_to_json(step), "digest": step_digest(step)}
        (tmp_path / "plan.json").write_text(json.dumps(written))
        read = read_plan(tmp_path / "plan.json", TYPES)
        outcome = apply(read, hands(world), tmp_path / str(number), "destroys")
        assert (outcome.results[0].fate, outcome.exit_code) == ("stale", 5), number
        assert world.calls == []


def test_long_values_are_cut_in_sentences() -> None:
    one = thing("one")
    world = World({one.key: one})
    (step,) = plan_of(world, finding(world, "b", Change(one.key, "Maybe", "x" * 999))).steps
    assert len(sentence(step)) < 250
