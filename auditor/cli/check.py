"""`auditor check`: read, check, report, save."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._config import gives_way
from auditor.cli._errors import USAGE, defect, say
from auditor.cli._notify import channels_of, channels_option, tags_of, told
from auditor.cli._options import costs_option, judge_options, store_options, waivers_option
from auditor.cli._output import FAIL_ON, exit_code, format_options, tell, warn
from auditor.cli._progress import progress

if TYPE_CHECKING:
    from auditor.pipeline import Outcome, Wish
    from auditor.store import Store


@click.command("check")
@judge_options
@format_options
@store_options
@click.option("--no-store", is_flag=True, help="Do not save this run, and do not compare it with earlier ones.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="medium",
    show_default=True,
    help="Exit with 1 for findings of this severity and higher.",
)
@click.option(
    "--fail-on-new",
    is_flag=True,
    help="Of these, only findings that are new since the earlier runs count; not what a new rule, region or version of "
    "auditor looks at for the first time.",
)
@waivers_option
@costs_option
@click.option("--checkov", is_flag=True, help="Also check the policies of checkov (`pip install 'auditor[checkov]'`).")
@channels_option
@click.option("--no-notify", is_flag=True, help="Send no notification; the next run that sends tells these changes.")
@click.option(
    "--allow-incomplete",
    is_flag=True,
    help="Exit with 0, not 3, where something could not be read (it is still reported).",
)
def command(
    wish: Wish,
    targets: tuple[str, ...],
    verbose: bool,
    store_dir: Path | str | None,
    no_store: bool,
    fail_on: str,
    fail_on_new: bool,
    waivers: Path | None,
    costs: bool,
    checkov: bool,
    notify: tuple[str, ...],
    no_notify: bool,
    allow_incomplete: bool,
) -> int:
    """Check an account (or a saved inventory) against baselines and rules.

    \b
    auditor check --baseline cuggu
    auditor check --baseline cuggu --format html=report.html
    auditor check --rule bucket-encrypted --region ap-northeast-2 --format json
    """
    from auditor import pipeline
    from auditor.store import Store, default_folder

    no_store = no_store and not gives_way("no_store")
    store = None if no_store else Store(store_dir or default_folder(), warn)
    if fail_on_new and store is None:
        raise click.UsageError("--fail-on-new compares with earlier runs; leave out --no-store")
    wish = replace(wish, costs=costs, checkov=checkov, waivers=waivers, tags=tags_of(notify))
    with progress("reading the account") as bar:
        outcome = pipeline.check(wish, bar, store.previous if store else None, keep=store is not None)
    for name, account in outcome.chosen.elsewhere.items():
        warn(f"{name} is about account {account}, which was not read; nothing is said of it")
    run = store.named(outcome.record) if store else outcome.record
    tell(run, targets, verbose)
    sys.stdout.flush()
    kept = _kept(store, outcome) if store else True
    told_of = 0
    if notify and not (no_notify and not gives_way("no_notify")):
        told_of = _told(store if kept else None, notify, run["scan"]["id"])
    if outcome.defects:
        return defect(each.error for each in outcome.defects)
    if fail_on_new and not run["scan"].get("previous"):
        warn("there is no earlier run to compare with, so nothing counts as new")
    return exit_code(run, fail_on, allow_incomplete, fail_on_new) or (told_of if kept else USAGE)


def _told(store: Store | None, notify: tuple[str, ...], run: str) -> int:
    """Tell what changed; a run that is not saved changes nothing that is remembered, so it is not told."""
    if store is None:
        warn("this run was not saved, so its changes are not told")
        return 0
    return told(store, channels_of(notify), run)


def _kept(store: Store, outcome: Outcome) -> bool:
    """Save a run that is told already; a store that is full or closed takes nothing away from it."""
    try:
        store.save(outcome.record, outcome.inventories)
    except OSError as error:
        say(f"error: this run could not be saved in {store.place}: {error.strerror or error}")
        return False
    return True
