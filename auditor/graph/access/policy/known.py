"""What is known of the request that a principal or a service makes, before anything else is said of it."""

from __future__ import annotations

import datetime as dt

from auditor.graph.access.policy.context import ANY_SESSION, TAG, Context, Values, clock
from auditor.graph.access.policy.documents import speaks_of, statements
from auditor.model import Gap, Hidden, Resource

# AWS: what is one for the whole world answers at an endpoint in one region, and that is aws:RequestedRegion.
_IN_ONE_REGION = {
    **dict.fromkeys(
        (
            "account", "budgets", "ce", "cloudfront", "cur", "iam", "organizations", "route53", "route53domains",
            "savingsplans", "shield", "support", "trustedadvisor", "waf",
        ),
        "us-east-1",
    ),
    **dict.fromkeys(
        ("globalaccelerator", "networkmanager", "route53-recovery-control-config", "route53-recovery-readiness"),
        "us-west-2",
    ),
}  # fmt: skip
_ELSEWHERE = {
    "aws-us-gov": "us-gov-west-1",
    "aws-cn": "cn-northwest-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
}
# AWS puts these into requests that one of its services makes on somebody's behalf, and into no other.
# Not aws:SourceOwner, of which AWS documents no meaning: SNS asks it of every caller in the policy of a new topic.
_OF_SERVICES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


def of_principal(principal: Resource, now: dt.datetime | None = None) -> Context:
    """What AWS fills in for a role or a user of an account that calls for itself.

    AWS: aws:userid is the id of a user, and of a role's session the id of the role and the name of the session.

    AWS: a session may bring tags of its own, which go before those of the role, where the trust policy allows
    sts:TagSession; then the request decides about them.
    """
    user = principal.type == "AWS::IAM::User"
    values: Values = {
        **clock(now),
        "aws:principalarn": (principal.arn,),
        "aws:principalaccount": (principal.account,),
        "aws:principaltype": ("User" if user else "AssumedRole",),
        "aws:principalisawsservice": ("false",),
        "aws:username": (principal.name or principal.id,) if user else None,
        **dict.fromkeys(_OF_SERVICES),
    }
    if unique := principal.known("UserId" if user else "RoleId"):
        values["aws:userid"] = (str(unique) if user else f"{unique}:{ANY_SESSION}",)
    trust = principal.at("AssumeRolePolicyDocument")
    if not user and (isinstance(trust, Hidden) or _takes_tags(trust)):
        return Context(values)
    values |= {f"{TAG}{key.lower()}": (value,) for key, value in principal.tags.items()}
    return Context(values, tags_known=principal.gap("Tags") is None, keys_of_long_term=user)


def unread_tags(principal: Resource) -> tuple[Gap, ...]:
    """What hides the tags of the principal, or whether its session may bring others."""
    return tuple(gap for name in ("Tags", "AssumeRolePolicyDocument") if (gap := principal.gap(name)))


def _takes_tags(trust: object) -> bool:
    """Whether a trust policy lets somebody bring tags, as far as its words go."""
    return any(each.get("Effect") == "Allow" and speaks_of(each, "sts:TagSession", "") for each in statements(trust))


def partition_of(arn: str) -> str:
    """The partition that an ARN says; code may have none."""
    return arn.split(":", 2)[1] if arn.startswith("arn:") and arn.count(":") > 1 else "aws"


def endpoint_region(action: str, arn: str, partition: str = "aws") -> str:
    """The region of the endpoint that takes the request, where the action or the resource fixes it; empty: a choice.

    STS answers in every region for roles, which are in none. A bucket has its region apart from its ARN.
    """
    service = action.partition(":")[0].lower()
    parts = arn.split(":", 5)
    spoken = parts[1] if len(parts) == 6 and parts[1].startswith("aws") else partition
    if service in _IN_ONE_REGION:
        own = "cn-north-1" if spoken == "aws-cn" and service == "iam" else _ELSEWHERE.get(spoken, "")
        return own or _IN_ONE_REGION[service]
    region = parts[3] if len(parts) == 6 and service != "sts" else ""
    return "" if "*" in region or "?" in region else region


def fixed(action: str, arn: str, region: str, account: str, organization: str | None = "") -> Values:
    """What the resource fixes of a request. `organization`: its id; empty: not known, None: the account is in none."""
    found: Values = {}
    if region := endpoint_region(action, arn) or region:
        found["aws:requestedregion"] = (region,)
    if account:
        found["aws:resourceaccount"] = (account,)
        if organization != "":
            found["aws:resourceorgid"] = (organization,) if organization else None
    return found


def of_service(name: str, account: str) -> Context:
    """What is known when an AWS service calls for a resource of this account. Services call over TLS, and are no
    principal of an organization."""
    return Context(
        {
            **clock(),
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (name,),
            "aws:sourceaccount": (account,),
            "aws:securetransport": ("true",),
            "aws:principalorgid": None,
            "aws:principalorgpaths": None,
            "aws:username": None,
            "sts:externalid": None,
        }
    )
