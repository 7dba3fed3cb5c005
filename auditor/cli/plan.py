"""`auditor plan`: the exact changes, before any is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._errors import defect
from auditor.cli._mending import typed
from auditor.cli._options import judge_options, waivers_option
from auditor.cli._progress import progress

if TYPE_CHECKING:
    from auditor.model import Finding
    from auditor.pipeline import Wish
    from auditor.remedy.plan import Plan


@click.command("plan")
@judge_options
@waivers_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the plan to a file, for `auditor apply FILE`.",
)
@click.option(
    "--finding",
    "findings",
    metavar="ID",
    multiple=True,
    help="Only findings with these IDs (or prefixes of them); repeatable.",
)
def command(wish: Wish, waivers: Path | None, output: Path | None, findings: tuple[str, ...]) -> int:
    """Plan the exact calls that fix what is broken. Nothing is changed.

    \b
    auditor plan --baseline cuggu -o plan.json
    auditor apply plan.json
    """
    from auditor import mending, pipeline
    from auditor.remedy.planfile import write_plan
    from auditor.store.bundle import run_id

    if wish.sources:
        raise click.UsageError("a plan needs a live account; leave out --from")
    with progress("reading the account") as bar:
        outcome = pipeline.check(replace(wish, waivers=waivers), bar)

    def chosen(finding: Finding) -> bool:
        return not findings or any(known.startswith(each) for known in finding.ids for each in findings)

    _refuse_unknown(findings, [known for each in outcome.findings for known in each.ids])
    for each in findings:
        _refuse_accepted(each, outcome.findings)
    plan = mending.plan(outcome, run_id(outcome.record), chosen)
    show(plan)
    _tell_accepted([each for each in outcome.findings if each.waiver and chosen(each)])
    if output:
        write_plan(plan, output)
        click.echo(f"wrote {output}; review it, then run: {typed('apply', output, wish=wish)}", err=True)
    return defect(each.error for each in outcome.defects) if outcome.defects else 0


def _refuse_unknown(wanted: tuple[str, ...], known: list[str]) -> None:
    """A plan for a finding that there is not would be empty and look like success."""
    from auditor.checks.yaml import suggest

    for each in wanted:
        if not each or not any(one.startswith(each) for one in known):
            near = suggest(each, set(known)) if known else "; nothing was found"
            raise click.UsageError(f"there is no finding {each!r}{near}")


def _refuse_accepted(wanted: str, findings: list[Finding]) -> None:
    """What is accepted is not mended, also not where it is asked for by name: then the exception has to go first."""
    hits = [each for each in findings if any(known.startswith(wanted) for known in each.ids)]
    waivers = [each.waiver for each in hits if each.waiver]
    if not waivers or len(waivers) < len(hits):
        return
    until = f"until {waivers[0]['expires']} " if waivers[0]["expires"] else ""
    raise click.UsageError(
        f"finding {wanted} is accepted {until}by {waivers[0]['source']} ({waivers[0]['reason']}), so it is not fixed; "
        "remove that exception first"
    )


def _tell_accepted(left: list[Finding]) -> None:
    """An empty plan must not look as if nothing were broken."""
    from auditor.report import words
    from auditor.report.terminal import Terminal

    if left:
        told = words.count(len(left), "accepted finding is", "accepted findings are")
        Terminal().line(f"{told} left out (auditor check shows why).")


def show(plan: Plan) -> None:
    """The plan for people: each step as a sentence with its call, its risk and how it is undone."""
    from auditor.remedy.tell import sentence
    from auditor.report import commands, words
    from auditor.report.plain import clean
    from auditor.report.terminal import Terminal, heading

    terminal = Terminal()
    if not plan.steps:
        terminal.line("Nothing can be fixed automatically.")
    for number, step in enumerate(plan.steps, start=1):
        terminal.line(f"{number:>3}. ", (clean(sentence(step)), "bold"), hang=5)
        call = commands.operation({"service": step.service, "operation": step.operation})
        undo = commands.operation(step.undo)
        terminal.line((f"{words.RISKS[step.risk]}: ", "green" if step.risk == "safe" else "yellow"), call, by=5)
        terminal.line((f"undo: {undo}", "dim"), by=5)
        for each in step.loses:
            terminal.line(("loses: ", "yellow"), clean(each), by=5, hang=2)
        if step.resource in plan.meant:
            terminal.line((f"role: {clean(plan.meant[step.resource])}", "dim"), by=5, hang=2)
    if plan.left:
        terminal.show([heading("Not automatic", len(plan.left))])
    for left in plan.left:
        terminal.line(f"{left.finding[:8]} ({words.REMEDIES[left.kind]}) {clean(left.text)}", by=2, hang=2)
