"""`auditor apply`: carry out a plan, verify it, and put back what did not help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._config import origin
from auditor.cli._errors import say
from auditor.cli._mending import agreed, tell_outcome, turn, typed
from auditor.cli._options import judge_options, store_options

if TYPE_CHECKING:
    from auditor.model import Risk
    from auditor.pipeline import Wish
    from auditor.remedy.plan import Plan
    from auditor.store import Store


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
    plan_file: Path | None,
    wish: Wish,
    store_dir: Path | str | None,
    risk: str,
    dry_run: bool,
    yes: bool,
    resume: str | None,
) -> int:
    """Apply a plan. Each step is checked before and after, and undone if it does not help or breaks something else.

    The account is checked again afterwards with the baselines, rules, regions, bindings and definitions that are
    stored in the plan.

    \b
    auditor apply plan.json --dry-run
    auditor apply plan.json --allow interrupts
    """
    from auditor import mending, pipeline
    from auditor.remedy import apply as engine
    from auditor.remedy.journal import new_folder
    from auditor.remedy.planfile import plan_digest, read_plan
    from auditor.resources import load
    from auditor.store import Store, default_folder

    store = Store(store_dir or default_folder())
    if resume:
        return _resume(resume, wish, store, store_dir)
    if plan_file is None:
        raise click.UsageError(
            "no plan is given; make one with `auditor plan -o FILE`, or continue one with --resume JOURNAL"
        )
    plan = read_plan(plan_file, load())
    wish = agreed(plan.judged, wish, "apply")
    chosen = pipeline.definitions(wish)
    if chosen.digest != plan.judged.digest:
        raise click.UsageError("a rule or a baseline has changed since the plan was made; make a new plan")
    if not plan.steps:
        click.echo("the plan has no steps; nothing was changed", err=True)
        return 0
    allowed: Risk = risk  # type: ignore[assignment]  # click checked it
    if not dry_run and not yes:
        _confirm(plan, allowed)
    if dry_run:
        source = pipeline.open_source(wish, chosen)
        return tell_outcome(
            engine.apply(plan, mending.hands(wish, source), store.journals, allowed, True), allowed=allowed
        )
    with turn(wish, chosen, store) as hands:
        folder = new_folder(store.journals, hands.clock(), plan_digest(plan)[:8])
        outcome = engine.apply(plan, hands, folder, allowed)
    undo = typed("rollback", folder.name, wish=wish, store_dir=store_dir)
    return tell_outcome(outcome, undo=undo, allowed=allowed)


def _resume(name: str, given: Wish, store: Store, store_dir: Path | str | None) -> int:
    from auditor import pipeline
    from auditor.remedy import apply as engine
    from auditor.remedy.journal import judged_of
    from auditor.resources import load

    folder = store.journals / name
    wish = agreed(judged_of(folder, load()), given, "apply")
    with turn(wish, pipeline.definitions(wish), store) as hands:
        outcome = engine.resume(folder, hands)
    return tell_outcome(outcome, undo=typed("rollback", name, wish=wish, store_dir=store_dir))


_ALLOWED = {
    "safe": "Allowed are safe steps only",
    "interrupts": "Allowed are also steps that interrupt service",
    "destroys": "Allowed are also steps that interrupt service or can delete data",
}


def _confirm(plan: Plan, allowed: Risk) -> None:
    """Changing an account takes its id, typed: a `y` is too easily meant for another window. What is allowed may stand
    in a file that nobody looks at just now, so it is named with its place."""
    from auditor.model import RISKS
    from auditor.report import words

    account = "+".join(plan.accounts)
    mine = sum(RISKS.index(step.risk) <= RISKS.index(allowed) for step in plan.steps)
    steps = words.count(len(plan.steps), "step")
    many = steps if mine == len(plan.steps) else f"{mine:,} of {steps}"
    ctx = click.get_current_context()
    place = origin(ctx, next(each for each in ctx.command.params if each.name == "risk"))
    whence = "" if place == "--allow" else f", set by {place}" if place else ", the default"
    say(f"{many} will change account {account}. {_ALLOWED[allowed]} (--allow {allowed}{whence}).")
    typed = click.prompt("Type the account ID to continue", err=True, default="", show_default=False)
    if typed.strip() != account:
        raise click.UsageError(
            "nothing was changed: the account ID does not match; type it again, or skip the question with --yes"
        )
