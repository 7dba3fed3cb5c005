"""The account's password policy for IAM users.

An account has one answer to how passwords must be, if only AWS's own when nobody set a policy: so the resource is
found by asking who we are, and is there to be judged also while it says nothing.
"""

from __future__ import annotations

from auditor.model import Call, Edit, Json, Prop, ResourceType

_READ = Call("get_account_password_policy", out="PasswordPolicy", absent=("NoSuchEntity",))
_MEMBERS = (
    "MinimumPasswordLength",
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
    "MaxPasswordAge",
    "PasswordReusePrevention",
    "HardExpiry",
)
# Counts of days and of passwords start at one: a nought says that there is no limit, and cannot be written back.
_FROM_ONE = ("MaxPasswordAge", "PasswordReusePrevention")
_SAID = ", ".join(f"{name}: [{name}][?@ > `0`] | [0]" if name in _FROM_ONE else f"{name}: {name}" for name in _MEMBERS)
# What the call is not told goes back to its default, so every member is sent as it was read.
_EDIT = Edit(
    read=Call("get_account_password_policy", absent=("NoSuchEntity",)),
    write=Call("update_account_password_policy", {name: f"{{value.{name}?}}" for name in _MEMBERS}),
    inside=f"PasswordPolicy.{{{_SAID}}}",
)


def _limit(value: Json) -> Json:
    return value or None


def _rule(name: str, default: Json = False) -> Prop:
    return Prop(
        name,
        call=_READ,
        live=name,
        default=default,
        absent="unknown",
        edit=_EDIT,
        note="Applies when a password is next changed.",
    )


TYPE = ResourceType(
    cfn="AWS::IAM::AccountPasswordPolicy",
    service="iam",
    list=Call("get_caller_identity", service="sts"),
    id="Account",
    name="Password policy of {account}",
    tags="",
    scope="account",
    terraform=("aws_iam_account_password_policy",),
    ours="CloudFormation has no type for the account's password policy.",
    props=(
        # Six is the default inside a policy; an account without one asks for eight. No rule is content.
        _rule("MinimumPasswordLength", 6),
        _rule("RequireSymbols"),
        _rule("RequireNumbers"),
        _rule("RequireUppercaseCharacters"),
        _rule("RequireLowercaseCharacters"),
        _rule("AllowUsersToChangePassword"),
        Prop(
            "MaxPasswordAge",
            call=_READ,
            live="MaxPasswordAge",
            read=_limit,
            absent="not set",
            edit=_EDIT,
            risk="interrupts",
            note="Passwords older than the new age expire at once.",
        ),
        Prop(
            "PasswordReusePrevention",
            call=_READ,
            live="PasswordReusePrevention",
            read=_limit,
            absent="not set",
            edit=_EDIT,
        ),
        Prop(
            "HardExpiry",
            call=_READ,
            live="HardExpiry",
            default=False,
            edit=_EDIT,
            risk="interrupts",
            note="A user with an expired password is locked out until an administrator resets it.",
        ),
    ),
)
