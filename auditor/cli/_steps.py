"""The steps by which somebody gets somewhere, as JSON and in lines: the same for every question about identities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from auditor.cli._telling import line

if TYPE_CHECKING:
    from auditor.graph.access.becoming.steps import Step
    from auditor.graph.access.entering import Entrance


def step_rows(path: Iterable[Step]) -> list[dict[str, object]]:
    return [
        {
            "from": step.tail,
            "to": step.head or None,
            "way": step.way,
            "sentence": step.sentence,
            "asks": list(step.asks),
            "makes": list(step.makes),
        }
        for step in path
    ]


def tell_steps(path: Iterable[Step], entered: Iterable[Entrance], label: Callable[[str], str]) -> None:
    """Who comes from outside, then the steps, numbered, each with what it makes first and depends on."""
    for one in entered:
        line(f"entered from outside by {one.sentence}", 4, 3)
    for number, step in enumerate(path, 1):
        line(f"{number}. {label(step.tail)} {step.sentence}", 4, 3)
        for made in step.makes:
            line(f"has to make first: {made}", 7, style="dim")
        for asked in step.asks:
            line(f"depends on {asked}", 7, style="dim")
