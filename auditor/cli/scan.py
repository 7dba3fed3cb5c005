"""`auditor scan`: save an account's inventory to a file."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli._options import aws_options
from auditor.cli._progress import progress
from auditor.cli._telling import count


@click.command("scan")
@aws_options
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; compressed if its name ends in .gz.",
)
def command(profile: str | None, regions: tuple[str, ...], output: Path) -> int:
    """Save everything auditor can read, with secrets redacted: an input for `check --from FILE`, or for a bug report.

    \b
    auditor scan -o inventory.jsonl.gz
    auditor check --from inventory.jsonl.gz --baseline cuggu
    """
    from auditor import pipeline

    with progress("reading the account") as bar:
        inventory = pipeline.scan(pipeline.Wish(regions=regions, profile=profile), output, bar)
    click.echo(
        f"saved {count(len(inventory.resources), 'resource')} of account {', '.join(inventory.accounts)} to {output}",
        err=True,
    )
    cures = sorted({gap.cure or gap.message for gap in inventory.gaps})
    if cures:
        click.echo(f"incomplete: {count(len(inventory.gaps), 'call')} failed; {'; '.join(cures)}", err=True)
    return 3 if inventory.gaps else 0
