"""What applying or rolling back came to, told from the journal alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditor.model import RISKS, Risk, Step
from auditor.remedy.journal import Journal

Fate = Literal[
    "would",  # a dry run: the step would be made
    "mended",  # made, read back, judged
    "already",  # nothing had to be done
    "left",  # not made: risk not allowed, or its fix not whole
    "stale",  # not made: no longer what the plan saw
    "failed",  # AWS refused; the account is as it was
    "rolled-back",
    "unverified",  # in effect, but it could not be told whether it mends
    "stuck",  # a person has to look
    "open",  # the run was interrupted here
]
_PERSON = ("stale", "unverified", "stuck", "open")


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of one step, and why."""

    step: Step
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All steps' fates. `worse` and `lost` name what was kept before and is broken, or cannot be told, now."""

    results: tuple[Result, ...] = ()
    worse: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    journal: Path | None = None
    interrupted: bool = False
    rolled_back: bool = False  # asked for, so that it is no failure
    begun: bool = False  # whether a call was made at all, or may have been
    nothing_left: bool = False  # a rollback that found everything undone before

    @property
    def wanted_risk(self) -> Risk | None:
        """The risk that has to be allowed for the steps that were left out."""
        left = [result.step.risk for result in self.results if result.fate == "left"]
        return max(left, key=RISKS.index) if left else None

    @property
    def exit_code(self) -> int:
        """0 done; 4 a fix failed, nothing changed; 5 for a person to look or to allow more; 130 interrupted."""
        fates = {result.fate for result in self.results}
        if self.interrupted:
            return 130
        if self.worse or self.lost or fates.intersection(("stuck", "open") if self.rolled_back else _PERSON):
            return 5
        if not self.rolled_back and fates == {"left"}:
            return 5
        if not self.rolled_back and fates.intersection(("failed", "rolled-back")):
            return 4
        return 0


def outcome(journal: Journal, *, rolled_back: bool = False) -> Outcome:
    last = journal.marked("closed", "interrupted", "intent", "rollback", "undo-intent")
    judged = {} if rolled_back else journal.marked("judged") or {}
    return Outcome(
        results=tuple(_result(journal, index, step, judged) for index, step in enumerate(journal.steps)),
        worse=tuple(judged.get("worse", ())),
        lost=tuple(judged.get("lost", ())),
        journal=journal.path.parent,
        interrupted=bool(last and last["what"] == "interrupted"),
        rolled_back=rolled_back,
        begun=bool(journal.order()),
    )


def _result(journal: Journal, index: int, step: Step, judged: dict[str, list[str]]) -> Result:
    last = journal.last(index)
    state = journal.state(index)
    if state == "waiting" and journal.marked("rollback"):
        return Result(step, "left", "not started when the run was rolled back")
    if last is None or state in ("waiting", "open", "called", "undoing"):
        return Result(step, "open", "not started" if state == "waiting" else "started, not known whether it succeeded")
    reason = str(last.get("reason", last.get("why", "")))
    if last["what"] == "refused":
        return Result(step, "stale" if last.get("kind") == "stale" else "left", reason)
    if last["what"] == "failed":
        return Result(step, "failed", reason)
    if state == "undone":
        return Result(step, "rolled-back", reason)
    if state == "stuck":
        return Result(step, "stuck", reason)
    return _in_effect(step, "already" if last["what"] == "already" else "mended", judged)


def _in_effect(step: Step, fate: Fate, judged: dict[str, list[str]]) -> Result:
    findings = {step.finding, *step.also}
    if not judged:
        return Result(step, fate if fate == "already" else "open", "made, not checked yet" if fate == "mended" else "")
    if findings & set(judged["unknown"]):
        return Result(step, "unverified", "it is in effect, but it could not be checked whether the finding is fixed")
    if findings <= set(judged["broken"]):
        return Result(step, "stale", "the value is already set, and the finding is still there")
    return Result(step, fate)
