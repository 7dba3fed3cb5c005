"""`auditor demo`: a check and its remedies on an account that is simulated on this machine."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._output import tell
from auditor.cli._telling import count

if TYPE_CHECKING:
    from auditor.pipeline import Outcome

REPORT = Path("auditor-demo.html")


NAMES = ("cuggu", "dualtetrax", "glimpse", "couple", "pingvas")


@click.command("demo")
@click.argument("name", type=click.Choice(NAMES), default=NAMES[0])
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default=REPORT,
    show_default=True,
    help="File to write the report to.",
)
def command(name: str, output: Path) -> int:
    """Audit an example account that is simulated on this machine. Needs no AWS account and no credentials.

    It builds the architecture NAME (default: cuggu), changes it in eight places, checks it like any account, writes
    the report, applies the safe fixes, and checks again.
    """
    _refuse_without_moto()
    from auditor.sandbox import sandbox
    from auditor.sandbox.examples import example

    began = time.monotonic()
    chosen = example(name)
    _say(f"Starting a simulated AWS account on this machine and building {name} in it")
    with sandbox() as box:
        built = chosen.build(box)
        environ = box.environ()
        os.environ.clear()
        os.environ.update(environ)
        _say(f"Changing it in {len(chosen.drifts)} places")
        for drift in chosen.drifts:
            drift.happen(built)
            click.echo(f"  - {drift.sentence}")
        return _story(chosen.baselines, output, began)


def _refuse_without_moto() -> None:
    """The simulated account imports moto in a process of its own, where it would only fail to start."""
    from importlib.util import find_spec

    lacking = [name for name in ("moto", "flask") if find_spec(name) is None]
    if lacking:
        raise click.UsageError(
            f"the simulated account needs {' and '.join(lacking)}; install it with `pip install 'auditor[demo]'`"
        )


def _story(baselines: tuple[str, ...], output: Path, began: float) -> int:
    from auditor import pipeline

    wish = pipeline.Wish(baselines=baselines)
    check = f"auditor check {' '.join(f'--baseline {each}' for each in baselines)}"
    _say(check)
    first = pipeline.check(wish)
    tell(first.record, ("text", f"html={output}"))
    _say("auditor plan, then auditor apply of the safe steps")
    outcome = _mend(wish, first)
    _say(f"{check}, again")
    second = pipeline.check(wish)
    _left(first, second)
    click.echo(f"\n{outcome} Open the report: {output.resolve().as_uri()}")
    click.echo(f"The demo took {time.monotonic() - began:.0f} s.")
    return 0


def _mend(wish: object, first: Outcome) -> str:
    """Apply the safe part of the plan, and a sentence about the outcome."""
    import tempfile

    from auditor import mending, pipeline
    from auditor.cli._mending import tell_outcome
    from auditor.cli.plan import show
    from auditor.remedy import apply as engine
    from auditor.store.bundle import run_id

    assert isinstance(wish, pipeline.Wish)  # noqa: S101  narrows the type where the import must stay late
    plan = mending.plan(first, run_id(first.record))
    show(plan)
    source = pipeline.open_source(wish, pipeline.definitions(wish))
    with tempfile.TemporaryDirectory() as folder:
        click.echo("")
        outcome = engine.apply(plan, mending.hands(wish, source), Path(folder) / "journal", "safe")
        tell_outcome(outcome)
    mended = sum(result.fate == "mended" for result in outcome.results)
    return f"{mended} of {count(len(outcome.results), 'step')} applied; the others need --allow interrupts or destroys."


def _left(first: Outcome, second: Outcome) -> None:
    now = {found.id for found in second.findings}
    broken = [found for found in second.findings if found.verdict == "broken"]
    gone = [found for found in first.findings if found.verdict == "broken" and found.id not in now]
    click.echo(f"{count(len(gone), 'finding')} fixed, {len(broken)} left:")
    for found in broken:
        click.echo(f"  {found.severity:<8} {found.title}")


def _say(words: str) -> None:
    click.echo("\n" + click.style(f"== {words}", bold=True))
