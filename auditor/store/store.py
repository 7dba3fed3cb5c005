"""The store: bundles that are only ever added, in a folder or a bucket of S3, each with a link in a chain of hashes
(`chain`); and on this machine the journals of applied plans.

There is no index to get out of step: the newest state of an account is put together by walking the runs backwards until
one that looked at the account is found. Such a run's record holds everything open in it, since `findings.since` carries
on what a run did not look at.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from auditor.store import chain
from auditor.store.bundle import SUFFIX, BadBundle, Record, comparable, head_of, run_id, to_bytes, whole
from auditor.store.shelf import is_remote, shelf_of

ROOM, INVENTORIES = "runs", "inventories"


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

    def __init__(self, place: Path | str | None = None, warn: Callable[[str], None] = _aloud) -> None:
        self.place = place or default_folder()
        self.shelf = shelf_of(self.place)
        # A journal is written line by line beside the calls that it is about, so it stays on this machine.
        self.folder = default_folder() if is_remote(self.place) else Path(self.place)
        self.warn = warn
        self._blind = ""  # what of the earlier runs could not be read, though it may be whole

    @property
    def bundles(self) -> str:
        """Where the runs lie, as people find it."""
        return self.shelf.where(ROOM)

    @property
    def journals(self) -> Path:
        """Where applied plans keep their journals, a folder each."""
        return self.folder / "journals"

    def save(self, record: Mapping[str, Any], inventories: Mapping[str, bytes] | None = None) -> Record:
        """Keep a run and give it back with its id. The same run twice is kept once. `inventories` are what it read, by
        account, each a file as `auditor scan` writes it.

        A run that was compared with less than what is kept would become the newest state of its accounts and lose what
        only the others know, so it is not kept.
        """
        if self._blind:
            raise OSError(errno.EIO, f"earlier runs could not be read to compare with ({self._blind})")
        kept = self.named(record)
        run, data = kept["scan"]["id"], to_bytes(kept)
        seen = max(chain.numbers(self.shelf), default=0)
        files = {_inventory(run, account): read for account, read in (inventories or {}).items()}
        for name, read in files.items():
            self.shelf.add(name, read)
        new = self.shelf.add(_name(run), data)
        for other in self._left_behind(run):
            with self.shelf.open(_name(other)) as stream:
                known = chain.sha256(stream.read())
            chain.append(self.shelf, {"run": other, "sha256": known, "adopted": True}, seen)
        link: dict[str, Any] = {"run": run, "sha256": chain.sha256(data)}
        link |= {"beside": {name: chain.sha256(read) for name, read in files.items()}} if files else {}
        chain.append(self.shelf, link, seen if new else 0)
        return kept

    def _left_behind(self, run: str) -> list[str]:
        """Runs without a link behind the last one that has one: kept before there was a chain, or by a writer that was
        killed. Where another one is only slower, it finds its run linked."""
        known = chain.last_run(self.shelf)
        return [each for each in self.ids() if known < each < run]

    def verify(self) -> chain.Checked:
        """Whether everything that was ever kept is there as it was, or was pruned aloud."""
        return chain.verify(self.shelf, ROOM, SUFFIX, self.ids())

    def prune(self, before: dt.datetime) -> list[str]:
        """Take out the runs that finished before a moment, and give their ids. A link names them first, so the chain
        stays whole. What is the newest state of an account stays, however old: it holds all that is open there."""
        old = [known for known in self.ids() if _moment(known) < before]
        needed = _newest(self.runs()) if old else set()
        if self._blind:
            raise OSError(errno.EIO, f"runs could not be read ({self._blind}), so none is taken out")
        gone = [known for known in old if known not in needed]
        if gone:
            chain.append(self.shelf, {"pruned": [{"run": each} for each in gone]}, 0)
        beside = self._beside() if gone else {}
        for each in gone:
            for name in (*beside.get(each, ()), _name(each)):
                self.shelf.remove(name)
        return gone

    def _beside(self) -> dict[str, list[str]]:
        """The inventories of each run."""
        out: dict[str, list[str]] = {}
        for name in sorted(self.shelf.names(INVENTORIES)):
            out.setdefault(name.partition(".")[0], []).append(f"{INVENTORIES}/{name}")
        return out

    def inventories(self, run: str) -> list[tuple[str, bytes]]:
        """What a run read, as `auditor scan` writes it, each file with its place; older versions kept none."""
        out = []
        for name in self._beside().get(run, ()):
            with self.shelf.open(name) as stream:
                out.append((self.shelf.where(name), stream.read()))
        return out

    def named(self, record: Mapping[str, Any]) -> Record:
        """A run with the id by which it will be kept, so that it can be told before it is."""
        return {**record, "scan": {**record["scan"], "id": run_id(record)}}

    def ids(self) -> list[str]:
        """The ids of all runs, oldest first."""
        try:
            names = self.shelf.names(ROOM)
        except OSError as error:
            self._blind = error.strerror or str(error)
            self.warn(f"earlier runs in {self.bundles} cannot be read: {self._blind}")
            return []
        return sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX))

    def runs(self) -> Iterator[Record]:
        """The heads of all readable runs, newest first: everything small, none of the lists."""
        for known in reversed(self.ids()):
            try:
                with self.shelf.open(_name(known)) as stream:
                    head = comparable(self._where(known), head_of(stream, self._where(known)))
                head["scan"]["id"] = known  # by which it is read, whatever stands inside
                yield head
            except BadBundle as error:
                self.warn(f"skipped: {error}")
            except OSError as error:
                self._blind = error.strerror or str(error)
                self.warn(f"skipped: {self._where(known)}: {self._blind}")

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

    def pair(self, before: str, after: str) -> tuple[Record, Record]:
        """Two runs of the same source that share an account, the earlier one first."""
        one, other = self.load(before), self.load(after)
        known, later = one["scan"]["id"], other["scan"]["id"]
        if known >= later:
            raise NoSuchRun(f"run {known} is not earlier than {later}; name an earlier one")
        if _source(one["scan"]) != _source(other["scan"]) or not _units(one["scan"]) & _units(other["scan"]):
            raise NoSuchRun(f"run {known} is of other accounts than {later}; name one of the same")
        return one, other

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
        wanted, runs = _units(scan), []
        findings: list[Mapping[str, Any]] = []
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
            seen = str(head["scan"].get("finished", ""))  # older runs do not say since when a finding is there
            known = [each for each in _open(record) if _unit(each, head["scan"]) in mine]
            findings += [{"first_seen": seen, **each} for each in known] if seen else known
            runs.append(head["scan"]["id"])
            wanted -= mine
        if not runs:
            return None
        findings.sort(key=lambda each: str(each["id"]))
        return {"runs": runs, "findings": findings, "earlier": self.earlier(scan)}

    def earlier(
        self, scan: Mapping[str, Any], before: str = "~"
    ) -> Iterator[tuple[Record, Callable[[], Record | None]]]:
        """The other runs that share an account with a scan, newest first, up to the one with the ID `before`: the small
        part, and how all of it is read."""
        for head in self.runs():
            known = head["scan"]["id"]
            if _source(head["scan"]) != _source(scan) or not _units(head["scan"]) & _units(scan):
                continue
            if known != scan.get("id") and known <= before:
                yield head, partial(self._readable, known)

    def _readable(self, known: str) -> Record | None:
        try:
            return self._whole(known)
        except BadBundle as error:
            self.warn(f"skipped: {error}")
            return None

    def _whole(self, known: str) -> Record:
        try:
            with self.shelf.open(_name(known)) as stream:
                return comparable(self._where(known), whole(stream, self._where(known)))
        except OSError as error:
            self._blind = error.strerror or str(error)
            raise BadBundle(f"{self._where(known)}: cannot be read: {error.strerror or error}") from error

    def _where(self, known: str) -> str:
        return self.shelf.where(_name(known))


def _inventory(run: str, account: str) -> str:
    return f"{INVENTORIES}/{run}.{account}{SUFFIX}"


def _name(run: str) -> str:
    return f"{ROOM}/{run}{SUFFIX}"


def _moment(run: str) -> dt.datetime:
    """When a run finished, as its id says; a file of another name is of no time and never too old."""
    try:
        return dt.datetime.strptime(run[:15] + "Z", "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)


def _newest(heads: Iterable[Mapping[str, Any]]) -> set[str]:
    """The newest run of each account and source, and of each set of accounts, from heads newest first."""
    seen: set[tuple[str, str]] = set()
    out = set()
    for head in heads:
        units = {(_source(head["scan"]), each) for each in _units(head["scan"])}
        if units - seen:
            out.add(str(head["scan"]["id"]))
        seen |= units
    return out


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
