"""`auditor rules`: the rules that can be checked."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli._options import definitions_option, listing_option


@click.command("rules")
@definitions_option
@listing_option
def command(folders: tuple[Path, ...], form: str) -> int:
    """List the rules: severity, id, title."""
    from auditor.checks.rules import load_rules
    from auditor.model import SEVERITIES

    rules = sorted(
        load_rules([folder / "rules" for folder in folders]),
        key=lambda rule: (SEVERITIES.index(rule.severity), rule.id),
    )
    if form == "json":
        click.echo(
            json.dumps(
                [
                    {"id": rule.id, "severity": rule.severity, "title": rule.title, "on": list(rule.on)}
                    for rule in rules
                ],
                indent=2,
                ensure_ascii=False,
            )
        )
        return 0
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        click.echo(f"{rule.severity:<8}  {rule.id:<{width}}  {rule.title}")
    return 0
