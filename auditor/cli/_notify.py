"""Channels as options and settings, and what became of what was sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from auditor.cli._config import loaded
from auditor.cli._errors import UNTOLD, say
from auditor.cli._output import warn

if TYPE_CHECKING:
    from auditor.config.channels import Channel
    from auditor.notify import Outcome
    from auditor.store import Store


def channels_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--notify", metavar="TO", multiple=True, callback=_channels,
        help="Where changes are told; repeatable: an SNS topic's ARN, slack:env:NAME, teams:env:NAME, "
        "webhook:env:NAME,key=env:NAME or mailto:ADDRESS,sender=ADDRESS (a secret's ARN may stand for env:NAME).",
    )(command)  # fmt: skip


def _channels(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    from auditor.config.channels import BadChannel, parsed

    try:
        for each in value:
            parsed(each)
    except BadChannel as error:
        raise click.BadParameter(str(error), ctx, param) from error
    return value


def channels_of(texts: tuple[str, ...]) -> tuple[Channel, ...]:
    """The channels of a run; those of the file with what they are for."""
    from auditor.config.channels import parsed

    if click.get_current_context().get_parameter_source("notify") is ParameterSource.DEFAULT_MAP:
        return loaded().channels
    return tuple(map(parsed, texts))


def tags_of(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the tags by which channels are chosen."""
    found = (each.partition("=")[0] for channel in channels_of(texts) for each in channel.wanted.tags)
    return tuple(dict.fromkeys(found))


def told(store: Store, channels: tuple[Channel, ...], newest: str = "") -> int:
    """Send what is to be told, say what was not, and give the exit code of that."""
    from auditor import notify

    try:
        done = notify.tell(store, channels, notify.Ways(dict(os.environ)), warn, newest)
    except OSError as error:
        say(f"error: nothing was told: {error.filename or store.place}: {error.strerror or error}; the next run tries")
        return UNTOLD
    return _said(done)


def _said(done: Outcome) -> int:
    for each, answer in done.sent:
        say(f"told {each.to}: {answer}")
    lines: dict[str, int] = {}
    for each in done.waiting:
        line = f"warning: not told: {each.to}: {each.why}"
        lines[line] = lines.get(line, 0) + 1
    for line, count in lines.items():
        say(f"{line}; {count} wait{'s' if count == 1 else ''} for the next run or `auditor notify`")
    return UNTOLD if done.waiting else 0
