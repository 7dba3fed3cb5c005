"""The chain of a store: one small file for each run that was kept, naming the hash of the run's bundle and the hash of
the link before it. Whoever takes a run away, or changes one, breaks it.

A bundle is written first and its link after it, so a writer that is killed between the two leaves a bundle without a
link and never a link without a bundle. The next writer links it. Links are numbered and added only where the number is
free, so of two writers one takes the next number; a run is linked once. What is taken out by `prune` is named in a link
of its own before it goes. (The last link can go with its run and nobody would see it: there a bucket with locked
objects helps, or the hash that `history --verify` prints.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.store.shelf import Shelf

FORMAT = "auditor-link/1"
ROOM = "chain"
_SUFFIX = ".json"

Link = dict[str, Any]


class BadChain(Exception):
    """A link that cannot be read, so that nothing can be added behind it."""


@dataclass(slots=True)
class Checked:
    """What a walk over the chain came to: how long it is, the hash of its last link, and all that is wrong with it.

    `notes` are no faults: runs that were adopted (kept before there was a chain, or by a writer that was killed).
    """

    links: int = 0
    tip: str = ""
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def numbers(shelf: Shelf) -> list[int]:
    """The numbers of all links, the lowest first."""
    names = (each.removesuffix(_SUFFIX) for each in shelf.names(ROOM) if each.endswith(_SUFFIX))
    return sorted(int(each) for each in names if each.isascii() and each.isdigit())


def append(shelf: Shelf, link: Mapping[str, Any], seen: int) -> None:
    """Add a link behind the last one, where none of those behind `seen` is of the same run already: another writer may
    have been first, at the number or with the run. A damaged link keeps nobody from going on; `verify` tells it."""
    run = link.get("run")
    last = max(numbers(shelf), default=0)
    if run and any(_run_of(shelf, number) == run for number in range(seen + 1, last + 1)):
        return
    while True:
        before = sha256(_bytes_of(shelf, last)) if last else ""
        made = {"format": FORMAT, "number": last + 1, "before": before, **link}
        try:
            shelf.add(_name(last + 1), (json.dumps(made, sort_keys=True, indent=1) + "\n").encode())
        except FileExistsError:
            last += 1
            if run and _run_of(shelf, last) == run:
                return
        else:
            return


def links(shelf: Shelf) -> Iterator[tuple[int, bytes, Link]]:
    """All links with their bytes, the first one first."""
    for number in numbers(shelf):
        data = _bytes_of(shelf, number)
        yield number, data, _parsed(shelf, number, data)


def last_run(shelf: Shelf) -> str:
    """The run of the last link that names one."""
    for number in reversed(numbers(shelf)):
        if run := _run_of(shelf, number):
            return run
    return ""


def _run_of(shelf: Shelf, number: int) -> str:
    try:
        return str(_parsed(shelf, number, _bytes_of(shelf, number)).get("run", ""))
    except (BadChain, FileNotFoundError):
        return ""


def verify(shelf: Shelf, room: str, suffix: str, runs: Iterable[str]) -> Checked:
    """Walk the whole chain, and hold every bundle against the hash that its link names."""
    out = Checked()
    held: dict[str, dict[str, str]] = {}
    gone: set[str] = set()
    expected, before = 1, ""
    try:
        for number, data, link in links(shelf):
            if number != expected:
                missing = f"link {expected} is" if number == expected + 1 else f"links {expected} to {number - 1} are"
                out.faults.append(f"{missing} missing")
            elif link.get("before") != before:
                out.faults.append(f"link {number} does not follow link {number - 1}: one of them was changed")
            expected, before = number + 1, sha256(data)
            out.links += 1
            if run := link.get("run"):
                held[str(run)] = {f"{room}/{run}{suffix}": str(link.get("sha256")), **link.get("beside", {})}
                if link.get("adopted"):
                    out.notes.append(f"run {run} was kept before link {number}, which adopted it")
            gone.update(str(each["run"]) for each in link.get("pruned", ()))
    except BadChain as error:
        out.faults.append(str(error))
    out.tip = before
    out.faults += _held(shelf, held, gone, set(runs))
    return out


def _held(shelf: Shelf, held: Mapping[str, Mapping[str, str]], gone: set[str], there: set[str]) -> Iterator[str]:
    """Each file of each run against the hash that its link names."""
    for run, files in held.items():
        if run in gone and run not in there:
            continue
        for name, known in files.items():
            what = f"run {run}" if name.startswith("runs/") else name
            try:
                with shelf.open(name) as stream:
                    found = sha256(stream.read())
            except FileNotFoundError:
                if run not in gone:  # a pruning that was interrupted is finished by the next
                    yield f"{what} is missing, and no pruning names it"
            except OSError as error:
                yield f"{what} cannot be read: {error.strerror or error}"
            else:
                if found != known:
                    yield f"{what} is not what was kept: its hash differs"
    for run in sorted(there - held.keys()):
        yield f"run {run} stands in no link: its writing was interrupted, or it was put there by something else"


def _name(number: int) -> str:
    return f"{ROOM}/{number:08}{_SUFFIX}"


def _bytes_of(shelf: Shelf, number: int) -> bytes:
    with shelf.open(_name(number)) as stream:
        return stream.read()


def _parsed(shelf: Shelf, number: int, data: bytes) -> Link:
    try:
        link = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadChain(f"{shelf.where(_name(number))}: damaged: {error}") from error
    pruned = link.get("pruned", []) if isinstance(link, dict) and isinstance(link.get("beside", {}), dict) else None
    if not isinstance(pruned, list) or not all(isinstance(each, dict) and "run" in each for each in pruned):
        raise BadChain(f"{shelf.where(_name(number))}: damaged: it is no link")
    if link.get("format") != FORMAT or link.get("number") != number:
        raise BadChain(f"{shelf.where(_name(number))}: not link {number} of this version ({FORMAT})")
    return dict(link)
