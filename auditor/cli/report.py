"""`auditor report`: show a saved run."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli._complete import offering, run_ids
from auditor.cli._options import store_options
from auditor.cli._output import format_options, tell, warn
from auditor.cli._telling import count


@click.command("report")
@click.argument("run", default="latest", shell_complete=offering(run_ids))
@format_options
@store_options
@click.option("--list", "listing", is_flag=True, help="List the saved runs, newest first.")
def command(run: str, targets: tuple[str, ...], verbose: bool, store_dir: Path | str | None, listing: bool) -> int:
    """Show a saved run, in any format. RUN is an ID, the beginning of one, or `latest`.

    \b
    auditor report --format html=report.html
    auditor report --list
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
    tell(found, targets, verbose)
    return 0
