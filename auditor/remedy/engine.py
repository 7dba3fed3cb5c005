"""One step made, seen and undone. Every call stands between two entries of the journal; reading settles every doubt.

Nothing here believes an answer: a call that was accepted has worked when the value reads as planned, one that failed
has failed when the value reads as before. What reads as neither is left alone for a person, since overwriting it could
destroy what somebody else has just done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.aws import redact
from auditor.aws.fill import Unfilled, fill
from auditor.aws.requests import CallFailed, Failure
from auditor.model import ABSENT, RISKS, Json, Resource, ResourceType, Step
from auditor.remedy.document import place_in, with_place
from auditor.remedy.journal import Journal
from auditor.remedy.refused import NoSetter
from auditor.remedy.steps import ELEMENT, again, backward, current, placeholders
from auditor.remedy.tell import shown
from auditor.remedy.values import NoPlace, same, settled
from auditor.remedy.world import World
from auditor.remedy.written import as_written, undoing
from auditor.resources.normalise import search

# Patience: AWS is eventually consistent in seconds, a database takes minutes to take on a setting.
WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 60.0, 60.0, 60.0)
_SHORT = 4  # how many of the waits a doubt from an earlier process is worth: its call was long ago


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait between looks; tests bring a clock of their own."""

    sleep: Callable[[float], None]
    waits: tuple[float, ...] = WAITS


@dataclass(frozen=True, slots=True)
class Look:
    """A fresh look at a step's place: the value, or why there is none."""

    value: Json = ABSENT
    resource: Resource | None = None
    blind: str = ""


def look(world: World, step: Step, *, loose: bool) -> Look:
    try:
        resource = world.read(step)
    except CallFailed as error:
        return Look(blind=str(error))
    gap = resource.gap(step.property) if resource else None
    if gap is not None:
        return Look(blind=f"{gap.message} (allow {gap.permission})")
    return Look(current(step, resource, loose=loose), resource)


def guard(world: World, step: Step, types: Mapping[str, ResourceType]) -> tuple[str, str, Resource | None]:
    """Whether a step may be made: `ready`, `already`, or `stale` with the reason."""
    seen = look(world, step, loose=step.before is ABSENT)
    if seen.blind:
        return "stale", f"it could not be read: {seen.blind}", None
    if seen.resource is None:
        return "stale", "the resource no longer exists", None
    if seen.resource.key != step.resource or seen.resource.account != step.account:
        return "stale", "another resource has this name now", None
    try:
        ours = again(step, seen.resource, types)
    except NoSetter as error:
        return "stale", str(error), None
    if _deed(ours) != _deed(step) or RISKS.index(step.risk) < RISKS.index(ours.risk):
        return "stale", "the plan's call is not the one that fixes this; make a new plan", None
    if same(seen.value, step.after) or (step.before is ABSENT and settled(step.after, ABSENT, seen.value)):
        return "already", "already set", seen.resource
    if not same(seen.value, step.before):
        then = f"but was {shown(step.before)} when the plan was made"
        return "stale", f"it is {shown(seen.value)} now, {then}; make a new plan", None
    return "ready", "", seen.resource


def _deed(step: Step) -> tuple[object, ...]:
    place = (step.resource, step.account, step.region, step.property)
    return (*place, step.service, step.operation, dict(step.params), dict(step.undo))


