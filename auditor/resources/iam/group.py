"""IAM groups, which only pass their policies on to their users."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.iam._code import joins
from auditor.resources.iam._shapes import details, inline_policies, inline_text, one_policy

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
    joins=(
        *joins("group", "groups"),
        Join("AWS::IAM::GroupPolicy", "GroupName", "Policies", one_policy),
        Join("AWS::IAM::Policy", "Groups", "Policies", one_policy),
        Join("AWS::IAM::ManagedPolicyAttachment", "Groups", "ManagedPolicyArns", lambda fold: [fold.get("PolicyArn")]),
    ),
    props=(
        Prop("Arn"),
        Prop("GroupName", tf="name"),
        Prop("Path", default="/"),
        Prop(
            "Policies",
            "GroupPolicyList",
            read=inline_policies,
            tf="-",
            same="policy",
            default=[],
            add=Call(
                "put_group_policy",
                {
                    "GroupName": "{name}",
                    "PolicyName": "{element.PolicyName}",
                    "PolicyDocument": "{element.PolicyDocument}",
                },
            ),
            remove=Call("delete_group_policy", {"GroupName": "{name}", "PolicyName": "{element.PolicyName}"}),
            write=inline_text,
            risk="interrupts",
        ),
        Prop(
            "ManagedPolicyArns",
            "AttachedManagedPolicies[].PolicyArn",
            tf="-",
            same="set",
            default=[],
            add=Call("attach_group_policy", {"GroupName": "{name}", "PolicyArn": "{element}"}),
            remove=Call("detach_group_policy", {"GroupName": "{name}", "PolicyArn": "{element}"}),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("holds", "ManagedPolicyArns[]", ("AWS::IAM::ManagedPolicy",)),),
)
