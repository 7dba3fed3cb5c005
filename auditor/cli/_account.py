"""Reading just what a question about an account needs, for commands that judge nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._options import Where, inventory_options

if TYPE_CHECKING:
    from auditor.graph.build import Graph
    from auditor.model import Gap, Inventory
    from auditor.model.organization import Organization

IAM: Mapping[str, frozenset[str]] = {
    "AWS::IAM::Role": frozenset(
        {
            "Arn",
            "RoleName",
            "RoleId",
            "Path",
            "AssumeRolePolicyDocument",
            "Policies",
            "ManagedPolicyArns",
            "PermissionsBoundary",
        }
    ),
    "AWS::IAM::User": frozenset(
        {"Arn", "UserName", "UserId", "Path", "Policies", "ManagedPolicyArns", "Groups", "PermissionsBoundary"}
    ),
    "AWS::IAM::Group": frozenset({"Arn", "GroupName", "Path", "Policies", "ManagedPolicyArns"}),
    "AWS::IAM::ManagedPolicy": frozenset({"PolicyArn", "ManagedPolicyName", "PolicyDocument", "Versions"}),
}


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where to read, and the form of the answer."""
    form = click.option(
        "--format", type=click.Choice(("text", "json")), default="text", show_default=True, help="Output format."
    )
    return inventory_options(form(command))


def read_code(where: Where) -> Inventory:
    """What the code declares, as the gate reads it."""
    from auditor import api

    return api.read(code=where.code, parameters=where.parameters, region=where.regions[0] if where.regions else "")


Organizations = Mapping[str, "Organization"]  # by the account that they bind


def read_account(demand: Mapping[str, frozenset[str] | None], where: Where) -> tuple[Graph, Organizations]:
    """The graph of an account, of saved inventories or of code, with what is demanded and described, and what binds
    each account.
    """
    from auditor import pipeline
    from auditor.cli._progress import progress
    from auditor.graph.build import build
    from auditor.resources import load
    from auditor.sources import live
    from auditor.sources.organization import read_organization, unsaid
    from auditor.sources.several import together

    types = load()
    if where.code:
        inventory = read_code(where)
        return build(inventory, types), {"": unsaid(inventory.accounts)}
    known = {cfn: props for cfn, props in demand.items() if cfn in types}
    found: list[Inventory] = []
    organizations: dict[str, Organization] = {}
    with progress("reading the account") as bar:
        for opened in pipeline.open_sources(where.wish(), pipeline.Definitions(), bar):
            found.append(live.read(opened.caller, opened.place, known, types))
            read, account = read_organization(opened.caller, opened.place), opened.place.account
            # Of two inventories of one account either may tell it.
            if account not in organizations or not read.gaps:
                organizations[account] = read
    return build(together(found), types), organizations


def unread_of(organizations: Organizations) -> list[Gap]:
    """What of the organizations could not be read."""
    return [gap for each in organizations.values() for gap in each.gaps]


def told_organization(organizations: Organizations) -> dict[str, object]:
    """What of an organization binds the accounts, for programs."""
    every = organizations.values()
    names = {
        "service_control_policies": [name for each in every for level in each.scps for name, _ in level],
        "resource_control_policies": [name for each in every for level in each.rcps for name, _ in level],
    }
    gaps = unread_of(organizations)
    return {
        "read": not gaps,
        **names,
        "not_read": told_gaps(gaps),
    }


def told_gaps(gaps: list[Gap]) -> list[str]:
    """What could not be read, each once, with what would cure it."""

    def line(gap: Gap) -> str:
        where = f"{gap.operation or ', '.join(gap.types)} ({gap.region or 'everywhere'})"
        cure = f"; {gap.cure}" if gap.cure else ""
        if cure and gap.service == "organizations" and gap.reason == "denied":
            cure += " in the management account of the organization, or in a delegated administrator account"
        return f"{where}: {gap.message}{cure}"

    return list(dict.fromkeys(line(gap) for gap in gaps))
