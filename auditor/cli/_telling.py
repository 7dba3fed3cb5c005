"""Answers of commands on a terminal, through the kit that reports use; `auditor.report.terminal` is imported late."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.report.plain import clean


def group(mark: str, title: str, count: int) -> None:
    """The title of a group with its sign: a state of `terminal.sign`."""
    from auditor.report.terminal import Terminal, heading

    Terminal().show([heading(f"{title} ({count})", mark=mark)])


def line(text: str, indent: int = 2, hang: int = 0, style: str = "") -> None:
    """A line, wrapped; what does not fit hangs `hang` deeper. Names are never broken: they are there to be copied."""
    from auditor.report.terminal import Terminal

    Terminal().line((clean(text), style), by=indent, hang=hang, whole=True)


def not_read(gaps: Iterable[str]) -> None:
    found = list(gaps)
    if found:
        group("unknown", "Could not be read", len(found))
    for each in found:
        line(each, hang=2)


def count(number: int, one: str, many: str = "") -> str:
    """`1 step`, `1,204 steps`."""
    from auditor.report import words

    return words.count(number, one, many)
