"""Processes that answer one question after the other, for what may hang or be brought down.

A process is used by one thread at a time and kept for the next question. What brings down a process that answered
before is asked again of a new one, for the memory that it held may have been the reason; what takes too long ends it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from auditor.model import Json

_AT_WORK = 2  # at once: each holds much memory, and uses more than one processor
# Go collects garbage each time that its memory has doubled, which takes a third of the time; it may grow more.
_GO = {"GOGC": "400", "GOMEMLIMIT": "600MiB"}
_KEPT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "TMPDIR", "SYSTEMROOT")
_MOST_IDLE = 2
_AT_ONCE = 1 << 16


class Late(Exception):
    """There was no answer in time."""


class Down(Exception):
    """The process ended without an answer."""


class _Process:
    """A program, without credentials and with a home of its own that goes with it."""

    def __init__(self, program: Path) -> None:
        self._home = tempfile.TemporaryDirectory()
        self._owner = os.getpid()
        atexit.register(self.close)
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        path = os.pathsep.join(filter(None, sys.path))
        self._run = subprocess.Popen(
            [sys.executable, "-P", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, cwd=self._home.name,
            env={**environment, **_GO, "HOME": self._home.name, "PYTHONPATH": path},
        )  # fmt: skip
        # Both are pipes.
        self._input, self._output = cast(IO[bytes], self._run.stdin), cast(IO[bytes], self._run.stdout)

    @property
    def waits(self) -> bool:
        """Whether it takes another question, from this process and not from one that was forked off it."""
        return self._owner == os.getpid() and self._run.poll() is None

    def answer(self, question: bytes, until: float) -> bytes:
        """The line that it says to a line."""
        out = self._output.fileno()
        try:
            self._input.write(question + b"\n")
        except OSError as error:
            raise Down from error
        said: list[bytes] = []
        with selectors.DefaultSelector() as ready:
            ready.register(out, selectors.EVENT_READ)
            while not said or not said[-1].endswith(b"\n"):
                if not ready.select(max(0.0, until - time.monotonic())):
                    raise Late
                said.append(os.read(out, _AT_ONCE))
                if not said[-1]:
                    raise Down
        return b"".join(said)

    def close(self) -> None:
        """End it."""
        atexit.unregister(self.close)
        if self._owner != os.getpid():
            return
        self._run.kill()
        self._run.wait()
        self._input.close()
        self._output.close()
        self._home.cleanup()


@dataclass
class Processes:
    """The processes of one program."""

    program: Path
    _idle: list[_Process] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_AT_WORK))

    def ask(self, question: Json, seconds: float) -> str:
        """The line that answers a question, which is any JSON; Late or Down where there is none."""
        with self._turns:
            said, until = json.dumps(question).encode(), time.monotonic() + seconds
            used = self._taken()
            if used:
                with contextlib.suppress(Down):
                    return self._asked(used, said, until)
            return self._asked(_Process(self.program), said, until)

    def _taken(self) -> _Process | None:
        with self._lock:
            while self._idle:
                one = self._idle.pop()
                if one.waits:
                    return one
                one.close()
        return None

    def _asked(self, process: _Process, question: bytes, until: float) -> str:
        try:
            found = process.answer(question, until).decode()
        except BaseException:  # also where the user stops it: the next one must not get this answer
            process.close()
            raise
        self._keep(process)
        return found

    def _keep(self, process: _Process) -> None:
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append(process)
                return
        process.close()
