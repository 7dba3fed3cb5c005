"""Roles that AWS itself makes in accounts of an organization: known by name and exact trust, and told as what they are.

The name alone is nobody's proof: whoever may create roles may give it. So the trust has to be the one that AWS writes,
of the account that manages the organization or, where AWS documents that, of one to which it delegates.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from auditor.graph.access.policy.conditions import many
from auditor.graph.access.strangers.trust import Trusted
from auditor.model.organization import Managers


class Made(NamedTuple):
    """`who`: what AWS trusts of the other account; `delegated`: a delegated administrator account may be that too."""

    name: str
    what: str
    who: str
    delegated: bool = False


_ROOT = r"arn:[a-z-]+:iam::\d{12}:root|\d{12}"
_ROLE = r"arn:[a-z-]+:iam::\d{12}:role/"
_STACK_SETS = (
    r"aws-service-role/(?:member|stacksets)\.[a-z.]*amazonaws\.com/AWSServiceRoleForCloudFormationStackSetsOrgAdmin"
)
ROLES = (
    Made("OrganizationAccountAccessRole", "the role that AWS Organizations makes in accounts", _ROOT),
    Made("AWSControlTowerExecution", "the role by which AWS Control Tower works in accounts", _ROOT),
    Made(
        "aws-controltower-(Administrator|ReadOnly)ExecutionRole",
        "the role by which AWS Control Tower audits accounts",
        rf"{_ROLE}(service-role/)?aws-controltower-Audit(Administrator|ReadOnly)Role",
        delegated=True,
    ),
    Made(
        "AWSCloudFormationStackSetExecutionRole",
        "the role by which StackSets work in accounts",
        rf"{_ROOT}|{_ROLE}(service-role/)?AWSCloudFormationStackSetAdministrationRole",
        delegated=True,
    ),
    Made(
        "stacksets-exec-[0-9a-f]{32}",
        "the role by which StackSets work in accounts",
        _ROLE + _STACK_SETS,
        delegated=True,
    ),
    Made(
        r"cdk-[A-Za-z0-9_-]{1,10}-(deploy|file-publishing|image-publishing|lookup)-role-\d{12}-[a-z0-9-]+",
        "a role of the CDK's bootstrap stack",
        _ROOT,
        delegated=True,
    ),
)


def made_by_aws(name: str) -> Made | None:
    """What AWS makes under the name of a role."""
    return next((each for each in ROLES if re.fullmatch(each.name, name)), None)


def told(found: Trusted, name: str, managers: Managers | None) -> Trusted:
    """What a trust of another account is where the role has a name of AWS's; `managers` None: nobody asked for them."""
    made = made_by_aws(name)
    if made is None or not found.account:
        return found
    if not _fits(found, made):
        return _misused(found, made)
    if managers is None or managers.gap:
        words = f"{made.what}, if account {found.account} manages the organization, which is not known"
        return replace(found, certain=False, sentence=words)
    if found.account == managers.management:
        return _as_made(found, f"{made.what}: account {found.account}, which manages the organization, can assume it")
    if made.delegated and managers.management and managers.delegated is None:
        words = f"{made.what}, if account {found.account} is a delegated administrator, which is not known"
        return replace(found, certain=False, sentence=words)
    if made.delegated and found.account in (managers.delegated or ()):
        return _as_made(found, f"{made.what}: account {found.account}, a delegated administrator, can assume it")
    return _misused(found, made)


def _as_made(found: Trusted, words: str) -> Trusted:
    return replace(found, severity="low", sentence=words, made=True)


def _misused(found: Trusted, made: Made) -> Trusted:
    words = f"{found.sentence}, under the name of {made.what}, which would trust the management account"
    return replace(found, severity="critical", sentence=words)


def _fits(found: Trusted, made: Made) -> bool:
    """Whether the statement is the one that AWS writes: one principal, nothing but assuming the role."""
    principal = found.statement.get("Principal")
    named = many(principal.get("AWS", ())) if isinstance(principal, dict) and set(principal) == {"AWS"} else ()
    actions = {each.lower() for each in many(found.statement.get("Action", ()))}
    plain = "sts:assumerole" in actions and actions <= {"sts:assumerole", "sts:tagsession"}
    return plain and len(named) == 1 and re.fullmatch(made.who, named[0]) is not None
