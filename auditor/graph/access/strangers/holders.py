"""Whether a policy makes whoever holds it an administrator: by what it allows, and not by how it is written.

Whoever may attach or put any policy to any user and to any role has every permission that there is. So the engine asks
for these, of a user and a role that nothing names: a policy for everything allows them, in whichever spelling, and so
does one for IAM alone. Conditions count as far as the holder cannot satisfy them as it pleases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.policy.context import clock
from auditor.graph.access.policy.documents import Clause, Document, Statement, compiled
from auditor.graph.access.policy.known import endpoint_region, partition_of
from auditor.graph.access.policy.patterns import fits
from auditor.graph.access.strangers.admits import admitted, asked_by
from auditor.graph.access.strangers.choices import Stranger, Value
from auditor.graph.access.strangers.forms import ACCOUNT, read

# Of each kind of principal one of these is enough.
_GAINS = {
    "user": ("iam:AttachUserPolicy", "iam:PutUserPolicy"),
    "role": ("iam:AttachRolePolicy", "iam:PutRolePolicy"),
}


@dataclass(frozen=True, slots=True)
class Administrators:
    """Whether a policy makes administrators (None: what is malformed or open decides), by which statements, and whether
    these allow everything anyway."""

    value: bool | None
    statements: tuple[Statement, ...] = ()
    whole: bool = False


def administrators(
    document: Any, account: str = "", partition: str = "aws", known: Mapping[str, Value] | None = None
) -> Administrators:
    """What a policy makes of its holder; `known` are condition keys of which the holder's value is known."""
    policy = compiled(document)
    known = {**({"aws:principalaccount": (account,)} if account.isdigit() else {}), **(known or {})}
    account = account if account.isdigit() else ACCOUNT
    given: list[bool | None] = []
    by: list[Clause] = []
    for kind, actions in _GAINS.items():
        arn = f"arn:{partition}:iam::{account}:{kind}/any-that-nothing-names"
        found = [(each, clause) for action in actions for each, clause in _allowed(policy, action, arn, known)]
        given.append(True if any(each for each, _ in found) else None if found else False)
        by += [clause for each, clause in found if each]
    value = False if False in given else None if None in given else True
    clauses = list(dict.fromkeys(by)) if value else []
    return Administrators(value, tuple(each.raw for each in clauses), any(each.whole for each in clauses))


def _allowed(
    policy: Document, action: str, arn: str, known: Mapping[str, Value]
) -> Iterator[tuple[bool | None, Clause]]:
    """The statements that allow an action on a resource, each with whether it certainly does."""
    denials = [asked_by(each.condition) for each in policy.denials(action.lower()) if _is_about(each, arn)]
    region = endpoint_region(action, arn)
    holder = Stranger(
        "holder", known={**clock(), **_of_request(action, partition_of(arn)), "aws:requestedregion": (region,), **known}
    )
    for clause in policy.allows(action.lower()):
        if _is_about(clause, arn):
            found = admitted(holder, asked_by(clause.condition), denials)
            if found is not False:
                yield found, clause


def _of_request(action: str, partition: str) -> dict[str, Value]:
    """What the request says of itself: it gives everything, to somebody without a boundary and without tags."""
    return {"iam:policyarn": (f"arn:{partition}:iam::aws:policy/AdministratorAccess",) if ":Attach" in action else None}


def _is_about(clause: Clause, arn: str) -> bool:
    found = any(fits(text, arn) for each in clause.resources if isinstance(text := _with_variables_read(each), str))
    return found != clause.but_resources


def _with_variables_read(resource: str) -> str | bool | None:
    return read(resource) if "${" in resource else resource
