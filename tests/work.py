"""How much work something is, without a clock: steps are counted, and what hangs is stopped.

A machine may be as busy as it likes. What has to grow in step with its input is counted at two sizes; what could go on
for ever (a search in C that goes back and forth) runs under a watchdog, which is far from what any right answer takes.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

PATIENCE = 120  # seconds of this process's own work; a search that goes back and forth takes hours


class Hangs(BaseException):
    """Not an error that some code under test might catch."""


@contextmanager
def watchdog(seconds: float = PATIENCE) -> Iterator[None]:
    """Stops what works longer than this; the time that other processes take does not count."""

    def bark(number: int, frame: FrameType | None) -> NoReturn:
        raise Hangs(f"still at work after {seconds} seconds")

    before = signal.signal(signal.SIGPROF, bark)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def steps(work: Callable[[], Any]) -> int:
    """How many lines of Python some work takes: the same number on every machine."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
