"""What is told, once: for each saved run a small file beside it, with every notification that it gave rise to, and
empty ones for each that was tried, and that its channel took.

The files are made from the saved runs, which never change: a run that has none yet (since the program was killed, the
disk was full, or it was run with `--no-notify`) gets its file the next time. So a change is lost only with its run. As
everything in a store they are only ever added, in a folder or a bucket. Between taking and the note of it stands one
write: who is killed there sends once more, with the same id. Under one lock of the operating system, which no killed
process leaves behind, one process of a machine sends at a time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from auditor.config.channels import Channel
from auditor.notify.changes import changes, wanted
from auditor.notify.message import Note, note
from auditor.notify.sending import NotTold
from auditor.settings import private_folder
from auditor.store import BadBundle, NoSuchRun, Store

Record = Mapping[str, Any]
FORMAT = "auditor-outbox/1"
ROOM = "outbox"
KEPT = dt.timedelta(days=30)  # what was sent is remembered so long
_FILE, _TRIED, _SENT, _BEGIN = ".json", ".tried", ".sent", ".begin"
_DAY = "%Y%m%d"


@dataclass(slots=True)
class Waiting:
    """A notification with its channel, and why it was not sent."""

    to: str
    note: Note
    why: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """The notifications of a run, and which of them were sent."""

    run: str
    notes: tuple[tuple[str, Note], ...] = ()
    sent: frozenset[str] = frozenset()

    @property
    def waiting(self) -> list[Waiting]:
        return [Waiting(to, each) for to, each in self.notes if each.id not in self.sent]


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

    # ---- what is to be told

    def queue(self, channels: Sequence[Channel], newest: str = "") -> None:
        """Make the files of all runs that have none; with no file at all it begins with the newest run."""
        names = self._names()
        begin = _begin(names)
        if not (begin or newest) or not channels:
            return
        if not begin:
            begin = newest
            self._add(begin + _BEGIN, b"")
        known = {each.run: each for each in self._files(names)}
        for run in self.store.ids():
            if run < begin or run in known:
                continue
            try:
                notes = tuple(self._notes(self.store.load(run), channels, known.values()))
            except (BadBundle, NoSuchRun) as error:
                self.warn(f"its changes are not told: {error}")
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                self.warn(f"the changes of run {run} are not told, for it has an unknown shape: {error!r}")
            else:
                known[run] = self._made(run, notes)

    def _notes(self, run: Record, channels: Sequence[Channel], known: Iterable[_File]) -> Iterator[tuple[str, Note]]:
        """One notification for each place, whichever of its channels want what; nothing where nothing changed."""
        found = changes(run, self._before(run))
        told = {(to, each.key) for file in known for to, note in file.notes for each in note.changes}
        for to in dict.fromkeys(each.to for each in channels):
            filters = [each.wanted for each in channels if each.to == to]
            mine = [each for each in found if (to, each.key) not in told and any(wanted(each, by) for by in filters)]
            if mine:
                yield to, note(run, to, mine)

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
        for file in self._files(self._names()):
            for each in file.waiting:
                channel = by_place.get(each.to)
                each.why = down.get(each.to, "") if channel else "no channel of this name is configured any more"
                if channel and not each.why:
                    # Where nothing can be written nothing is sent: it would be sent again and again.
                    self._add(f"{file.run}.{each.note.id}{_TRIED}", b"")
                    try:
                        out.sent.append((each, deliver(each.note, channel)))
                    except NotTold as error:
                        each.why = down[each.to] = str(error)
                    else:
                        self._add(f"{file.run}.{each.note.id}{_SENT}", b"")
                if each.why:
                    out.waiting.append(each)
        return out

    def waiting(self) -> list[Waiting]:
        """What was not sent yet."""
        return [each for file in self._files(self._names()) for each in file.waiting]

    def prune(self, today: dt.date) -> None:
        """Forget what was sent long ago, from the oldest on. A store in which nothing may be removed keeps the files,
        which are not read any more."""
        names = self._names()
        last = (today - KEPT).strftime(_DAY)
        files = self._files(names)
        old = 0
        while old < len(files) - 1 and not files[old].waiting and files[old].run < last:
            old += 1
        if not old:
            return
        begin = files[old].run
        self._add(begin + _BEGIN, b"")
        with contextlib.suppress(OSError):
            for each in sorted(names):
                if each[: len(begin)] < begin:
                    self.store.shelf.remove(f"{ROOM}/{each}")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One process at a time; others wait, for as long as sending takes."""
        folder = self.store.folder / ROOM
        private_folder(folder)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    # ---- files

    def _names(self) -> list[str]:
        return self.store.shelf.names(ROOM)

    def _add(self, name: str, data: bytes) -> None:
        self.store.shelf.add(f"{ROOM}/{name}", data)

    def _files(self, names: Sequence[str]) -> list[_File]:
        """All readable files that count still, the oldest run first."""
        begin = _begin(names)
        sent: dict[str, set[str]] = {}
        for each in names:
            if each.endswith(_SENT):
                run, _, known = each.removesuffix(_SENT).rpartition(".")
                sent.setdefault(run, set()).add(known)
        runs = sorted(each.removesuffix(_FILE) for each in names if each.endswith(_FILE))
        found = (self._read(run, frozenset(sent.get(run, ()))) for run in runs if run >= begin)
        return [each for each in found if each is not None]

    def _read(self, run: str, sent: frozenset[str]) -> _File | None:
        """A file; None where it is damaged, so that it is made again from its run."""
        name = f"{ROOM}/{run}{_FILE}"
        with self.store.shelf.open(name) as stream:
            data = stream.read()
        try:
            value = json.loads(data)
            if value["format"] != FORMAT:
                self.warn(f"{self.store.shelf.where(name)} is not of this version ({FORMAT}), and is not sent")
                return _File(run)
            return _File(run, tuple((each["to"], Note.of(each["note"])) for each in value["notes"]), sent)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            place = self.store.shelf.where(name)
            try:
                self.store.shelf.remove(name)
            except OSError as denied:
                self.warn(f"{place} is damaged and cannot be removed ({denied.strerror}), so it is not sent: {error}")
                return _File(run)
            self.warn(f"{place} is damaged, and is made again from its run: {error}")
            return None

    def _made(self, run: str, notes: tuple[tuple[str, Note], ...]) -> _File:
        """The file of a run; where another writer was first, theirs."""
        told = [{"to": to, "note": each.told} for to, each in notes]
        text = json.dumps({"format": FORMAT, "run": run, "notes": told}, ensure_ascii=False, sort_keys=True)
        try:
            self._add(run + _FILE, (text + "\n").encode("utf-8", "backslashreplace"))
        except FileExistsError:
            return self._read(run, frozenset()) or _File(run)
        return _File(run, notes)


def _begin(names: Sequence[str]) -> str:
    """The first run that is told; what is older was told, or came before anything was."""
    return max((each.removesuffix(_BEGIN) for each in names if each.endswith(_BEGIN)), default="")


def _as_much(theirs: Record, mine: Record) -> bool:
    """Whether a run looked at all that another one did."""
    names = ("accounts", "regions", "types", "baselines")
    return all(set(theirs.get(name, ())) >= set(mine.get(name, ())) for name in names)
