"""IAM roles."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Edit, Prop, ResourceType
from auditor.resources.iam._code import HELD, held_joins, inline
from auditor.resources.iam._live import attached_row, boundary_row, callers, details, inline_row, trusted

_ROLE = Call("get_role", {"RoleName": "{name}"}, out="Role", absent=("NoSuchEntity",))

TYPE = ResourceType(
    cfn="AWS::IAM::Role",
    service="iam",
    list=details("RoleDetailList"),
    id="RoleName",
    arn="Arn",
    name="RoleName",
    scope="global",
    terraform=("aws_iam_role",),
    folds=(
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy_attachments_exclusive",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::Policy",
    ),
    joins=held_joins("role"),
    alone=HELD,
    aws_made="starts_with(Path, '/aws-service-role/') || starts_with(Path, '/aws-reserved/')",
    props=(
        Prop("Arn"),
        Prop("RoleName", tf="name"),
        Prop("RoleId", tf="unique_id", absent="unknown"),
        Prop("Path", default="/"),
        Prop(
            "AssumeRolePolicyDocument",
            kind="json",
            absent="unknown",
            tf="assume_role_policy",
            same="policy",
            set=Call("update_assume_role_policy", {"RoleName": "{name}", "PolicyDocument": "{value}"}),
            exact=Call("get_role", {"RoleName": "{name}"}, out="Role.AssumeRolePolicyDocument"),
            risk="interrupts",
            note="Principals that rely on the removed statement can no longer assume the role.",
        ),
        inline_row("role", "inline_policy", inline),
        attached_row("role", tf=""),
        boundary_row("role"),
        Prop(
            "MaxSessionDuration",
            call=_ROLE,
            live="MaxSessionDuration",
            default=3600,
            absent="unknown",
            # update_role puts the hour back when it is not told the duration, so both members are sent.
            edit=Edit(
                read=Call("get_role", {"RoleName": "{name}"}),
                write=Call(
                    "update_role",
                    {
                        "RoleName": "{name}",
                        "Description": "{value.Description?}",
                        "MaxSessionDuration": "{value.MaxSessionDuration?}",
                    },
                ),
                inside="Role",
            ),
            risk="interrupts",
            note="Active sessions keep their duration; requests for longer sessions are denied.",
        ),
    ),
    edges=(
        EdgeTo(
            "trusts",
            "AssumeRolePolicyDocument",
            ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::OIDCProvider"),
            take=trusted,
        ),
        EdgeTo("mentions", "AssumeRolePolicyDocument", ("AWS::EC2::EIP", "AWS::EC2::Instance"), take=callers),
        EdgeTo("holds", "ManagedPolicyArns[]", ("AWS::IAM::ManagedPolicy",)),
        EdgeTo("applies", "PermissionsBoundary", ("AWS::IAM::ManagedPolicy",)),
    ),
)