@dataclass(slots=True)
class Engine:
    """The hands: what it may touch is one journal's steps."""

    journal: Journal
    world: World
    types: Mapping[str, ResourceType]
    pace: Pace

    def step(self, index: int) -> Step:
        return self.journal.steps[index]

    def make(self, index: int) -> None:
        """Make a step that is waiting, and see it through."""
        step = self.step(index)
        verdict, reason, resource = guard(self.world, step, self.types)
        if verdict == "already":
            self.journal.append("already", index)
        elif verdict != "ready" or resource is None:
            self.journal.append("refused", index, kind="stale", reason=reason)
        else:
            self.journal.append("intent", index, **as_written(self.world, step, resource, self.types))
            try:
                self._perform(step, resource)
            except CallFailed as error:
                self._after_failure(index, error)
            else:
                self.journal.append("done", index)
                self.see(index)

    def see(self, index: int, patience: int | None = None) -> None:
        """Read until the value is what was written, as long as patience lasts."""
        step = self.step(index)
        seen = self._watch(step, patience)
        if not seen.blind and settled(step.after, step.before, seen.value):
            left = {} if seen.value is ABSENT else {"left": seen.value}
            self.journal.append("verified", index, **left)
        elif seen.blind or same(seen.value, step.before):
            why = seen.blind or "AWS accepted the call, but the value did not change"
            self.journal.append("unseen", index, reason=why)
        else:
            why = f"AWS accepted the call, but the value is {shown(seen.value)} now"
            self.journal.append("stuck", index, reason=why)

    def undo(self, index: int, why: str) -> None:
        """Put the before-image back, if what stands there is still what this step left."""
        step, state = self.step(index), self.journal.state(index)
        seen = look(self.world, step, loose=True)
        if seen.blind:
            self.journal.append("stuck", index, reason=f"it could not be read: {seen.blind}")
            return
        whole = not step.property.endswith(ELEMENT) and not self._edits(step)
        if same(seen.value, step.before):
            # A set that was accepted but never seen may still come true: only another set makes sure.
            if not (whole and state == "called"):
                self.journal.append("undone", index, why=why, call=False)
                return
        elif not self._is_ours(index, seen.value):
            reason = f"it is {shown(seen.value)} now: it was changed after the step"
            self.journal.append("stuck", index, reason=reason)
            return
        # A resource may be nothing but its value: a bucket's policy is gone when its document is taken away, and
        # putting that back makes it again. Where it was the resource that somebody deleted, AWS refuses the call.
        if seen.resource is None and self._edits(step):
            self.journal.append("stuck", index, reason="the resource no longer exists")
            return
        self._put_back(index, seen.resource, why)

    def _put_back(self, index: int, resource: Resource | None, why: str) -> None:
        back = undoing(self.step(index), resource, self.types, self.journal.last(index, "intent") or {})
        self.journal.append("undo-intent", index, why=why)
        try:
            self._perform(back, resource)
        except CallFailed as error:
            seen, reason = self._watch(back, self._patience(error)), _failure_words(error)
        else:
            seen, reason = self._watch(back), "AWS accepted the undo, but the value is not what it was"
        if not seen.blind and settled(back.after, back.before, seen.value):
            self.journal.append("undone", index, why=why, call=True)
        else:
            self.journal.append("stuck", index, reason=f"not undone: {seen.blind or reason}")

    def settle(self, *, undoing: bool) -> None:
        """Find out what became of the calls of an earlier process that was killed."""
        for index in range(len(self.journal.steps)):
            state, last = self.journal.state(index), self.journal.last(index)
            if state == "open":
                self._settle_open(index, undoing)
            elif state == "undoing":
                self._settle_undo(index)
            elif last and last["what"] == "done":
                self.see(index, _SHORT)

    def _settle_open(self, index: int, undoing: bool) -> None:
        step = self.step(index)
        seen = self._watch(step, _SHORT)
        if seen.blind:
            self.journal.append("stuck", index, reason=f"it is not known whether the call succeeded: {seen.blind}")
        elif settled(step.after, step.before, seen.value):
            self.journal.append("done", index)
            self.see(index, 0)
        elif not same(seen.value, step.before):
            reason = f"it is {shown(seen.value)} now: neither the value before nor the value after"
            self.journal.append("stuck", index, reason=reason)
        elif undoing:
            self.journal.append("unseen", index, reason="it is not known whether the call succeeded")
        else:
            self.journal.append("not-done", index)

    def _settle_undo(self, index: int) -> None:
        back = backward(self.step(index))
        seen = self._watch(back, _SHORT)
        if not seen.blind and settled(back.after, back.before, seen.value):
            self.journal.append("undone", index, why=self._why(index), call=True)
        elif not seen.blind and self._is_ours(index, seen.value):
            self.journal.append("undo-not-done", index)
        else:
            self.journal.append("stuck", index, reason=f"not undone: {seen.blind or shown(seen.value)}")

    def _why(self, index: int) -> str:
        begun = self.journal.last(index, "undo-intent")
        return str(begun["why"]) if begun else ""

    def _is_ours(self, index: int, value: Json) -> bool:
        step, seen = self.step(index), self.journal.last(index, "verified")
        left = seen.get("left", ABSENT) if seen else step.after
        return same(value, left) or settled(step.after, step.before, value)

    def _after_failure(self, index: int, error: CallFailed) -> None:
        step = self.step(index)
        seen = self._watch(step, self._patience(error))
        if not seen.blind and settled(step.after, step.before, seen.value):
            self.journal.append("done", index)
            self.see(index, 0)
        elif not seen.blind and same(seen.value, step.before):
            self.journal.append("failed", index, code=error.failure.code, reason=_failure_words(error))
        else:
            now = seen.blind or f"it is {shown(seen.value)} now"
            self.journal.append("stuck", index, reason=f"{_failure_words(error)}; {now}")

    def _patience(self, error: CallFailed) -> int | None:
        """A refusal is final; a call without an answer, or with one that nobody can read, may still come true."""
        return None if error.failure.reason == "unavailable" else 0

    def _watch(self, step: Step, patience: int | None = None) -> Look:
        """Look until the step's value is there; the last look when patience ends."""
        seen = look(self.world, step, loose=True)
        for wait in self.pace.waits[:patience]:
            if not seen.blind and settled(step.after, step.before, seen.value):
                break
            self.pace.sleep(wait)
            seen = look(self.world, step, loose=True)
        return seen

    def _edits(self, step: Step) -> bool:
        row = self.types[step.type].prop(step.property)
        return bool(row and row.edit and not step.property.endswith(ELEMENT))

    def _perform(self, step: Step, resource: Resource | None) -> None:
        if resource is not None and self._edits(step):
            self._edit(step, resource)
        else:
            self.world.call(step.account, step.region, step.service, step.operation, step.params)

    def _edit(self, step: Step, resource: Resource) -> None:
        """Read the document and its tag, change the one place, write it back under that tag."""
        described = self.types[step.type]
        row = described.prop(step.property)
        if row is None or row.edit is None:
            raise NoSetter(step.property)
        edit = row.edit
        service = edit.read.service or described.service
        params = fill(dict(edit.read.params), placeholders(resource))
        try:
            answer = self.world.call(step.account, step.region, service, edit.read.operation, params)
        except CallFailed as error:
            if error.failure.code not in edit.read.absent:
                raise
            answer = {}
        document = search(edit.inside, answer) or {}
        now = place_in(document, row, step.property)
        if not same(now, step.before) and not settled(step.before, step.after, now):
            raise _failed(step, "ChangedMeanwhile", f"it is {shown(now)} now")
        holes = {"value": document, "token": search(edit.token, answer) if edit.token else None}
        try:
            holes["value"] = with_place(document, row, step.property, step.after)
            whole = fill(dict(step.params), lambda name: holes.get(name, "{" + name + "}"))
        except (Unfilled, NoPlace) as error:
            raise _failed(step, "NoPlace", f"the document has no {error}") from error
        self.world.call(step.account, step.region, step.service, step.operation, whole)


def _failed(step: Step, code: str, message: str) -> CallFailed:
    return CallFailed(step.operation, Failure(code, "failed", message))


def _failure_words(error: CallFailed) -> str:
    """What AWS said, without what it repeats of the parameters: they may hold a document with secrets."""
    if error.failure.code == "ParamValidationError":
        return "the parameters do not fit the operation"
    return redact.text(f"{error.failure.code}: {error.failure.message}")[:300]
