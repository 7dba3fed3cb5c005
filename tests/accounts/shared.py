"""One server with an empty and a cuggu account for the processes of a whole run; each of them works in clones.

Importing moto and building cuggu take as long as a hundred tests, and what the original has loaded no copy loads again. Whoever needs the accounts first starts the server; it
ends when the last process that holds its standard input, a named pipe, has ended.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditor.resources import load
from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built
from auditor.sandbox.cuggu import build_cuggu
from auditor.sandbox.examples import example
from auditor.sandbox.server import start

FURTHER = "further-{}.json"


@contextmanager
def accounts(folder: Path) -> Iterator[tuple[Sandbox, Built]]:
    """The empty account and cuggu, described in a folder that the processes share. Clone them, change neither."""
    with (folder / "accounts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said, pipe = folder / "accounts.json", folder / "accounts.pipe"
        held = _hold(pipe)
        if held < 0:
            held = _build(said, pipe)
    there = json.loads(said.read_text())
    try:
        yield Sandbox(*there["empty"]), Built(Sandbox(*there["cuggu"]), there["ids"], there["arns"])
    finally:
        os.close(held)


def further(folder: Path, empty: Sandbox, name: str) -> Built:
    """Another example account, on the server of the empty account. Clone it, do not change it."""
    with (folder / "accounts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = folder / FURTHER.format(name)
        if not said.exists():
            built = example(name).build(empty.clone())
            place = (built.box.port, built.box.pid)
            said.write_text(json.dumps({"box": place, "ids": built.ids, "arns": built.arns, "region": built.region}))
        there = json.loads(said.read_text())
    return Built(Sandbox(*there["box"]), there["ids"], there["arns"], there["region"])


def _hold(pipe: Path) -> int:
    """The pipe's end that keeps the server alive; -1 where there is none that listens."""
    with suppress(OSError):
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    return -1


def _build(said: Path, pipe: Path) -> int:
    if not pipe.exists():
        os.mkfifo(pipe)
    listening = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    held = _hold(pipe)
    for old in said.parent.glob(FURTHER.format("*")):
        old.unlink()
    empty = start(listening)
    os.close(listening)
    empty.warm(sorted({each.service for each in load().values()}))
    built = build_cuggu(empty.clone())
    there = {"empty": (empty.port, empty.pid), "cuggu": (built.box.port, built.box.pid)}
    said.write_text(json.dumps({**there, "ids": built.ids, "arns": built.arns}))
    return held
