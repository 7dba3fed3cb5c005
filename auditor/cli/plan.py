"""`auditor plan`: what would be changed, exactly, before anything is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._options import judge_options
from auditor.cli._progress import progress

if TYPE_CHECKING:
    from auditor.pipeline import Wish
    from auditor.remedy.plan import Plan


@click.command("plan")
@judge_options
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the plan for `auditor apply FILE`.",
)
@click.option(
    "--finding",
    "findings",
    metavar="ID",
    multiple=True,
    help="Only these findings (ids, or beginnings of them); repeatable.",
)
def command(wish: Wish, output: Path | None, findings: tuple[str, ...]) -> int:
    """Work out the exact calls that would mend what is broken. Nothing is changed.

    \b
    auditor plan --baseline cuggu -o plan.json
    auditor apply plan.json
    """
    from auditor import pipeline
    from auditor.remedy.planfile import write_plan
    from auditor.store.bundle import run_id

    if wish.source:
        raise click.UsageError("a plan is made for a live account, not for a saved inventory (--from)")
    with progress("reading the account") as bar:
        outcome = pipeline.check(wish, bar)

    def chosen(finding_id: str) -> bool:
        return not findings or any(finding_id.startswith(each) for each in findings)

    plan = pipeline.plan(outcome, run_id(outcome.record), lambda finding: chosen(finding.id))
    show(plan)
    if output:
        write_plan(plan, output)
        click.echo(f"wrote {output}; read it, then: auditor apply {output}", err=True)
    return 0


def show(plan: Plan) -> None:
    """The plan for people: each step as a sentence with its call, its risk and its undo."""
    from auditor.remedy.tell import sentence

    if not plan.steps:
        click.echo("Nothing can be mended automatically.")
    for number, step in enumerate(plan.steps, start=1):
        click.echo(f"{number:>3}. {sentence(step)}")
        undo = f"{step.undo['service']}:{step.undo['operation']}"
        click.echo(f"     risk {step.risk}; {step.service}:{step.operation}, undone by {undo}")
    if plan.left:
        click.echo(f"\n{len(plan.left)} left to a person:")
    for left in plan.left:
        click.echo(f"  - {left.finding[:8]} ({left.kind}) {left.text}")
