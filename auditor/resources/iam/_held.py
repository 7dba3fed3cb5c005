"""The rows of what a role, a user or a group holds: policies of its own, attached ones, the boundary around both.

AWS has the same operations for each of the three, with the kind in their names. What is granted to somebody who is not
seen here, or taken from somebody who leans on it, interrupts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.model import Call, Join, Json, Prop
from auditor.resources.iam._code import joins
from auditor.resources.iam._shapes import inline_policies, inline_text, one_policy


def inline_row(kind: str, tf: str = "-", tf_read: Callable[[Json], Json] | None = None) -> Prop:
    """Policies that belong to the one identity."""
    noun = kind.capitalize()
    owner: dict[str, Json] = {f"{noun}Name": "{name}"}
    policy = {"PolicyName": "{element.PolicyName}", "PolicyDocument": "{element.PolicyDocument}"}
    return Prop(
        "Policies",
        f"{noun}PolicyList",
        read=inline_policies,
        tf=tf,
        tf_read=tf_read,
        same="policy",
        default=[],
        absent="" if kind == "user" else "unknown",  # a user without any is answered without the list
        add=Call(f"put_{kind}_policy", owner | policy),
        remove=Call(f"delete_{kind}_policy", owner | {"PolicyName": "{element.PolicyName}"}),
        write=inline_text,
        risk="interrupts",
    )


def attached_row(kind: str, tf: str = "-") -> Prop:
    """Managed policies, by their ARNs."""
    attachment: dict[str, Json] = {f"{kind.capitalize()}Name": "{name}", "PolicyArn": "{element}"}
    return Prop(
        "ManagedPolicyArns",
        "AttachedManagedPolicies[].PolicyArn",
        tf=tf,
        same="set",
        default=[],
        absent="unknown",
        add=Call(f"attach_{kind}_policy", attachment),
        remove=Call(f"detach_{kind}_policy", attachment),
        risk="interrupts",
    )


def boundary_row(kind: str) -> Prop:
    """What the identity may do at the most. Groups have none."""
    owner: dict[str, Json] = {f"{kind.capitalize()}Name": "{name}"}
    return Prop(
        "PermissionsBoundary",
        "PermissionsBoundary.PermissionsBoundaryArn",
        absent="not set",
        set=Call(f"put_{kind}_permissions_boundary", owner | {"PermissionsBoundary": "{value}"}),
        unset=Call(f"delete_{kind}_permissions_boundary", owner),
        risk="interrupts",
    )


def held_joins(kind: str) -> tuple[Join, ...]:
    """What code says of it in blocks of their own, in both languages."""
    noun, plural = kind.capitalize(), f"{kind.capitalize()}s"
    return (
        *joins(kind, f"{kind}s"),
        Join(f"AWS::IAM::{noun}Policy", f"{noun}Name", "Policies", one_policy),
        Join("AWS::IAM::Policy", plural, "Policies", one_policy),
        Join("AWS::IAM::ManagedPolicyAttachment", plural, "ManagedPolicyArns", _attached),
    )


def _attached(fold: Mapping[str, Json]) -> Json:
    return [fold.get("PolicyArn")]
