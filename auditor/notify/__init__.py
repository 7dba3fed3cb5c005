"""Notifications: what a saved run changed, told once to whom it concerns."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence

from auditor.config.channels import Channel
from auditor.model import digest
from auditor.notify.changes import Change
from auditor.notify.message import Note
from auditor.notify.outbox import Outbox, Outcome, Waiting
from auditor.notify.sending import NotTold, Ways, permissions, send
from auditor.store import Store

__all__ = ["NotTold", "Outcome", "Waiting", "Ways", "permissions", "sample", "send", "tell", "waiting"]


def tell(
    store: Store, channels: Sequence[Channel], ways: Ways, warn: Callable[[str], None], newest: str = ""
) -> Outcome:
    """Send what waits and what the saved runs changed; a store in which nothing was told begins with `newest`."""
    box = Outbox(store, warn)
    with box.turn():
        box.queue(channels, newest)
        done = box.flush(channels, lambda note, channel: send(note, channel, ways))
        box.prune(dt.datetime.now(dt.UTC).date())
    return done


def waiting(store: Store, channels: Sequence[Channel], warn: Callable[[str], None]) -> list[Waiting]:
    """What waits to be sent, of runs too that were saved and not looked at since."""
    box = Outbox(store, warn)
    with box.turn():
        box.queue(channels)
        return box.waiting()


def sample() -> Note:
    """A notification that says nothing of any account, to try a channel."""
    found = Change(
        "new", "sample", "", "This is a sample: nothing was found, and nothing has to be done", "sample", "info",
        to_do="Nothing: this channel works",
    )  # fmt: skip
    return Note(
        digest("sample", str(time.time_ns())), "sample", "kept", "This is a test of auditor's notifications.",
        "It says nothing of any account.", (found,),
    )  # fmt: skip
