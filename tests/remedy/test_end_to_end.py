"""The demo's drifted account mended and put back, and what happens when it does not go as planned."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor import mending, pipeline
from auditor.model import Change, Finding
from auditor.remedy.apply import Hands, apply, rollback
from auditor.remedy.journal import FILE
from auditor.remedy.outcome import Outcome
from auditor.remedy.plan import Plan, make_plan
from auditor.remedy.planfile import write_plan
from auditor.resources import load
from auditor.sandbox.built import Built
from auditor.sandbox.drifts import DRIFTS

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
WISH = pipeline.Wish(baselines=("cuggu",))
DOCUMENT = pipeline.Wish(baselines=("cuggu",), with_rules=False)


@dataclass
class Drifted:
    """A drifted account of one's own, and the way to look at it."""

    built: Built
    wish: pipeline.Wish = DOCUMENT

    def __post_init__(self) -> None:
        self.source = pipeline.open_source(self.wish, pipeline.definitions(self.wish))

    def check(self) -> pipeline.Outcome:
        return pipeline.check(self.wish, source=self.source)

    def hands(self) -> Hands:
        hands = mending.hands(self.wish, self.source)
        return Hands(hands.world, hands.types, type(hands.pace)(lambda _: None, (0.0,)), hands.clock)

    def plan(self, seen: pipeline.Outcome, choose: Callable[[Finding], bool]) -> Plan:
        return mending.plan(seen, "run", choose)


@pytest.fixture(scope="module")
def drifted(cuggu: Built) -> Iterator[Built]:
    """Cuggu after the eight drifts of the demo. Never change it: clone it."""
    with cuggu.box.clone() as box:
        built = cuggu.on(box)
        for drift in DRIFTS:
            drift.happen(built)
        yield built


@pytest.fixture
def account(drifted: Built, pointed: Callable[[Any], None]) -> Iterator[Drifted]:
    with drifted.box.clone() as box:
        pointed(box)
        yield Drifted(drifted.on(box))


def broken(seen: pipeline.Outcome) -> set[str]:
    return {each.id for each in seen.findings if each.verdict == "broken"}


def of(property_: str) -> Callable[[Finding], bool]:
    return lambda finding: finding.property == property_


def fates(outcome: Outcome) -> set[str]:
    return {each.fate for each in outcome.results}


def test_the_demos_account_is_mended_and_put_back(account: Drifted, tmp_path: Path) -> None:
    account = Drifted(account.built, WISH)
    before = account.check()
    plan = account.plan(before, lambda finding: True)
    planned = {name for step in plan.steps for name in (step.finding, *step.also)}
    assert {step.type.split("::")[2] for step in plan.steps} >= {"DBInstance", "SecurityGroup", "Role", "Rule"}

    made = apply(plan, account.hands(), tmp_path / "journal", "destroys")
    assert fates(made) == {"mended"}, made.results
    assert made.exit_code == 0
    mended = account.check()
    assert broken(mended) == broken(before) - planned
    assert {left.finding for left in plan.left} >= broken(mended)

    assert rollback(tmp_path / "journal", account.hands()).exit_code == 0
    after = account.check()
    assert broken(after) == broken(before)
    assert [each.actual for each in after.findings] == [each.actual for each in before.findings]


def test_only_what_is_allowed_is_made(account: Drifted, tmp_path: Path) -> None:
    plan = account.plan(account.check(), of("PubliclyAccessible"))
    assert {step.risk for step in plan.steps} == {"interrupts"}
    outcome = apply(plan, account.hands(), tmp_path / "journal", "safe")
    assert fates(outcome) == {"left"}
    assert not [each for each in account.built.box.requests() if each.operation == "ModifyDBInstance"]


def test_what_changed_behind_the_plan_is_left_alone(account: Drifted, tmp_path: Path) -> None:
    plan = account.plan(account.check(), of("ScheduleExpression"))
    assert len(plan.steps) == 1
    name = account.built["cleanup-schedule"]
    events = account.built.client("events")
    events.put_rule(Name=name, ScheduleExpression="cron(0 4 * * ? *)", State="ENABLED")
    account.built.box.forget_requests()

    outcome = apply(plan, account.hands(), tmp_path / "journal", "destroys")
    assert fates(outcome) == {"stale"}
    assert "cron(0 4 * * ? *)" in outcome.results[0].reason
    assert outcome.exit_code == 5
    assert not [each for each in account.built.box.requests() if each.operation == "PutRule"]
    assert events.describe_rule(Name=name)["ScheduleExpression"] == "cron(0 4 * * ? *)"


