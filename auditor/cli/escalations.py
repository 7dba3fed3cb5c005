"""`auditor escalations`: who can become an administrator, step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._account import IAM, graph_of, question_options, told_gaps

if TYPE_CHECKING:
    from auditor.graph.access.escalation import Escalation
    from auditor.graph.build import Graph

_TITLES = {
    "admin": "Administrators",
    "yes": "Can become an administrator",
    "depends": "Could become an administrator; what it depends on stands behind each step",
    "unknown": "Not known: policies could not be read",
}


@click.command("escalations")
@question_options
def command(profile: str | None, regions: tuple[str, ...], source: Path | None, format: str) -> int:
    """Tell which roles and users can become an administrator, each by its shortest way.

    Exits 1 where somebody who is no administrator surely can become one, 3 where something could not be read.

    \b
    auditor escalations
    auditor escalations --from account.json --format json
    """
    from auditor.graph.access.escalation import escalations

    graph = graph_of(_demand(), profile, regions, source)
    found = escalations(graph)
    gaps = told_gaps(graph.inventory.gaps)
    if format == "json":
        click.echo(json.dumps({"principals": [_row(each, graph) for each in found], "gaps": gaps}, indent=2))
    else:
        _text(found, graph, gaps)
    if any(each.outcome == "yes" for each in found):
        return 1
    return 3 if gaps else 0


def _demand() -> dict[str, frozenset[str] | None]:
    """IAM, and what runs as a role, as far as such types are described."""
    from auditor.graph.access.powers import PROFILE
    from auditor.graph.access.ways import RUNNING
    from auditor.resources import load

    types = load()
    demand: dict[str, frozenset[str] | None] = {**IAM, PROFILE: None}
    for cfn in {way.type for way in RUNNING} & types.keys():
        edges = [row.via for row in types[cfn].edges if row.relation == "acts-as"]
        demand[cfn] = frozenset(via.split(".")[0].split("[")[0] for via in edges)
    return demand


def _label(key: str, graph: Graph) -> str:
    found = graph.resource(key)
    return found.label if found else ""


def _row(each: Escalation, graph: Graph) -> dict[str, object]:
    steps = [
        {
            "from": step.tail,
            "to": step.head or None,
            "way": step.way,
            "sentence": step.sentence,
            "asks": list(step.asks),
        }
        for step in each.path
    ]
    return {
        "principal": each.principal.key,
        "outcome": each.outcome,
        "path": steps,
        "unread": told_gaps(list(each.gaps)),
    }


def _text(found: list[Escalation], graph: Graph, gaps: list[str]) -> None:
    for outcome, title in _TITLES.items():
        rows = [each for each in found if each.outcome == outcome]
        if rows:
            click.echo(f"{title} ({len(rows)})")
        for each in rows:
            click.echo(f"  {each.principal.key}")
            for step in each.path:
                asks = f" [{'; '.join(step.asks)}]" if step.asks else ""
                click.echo(f"    {_label(step.tail, graph)} {step.sentence}{asks}")
        if rows:
            click.echo()
    cannot = sum(each.outcome == "no" for each in found)
    click.echo(f"{cannot} of {len(found)} cannot.")
    for line in gaps:
        click.echo(f"not read: {line}")
