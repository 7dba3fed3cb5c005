"""Identities in code: policies and attachments that stand in blocks of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.model import ABSENT, Join, Json
from auditor.resources.shapes import parse_json
from auditor.resources.terraform import many

# What makes an identity strong, whatever else it is.
HELD = ("Policies", "ManagedPolicyArns")


def inline(value: Json) -> Json:
    """The `inline_policy` blocks of a role."""
    found = [_policy(each) for each in many(value) if each.get("name") or each.get("policy")]
    return found or ABSENT


def _policy(values: Mapping[str, Json]) -> dict[str, Json]:
    return {"PolicyName": values.get("name") or "", "PolicyDocument": parse_json(values.get("policy"))}


def _one(values: Mapping[str, Json]) -> Json:
    return [_policy(values)]


def _listed(name: str) -> Callable[[Mapping[str, Json]], Json]:
    return lambda values: many(values.get(name))


def _terraform_joins(kind: str, plural: str) -> tuple[Join, ...]:
    """What says a part of a role, user or group."""
    return (
        Join(f"aws_iam_{kind}_policy", kind, "Policies", _one),
        Join(f"aws_iam_{kind}_policy_attachment", kind, "ManagedPolicyArns", _listed("policy_arn")),
        Join("aws_iam_policy_attachment", plural, "ManagedPolicyArns", _listed("policy_arn")),
    )


def held_joins(kind: str) -> tuple[Join, ...]:
    """What code says of it in blocks of their own, in both languages."""
    noun, plural = kind.capitalize(), f"{kind.capitalize()}s"
    return (
        *_terraform_joins(kind, f"{kind}s"),
        Join(f"AWS::IAM::{noun}Policy", f"{noun}Name", "Policies", one_policy),
        Join("AWS::IAM::Policy", plural, "Policies", one_policy),
        Join("AWS::IAM::ManagedPolicyAttachment", plural, "ManagedPolicyArns", _attached),
    )


def _attached(fold: Mapping[str, Json]) -> Json:
    return [fold.get("PolicyArn")]


def one_policy(values: Mapping[str, Json]) -> Json:
    """A policy of code's own as the element of its owner's inline policies."""
    return [{"PolicyName": values.get("PolicyName"), "PolicyDocument": values.get("PolicyDocument")}]
