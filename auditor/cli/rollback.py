"""`auditor rollback`: undo what a plan changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._mending import agreed, tell_outcome, turn, typed
from auditor.cli._options import judge_options, store_options

if TYPE_CHECKING:
    from auditor.pipeline import Wish


@click.command("rollback")
@click.argument("journal", default="latest")
@judge_options
@store_options
def command(journal: str, wish: Wish, store_dir: Path | str | None) -> int:
    """Undo an applied plan, last step first: each value is set to what it was. JOURNAL is its name, or `latest`.

    A value that was changed since is left as it is and reported. A second rollback does nothing.
    """
    from auditor.pipeline import Definitions
    from auditor.remedy import apply as engine
    from auditor.remedy.journal import journals, judged_of, left_in_effect
    from auditor.resources import load
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder())
    known = {folder.name: folder for folder in journals(store.journals)}
    if journal == "latest" and known:
        journal = max(known)
    if journal not in known:
        raise click.UsageError(f"there is no journal {journal!r}; known are {', '.join(sorted(known)[-5:]) or 'none'}")
    wish = agreed(judged_of(known[journal], load()), wish, "rollback")
    with turn(wish, Definitions(), store) as hands:
        outcome = engine.rollback(known[journal], hands)
    code = tell_outcome(outcome)
    if outcome.begun and not outcome.nothing_left:
        return code
    others = [name for name, folder in known.items() if name != journal and left_in_effect(folder)]
    before = typed("rollback", max(others), wish=wish, store_dir=store_dir) if others else ""
    more = f"; undo the run before it with: {before}" if others else ""
    if outcome.begun:
        click.echo(f"run {journal} was rolled back before, so there was nothing to undo{more}", err=True)
        return code
    raise click.UsageError(f"run {journal} changed nothing, so there is nothing to undo{more}")
