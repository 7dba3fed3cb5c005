"""Plans applied, resumed and rolled back: guard, journal, call, read back, judge anew, keep or put back.

After all steps the account is judged once more. A fix whose finding is still there is put back. When something that was
kept is broken now, steps are put back one by one, those nearest to the damage first and the latest first among them,
with a judging after each, until the damage is gone: the step after whose undo it went is the one to blame.

A finding, or a neighbour, that can no longer be told after the fix is neither mended nor made worse. Then nothing is
put back: the value itself was read back as planned, nothing known speaks against it, and undoing would write in
ignorance and might reopen the hole. It is not called mended either; a person looks (exit code 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from auditor.aws.requests import CallFailed
from auditor.model import RISKS, ResourceType, Risk, Step
from auditor.remedy.engine import Engine, Pace, guard
from auditor.remedy.journal import Journal
from auditor.remedy.outcome import Outcome, Result, outcome
from auditor.remedy.plan import Plan
from auditor.remedy.world import RunView, World, dimmed, titles, worse

Barred = Mapping[int, tuple[Literal["left", "stale"], str]]
_RISKS = {"safe": "is safe", "interrupts": "interrupts service", "destroys": "can delete data"}
_TRIES = 3  # how often a judging that could not tell is asked again


@dataclass(frozen=True, slots=True)
class Hands:
    """With what a plan is carried out: the account, the types' rows, patience and a clock (ISO time, UTC)."""

    world: World
    types: Mapping[str, ResourceType]
    pace: Pace
    clock: Callable[[], str]


def apply(plan: Plan, hands: Hands, folder: Path, allow_risk: Risk = "safe", dry_run: bool = False) -> Outcome:
    """Carry out a plan up to a risk; `folder` is where the journal goes and must not exist yet."""
    if not plan.steps:
        return Outcome()
    before = hands.world.rejudge()
    barred = _barred(plan, before, allow_risk)
    if dry_run:
        return Outcome(tuple(_dry(plan, hands, barred)))
    refused = {index: {"kind": kind, "reason": reason} for index, (kind, reason) in barred.items()}
    with Journal.create(folder, plan, before, hands.clock, refused) as journal:
        return _carry_out(journal, hands)


def resume(folder: Path, hands: Hands) -> Outcome:
    """Go on where a killed process stopped: with applying, or with rolling back if it was at that."""
    with Journal.open(folder, hands.types, hands.clock) as journal:
        last = journal.marked("closed", "rollback", "intent")
        if last and last["what"] == "closed":
            return outcome(journal, rolled_back=bool(journal.marked("rollback")))
        if journal.marked("rollback"):
            return _put_all_back(journal, hands)
        return _carry_out(journal, hands)


def rollback(folder: Path, hands: Hands) -> Outcome:
    """Put every before-image back, last step first. Doing it twice does nothing the second time."""
    with Journal.open(folder, hands.types, hands.clock) as journal:
        return _put_all_back(journal, hands)


def _carry_out(journal: Journal, hands: Hands) -> Outcome:
    engine = Engine(journal, hands.world, hands.types, hands.pace)
    try:
        engine.settle(undoing=False)
        _make_all(engine)
        _judge(engine)
        journal.append("closed")
    except KeyboardInterrupt:
        journal.append("interrupted")
    return outcome(journal)


def _put_all_back(journal: Journal, hands: Hands) -> Outcome:
    engine = Engine(journal, hands.world, hands.types, hands.pace)
    busy = ("open", "called", "applied", "undoing", "stuck")
    idle = not any(journal.state(index) in busy for index in journal.order())
    last = journal.marked("closed", "rollback", "intent", "interrupted")
    if idle and last and last["what"] == "closed":
        return replace(outcome(journal, rolled_back=True), nothing_left=True)
    try:
        journal.append("rollback")
        engine.settle(undoing=True)
        for index in reversed(journal.order()):
            if journal.state(index) in ("called", "applied", "stuck"):
                engine.undo(index, "rolled back")
        journal.append("closed")
    except KeyboardInterrupt:
        journal.append("interrupted")
    return outcome(journal, rolled_back=True)


def findings_of(step: Step) -> tuple[str, ...]:
    return (step.finding, *step.also)


