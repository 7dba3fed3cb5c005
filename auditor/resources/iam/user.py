"""IAM users, without what only a credential report tells (password age, keys, second factor)."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.iam._code import HELD, held_joins
from auditor.resources.iam._live import attached_row, boundary_row, details, inline_row

TYPE = ResourceType(
    cfn="AWS::IAM::User",
    service="iam",
    list=details("UserDetailList"),
    id="UserName",
    arn="Arn",
    name="UserName",
    scope="global",
    terraform=("aws_iam_user",),
    folds=(
        "aws_iam_user_policy",
        "aws_iam_user_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_user_group_membership",
        "aws_iam_group_membership",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::UserToGroupAddition",
        "AWS::IAM::Policy",
    ),
    alone=HELD,
    joins=(
        *held_joins("user"),
        Join("aws_iam_group_membership", "users", "Groups", lambda fold: [fold.get("group")]),
        Join("AWS::IAM::UserToGroupAddition", "Users", "Groups", lambda fold: [fold.get("GroupName")]),
    ),
    props=(
        Prop("Arn"),
        Prop("UserName", tf="name"),
        Prop("UserId", tf="unique_id", always=True, ours="policies name users by it in aws:userid"),
        Prop("Path", default="/"),
        inline_row("user"),
        attached_row("user"),
        Prop(
            "Groups",
            "GroupList",
            tf="aws_iam_user_group_membership.groups",
            same="set",
            default=[],
            absent="unknown",
            add=Call("add_user_to_group", {"UserName": "{name}", "GroupName": "{element}"}),
            remove=Call("remove_user_from_group", {"UserName": "{name}", "GroupName": "{element}"}),
            risk="interrupts",
        ),
        boundary_row("user"),
    ),
    edges=(
        EdgeTo("holds", "ManagedPolicyArns[]", ("AWS::IAM::ManagedPolicy",)),
        EdgeTo("part-of", "Groups[]", ("AWS::IAM::Group",)),
        EdgeTo("applies", "PermissionsBoundary", ("AWS::IAM::ManagedPolicy",)),
    ),
)
