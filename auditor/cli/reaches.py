"""`auditor reaches`: who gets at a bucket, a key, a secret or other data, through any number of steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from auditor.cli._account import IAM, question_options, read_account, told_gaps, told_organization, unread_of
from auditor.cli._options import Where
from auditor.cli._steps import step_rows, tell_steps
from auditor.cli._telling import group, line, not_read

if TYPE_CHECKING:
    from auditor.graph.access.reaching import Arrival, Arrivals

# Answer -> sign and title of its group, and how it is counted.
_GROUPS = {
    "allow": ("broken", "Reach it", "reach it"),
    "depends": ("depends", "Reach it under conditions", "reach it under conditions"),
    "unknown": ("unknown", "Unknown: something could not be read", "unknown"),
}


@click.command("reaches")
@click.argument("resource")
@click.option(
    "--action", "actions", metavar="ACTION", multiple=True, help="Instead of what reads its data; repeatable."
)
@question_options
def command(resource: str, actions: tuple[str, ...], where: Where, format: str) -> int:
    """Show who gets at the data of RESOURCE (an ARN or a name), with every step: as it is, by assuming or passing
    roles, or through what it would have to make or change first.

    Exits with 3 if something that the answer may depend on could not be read.

    \b
    auditor reaches media-bucket
    auditor reaches arn:aws:kms:eu-west-1:123456789012:key/1a2b --from account.json --format json
    auditor reaches orders --action dynamodb:PutItem
    """
    from auditor.cli.who_can import action_of
    from auditor.graph.access.held.guardrails import Guardrails
    from auditor.graph.access.reaching import reaches, resource_named
    from auditor.graph.access.who import NotFound

    asked = tuple(action_of(each) for each in actions)
    graph, organizations = read_account(_demand(resource), where)
    try:
        found = reaches(graph, resource_named(graph, resource), asked, Guardrails.together(organizations))
    except NotFound as error:
        raise click.BadParameter(str(error), param_hint="RESOURCE") from error
    gaps = told_gaps(graph.inventory.gaps)
    if format == "json":
        click.echo(
            json.dumps(_told(found) | {"organization": told_organization(organizations), "gaps": gaps}, indent=2)
        )
    else:
        _print_arrivals(found)
        not_read([*gaps, *told_gaps(unread_of(organizations))])
    answers = [*(each.answer for each in found.inside), *(each.answer for each in found.outside)]
    return 3 if gaps or ((unread_of(organizations) or "unknown" in answers) and not where.code) else 0


def _demand(resource: str) -> dict[str, frozenset[str] | None]:
    """What escalations reads, and everything that holds data and may be meant, with its policies and its key."""
    from auditor.cli.escalations import demand
    from auditor.graph.access.held.resource_policies import KEY, policy_places
    from auditor.graph.access.reaching import DATA
    from auditor.graph.access.who import BLOCK
    from auditor.model import paths
    from auditor.resources import load
    from auditor.resources.permissions import prefix

    services = {resource.split(":")[2]} if resource.startswith("arn:") else {row.service for row in DATA} - {"iam"}
    types = load()
    held = {cfn for cfn, each in types.items() if each.arn and prefix(each.service) in services} - IAM.keys() | {KEY}
    out = demand()
    for cfn in held:
        keys = {paths.top(row.via) for row in types[cfn].edges if row.relation == "encrypted-with"}
        already = out.get(cfn, frozenset())
        out[cfn] = None if already is None else already | keys | {"Arn"}
    for cfn, places in policy_places(held).items():
        already = out.get(cfn, frozenset())
        out[cfn] = None if already is None else already | set(places)
    return out | ({BLOCK: None} if "s3" in services else {})


def _told(found: Arrivals) -> dict[str, object]:
    return {
        "resource": found.arn,
        "actions": list(found.actions),
        "answers": [_row(each) for each in found.inside],
        "from_outside": [
            {"who": each.who, "kind": each.kind, "answer": each.answer, "because": each.because}
            for each in found.outside
        ],
        "unless": found.unless or None,
    }


def _row(each: Arrival) -> dict[str, object]:
    return {
        "who": each.principal.key,
        "answer": each.answer,
        "path": step_rows(each.path),
        "depends_on": list(each.asks),
        "entered_by": [{"who": one.who, "kind": one.kind, "sentence": one.sentence} for one in each.entered],
        "unread": told_gaps(list(each.gaps)),
    }


def _print_arrivals(found: Arrivals) -> None:
    from auditor.cli.who_can import because

    rows = {answer: [each for each in found.inside if each.answer == answer] for answer in (*_GROUPS, "no")}
    counted = [f"{len(rows[answer])} {words}" for answer, (_, _, words) in _GROUPS.items() if rows[answer]]
    counted += [f"{len(rows['no'])} cannot"] if rows["no"] else []
    line(f"{' or '.join(found.actions)} on {found.arn}", 0, style="bold")
    line(", ".join(counted) or "no principals", 0)
    for answer, (sign, title, _) in _GROUPS.items():
        if rows[answer]:
            group(sign, f"{title}, unless {found.unless}" if found.unless else title, len(rows[answer]))
        for each in rows[answer]:
            _principal(each)
    certain = [each for each in found.outside if each.answer != "unknown"]
    doubted = [each for each in found.outside if each.answer == "unknown"]
    for outside, sign, words in (
        (certain, "broken", "Let in"),
        (doubted, "unknown", "Unknown whether they are let in"),
    ):
        if outside:
            group(sign, f"{words} from outside by its own policy", len(outside))
        for one in outside:
            line(f"{one.kind:<9} {one.who}")
            line(because(one), 12, style="dim")


def _principal(each: Arrival) -> None:
    line(each.principal.key)
    tell_steps(each.path, each.entered, lambda key: key.rpartition("/")[2])
    if each.answer == "unknown" and each.gaps:
        line(told_gaps(list(each.gaps))[0], 4, style="dim")
