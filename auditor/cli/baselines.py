"""`auditor baselines`: which documents an account can be checked against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from auditor.cli._options import definitions_option, listing_option
from auditor.cli._telling import count


@click.command("baselines")
@definitions_option
@listing_option
def command(folders: tuple[Path, ...], form: str) -> int:
    """List the baselines: name, document, and how much of it can be checked."""
    from auditor.checks.baselines import known, load_baseline

    rows = [_row(load_baseline(name, list(folders))) for name in known(list(folders))]
    if form == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    for row in rows:
        click.echo(f"{row['id']:<12} {row['title']} ({row['document']}, {row['updated']})")
        counts = (
            f"{count(row['roles'], 'role')}, {count(row['promises'], 'promise')}, {row['unverifiable']} not checkable"
        )
        click.echo(f"{'':<12} {counts}; {row['regions']}")
        for name, values in row["parameters"].items():
            click.echo(f"{'':<12} {name}: {', '.join(values)} (default: {values[0]})")
    return 0


def _row(baseline: object) -> dict[str, Any]:
    from auditor.checks.schema import Baseline

    assert isinstance(baseline, Baseline)  # noqa: S101  narrows the type where the import must stay late
    required = sum(len(role.require) for role in baseline.roles.values())
    return {
        "id": baseline.id,
        "title": baseline.title,
        "document": baseline.document.title,
        "updated": baseline.document.updated,
        "regions": ", ".join(baseline.regions),
        "parameters": {
            name: [each.default, *(value for value in each.values if value != each.default)]
            for name, each in baseline.parameters.items()
        },
        "roles": len(baseline.roles),
        "promises": len(baseline.roles) + required + len(baseline.links) + len(baseline.absent),
        "unverifiable": len(baseline.unverifiable),
    }
