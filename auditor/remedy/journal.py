"""The journal of one application of a plan: what is about to be done is on disk before it is done.

One JSON object a line, each written whole and synced. The first line holds the steps and the verdicts from before, so
that a journal needs no other file to be resumed or rolled back. A last line without its end was being written when the
power went: it is as if it had not been, and since it was written before or after its call, never during, the live value
tells the rest.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from auditor.model import Json, ResourceType, Step
from auditor.remedy.judged import Judged, read_judged
from auditor.remedy.plan import Plan
from auditor.remedy.planfile import BadPlan, parse_step, plan_digest, step_to_json
from auditor.remedy.world import RunView
from auditor.settings import private_folder

FORMAT = "auditor-journal/1"
FILE = "journal.jsonl"
State = Literal["waiting", "open", "called", "applied", "over", "undoing", "undone", "stuck"]

_STATES: Mapping[str, State] = {
    "refused": "over",  # not made: stale, not allowed, or its fix is not whole
    "already": "over",  # not made: the value is what it should be
    "intent": "open",
    "not-done": "waiting",  # an intent that a kill kept from becoming a call
    "failed": "over",  # AWS refused and the value is what it was
    "done": "called",  # AWS accepted; not seen yet
    "verified": "applied",  # and seen
    "unseen": "called",  # accepted, and still the old value when patience ended
    "undo-intent": "undoing",
    "undo-not-done": "applied",  # an undo that a kill kept from becoming a call
    "undone": "undone",
    "stuck": "stuck",  # neither before nor after, or it cannot be told which: a person decides
}


class BadJournal(Exception):
    """A directory that holds no journal, or one that is damaged elsewhere than at its end."""


class Busy(Exception):
    """Another process is at work on this journal."""


@dataclass(slots=True)
class Journal:
    """An open journal. Only its owner may append; the lock goes with the process."""

    path: Path
    steps: tuple[Step, ...]
    before: RunView
    entries: list[dict[str, Any]]
    clock: Callable[[], str]
    refused: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    judged: Judged | None = None
    _handle: int = -1
    _end: int = 0
    _of: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        folder: Path,
        plan: Plan,
        before: RunView,
        clock: Callable[[], str],
        refused: Mapping[int, Mapping[str, str]],
    ) -> Journal:
        """A new journal in a folder of its own, on disk before it returns; `refused` steps are not made, and why."""
        private_folder(folder.parent)
        folder.mkdir(mode=0o700)
        journal = cls(folder / FILE, plan.steps, before, [], clock, refused, plan.judged)
        head = {"format": FORMAT, "at": clock(), "run": plan.run, "plan": plan_digest(plan), "before": _view(before)}
        told = {str(index): dict(why) for index, why in refused.items()}
        with ExitStack() as stack:
            stack.callback(journal.close)
            journal._handle = os.open(journal.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            journal._lock()
            head |= {"judged_by": plan.judged.to_json()}
            journal._write({**head, "refused": told, "steps": [step_to_json(step) for step in plan.steps]})
            for place in (folder, folder.parent):
                _sync(place)
            stack.pop_all()
        return journal

    @classmethod
    def open(cls, folder: Path, types: Mapping[str, ResourceType], clock: Callable[[], str]) -> Journal:
        """An existing journal, to go on with; a torn last line is cut off."""
        path = folder / FILE
        try:
            handle = os.open(path, os.O_RDWR)
        except OSError as error:
            raise BadJournal(f"{path}: {error.strerror}") from error
        journal = cls(path, (), RunView(), [], clock, {}, None, handle)
        with ExitStack() as stack:
            stack.callback(journal.close)
            journal._lock()
            lines, journal._end = _whole_lines(path)
            journal.steps, journal.before, journal.refused, journal.judged = _read_head(path, lines, types)
            for number, line in enumerate(lines[1:], start=2):
                journal._take(_read_entry(path, number, line))
            os.ftruncate(handle, journal._end)
            stack.pop_all()
        return journal

    def append(self, what: str, step: int | None = None, **more: Json) -> None:
        """Write one entry and wait until it is on disk."""
        entry: dict[str, Any] = {"n": len(self.entries) + 1, "at": self.clock(), "what": what}
        if step is not None:
            entry["step"] = step
        entry |= more
        self._write(entry)
        self._take(entry)

    def state(self, step: int) -> State:
        """Where a step stands after all that is written."""
        last = self.last(step)
        return _STATES[str(last["what"])] if last else "waiting"

    def last(self, step: int, *whats: str) -> dict[str, Any] | None:
        """The last entry about a step (of the kinds named)."""
        mine = self._of.get(step, ())
        found = next((each for each in reversed(mine) if not whats or each["what"] in whats), None)
        if found is None and step in self.refused and (not whats or "refused" in whats):
            return {"what": "refused", **self.refused[step]}
        return found

    def order(self) -> list[int]:
        """The steps that were begun, in the order in which they first were."""
        return list(dict.fromkeys(each["step"] for each in self.entries if each["what"] == "intent"))

    def marked(self, *whats: str) -> dict[str, Any] | None:
        """The last entry of a kind, about whatever step."""
        return next((each for each in reversed(self.entries) if each["what"] in whats), None)

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _take(self, entry: dict[str, Any]) -> None:
        self.entries.append(entry)
        if "step" in entry:
            self._of.setdefault(entry["step"], []).append(entry)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy(f"{self.path}: another process is applying or rolling back this run") from error

    def _write(self, entry: Mapping[str, Json]) -> None:
        """What a write that failed left behind is cut off first: no torn line comes to stand between whole ones."""
        if os.fstat(self._handle).st_size != self._end:
            os.ftruncate(self._handle, self._end)
        data = (json.dumps(entry, sort_keys=True, ensure_ascii=False) + "\n").encode()
        written = 0
        while written < len(data):
            written += os.pwrite(self._handle, data[written:], self._end + written)
        os.fsync(self._handle)
        self._end += written


def journals(store: Path) -> list[Path]:
    """The folders of journals in a store, oldest first; what else lies there is none of ours."""
    if not store.is_dir():
        return []
    return sorted(each for each in store.iterdir() if (each / FILE).is_file())


def new_folder(store: Path, moment: str, plan: str) -> Path:
    """A folder that does not exist yet, named by when and what: two turns may fall into one second."""
    name = f"{moment.replace(':', '').replace('-', '')}-{plan}"
    tries = (store / (f"{name}-{number}" if number else name) for number in count())
    return next(each for each in tries if not each.exists())


def judged_of(folder: Path, types: Mapping[str, ResourceType]) -> Judged | None:
    """What a journal's plan was judged by, without opening it for work; None in one of an older version."""
    path = folder / FILE
    try:
        lines, _ = _whole_lines(path)
    except OSError as error:
        raise BadJournal(f"{path}: {error.strerror}") from error
    return _read_head(path, lines, types)[-1]


