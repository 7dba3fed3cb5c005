"""`auditor who-can`: which principals can perform an action on a resource, and which statements allow it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._account import IAM, question_options, read_account, told_gaps, told_organization, unread_of
from auditor.cli._options import Where
from auditor.cli._telling import group, line, not_read

if TYPE_CHECKING:
    from auditor.graph.access.policy.evaluate import Named
    from auditor.graph.access.who import Reach


@click.command("who-can")
@click.argument("action")
@click.argument("resource")
@question_options
@click.option(
    "--session-policy",
    "session",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A session policy: show what role sessions with this policy can do.",
)
@click.option("-v", "--verbose", is_flag=True, help="Also show principals that are not allowed, and why.")
def command(
    action: str,
    resource: str,
    where: Where,
    format: str,
    session: Path | None,
    verbose: bool,
) -> int:
    """Show which principals can perform ACTION on RESOURCE (an ARN, a name, or bucket/key), and the statements that
    allow it.

    Exits with 3 if something that the answer may depend on could not be read.

    \b
    auditor who-can s3:GetObject media-bucket/photos/a.jpg
    auditor who-can sts:AssumeRole deploy --from account.json --format json
    auditor who-can s3:GetObject media-bucket --code plan.json
    """
    from auditor.graph.access.held.guardrails import Guardrails
    from auditor.graph.access.who import NotFound, arn_of, who_can

    action = action_of(action)
    layer = _session(session) if session else None
    graph, organizations = read_account(_demand(resource, action), where)
    try:
        arn = arn_of(graph, resource, action)
    except NotFound as error:
        raise click.BadParameter(str(error), param_hint="RESOURCE") from error
    found = who_can(graph, action, arn, Guardrails.together(organizations), layer)
    gaps = told_gaps(graph.inventory.gaps)
    if format == "json":
        told = {
            "action": action,
            "resource": arn,
            "answers": [_row(each) for each in found],
            "organization": told_organization(organizations),
            "gaps": gaps,
        }
        click.echo(json.dumps(told, indent=2))
    else:
        _print_reaches(f"{action} on {arn}", found, verbose)
        not_read([*gaps, *told_gaps(unread_of(organizations))])
    # That code says nothing of an organization stands with the answers; no more of it could be read.
    unknown = any(each.answer == "unknown" or each.unless for each in found)
    return 3 if gaps or (unknown and not where.code) else 0


def _session(file: Path) -> tuple[Named, ...]:
    from auditor.graph.access.policy.documents import compiled, statements

    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise click.BadParameter(
            f"{file} is not valid JSON ({error}); pass the policy document", param_hint="--session-policy"
        ) from error
    if not statements(document):
        words = f"{file} has no Statement; pass the policy document that AssumeRole receives"
        raise click.BadParameter(words, param_hint="--session-policy")
    return ((f"session policy {file.name}", compiled(document)),)


def _demand(resource: str, action: str) -> dict[str, frozenset[str] | None]:
    """IAM, and the types that the resource may be of: those of its service, or of the action's where it is
    only named."""
    from auditor.graph.access.held.resource_policies import APART, BESIDE, BUCKET, PLACES
    from auditor.graph.access.who import BLOCK

    named = not resource.startswith("arn:")
    service = action.split(":")[0] if named else resource.split(":")[2]
    demand: dict[str, frozenset[str] | None] = dict(IAM)
    if named:
        demand |= {cfn: frozenset({"Arn"}) for cfn in _of_service(service) if cfn not in IAM}
    for cfn, place in PLACES.items():
        if _is_of(cfn, service) and cfn not in IAM:
            demand[cfn] = frozenset({"Arn", place, *BESIDE.get(cfn, ())})
    for cfn, (part, _, _) in APART.items():
        if _is_of(cfn, service):
            demand[cfn] = frozenset({"Arn", *BESIDE.get(cfn, ())})
            demand[part] = None
    if BUCKET in demand:
        demand[BLOCK] = None
    return demand


def action_of(text: str) -> str:
    """The action that is meant, as AWS spells it."""
    from auditor.aws.operations import is_operation
    from auditor.resources.actions import nearest, spelt

    if not re.fullmatch(r"[A-Za-z0-9-]+:[A-Za-z0-9]+", text):
        raise click.BadParameter("specify one action as service:Action, for example s3:GetObject", param_hint="ACTION")
    if known := spelt(text):
        return known
    if is_operation(*text.split(":")):
        return text
    raise click.BadParameter(f"there is no action {text}; did you mean {nearest(text)}?", param_hint="ACTION")


# Whose actions are done to resources of another service.
_DONE_TO = {"ssm": "ec2", "ec2-instance-connect": "ec2", "rds-data": "rds", "execute-api": "apigateway"}


def _of_service(service: str) -> list[str]:
    """The types that an action of a service may be done to, for one that is only named."""
    from auditor.resources import load

    return [cfn for cfn, each in load().items() if each.arn and _is_of(cfn, _DONE_TO.get(service, service))]


def _is_of(cfn: str, service: str) -> bool:
    """Whether resources of a type are named by ARNs of a service."""
    from auditor.resources import load
    from auditor.resources.permissions import prefix

    return cfn in load() and prefix(load()[cfn].service) == service


def _row(each: Reach) -> dict[str, object]:
    return {
        "who": each.who,
        "kind": each.kind,
        "answer": each.answer,
        "depends_on": list(each.keys),
        "unless": each.unless or None,
        "because": each.because,
        "unread": told_gaps(list(each.gaps)),
    }


# Answer -> the sign and the title of its group, and how it is counted.
_GROUPS = {
    "allow": ("holds", "Allowed", "allowed"),
    "depends": ("depends", "Allowed under conditions", "allowed under conditions"),
    "unknown": ("unknown", "Unknown: something could not be read", "unknown"),
    "deny": ("broken", "Explicitly denied", "explicitly denied"),
    "no": ("unverifiable", "Not allowed", "not allowed"),
}


def _print_reaches(title: str, found: list[Reach], verbose: bool) -> None:
    counted = {answer: [each for each in found if each.answer == answer] for answer in _GROUPS}
    line(title, 0, style="bold")
    line(
        ", ".join(f"{len(rows)} {_GROUPS[answer][2]}" for answer, rows in counted.items() if rows) or "no principals", 0
    )
    for answer, rows in counted.items():
        if not rows or (answer in ("deny", "no") and not verbose):
            continue
        sign, words, _ = _GROUPS[answer]
        unless = next((each.unless for each in rows if each.unless), "")
        group(sign, f"{words}, unless {unless}" if unless else words, len(rows))
        for each in rows:
            line(f"{each.kind:<9} {each.who}")
            line(because(each), 12, style="dim")


def because(each: Reach) -> str:
    return each.gaps[0].message if each.answer == "unknown" and each.gaps else each.because
