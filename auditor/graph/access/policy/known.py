"""What is known of the request that a principal or a service makes, before anything else is said of it."""

from __future__ import annotations

import datetime as dt

from auditor.graph.access.policy.context import TAG, Context, clock
from auditor.graph.access.policy.documents import speaks_of, statements
from auditor.model import Gap, Hidden, Resource

# AWS puts these into requests that one of its services makes on somebody's behalf, and into no other.
# Not aws:SourceOwner, of which AWS documents no meaning: SNS asks it of every caller in the policy of a new topic.
_OF_SERVICES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


def of_principal(principal: Resource, now: dt.datetime | None = None) -> Context:
    """What AWS fills in for a role or a user of an account that calls for itself.

    AWS: a session may bring tags of its own, which go before those of the role, where the trust policy allows
    sts:TagSession; then the request decides about them.
    """
    user = principal.type == "AWS::IAM::User"
    values: dict[str, tuple[str, ...] | None] = {
        **clock(now),
        "aws:principalarn": (principal.arn,),
        "aws:principalaccount": (principal.account,),
        "aws:principaltype": ("User" if user else "AssumedRole",),
        "aws:principalisawsservice": ("false",),
        "aws:username": (principal.name or principal.id,) if user else None,
        **dict.fromkeys(_OF_SERVICES),
    }
    trust = principal.at("AssumeRolePolicyDocument")
    if not user and (isinstance(trust, Hidden) or _takes_tags(trust)):
        return Context(values)
    values |= {f"{TAG}{key.lower()}": (value,) for key, value in principal.tags.items()}
    return Context(values, tags_known=principal.gap("Tags") is None)


def unread_tags(principal: Resource) -> tuple[Gap, ...]:
    """What hides the tags of the principal, or whether its session may bring others."""
    return tuple(gap for name in ("Tags", "AssumeRolePolicyDocument") if (gap := principal.gap(name)))


def _takes_tags(trust: object) -> bool:
    """Whether a trust policy lets somebody bring tags, as far as its words go."""
    return any(each.get("Effect") == "Allow" and speaks_of(each, "sts:TagSession", "") for each in statements(trust))


def of_service(name: str, account: str) -> Context:
    """What is known when an AWS service calls for a resource of this account."""
    return Context(
        {
            **clock(),
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (name,),
            "aws:sourceaccount": (account,),
            "aws:username": None,
            "sts:externalid": None,
        }
    )
