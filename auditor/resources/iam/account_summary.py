"""The root user of an account: whether it has a second factor, access keys and certificates.

Every account has one, so it is found by asking who we are. Nobody but the root user itself can change it.
"""

from __future__ import annotations

from auditor.model import Call, Prop, ResourceType

_READ = Call("get_account_summary", out="SummaryMap")


def _told(name: str) -> Prop:
    return Prop(name, call=_READ, live=name, read=bool, absent="unknown")


TYPE = ResourceType(
    cfn="AWS::IAM::AccountSummary",
    service="iam",
    list=Call("get_caller_identity", service="sts"),
    id="Account",
    name="Root user of {account}",
    tags="",
    scope="account",
    ours="CloudFormation has no type for the root user.",
    props=tuple(map(_told, ("AccountMFAEnabled", "AccountAccessKeysPresent", "AccountSigningCertificatesPresent"))),
)
