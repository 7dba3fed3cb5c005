"""Turns: who changes an account holds a lease on it, and whoever comes meanwhile waits.

A lease is a file beside the journals that names its owner and says until when it holds; a thread renews it as long as
the owner lives, whatever the owner waits for. A process that was killed renews nothing: its lease ends by itself, and
on the same machine at once, since a process that is gone can be told there. The file is only ever read and written
under a short lock of the operating system, which no killed process leaves behind.

A process that was stopped for longer than its lease may find that somebody else took it: `check` is asked before every
call, and then nothing more is changed.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

from auditor.settings import private_folder

LASTS = 60.0  # seconds without a renewal after which a lease is free
RENEW = 15.0
LOOK = 0.5  # how often one who waits looks


class LeaseLost(Exception):
    """Somebody else holds the lease now; nothing more may be changed."""


@dataclass(slots=True)
class Lease:
    """A turn on one account: `with Lease(folder, account): ...` waits for it and gives it back.

    `waiting` is told once whom one waits for.
    """

    folder: Path
    account: str
    waiting: Callable[[str], None] = lambda owner: None
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    token: str = field(default_factory=lambda: uuid4().hex)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Lease:
        private_folder(self.folder)
        told = False
        while (held := self._take()) is not None:
            if not told:
                self.waiting(f"process {held.get('pid')} on {held.get('host')}")
                told = True
            self.sleep(LOOK)
        threading.Thread(target=self._keep, name="lease", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        with self._file() as file:
            if _read(file).get("token") == self.token:
                _write(file, {})

    def check(self) -> None:
        """Still ours, and good for a while; LeaseLost where somebody has taken it."""
        if not self._renew():
            raise LeaseLost(
                f"another process took over account {self.account} while this one was stopped; nothing more is "
                "changed, see what it did and continue with --resume"
            )

    def _take(self) -> dict[str, Any] | None:
        """Take the lease, or say who has it."""
        with self._file() as file:
            held = _read(file)
            if held and not self._ended(held):
                return held
            _write(file, self._mine())
        return None

    def _ended(self, held: dict[str, Any]) -> bool:
        until = held.get("until")
        return not isinstance(until, (int, float)) or until < self.now() or _gone(held)

    def _renew(self) -> bool:
        with self._file() as file:
            if _read(file).get("token") != self.token:
                return False
            _write(file, self._mine())
        return True

    def _keep(self) -> None:
        while not self._over.wait(RENEW):
            if not self._renew():
                return

    def _mine(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "token": self.token,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "space": _space(),
            "until": self.now() + LASTS,
        }

    @contextmanager
    def _file(self) -> Iterator[int]:
        handle = os.open(self.folder / f"{self.account}.json", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _gone(held: dict[str, Any]) -> bool:
    """Whether the owner was a process of this machine that is no more."""
    pid = held.get("pid")
    if (held.get("host"), held.get("space")) != (socket.gethostname(), _space()) or not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it is there and somebody else's
    return False


def _space() -> str:
    """Where this machine's process ids count: containers of one name may share a folder."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _read(handle: int) -> dict[str, Any]:
    """What the file says; one that was cut short says nothing."""
    try:
        told = json.loads(os.pread(handle, 4096, 0) or b"{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _write(handle: int, told: dict[str, Any]) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(told, sort_keys=True).encode(), 0)
