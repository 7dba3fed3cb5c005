"""`auditor apply`: carry out a plan, verify it, and put back what did not help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._mending import hands_of, tell_outcome
from auditor.cli._options import judge_options, store_options

if TYPE_CHECKING:
    from auditor.pipeline import Wish


@click.command("apply")
@click.argument("plan_file", metavar="PLAN", type=click.Path(dir_okay=False, path_type=Path), required=False)
@judge_options
@store_options
@click.option(
    "--allow",
    "risk",
    type=click.Choice(("safe", "interrupts", "destroys")),
    default="safe",
    show_default=True,
    help="Highest risk to accept: safe; interrupts (service); destroys (can delete data).",
)
@click.option("-n", "--dry-run", is_flag=True, help="Check whether each step could be made; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before changing the account.")
@click.option("--resume", metavar="JOURNAL", help="Continue a run that was interrupted.")
def command(
    plan_file: Path | None, wish: Wish, store_dir: Path | None, risk: str, dry_run: bool, yes: bool, resume: str | None
) -> int:
    """Apply a plan: each step is guarded, journalled, read back and checked; what makes things worse is undone.

    The account is checked again afterwards: name the same --baseline and --rule as for the plan.

    \b
    auditor apply plan.json --baseline cuggu --dry-run
    auditor apply plan.json --baseline cuggu --allow interrupts
    """
    from auditor.remedy import apply as engine
    from auditor.remedy.planfile import plan_digest, read_plan
    from auditor.resources import load
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder())
    if resume:
        return tell_outcome(engine.resume(store.journals / resume, hands_of(wish)))
    if plan_file is None:
        raise click.UsageError(
            "no plan is named; make one with `auditor plan -o FILE`, or continue one with --resume JOURNAL"
        )
    plan = read_plan(plan_file, load())
    hands = hands_of(wish)
    if not dry_run and not yes:
        _confirm(len(plan.steps), plan.accounts)
    folder = store.journals / f"{hands.clock().replace(':', '').replace('-', '')}-{plan_digest(plan)[:8]}"
    return tell_outcome(engine.apply(plan, hands, folder, risk, dry_run))  # type: ignore[arg-type]  # click checked it


def _confirm(steps: int, accounts: tuple[str, ...]) -> None:
    """Changing an account takes its id, typed: a `y` is too easily meant for another window."""
    from auditor.report import words

    account = "+".join(accounts)
    click.echo(f"{words.count(steps, 'step')} will change account {account}.", err=True)
    typed = click.prompt("Type the account ID to continue", err=True, default="", show_default=False)
    if typed.strip() != account:
        raise click.UsageError(
            "nothing was changed: the account ID does not match; type it again, or skip the question with --yes"
        )