def left_in_effect(folder: Path) -> bool:
    """Whether a run made calls that nobody rolled back, as far as its journal can be read."""
    try:
        whats = [json.loads(line).get("what") for line in _whole_lines(folder / FILE)[0][1:]]
    except (OSError, ValueError, AttributeError):
        return False
    return "intent" in whats and "rollback" not in whats


_Head = tuple[tuple[Step, ...], RunView, dict[int, dict[str, str]], Judged | None]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole_lines(path: Path) -> tuple[list[bytes], int]:
    """The whole lines of a file and where they end."""
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    return data[:whole].splitlines(), whole


def _read_head(path: Path, lines: list[bytes], types: Mapping[str, ResourceType]) -> _Head:
    if not lines:
        raise BadJournal(f"{path}: it is incomplete, so no step of it was started")
    try:
        head = json.loads(lines[0])
        if head["format"] != FORMAT:
            raise BadJournal(f"{path}:1: not a journal of this version ({FORMAT})")
        told = {name: frozenset(head["before"][name]) for name in _VIEW}
        view = RunView(told["broken"], told["unknown"], told["broken_promises"], told["unknown_promises"])
        refused = {int(index): dict(why) for index, why in head["refused"].items()}
        # Journals of older versions do not say what they were judged by.
        judged = read_judged(head["judged_by"]) if "judged_by" in head else None
        return tuple(parse_step(step, types) for step in head["steps"]), view, refused, judged
    except (ValueError, KeyError, TypeError) as error:
        raise BadJournal(f"{path}:1: not the head of a journal: {error!r}") from error
    except BadPlan as error:
        raise BadJournal(f"{path}:1: {error}") from error


def _read_entry(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise BadJournal(f"{path}:{number}: damaged: {error}") from error
    if not isinstance(entry, dict) or entry.get("n") != number - 1 or not isinstance(entry.get("what"), str):
        raise BadJournal(f"{path}:{number}: not entry {number - 1} of this journal")
    return entry


_VIEW = ("broken", "unknown", "broken_promises", "unknown_promises")


def _view(view: RunView) -> dict[str, list[str]]:
    return {name: sorted(getattr(view, name)) for name in _VIEW}
