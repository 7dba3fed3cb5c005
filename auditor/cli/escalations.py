"""`auditor escalations`: who can become an administrator, step by step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from auditor.cli._account import IAM, question_options, read_account, told_gaps, told_organization, unread_of
from auditor.cli._options import Where
from auditor.cli._steps import step_rows, tell_steps
from auditor.cli._telling import group, line, not_read

if TYPE_CHECKING:
    from auditor.graph.access.becoming.escalation import Escalation
    from auditor.graph.access.entering import Entrance
    from auditor.graph.access.held.guardrails import Guardrails
    from auditor.graph.build import Graph

# Outcome -> sign and title of its group, and how it is counted; the worst first.
_TITLES = {
    "yes": ("broken", "Can become an administrator", "can become an administrator"),
    "depends": ("depends", "Can become an administrator under conditions", "can under conditions"),
    "unknown": ("unknown", "Unknown: some policies could not be read", "unknown"),
    "admin": ("holds", "Already an administrator", "with administrator permissions"),
}


@click.command("escalations")
@question_options
def command(where: Where, format: str) -> int:
    """Show which roles and users can become an administrator, each with its shortest path, what it would have to make
    first, and who comes into such a role from outside.

    Exits with 1 if a principal that is not an administrator can certainly become one, and with 3 if something in the
    account could not be read. Policies of an organization can only deny; if they could not be read, the answer says so.

    \b
    auditor escalations
    auditor escalations --from account.json --format json
    auditor escalations --code infra
    """
    from auditor.graph.access.becoming.escalation import escalations
    from auditor.graph.access.held.guardrails import UNLESS, Guardrails

    graph, organizations = read_account(demand(), where)
    guard = Guardrails.together(organizations)
    found = escalations(graph, guard)
    outside = {each.principal.key: _entrances(each, guard) for each in found}
    gaps = told_gaps(graph.inventory.gaps)
    if format == "json":
        principals = [_row(each, outside[each.principal.key]) for each in found]
        told = {"principals": principals, "organization": told_organization(organizations), "gaps": gaps}
        click.echo(json.dumps(told, indent=2))
    else:
        _print_escalations(found, outside, graph, UNLESS if guard.unread else "")
        not_read([*gaps, *told_gaps(unread_of(organizations))])
    if any(each.outcome == "yes" for each in found):
        return 1
    return 3 if gaps or any(each.outcome == "unknown" for each in found) else 0


def demand() -> dict[str, frozenset[str] | None]:
    """IAM, and what runs as a role, as far as such types are described."""
    from auditor.graph.access.becoming.running import RUNNING
    from auditor.graph.access.held.acting import PROFILE, between
    from auditor.model import paths
    from auditor.resources import load

    types = load()
    found: dict[str, frozenset[str] | None] = {**IAM, PROFILE: None}
    runners = {way.type for way in RUNNING}
    for cfn in {*runners, *(each for runner in runners for each in between(runner))} & types.keys():
        edges = [row.via for row in types[cfn].edges if row.relation in ("acts-as", "runs")]
        found[cfn] = frozenset(paths.top(via) for via in edges)
    return found


def _entrances(each: Escalation, guard: Guardrails) -> list[Entrance]:
    """Who comes from outside into a role that is or can become an administrator."""
    from auditor.graph.access.becoming.rights import ROLE
    from auditor.graph.access.entering import entrances

    return entrances(each.principal, guard) if each.principal.type == ROLE and each.outcome != "no" else []


def _row(each: Escalation, outside: list[Entrance]) -> dict[str, object]:
    return {
        "principal": each.principal.key,
        "outcome": each.outcome,
        "path": step_rows(each.path),
        "entered_by": [
            {"who": one.who, "kind": one.kind, "sentence": one.sentence, "condition": one.condition} for one in outside
        ],
        "unread": told_gaps(list(each.gaps)),
    }


def _print_escalations(found: list[Escalation], outside: dict[str, list[Entrance]], graph: Graph, unless: str) -> None:
    rows = {outcome: [each for each in found if each.outcome == outcome] for outcome in (*_TITLES, "no")}
    counted = [f"{len(rows[outcome])} {words}" for outcome, (_, _, words) in _TITLES.items() if rows[outcome]]
    noun = "principal" if len(found) == 1 else "principals"
    counted += [f"{len(rows['no'])} cannot"] if rows["no"] else []
    line(f"{len(found)} {noun}: {', '.join(counted) or 'none'}", 0)
    for outcome, (sign, title, _) in _TITLES.items():
        if rows[outcome]:
            group(
                sign,
                f"{title}, unless {unless}" if unless and outcome in ("yes", "depends") else title,
                len(rows[outcome]),
            )
        for each in rows[outcome]:
            line(each.principal.key)
            tell_steps(each.path, outside[each.principal.key], lambda key: _label(key, graph))
            if each.outcome == "unknown":
                line(told_gaps(list(each.gaps))[0], 4, style="dim")


def _label(key: str, graph: Graph) -> str:
    found = graph.resource(key)
    return found.label if found else key
