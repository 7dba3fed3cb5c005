"""`auditor history`: what the saved runs came to, and whether all of them are still as they were kept."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._options import listing_option, store_options
from auditor.cli._output import warn

if TYPE_CHECKING:
    from auditor.store import Store

_AGE = re.compile(r"(\d{1,5})d")
ALTERED = 1


@click.command("history")
@store_options
@click.option("--account", metavar="ID", help="Only runs of this account.")
@click.option("--last", metavar="N", type=click.IntRange(1), default=30, show_default=True, help="How many runs.")
@click.option("--verify", is_flag=True, help="Hold every saved run against the chain of hashes instead.")
@click.option("--prune", metavar="AGE", help="Take out the runs that are older, like 400d, instead. The newest run of "
              "each account stays, and the chain names what went.")  # fmt: skip
@listing_option
def command(
    store_dir: Path | str | None, account: str | None, last: int, verify: bool, prune: str | None, form: str
) -> int:
    """List the saved runs, newest first: date, verdict, counts, coverage, and how the number of findings went.

    \b
    auditor history
    auditor history --verify
    auditor history --store s3://audit-runs/prod --format json

    With --verify the exit code is 1 where a run is missing, altered, or in no link of the chain.
    """
    from auditor.store import Store, default_folder

    if verify and prune:
        raise click.UsageError("--verify and --prune exclude each other")
    store = Store(store_dir or default_folder(), warn)
    if prune:
        return _prune(store, prune, form)
    return _verify(store, form) if verify else _list(store, account, last, form)


def _list(store: Store, account: str | None, last: int, form: str) -> int:
    from auditor.report import history
    from auditor.report.terminal import Terminal

    wanted = (each for each in store.runs() if account is None or account in each["scan"].get("accounts", ()))
    found = history.rows(itertools.islice(wanted, last))
    if form == "json":
        _echo(found)
    elif found:
        Terminal().show(history.told(found))
    else:
        of = f" of account {account}" if account else ""
        click.echo(f"there is no saved run{of} in {store.bundles}; make one with `auditor check`", err=True)
    return 0


def _verify(store: Store, form: str) -> int:
    from auditor.report.terminal import Terminal, sign

    found = store.verify()
    if form == "json":
        _echo({"links": found.links, "tip": found.tip, "faults": found.faults, "notes": found.notes})
        return ALTERED if found.faults else 0
    terminal = Terminal()
    for each in found.faults:
        terminal.line(sign("broken"), f" {_clean(each)}", hang=2)
    for each in found.notes:
        terminal.line(sign("unverifiable"), f" {_clean(each)}", hang=2)
    if not found.faults:
        words = (
            f" every run is as it was kept; the chain has {found.links:,} links and ends in {found.tip or 'nothing'}"
        )
        terminal.line(sign("kept"), words, hang=2)
    return ALTERED if found.faults else 0


def _prune(store: Store, age: str, form: str) -> int:
    found = _AGE.fullmatch(age)
    if not found or not int(found[1]):
        raise click.BadParameter(f"{age!r} is no age; write it like 400d", param_hint="--prune")
    gone = store.prune(dt.datetime.now(dt.UTC) - dt.timedelta(days=int(found[1])))
    if form == "json":
        _echo({"pruned": gone})
        return 0
    for each in gone:
        click.echo(each)
    click.echo(f"took {len(gone):,} runs out of {store.bundles}", err=True)
    return 0


def _clean(text: str) -> str:
    from auditor.report.plain import clean

    return clean(text)


def _echo(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
