"""`auditor who-can`: who may do an action on a resource, and which statements say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._account import IAM, graph_of, question_options, told_gaps

if TYPE_CHECKING:
    from auditor.graph.access.who import Reach


@click.command("who-can")
@click.argument("action")
@click.argument("resource")
@question_options
@click.option("-v", "--verbose", is_flag=True, help="Tell those too who cannot, and why.")
def command(
    action: str,
    resource: str,
    profile: str | None,
    regions: tuple[str, ...],
    source: Path | None,
    format: str,
    verbose: bool,
) -> int:
    """Tell who may do ACTION on RESOURCE (an ARN, a name, or bucket/key), with the statements that prove it.

    \b
    auditor who-can s3:GetObject media-bucket/photos/a.jpg
    auditor who-can sts:AssumeRole deploy --from account.json --format json
    """
    from auditor.graph.access.who import NotFound, arn_of, who_can

    if ":" not in action:
        raise click.BadParameter("write it as service:Action", param_hint="ACTION")
    graph = graph_of(_demand(resource, action), profile, regions, source)
    try:
        arn = arn_of(graph, resource)
    except NotFound as error:
        raise click.BadParameter(str(error), param_hint="RESOURCE") from error
    found = who_can(graph, action, arn)
    gaps = told_gaps(graph.inventory.gaps)
    if format == "json":
        answers = [_row(each) for each in found]
        click.echo(json.dumps({"action": action, "resource": arn, "answers": answers, "gaps": gaps}, indent=2))
    else:
        _text(action, arn, found, gaps, verbose)
    return 3 if gaps else 0


def _demand(resource: str, action: str) -> dict[str, frozenset[str] | None]:
    """IAM, and the types that the resource may be of: those of its service, or of the action's where it is
    only named."""
    from auditor.graph.access.owned import APART, BUCKET, KEY, PLACES
    from auditor.graph.access.who import BLOCK

    service = resource.split(":")[2] if resource.startswith("arn:") else action.split(":")[0]
    demand: dict[str, frozenset[str] | None] = dict(IAM)
    for cfn, place in PLACES.items():
        if _is_of(cfn, service) and cfn not in IAM:
            demand[cfn] = frozenset({"Arn", place, *(["Grants"] if cfn == KEY else [])})
    for cfn, (part, _) in APART.items():
        if _is_of(cfn, service):
            demand[cfn] = frozenset({"Arn", "PublicAccessBlockConfiguration"})
            demand[part] = None
    if BUCKET in demand:
        demand[BLOCK] = None
    return demand


def _is_of(cfn: str, service: str) -> bool:
    noun = cfn.split("::")[1].lower()
    return noun == {"elasticfilesystem": "efs"}.get(service, service)


def _row(each: Reach) -> dict[str, object]:
    keys = list(each.keys)
    return {"who": each.who, "kind": each.kind, "answer": each.answer, "depends_on": keys, "because": each.because}


def _text(action: str, arn: str, found: list[Reach], gaps: list[str], verbose: bool) -> None:
    words = {
        "allow": "can",
        "depends": "can, depending on the request",
        "unknown": "not known",
        "deny": "denied",
        "no": "cannot",
    }
    shown = [each for each in found if verbose or each.answer in ("allow", "depends", "unknown")]
    click.echo(f"{action} on {arn}")
    for answer, title in words.items():
        rows = [each for each in shown if each.answer == answer]
        if rows:
            click.echo(f"\n{title}:")
        for each in rows:
            click.echo(f"  {each.who} ({each.kind})\n    {each.because}")
    if not any(each.answer in ("allow", "depends") for each in found):
        click.echo("\nnobody can" if not any(each.answer == "unknown" for each in found) else "\nnobody surely can")
    click.echo("\nAssumed: no organisation policy takes it away; those cannot be read from the account itself.")
    for line in gaps:
        click.echo(f"not read: {line}")
