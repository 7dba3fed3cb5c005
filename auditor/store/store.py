"""The store: a directory of bundles that are only ever added, and of journals of applied plans.

There is no index to get out of step: the newest state of an account is put together by walking the runs backwards until
one that looked at the account is found. Such a run's record holds everything open in it, since `findings.since` carries
on what a run did not look at.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.settings import private_folder
from auditor.store.bundle import SUFFIX, BadBundle, Record, comparable, from_file, head_of, run_id, to_bytes


class NoSuchRun(Exception):
    """No run, or more than one, goes by this id."""


def default_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """`$XDG_STATE_HOME/auditor` where it is set; else where the system keeps what programs remember.

    That is `~/Library/Application Support/auditor` on macOS and `~/.local/state/auditor` elsewhere.
    """
    given = environ.get("XDG_STATE_HOME", "")
    if Path(given).is_absolute():
        return Path(given) / "auditor"
    home = Path(environ.get("HOME") or Path.home())
    if platform == "darwin":
        return home / "Library" / "Application Support" / "auditor"
    return home / ".local" / "state" / "auditor"


def _aloud(message: str) -> None:
    warnings.warn(message, stacklevel=3)


class Store:
    """Runs are written once and never changed; `warn` hears of bundles that had to be passed over."""

    def __init__(self, folder: Path | None = None, warn: Callable[[str], None] = _aloud) -> None:
        self.folder = folder or default_folder()
        self.warn = warn

    @property
    def bundles(self) -> Path:
        return self.folder / "runs"

    @property
    def journals(self) -> Path:
        """Where applied plans keep their journals, a folder each."""
        return self.folder / "journals"

    def save(self, record: Mapping[str, Any]) -> Record:
        """Keep a run and give it back with its id. The same run twice is kept once."""
        kept = self.named(record)
        private_folder(self.bundles)
        _write_once(self._path(kept["scan"]["id"]), to_bytes(kept))
        return kept

    def named(self, record: Mapping[str, Any]) -> Record:
        """A run with the id by which it will be kept, so that it can be told before it is."""
        return {**record, "scan": {**record["scan"], "id": run_id(record)}}

    def ids(self) -> list[str]:
        """The ids of all runs, oldest first."""
        try:
            names = [path.name for path in self.bundles.iterdir()] if self.bundles.is_dir() else []
        except OSError as error:
            self.warn(f"earlier runs in {self.bundles} cannot be read: {error.strerror}")
            return []
        return sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX) and name[0] != ".")

    def runs(self) -> Iterator[Record]:
        """The heads of all readable runs, newest first: everything small, none of the lists."""
        for known in reversed(self.ids()):
            try:
                yield comparable(self._path(known), head_of(self._path(known)))
            except BadBundle as error:
                self.warn(f"skipped: {error}")

    def load(self, prefix: str) -> Record:
        """One run by its id, by a beginning of it that no other run shares, or `latest`."""
        if prefix == "latest" and (newest := self.latest()):
            return newest
        found = [known for known in self.ids() if known.startswith(prefix)] if prefix else []
        if prefix in found:
            found = [prefix]
        if not found:
            raise NoSuchRun(f"no run {prefix!r} in {self.bundles}")
        if len(found) > 1:
            raise NoSuchRun(f"{prefix!r} is the beginning of {len(found)} runs: {', '.join(found[:5])}")
        return self._whole(found[0])

    def latest(self, scan: Mapping[str, Any] | None = None) -> Record | None:
        """The newest readable run; given a scan, the newest from the same source that shares an account with it."""
        for head in self.runs():
            if scan is None or (_source(head["scan"]) == _source(scan) and _units(head["scan"]) & _units(scan)):
                try:
                    return self._whole(head["scan"]["id"])
                except BadBundle as error:
                    self.warn(f"skipped: {error}")
        return None

    def previous(self, scan: Mapping[str, Any]) -> Record | None:
        """What was open in the accounts of a scan before it, each account's state from the newest run that had it.

        None when no run looked at any of them: then nothing can be called new or mended.
        """
        wanted, findings, runs = _units(scan), [], []
        for head in self.runs():
            theirs = _units(head["scan"])
            mine = wanted & theirs
            if not mine or _source(head["scan"]) != _source(scan) or head["scan"]["id"] == scan.get("id"):
                continue
            try:
                record = self._whole(head["scan"]["id"])
            except BadBundle as error:
                self.warn(f"skipped: {error}")
                continue
            findings += [each for each in _open(record) if _unit(each, head["scan"]) in mine]
            runs.append(head["scan"]["id"])
            wanted -= mine
        return {"runs": runs, "findings": sorted(findings, key=lambda each: str(each["id"]))} if runs else None

    def _whole(self, known: str) -> Record:
        return comparable(self._path(known), from_file(self._path(known)))

    def _path(self, known: str) -> Path:
        return self.bundles / (known + SUFFIX)


def _open(record: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return [*record.get("findings", ()), *record.get("carried", ())]


def _source(scan: Mapping[str, Any]) -> str:
    return str(scan.get("source", ""))


def _units(scan: Mapping[str, Any]) -> set[str]:
    """The accounts of a scan, and all of them together: the home of findings that are of no one account."""
    accounts = [str(each) for each in scan.get("accounts", ())]
    return {*accounts, "+".join(sorted(accounts))}


def _unit(finding: Mapping[str, Any], scan: Mapping[str, Any]) -> str:
    own = str(finding["resource"].get("account", ""))
    return own or "+".join(sorted(str(each) for each in scan.get("accounts", ())))


def _write_once(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and never over another: two processes may finish the same moment."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            if path.read_bytes() != data:
                raise
        except OSError as error:
            # A file system without hard links: its rename overwrites, so the race is narrowed and not closed.
            if error.errno not in (errno.EPERM, errno.ENOTSUP) or path.exists():
                raise
            Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
