"""IAM groups, which only pass their policies on to their users."""

from __future__ import annotations

from auditor.model import EdgeTo, Prop, ResourceType
from auditor.resources.iam._code import HELD, held_joins
from auditor.resources.iam._live import attached_row, details, inline_row

TYPE = ResourceType(
    cfn="AWS::IAM::Group",
    service="iam",
    list=details("GroupDetailList"),
    id="GroupName",
    arn="Arn",
    name="GroupName",
    scope="global",
    terraform=("aws_iam_group",),
    folds=(
        "aws_iam_group_policy",
        "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment",
        "AWS::IAM::GroupPolicy",
    ),
    joins=held_joins("group"),
    alone=HELD,
    props=(
        Prop("Arn"),
        Prop("GroupName", tf="name"),
        Prop("Path", default="/"),
        inline_row("group"),
        attached_row("group"),
    ),
    edges=(EdgeTo("holds", "ManagedPolicyArns[]", ("AWS::IAM::ManagedPolicy",)),),
)
