"""Work done in threads that an interruption does not wait for.

The threads of `concurrent.futures` are joined when Python ends, so that Ctrl-C while an API hangs would wait for its
timeouts, five times over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")


def each_done(
    work: Callable[[Item], Done], items: Sequence[Item], threads: int, stopped: threading.Event
) -> Iterator[tuple[Item, Done]]:
    """Every item with what work made of it, as they finish. What work raises is raised here, then nothing begins."""
    todo: SimpleQueue[Item | None] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Done] | BaseException] = SimpleQueue()

    def run() -> None:
        while (item := todo.get()) is not None and not stopped.is_set():
            try:
                done.put((item, work(item)))
            except BaseException as error:  # noqa: BLE001  told to the one who waits for it
                done.put(error)

    for item in items:
        todo.put(item)
    count = min(threads, len(items))
    for _ in range(count):
        todo.put(None)
        threading.Thread(target=run, daemon=True).start()
    try:
        for _ in items:
            told = done.get()
            if isinstance(told, BaseException):
                raise told
            yield told
    except BaseException:
        stopped.set()
        raise
