"""What `apply` and `rollback` share: a turn on an open account, and the report of what became of each step."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.model import Risk
    from auditor.pipeline import Definitions, Wish
    from auditor.remedy.apply import Hands
    from auditor.remedy.judged import Judged
    from auditor.remedy.outcome import Outcome
    from auditor.store import Store

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
    "stuck": ("needs manual action", "bold red"),
    "open": ("interrupted", "bold red"),
}
_COLUMN = 24


def agreed(judged: Judged | None, given: Wish, what: str) -> Wish:
    """The wish by which a plan was judged. Options may repeat what the plan says; one that contradicts is an error.

    A journal of an older version does not say it: then the options do.
    """
    from auditor import mending
    from auditor.checks.yaml import DefinitionError
    from auditor.pipeline import Definitions

    if given.sources:
        raise click.UsageError(f"{what} needs a live account; leave out --from")
    if judged is None:
        return given
    said = mending.judged_by(replace(given, baselines=()), Definitions(), given.regions)
    folders = given.folders or tuple(Path(each) for each in judged.definitions)
    try:
        said = replace(said, baselines=mending.named(given.baselines, folders))
    except DefinitionError:  # what is not known here contradicts the plan by its name
        said = replace(said, baselines=given.baselines)
    wrong = list(judged.contradictions(said))
    if wrong:
        raise click.UsageError(f"{'; '.join(wrong)}; leave the option out, or make a new plan")
    return mending.judging(judged, given)


@contextmanager
def turn(wish: Wish, chosen: Definitions, store: Store) -> Iterator[Hands]:
    """An open account with the check that verifies a fix, for as long as it is one's turn to change it."""
    from auditor import mending, pipeline
    from auditor.remedy.lease import Lease

    source = pipeline.open_source(wish, chosen)
    with Lease(store.folder / "leases", source.place.account, _waiting) as lease:
        yield mending.hands(wish, source, lease.check)


def _waiting(owner: str) -> None:
    click.echo(f"waiting: {owner} is changing this account", err=True)


def typed(*words: str | Path, wish: Wish, store_dir: Path | str | None = None) -> str:
    """A command as it can be typed, with the options by which the same account and the same store are found."""
    out = ["auditor", *map(str, words)]
    out += ["--profile", wish.profile] if wish.profile else []
    out += ["--store", str(store_dir)] if store_dir else []
    return shlex.join(out)


def tell_outcome(outcome: Outcome, *, undo: str = "", allowed: Risk | None = None) -> int:
    """What became of each step; `undo` is the command that takes it back, `allowed` the risk that was granted."""
    from auditor.remedy.tell import sentence
    from auditor.report.plain import clean
    from auditor.report.terminal import Terminal

    terminal = Terminal()
    for result in outcome.results:
        before = outcome.nothing_left and result.fate == "rolled-back"
        word, style = ("rolled back before", "dim") if before else _WORDS[result.fate]
        terminal.line((f"{word:<{_COLUMN}} ", style), clean(sentence(result.step)), hang=_COLUMN + 1)
        if result.reason and result.reason != word:
            terminal.line((clean(result.reason), "dim"), by=_COLUMN + 1)
    for title in outcome.worse:
        terminal.line(("broken now: ", "red"), clean(title))
    for title in outcome.lost:
        terminal.line(("could not be checked after the change: ", "yellow"), clean(title))
    _tell_skipped(outcome, allowed)
    if outcome.journal and undo and outcome.begun:
        click.echo(f"journal: {outcome.journal.name}; undo with: {undo}", err=True)
    return outcome.exit_code


def _tell_skipped(outcome: Outcome, allowed: Risk | None) -> None:
    """Which option allows the steps that were left out for their risk."""
    from auditor.model import RISKS
    from auditor.remedy.apply import findings_of
    from auditor.report import words

    wanted = outcome.wanted_risk
    if allowed is None or wanted is None or RISKS.index(wanted) <= RISKS.index(allowed):
        return
    left = [result.step for result in outcome.results if result.fate == "left"]
    every = len(left) == len(outcome.results)
    told = "every step was skipped, nothing was changed" if every else f"{words.count(len(left), 'step')} skipped"
    # A fix is made whole or not, so what hangs on a step that destroys is not allowed by less.
    destroyed = {finding for step in left if step.risk == "destroys" for finding in findings_of(step)}
    fewer = [step for step in left if not destroyed & {*findings_of(step)}]
    if wanted == "destroys" and allowed == "safe" and fewer:
        click.echo(f"{told}; allow {len(fewer):,} with --allow interrupts, all with --allow destroys", err=True)
    else:
        click.echo(f"{told}; allow with --allow {wanted}", err=True)
