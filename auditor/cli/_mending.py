"""What `apply` and `rollback` share: an open account to work on, and the telling of what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.pipeline import Wish
    from auditor.remedy.apply import Hands
    from auditor.remedy.outcome import Outcome

_WORDS = {
    "would": "would be made",
    "mended": "mended",
    "already": "already so",
    "left": "left",
    "stale": "changed since the plan",
    "failed": "refused by AWS",
    "rolled-back": "rolled back",
    "unverified": "made, could not be verified",
    "stuck": "needs a person",
    "open": "interrupted here",
}


def hands_of(wish: Wish) -> Hands:
    """An open account with the check that tells what a fix came to."""
    from auditor import pipeline

    source = pipeline.open_source(wish, pipeline.definitions(wish))
    return pipeline.hands(wish, source)


def tell_outcome(outcome: Outcome, *, undo: bool = True) -> int:
    from auditor.remedy.tell import sentence

    for result in outcome.results:
        click.echo(f"{_WORDS[result.fate]:<24} {sentence(result.step)}")
        if result.reason:
            click.echo(f"{'':<24} {result.reason}")
    for title in outcome.worse:
        click.echo(f"broken now: {title}")
    for title in outcome.lost:
        click.echo(f"cannot be told now: {title}")
    if outcome.journal and undo:
        click.echo(f"journal: {outcome.journal.name}; undo with: auditor rollback {outcome.journal.name}", err=True)
    return outcome.exit_code