def test_a_write_that_aws_refuses_leaves_the_account_as_it_was(account: Drifted, tmp_path: Path) -> None:
    before = account.check()
    plan = account.plan(before, of("PubliclyAccessible"))
    account.built.box.deny(("rds", "ModifyDBInstance"), message="not you")
    outcome = apply(plan, account.hands(), tmp_path / "journal", "destroys")
    assert fates(outcome) == {"failed"}
    assert "not you" in outcome.results[0].reason
    assert outcome.exit_code == 4
    assert broken(account.check()) == broken(before)


def test_a_fix_that_breaks_another_promise_is_put_back(account: Drifted, tmp_path: Path) -> None:
    """The wish for a private database comes with one for a larger one, which the document does not know."""
    before = account.check()
    finding = next(each for each in before.findings if each.property == "PubliclyAccessible")
    finding.changes += (Change(finding.resource.key, "DBInstanceClass", "db.r6g.large"),)
    plan = make_plan([finding], before.graph, load(), "run", "now")
    assert len(plan.steps) == 2

    outcome = apply(plan, account.hands(), tmp_path / "journal", "destroys")
    assert fates(outcome) == {"rolled-back"}
    assert outcome.exit_code == 4
    assert "it broke" in " ".join(each.reason for each in outcome.results)
    after = account.check()
    assert broken(after) == broken(before)
    assert after.graph.resource(finding.resource.key).properties == finding.resource.properties


def test_a_fix_that_would_break_another_promise_is_not_planned(account: Drifted) -> None:
    before = account.check()
    finding = next(each for each in before.findings if each.property == "PubliclyAccessible")
    finding.changes += (Change(finding.resource.key, "DBInstanceClass", "db.r6g.large"),)
    plan = account.plan(before, lambda each: each.property in ("PubliclyAccessible", "ScheduleExpression"))
    assert [step.property for step in plan.steps] == ["ScheduleExpression"]
    (left,) = plan.left
    assert left.finding == finding.id
    assert "it would break cuggu/database/" in left.text
    assert not [each for each in account.built.box.requests() if each.operation == "ModifyDBInstance"]


@pytest.mark.parametrize("way", ["resume", "rollback"])
def test_killed_half_way(account: Drifted, tmp_path: Path, way: str) -> None:
    """The process is killed while AWS keeps it waiting for its second step."""
    before = account.check()
    wanted = ("PubliclyAccessible", "ScheduleExpression")
    plan = account.plan(before, lambda finding: finding.property in wanted)
    assert [step.property for step in plan.steps] == ["ScheduleExpression", "PubliclyAccessible"]
    write_plan(plan, tmp_path / "plan.json")
    account.built.box.deny(("rds", "ModifyDBInstance"), code="Throttling")

    words = ("apply", "plan.json", "--allow", "destroys", "--yes")
    process = subprocess.Popen(
        _command(*words), env=_environment(account, tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    journal = _wait_for(process, tmp_path / "kept" / "journals", "intent", 1)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    whats = [json.loads(line).get("what") for line in journal.read_text().splitlines()[1:]]
    assert whats == ["intent", "done", "verified", "intent"]
    account.built.box.allow_all()

    if way == "resume":
        again = _command("apply", "--resume", journal.parent.name)
        ended = subprocess.run(again, env=_environment(account, tmp_path), cwd=tmp_path, capture_output=True, text=True)
        assert ended.returncode == 0, ended
    else:
        assert rollback(journal.parent, account.hands()).exit_code == 0  # without the patience of a real account
    mended = {step.finding for step in plan.steps} if way == "resume" else set()
    assert broken(account.check()) == broken(before) - mended


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "auditor", *words, "--baseline", "cuggu", "--no-rules", "--store", "kept"]


def _environment(account: Drifted, folder: Path) -> dict[str, str]:
    return account.built.box.environ() | {"HOME": str(folder), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


def _wait_for(process: subprocess.Popen[str], folder: Path, what: str, step: int) -> Path:
    """The journal that a process keeps below a folder, once it says this of a step."""
    for _ in range(6000):
        if process.poll() is not None:
            break
        for path in folder.glob(f"*/{FILE}"):
            whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
            entries = [json.loads(line) for line in whole[1:]]
            if any(each.get("what") == what and each.get("step") == step for each in entries):
                return path
        time.sleep(0.02)
    process.kill()
    raise AssertionError(f"no journal said {what} of step {step}: {process.communicate()}")
