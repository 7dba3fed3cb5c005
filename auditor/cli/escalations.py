"""`auditor escalations`: who can become an administrator, step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._account import IAM, question_options, read_account, told_gaps, told_organization
from auditor.cli._telling import group, line, not_read

if TYPE_CHECKING:
    from auditor.graph.access.becoming.escalation import Escalation
    from auditor.graph.build import Graph

# Outcome -> sign and title of its group, and how it is counted; the worst first.
_TITLES = {
    "yes": ("✗", "Can become an administrator", "can become an administrator"),
    "depends": ("◐", "Could become an administrator, depending on what stands below each step", "could"),
    "unknown": ("?", "Not known: policies could not be read", "are not known"),
    "admin": ("●", "Administrators", "already are"),
}


@click.command("escalations")
@question_options
def command(profile: str | None, regions: tuple[str, ...], source: Path | None, format: str) -> int:
    """Tell which roles and users can become an administrator, each by its shortest way.

    Exits 1 where somebody who is no administrator surely can become one, 3 where something of the account could not be
    read. The policies of an organization can only take such ways away; where they could not be read, that is said.

    \b
    auditor escalations
    auditor escalations --from account.json --format json
    """
    from auditor.graph.access.becoming.escalation import escalations
    from auditor.graph.access.held.guardrails import UNLESS, Guardrails

    graph, organization = read_account(_demand(), profile, regions, source)
    found = escalations(graph, Guardrails.of(organization))
    gaps = told_gaps(graph.inventory.gaps)
    if format == "json":
        principals = [_row(each) for each in found]
        told = {"principals": principals, "organization": told_organization(organization), "gaps": gaps}
        click.echo(json.dumps(told, indent=2))
    else:
        _text(found, graph, UNLESS if organization.gaps else "")
        not_read([*gaps, *told_gaps(list(organization.gaps))])
    if any(each.outcome == "yes" for each in found):
        return 1
    return 3 if gaps else 0


def _demand() -> dict[str, frozenset[str] | None]:
    """IAM, and what runs as a role, as far as such types are described."""
    from auditor.graph.access.becoming.rights import PROFILE
    from auditor.graph.access.becoming.running import RUNNING
    from auditor.resources import load

    types = load()
    demand: dict[str, frozenset[str] | None] = {**IAM, PROFILE: None}
    for cfn in {way.type for way in RUNNING} & types.keys():
        edges = [row.via for row in types[cfn].edges if row.relation == "acts-as"]
        demand[cfn] = frozenset(via.split(".")[0].split("[")[0] for via in edges)
    return demand


def _row(each: Escalation) -> dict[str, object]:
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


def _text(found: list[Escalation], graph: Graph, unless: str) -> None:
    rows = {outcome: [each for each in found if each.outcome == outcome] for outcome in (*_TITLES, "no")}
    counted = [f"{len(rows[outcome])} {words}" for outcome, (_, _, words) in _TITLES.items() if rows[outcome]]
    line(", ".join([*counted, f"{len(rows['no'])} of {len(found)} cannot"]) + ".", 0)
    for outcome, (sign, title, _) in _TITLES.items():
        if rows[outcome]:
            group(
                sign,
                f"{title}, unless {unless}" if unless and outcome in ("yes", "depends") else title,
                len(rows[outcome]),
            )
        for each in rows[outcome]:
            line(each.principal.key)
            _path(each, graph)


def _path(each: Escalation, graph: Graph) -> None:
    """The steps, numbered, each with what it depends on."""
    for number, step in enumerate(each.path, 1):
        line(f"{number}. {_label(step.tail, graph)} {step.sentence}", 4, 3)
        for asked in step.asks:
            line(f"depends on {asked}", 7, dim=True)
    if each.outcome == "unknown":
        line(told_gaps(list(each.gaps))[0], 4, dim=True)


def _label(key: str, graph: Graph) -> str:
    found = graph.resource(key)
    return found.label if found else key
