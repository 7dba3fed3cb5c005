"""What `apply` and `rollback` share: an open account to work on, and the report of what became of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.pipeline import Wish
    from auditor.remedy.apply import Hands
    from auditor.remedy.outcome import Outcome

# What became of a step: word and colour.
_WORDS = {
    "would": ("would be changed", "cyan"),
    "mended": ("fixed", "green"),
    "already": ("already as planned", "dim"),
    "left": ("not applied", "yellow"),
    "stale": ("changed since the plan", "yellow"),
    "failed": ("refused by AWS", "red"),
    "rolled-back": ("rolled back", "yellow"),
    "unverified": ("changed, not verified", "yellow"),
    "stuck": ("needs a person", "bold red"),
    "open": ("interrupted", "bold red"),
}
_COLUMN = 24


def hands_of(wish: Wish) -> Hands:
    """An open account with the check that verifies a fix."""
    from auditor import pipeline

    source = pipeline.open_source(wish, pipeline.definitions(wish))
    return pipeline.hands(wish, source)


def tell_outcome(outcome: Outcome, *, undo: bool = True) -> int:
    from auditor.remedy.tell import sentence
    from auditor.report.plain import clean
    from auditor.report.terminal import Terminal

    terminal = Terminal()
    for result in outcome.results:
        word, style = _WORDS[result.fate]
        terminal.line((f"{word:<{_COLUMN}} ", style), clean(sentence(result.step)), hang=_COLUMN + 1)
        if result.reason:
            terminal.line((clean(result.reason), "dim"), by=_COLUMN + 1)
    for title in outcome.worse:
        terminal.line(("broken now: ", "red"), clean(title))
    for title in outcome.lost:
        terminal.line(("could not be checked after the change: ", "yellow"), clean(title))
    if outcome.journal and undo:
        click.echo(f"journal: {outcome.journal.name}; undo with: auditor rollback {outcome.journal.name}", err=True)
    return outcome.exit_code
