"""Answers on a terminal: a sign before every group, colours where they are wanted, words wrapped at its width."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable

import click

from auditor.report.plain import clean

_COLORS = {"✗": "red", "✓": "green", "?": "yellow", "●": "cyan", "◐": "yellow", "·": None}
_ASCII = str.maketrans({"✗": "x", "✓": "+", "●": "*", "◐": "~", "·": "-", "→": ">"})


def group(sign: str, title: str, count: int) -> None:
    say(f"\n{click.style(sign, fg=_COLORS[sign], bold=True)} {click.style(title, bold=True)} ({count})")


def line(text: str, indent: int = 2, hang: int = 0, dim: bool = False) -> None:
    """A line, wrapped; what does not fit hangs `hang` deeper. Names are never broken: they are there to be copied."""
    width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
    wrapped = textwrap.wrap(
        clean(text),
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for each in wrapped:
        say(click.style(each, dim=True) if dim else each)


def not_read(gaps: Iterable[str]) -> None:
    found = list(gaps)
    if found:
        group("?", "Not read", len(found))
    for each in found:
        line(each, hang=2)


def say(text: str) -> None:
    """Plain where the stream is no terminal or NO_COLOR is set; signs as letters where it has only those of English."""
    plain = not (getattr(sys.stdout, "encoding", "") or "utf-8").lower().startswith("utf")
    colored = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    click.echo(text.translate(_ASCII) if plain else text, color=colored)
