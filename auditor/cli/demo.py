"""`auditor demo`: the whole story on an account that is simulated on this machine."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._output import tell

if TYPE_CHECKING:
    from auditor.pipeline import Outcome

REPORT = Path("auditor-demo.html")


@click.command("demo")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default=REPORT,
    show_default=True,
    help="Where the report goes.",
)
def command(output: Path) -> int:
    """Audit an example account, simulated on this machine: no AWS account, no credentials, nothing leaves the machine.

    It builds the cuggu architecture as a team would, lets it drift in eight ways, checks it over HTTP like any
    account, writes the report, mends what is safe to mend, and checks again.
    """
    try:
        from auditor.sandbox import sandbox
        from auditor.sandbox.cuggu import build_cuggu
        from auditor.sandbox.drifts import DRIFTS
    except ImportError as error:
        raise click.UsageError(f"the embedded account needs moto: pip install 'auditor[demo]' ({error})") from error
    began = time.monotonic()
    _say("Starting an AWS account on this machine and building cuggu in it")
    with sandbox() as box:
        built = build_cuggu(box)
        environ = box.environ()
        os.environ.clear()
        os.environ.update(environ)
        _say(f"Letting it drift in {len(DRIFTS)} ways")
        for drift in DRIFTS:
            drift.happen(built)
            click.echo(f"  - {drift.sentence}")
        return _story(output, began)


def _story(output: Path, began: float) -> int:
    from auditor import pipeline

    wish = pipeline.Wish(baselines=("cuggu",))
    _say("auditor check --baseline cuggu")
    first = pipeline.check(wish)
    tell(first.record, ("text", f"html={output}"))
    _say("auditor plan, then apply what is safe")
    outcome = _mend(wish, first)
    _say("auditor check --baseline cuggu, once more")
    second = pipeline.check(wish)
    _left(first, second)
    click.echo(f"\n{outcome} Open the report: {output.resolve().as_uri()}")
    click.echo(f"The demo took {time.monotonic() - began:.0f} s.")
    return 0


def _mend(wish: object, first: Outcome) -> str:
    """Apply the safe part of the plan and say what became of it."""
    import tempfile

    from auditor import pipeline
    from auditor.cli._mending import tell_outcome
    from auditor.cli.plan import show
    from auditor.remedy import apply as engine
    from auditor.store.bundle import run_id

    assert isinstance(wish, pipeline.Wish)  # noqa: S101  narrows the type where the import must stay late
    plan = pipeline.plan(first, run_id(first.record))
    show(plan)
    source = pipeline.open_source(wish, pipeline.definitions(wish))
    with tempfile.TemporaryDirectory() as folder:
        click.echo("")
        outcome = engine.apply(plan, pipeline.hands(wish, source), Path(folder) / "journal", "safe")
        tell_outcome(outcome, undo=False)
    mended = sum(result.fate == "mended" for result in outcome.results)
    return f"{mended} of {len(outcome.results)} steps were safe and are made; the others take a greater risk."


def _left(first: Outcome, second: Outcome) -> None:
    now = {found.id for found in second.findings}
    broken = [found for found in second.findings if found.verdict == "broken"]
    gone = [found for found in first.findings if found.id not in now]
    click.echo(f"{len(gone)} findings are gone, {len(broken)} are left:")
    for found in broken:
        click.echo(f"  {found.severity:<8} {found.title} ({found.resource.label})")


def _say(words: str) -> None:
    click.echo("\n" + click.style(f"== {words}", bold=True))
