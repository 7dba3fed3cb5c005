"""What is told, once: a small file for each saved run, with every notification that it gave rise to and its state.

The files are made from the saved runs, which never change: a run that has none yet (since the program was killed, the
disk was full, or it was run with `--no-notify`) gets its file the next time. So a change is lost only with its run. A
notification waits until its channel took it. Between that and the note of it stands one write: who is killed there
sends once more, with the same id. Under one lock of the operating system, which no killed process leaves behind, one
process sends at a time.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.config.channels import Channel
from auditor.notify.changes import changes, wanted
from auditor.notify.message import Note, note
from auditor.notify.sending import NotTold
from auditor.settings import private_folder, write_private
from auditor.store import BadBundle, NoSuchRun, Store

Record = Mapping[str, Any]
FORMAT = "auditor-outbox/1"
KEPT = dt.timedelta(days=30)  # what was sent is remembered so long
_SINCE = "since"
_DAY = "%Y%m%d"


@dataclass(slots=True)
class Waiting:
    """A notification with its channel and what became of it."""

    to: str
    note: Note
    state: str = "waiting"  # or sent
    tries: int = 0
    why: str = ""
    keys: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        return {
            "to": self.to, "state": self.state, "tries": self.tries, "why": self.why, "keys": list(self.keys),
            "note": self.note.told if self.state == "waiting" else {"id": self.note.id},
        }  # fmt: skip


@dataclass(slots=True)
class _File:
    run: str
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return all(each["state"] == "sent" for each in self.entries)


@dataclass(slots=True)
class Outcome:
    """What a visit to the outbox came to: what each channel answered, and what still waits with the reason."""

    sent: list[tuple[Waiting, str]] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


@dataclass(slots=True)
class Outbox:
    """`warn` hears of files and runs that cannot be read."""

    store: Store
    warn: Callable[[str], None]

    @property
    def folder(self) -> Path:
        return self.store.folder / "outbox"

    # ---- what is to be told

    def queue(self, channels: Sequence[Channel], newest: str = "") -> None:
        """Make the files of all runs that have none; with no file at all it begins with the newest run."""
        since = self._since() or newest
        if not since or not channels:
            return
        if not self._since():
            write_private(self.folder / _SINCE, since.encode())
        known = {each.run for each in self._files()}
        for run in self.store.ids():
            if run < since or run in known:
                continue
            try:
                record = self.store.load(run)
            except (BadBundle, NoSuchRun) as error:
                self.warn(f"its changes are not told: {error}")
                continue
            self._write(_File(run, [each.told for each in self._notes(record, channels)]))

    def _notes(self, run: Record, channels: Sequence[Channel]) -> Iterator[Waiting]:
        """One notification for each place, whichever of its channels want what; nothing where nothing changed."""
        found = changes(run, self._before(run))
        for to in dict.fromkeys(each.to for each in channels):
            told = {
                key for each in self._files() for entry in each.entries if entry["to"] == to for key in entry["keys"]
            }
            filters = [each.wanted for each in channels if each.to == to]
            mine = [each for each in found if each.key not in told and any(wanted(each, by) for by in filters)]
            if mine:
                yield Waiting(to, note(run, to, mine), keys=tuple(each.key for each in mine))

    def _before(self, run: Record) -> Record | None:
        """The newest earlier run that looked at as much; else the one that findings are compared with."""
        scan = run["scan"]
        for head in self.store.runs():
            theirs = head["scan"]
            if theirs["id"] < scan["id"] and theirs.get("source") == scan.get("source") and _as_much(theirs, scan):
                return self._loaded(theirs["id"])
        known = (scan.get("previous") or {}).get("id")
        return self._loaded(known) if known else None

    def _loaded(self, run: str) -> Record | None:
        try:
            return self.store.load(run)
        except (BadBundle, NoSuchRun) as error:
            self.warn(f"not compared with: {error}")
            return None

    # ---- sending

    def flush(self, channels: Sequence[Channel], deliver: Callable[[Note, Channel], str]) -> Outcome:
        """Send what waits, the oldest first. A channel that did not take one is not asked for the next ones."""
        out, down = Outcome(), dict[str, str]()
        by_place = {each.to: each for each in reversed(channels)}
        for file in self._files():
            for place, waiting in enumerate(_waiting(file)):
                if waiting is None:
                    continue
                channel = by_place.get(waiting.to)
                if channel is None:
                    waiting.why = "no channel of this name is configured any more"
                elif waiting.to in down:
                    waiting.why = down[waiting.to]
                else:
                    waiting.tries += 1
                    try:
                        answer = deliver(waiting.note, channel)
                    except NotTold as error:
                        waiting.why = down[waiting.to] = str(error)
                    else:
                        waiting.state, waiting.why = "sent", ""
                        out.sent.append((waiting, answer))
                    file.entries[place] = waiting.told
                    self._write(file)
                if waiting.state != "sent":
                    out.waiting.append(waiting)
        return out

    def waiting(self) -> list[Waiting]:
        """What was not sent yet."""
        return [each for file in self._files() for each in _waiting(file) if each is not None]

    def prune(self, today: dt.date) -> None:
        """Forget what was sent long ago, from the oldest on; where the outbox begins moves along."""
        files = self._files()
        last = (today - KEPT).strftime(_DAY)
        old = 0
        while old < len(files) - 1 and files[old].done and files[old].run < last:
            old += 1
        if old:
            write_private(self.folder / _SINCE, files[old].run.encode())
        for each in files[:old]:
            self._path(each.run).unlink(missing_ok=True)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One process at a time; others wait, for as long as sending takes."""
        private_folder(self.folder)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    # ---- files

    def _since(self) -> str:
        path = self.folder / _SINCE
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

    def _path(self, run: str) -> Path:
        return self.folder / f"{run}.json"

    def _files(self) -> list[_File]:
        """All readable files, the oldest run first."""
        names = (
            sorted(path for path in self.folder.glob("*.json") if path.name[0] != ".") if self.folder.is_dir() else []
        )
        return [each for each in map(self._read, names) if each is not None]

    def _read(self, path: Path) -> _File | None:
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            if value["format"] != FORMAT:
                self.warn(f"{path} is not of this version ({FORMAT}), and what it holds is not sent")
                return _File(path.stem)
            file = _File(path.stem, list(value["notes"]))
            _waiting(file)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            self.warn(f"{path} is damaged, and is made again from its run: {error}")
            return None
        return file

    def _write(self, file: _File) -> None:
        text = json.dumps({"format": FORMAT, "run": file.run, "notes": file.entries}, ensure_ascii=False, indent=1)
        write_private(self._path(file.run), text.encode("utf-8", "backslashreplace"))


def _waiting(file: _File) -> list[Waiting | None]:
    """The entries of a file that wait, each in its place."""
    out: list[Waiting | None] = []
    for each in file.entries:
        told = Note.of(each["note"]) if each["state"] == "waiting" else None
        keys = tuple(each["keys"])
        out.append(Waiting(each["to"], told, each["state"], int(each["tries"]), each["why"], keys) if told else None)
    return out


def _as_much(theirs: Record, mine: Record) -> bool:
    """Whether a run looked at all that another one did."""
    names = ("accounts", "regions", "types", "baselines")
    return all(set(theirs.get(name, ())) >= set(mine.get(name, ())) for name in names)
