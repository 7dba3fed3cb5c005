"""`auditor diff`: two saved runs side by side."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli._complete import offering, run_ids
from auditor.cli._options import listing_option, store_options
from auditor.cli._output import warn


@click.command("diff")
@click.argument("before", metavar="RUN", shell_complete=offering(run_ids))
@click.argument("after", metavar="RUN", default="latest", shell_complete=offering(run_ids))
@store_options
@listing_option
def command(before: str, after: str, store_dir: Path | str | None, form: str) -> int:
    """Show what differs between two saved runs of the same accounts: findings, promises, resources and their
    properties, what reaches what, and who can become an administrator. RUN is an ID, the beginning of one, or `latest`.

    \b
    auditor diff 20260301
    auditor diff 20260301 20260308 --format json

    What a run did not look at is neither there nor gone. Policies of an organization are not looked at.
    """
    from auditor.compared import differences, side
    from auditor.report.differences import told
    from auditor.report.terminal import Terminal
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder(), warn)
    one, other = store.pair(before, after)
    sides = [side(run, store.inventories(run["scan"]["id"])) for run in (one, other)]
    found = differences(sides[0], sides[1], store.earlier(other["scan"], one["scan"]["id"]))
    if form == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        Terminal().show(told(found))
    return 0
