"""What an account reads like once steps are made, by every kind of step: the same as what the steps leave."""

from __future__ import annotations

from pathlib import Path

from auditor.model import Inventory
from auditor.remedy.apply import apply
from auditor.remedy.foreseen import foreseen
from tests.remedy.fake import hands
from tests.remedy.test_crash import account


def test_what_is_foreseen_is_what_is_left(tmp_path: Path) -> None:
    world, plan = account()
    told = foreseen(Inventory(list(world.things.values())), plan.steps)
    before = world.state()
    assert {each.key: each.properties for each in told.resources} != before
    assert world.state() == before
    apply(plan, hands(world, (1.0,)), tmp_path / "journal", "interrupts")
    assert {each.key: each.properties for each in told.resources} == world.state()


def test_what_is_not_touched_is_the_same_object() -> None:
    world, plan = account()
    one, two = world.things.values()
    told = foreseen(Inventory([one, two]), [step for step in plan.steps if step.resource == two.key])
    assert told.resources[0] is one
    assert told.resources[1] is not two
