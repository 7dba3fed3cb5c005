"""`auditor report`: show a saved run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._complete import offering, run_ids
from auditor.cli._options import store_options
from auditor.cli._output import format_options, tell, warn
from auditor.cli._telling import count

if TYPE_CHECKING:
    from auditor.store import Store


@click.command("report")
@click.argument("run", default="latest", shell_complete=offering(run_ids))
@format_options
@store_options
@click.option("--since", "before", metavar="RUN", help="Compare with that earlier run, and not with the one before.")
@click.option("--list", "listing", is_flag=True, help="List the saved runs, newest first.")
def command(
    run: str, targets: tuple[str, ...], verbose: bool, store_dir: Path | str | None, before: str | None, listing: bool
) -> int:
    """Show a saved run, in any format. RUN is an ID, the beginning of one, or `latest`.

    \b
    auditor report --format html=report.html
    auditor report --list
    auditor report --since 20260301
    """
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder(), warn)
    if listing:
        for head in store.runs():
            scan = head["scan"]
            judged = ", ".join(scan["baselines"]) or count(len(scan["rules"]), "rule")
            click.echo(f"{scan['id']}  account {', '.join(scan['accounts'])}  {judged}")
        return 0
    found = store.latest() if run == "latest" else store.load(run)
    if found is None:
        raise click.UsageError(f"there is no saved run in {store.bundles}; make one with `auditor check`")
    tell(_since(store, found, before) if before else found, targets, verbose)
    return 0


def _since(store: Store, run: dict[str, Any], before: str) -> dict[str, Any]:
    """The run compared with another one of its accounts."""
    from auditor.findings.since import compared_with

    other, _ = store.pair(before, run["scan"]["id"])
    return compared_with(other, run, store.earlier(run["scan"], other["scan"]["id"]))
