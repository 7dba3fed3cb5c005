"""IAM users, without what only a credential report tells (password age, keys, second factor)."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.iam._code import joins
from auditor.resources.iam._shapes import details, inline_policies, inline_text, one_policy

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
    joins=(
        *joins("user", "users"),
        Join("aws_iam_group_membership", "users", "Groups", lambda fold: [fold.get("group")]),
        Join("AWS::IAM::UserPolicy", "UserName", "Policies", one_policy),
        Join("AWS::IAM::Policy", "Users", "Policies", one_policy),
        Join("AWS::IAM::ManagedPolicyAttachment", "Users", "ManagedPolicyArns", lambda fold: [fold.get("PolicyArn")]),
        Join("AWS::IAM::UserToGroupAddition", "Users", "Groups", lambda fold: [fold.get("GroupName")]),
    ),
    props=(
        Prop("Arn"),
        Prop("UserName", tf="name"),
        Prop("Path", default="/"),
        Prop(
            "Policies",
            "UserPolicyList",
            read=inline_policies,
            tf="-",
            same="policy",
            default=[],
            add=Call(
                "put_user_policy",
                {
                    "UserName": "{name}",
                    "PolicyName": "{element.PolicyName}",
                    "PolicyDocument": "{element.PolicyDocument}",
                },
            ),
            remove=Call("delete_user_policy", {"UserName": "{name}", "PolicyName": "{element.PolicyName}"}),
            write=inline_text,
            risk="interrupts",
        ),
        Prop(
            "ManagedPolicyArns",
            "AttachedManagedPolicies[].PolicyArn",
            tf="-",
            same="set",
            default=[],
            add=Call("attach_user_policy", {"UserName": "{name}", "PolicyArn": "{element}"}),
            remove=Call("detach_user_policy", {"UserName": "{name}", "PolicyArn": "{element}"}),
            risk="interrupts",
        ),
        Prop(
            "Groups",
            "GroupList",
            tf="aws_iam_user_group_membership.groups",
            same="set",
            default=[],
            add=Call("add_user_to_group", {"UserName": "{name}", "GroupName": "{element}"}),
            remove=Call("remove_user_from_group", {"UserName": "{name}", "GroupName": "{element}"}),
            risk="interrupts",
        ),
        Prop(
            "PermissionsBoundary",
            "PermissionsBoundary.PermissionsBoundaryArn",
            set=Call("put_user_permissions_boundary", {"UserName": "{name}", "PermissionsBoundary": "{value}"}),
            unset=Call("delete_user_permissions_boundary", {"UserName": "{name}"}),
            risk="interrupts",
        ),
    ),
    edges=(
        EdgeTo("holds", "ManagedPolicyArns[]", ("AWS::IAM::ManagedPolicy",)),
        EdgeTo("part-of", "Groups[]", ("AWS::IAM::Group",)),
        EdgeTo("applies", "PermissionsBoundary", ("AWS::IAM::ManagedPolicy",)),
    ),
)
