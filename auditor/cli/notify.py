"""`auditor notify`: send what waits, show it, or try the channels."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._errors import UNTOLD, say
from auditor.cli._notify import channels_of, channels_option, told
from auditor.cli._options import store_options
from auditor.cli._output import warn

if TYPE_CHECKING:
    from auditor.config.channels import Channel
    from auditor.store import Store


@click.command("notify")
@channels_option
@click.option("--test", "test", is_flag=True, help="Send a sample to every channel, and show what each answered.")
@click.option("--pending", is_flag=True, help="Show what waits, and send nothing.")
@store_options
def command(notify: tuple[str, ...], test: bool, pending: bool, store_dir: Path | str | None) -> int:
    """Send what saved runs changed and no channel took yet. `auditor check` does so itself after each run.

    \b
    auditor notify --test
    auditor notify --pending
    auditor notify

    Exit codes: 0 all was sent (or nothing waits), 6 something waits still.
    """
    channels = channels_of(notify)
    if not channels and not pending:
        raise click.UsageError("no channel is configured; set `notify` in auditor.yaml, or pass --notify")
    if test and pending:
        raise click.UsageError("--test and --pending exclude each other")
    if test:
        return _test(channels)
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder(), warn)
    return _pending(store, channels) if pending else told(store, channels)


def _test(channels: tuple[Channel, ...]) -> int:
    from auditor.notify import NotTold, Ways, sample, send

    ways, failed = Ways(dict(os.environ)), False
    for channel in {each.to: each for each in channels}.values():
        try:
            click.echo(f"ok      {channel.to}: {send(sample(), channel, ways)}")
        except NotTold as error:
            failed = True
            click.echo(f"failed  {channel.to}: {error}")
    return UNTOLD if failed else 0


def _pending(store: Store, channels: tuple[Channel, ...]) -> int:
    from auditor.notify import waiting
    from auditor.notify.message import summary
    from auditor.report.plain import clean

    found = waiting(store, channels, warn)
    for each in found:
        why = f" ({clean(each.why)})" if each.why else ""
        click.echo(f"{each.note.run}  {each.to}  {clean(summary(each.note))}{why}")
    if not found:
        say("nothing waits")
    return UNTOLD if found else 0
