"""`auditor rollback`: undo what a plan changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._mending import hands_of, tell_outcome
from auditor.cli._options import judge_options, store_options

if TYPE_CHECKING:
    from auditor.pipeline import Wish


@click.command("rollback")
@click.argument("journal", default="latest")
@judge_options
@store_options
def command(journal: str, wish: Wish, store_dir: Path | None) -> int:
    """Undo an applied plan, last step first: each value is set to what it was. JOURNAL is its name, or `latest`.

    A value that was changed since is left as it is and reported. A second rollback does nothing.
    """
    from auditor.remedy import apply as engine
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder())
    names = sorted(path.name for path in store.journals.iterdir()) if store.journals.is_dir() else []
    if journal == "latest" and names:
        journal = names[-1]
    if journal not in names:
        raise click.UsageError(f"there is no journal {journal!r}; known are {', '.join(names[-5:]) or 'none'}")
    return tell_outcome(engine.rollback(store.journals / journal, hands_of(wish)))
