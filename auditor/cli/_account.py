"""Reading just what a question about an account needs, for commands that judge nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._options import aws_options

if TYPE_CHECKING:
    from auditor.graph.build import Graph
    from auditor.model import Gap
    from auditor.model.organization import Organization

IAM: Mapping[str, frozenset[str]] = {
    "AWS::IAM::Role": frozenset(
        {"Arn", "RoleName", "Path", "AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "PermissionsBoundary"}
    ),
    "AWS::IAM::User": frozenset(
        {"Arn", "UserName", "Path", "Policies", "ManagedPolicyArns", "Groups", "PermissionsBoundary"}
    ),
    "AWS::IAM::Group": frozenset({"Arn", "GroupName", "Path", "Policies", "ManagedPolicyArns"}),
    "AWS::IAM::ManagedPolicy": frozenset({"PolicyArn", "ManagedPolicyName", "PolicyDocument", "Versions"}),
}


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where to read, and the form of the answer."""
    for option in (
        click.option(
            "--format", type=click.Choice(("text", "json")), default="text", show_default=True, help="Output format."
        ),
        click.option(
            "--from",
            "source",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A saved inventory (`auditor scan -o FILE`) instead of an account.",
        ),
    ):
        command = option(command)
    return aws_options(command)


def read_account(
    demand: Mapping[str, frozenset[str] | None], profile: str | None, regions: tuple[str, ...], source: Path | None
) -> tuple[Graph, Organization]:
    """The graph of an account or a saved inventory, with what is demanded and described, and what binds the account."""
    from auditor import pipeline
    from auditor.cli._progress import progress
    from auditor.graph.build import build
    from auditor.resources import load
    from auditor.sources import live
    from auditor.sources.organization import read_organization

    types = load()
    wish = pipeline.Wish(regions=regions, profile=profile, source=source)
    with progress("reading the account") as bar:
        opened = pipeline.open_source(wish, pipeline.Definitions([], []), bar)
        known = {cfn: props for cfn, props in demand.items() if cfn in types}
        inventory = live.read(opened.caller, opened.place, known, types)
        organization = read_organization(opened.caller, opened.place)
    return build(inventory, types), organization


def told_organization(organization: Organization) -> dict[str, object]:
    """What of an organization binds the account, for programs."""
    names = {
        "service_control_policies": [name for level in organization.scps for name, _ in level],
        "resource_control_policies": [name for level in organization.rcps for name, _ in level],
    }
    return {"read": not organization.gaps, **names, "not_read": told_gaps(list(organization.gaps))}


def told_gaps(gaps: list[Gap]) -> list[str]:
    """What could not be read, each once, with what would cure it."""

    def line(gap: Gap) -> str:
        where = f"{gap.operation or ', '.join(gap.types)} ({gap.region or 'everywhere'})"
        cure = f"; {gap.cure}" if gap.cure else ""
        if cure and gap.service == "organizations" and gap.reason == "denied":
            cure += " in the management account of the organization, or in a delegated administrator account"
        return f"{where}: {gap.message}{cure}"

    return list(dict.fromkeys(line(gap) for gap in gaps))