def _barred(plan: Plan, before: RunView, allow_risk: Risk) -> Barred:
    """The steps that are not made at all, known before the first call. A fix is made whole or not."""
    out: dict[int, tuple[Literal["left", "stale"], str]] = {}
    held: dict[str, tuple[Literal["left", "stale"], str]] = {}
    for step in plan.steps:
        for finding in findings_of(step):
            if finding in before.unknown:
                held[finding] = "stale", "it cannot be checked now, so the fix could not be verified"
            elif finding not in before.broken:
                held[finding] = "stale", "it is no longer broken; make a new plan"
    for index, step in enumerate(plan.steps):
        if RISKS.index(step.risk) > RISKS.index(allow_risk):
            out[index] = "left", f"skipped: {_RISKS[step.risk]}; allow with --allow {step.risk}"
            for finding in findings_of(step):
                held.setdefault(
                    finding,
                    ("left", f"skipped: another step of this fix {_RISKS[step.risk]}; allow with --allow {step.risk}"),
                )
    for index, step in enumerate(plan.steps):
        if index not in out and all(finding in held for finding in findings_of(step)):
            out[index] = held[step.finding]
    return dict(sorted(out.items()))


def _dry(plan: Plan, hands: Hands, barred: Barred) -> Iterator[Result]:
    for index, step in enumerate(plan.steps):
        if index in barred:
            yield Result(step, *barred[index])
            continue
        verdict, reason, _ = guard(hands.world, step, hands.types)
        if verdict == "stale":
            yield Result(step, "stale", reason)
        else:
            yield Result(step, "already" if verdict == "already" else "would", reason)


def _make_all(engine: Engine) -> None:
    journal = engine.journal
    for index, step in enumerate(journal.steps):
        if journal.state(index) == "waiting":
            spoilt = _spoilt(journal)
            if all(finding in spoilt for finding in findings_of(step)):
                reason = "another step of this fix was not applied"
                journal.append("refused", index, kind="left", reason=reason)
            else:
                engine.make(index)
        if journal.state(index) == "called":
            engine.undo(index, "the change did not take effect")
    _tidy(engine)


def _spoilt(journal: Journal) -> set[str]:
    """Findings of which a step was not made, or was put back."""
    out: set[str] = set()
    for index, step in enumerate(journal.steps):
        last = journal.last(index)
        if last and last["what"] in ("refused", "failed", "undone", "stuck"):
            out.update(findings_of(step))
    return out


def _tidy(engine: Engine) -> None:
    """Put back the steps that serve no fix that is still whole."""
    spoilt = _spoilt(engine.journal)
    for index in _applied(engine.journal):
        if all(finding in spoilt for finding in findings_of(engine.step(index))):
            engine.undo(index, "another step of this fix was not applied")


def _applied(journal: Journal) -> list[int]:
    """The steps that are in effect, the latest first."""
    return [index for index in reversed(journal.order()) if journal.state(index) == "applied"]


def _judge(engine: Engine) -> None:
    journal, base = engine.journal, engine.journal.before
    wanted = {
        finding
        for index, step in enumerate(journal.steps)
        for finding in findings_of(step)
        if journal.state(index) == "applied" or journal.last(index, "already")
    }
    if not wanted and not journal.order():
        return
    view = _verdicts_now(engine, wanted)
    view = _without_the_useless(engine, view, wanted)
    bad = worse(base, view)
    for index in _suspects(engine, bad, view) if bad else ():
        if journal.state(index) != "applied":
            continue
        engine.undo(index, f"it broke: {titles(view, bad)}")
        _tidy(engine)
        view = _verdicts_now(engine, wanted)
        bad = worse(base, view)
        if not bad:
            break
    lost = dimmed(base, view)
    journal.append(
        "judged",
        broken=sorted(wanted & view.broken),
        unknown=sorted(wanted & view.unknown),
        worse=sorted(view.title(one) for one in bad),
        lost=sorted(view.title(one) for one in lost),
    )


def _verdicts_now(engine: Engine, wanted: set[str]) -> RunView:
    """The verdicts now; where they cannot be told it is tried again, for throttling passes."""
    waits = (*engine.pace.waits[: _TRIES - 1], None)
    for wait in waits:
        try:
            view = engine.world.rejudge()
        except CallFailed:
            view = RunView(unknown=frozenset(wanted))
        if wait is None or not (wanted & view.unknown or dimmed(engine.journal.before, view)):
            break
        engine.pace.sleep(wait)
    return view


def _without_the_useless(engine: Engine, view: RunView, wanted: set[str]) -> RunView:
    """Put back the steps all of whose findings are still there."""
    spoilt = _spoilt(engine.journal)
    put_back = False
    for index in _applied(engine.journal):
        if all(finding in view.broken or finding in spoilt for finding in findings_of(engine.step(index))):
            engine.undo(index, "the finding is still there")
            put_back = True
    return _verdicts_now(engine, wanted) if put_back else view


def _suspects(engine: Engine, bad: frozenset[str], view: RunView) -> list[int]:
    """Steps on the resources that got worse, or that these hang on, before all others; the latest first."""
    hurt = {view.where[one] for one in bad if one in view.where}

    def near(index: int) -> bool:
        step = engine.step(index)
        return step.resource in hurt or bool(hurt.intersection(step.touches))

    return sorted(_applied(engine.journal), key=lambda index: not near(index))
