"""IAM roles."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Edit, Join, Prop, ResourceType
from auditor.resources._shapes import parse_json, to_json
from auditor.resources.iam._code import inline, joins
from auditor.resources.iam._shapes import details, inline_policies, inline_text, one_policy, trusted

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
    joins=(
        *joins("role", "roles"),
        Join("AWS::IAM::RolePolicy", "RoleName", "Policies", one_policy),
        Join("AWS::IAM::Policy", "Roles", "Policies", one_policy),
        Join("AWS::IAM::ManagedPolicyAttachment", "Roles", "ManagedPolicyArns", lambda fold: [fold.get("PolicyArn")]),
    ),
    aws_made="starts_with(Path, '/aws-service-role/') || starts_with(Path, '/aws-reserved/')",
    props=(
        Prop("Arn"),
        Prop("RoleName", tf="name"),
        Prop("Path", default="/"),
        Prop(
            "AssumeRolePolicyDocument",
            read=parse_json,
            tf="assume_role_policy",
            same="policy",
            set=Call("update_assume_role_policy", {"RoleName": "{name}", "PolicyDocument": "{value}"}),
            write=to_json,
            risk="interrupts",
            note="Whoever leans on the statement that goes can no longer assume the role.",
        ),
        Prop(
            "Policies",
            "RolePolicyList",
            read=inline_policies,
            tf="inline_policy",
            tf_read=inline,
            same="policy",
            default=[],
            add=Call(
                "put_role_policy",
                {
                    "RoleName": "{name}",
                    "PolicyName": "{element.PolicyName}",
                    "PolicyDocument": "{element.PolicyDocument}",
                },
            ),
            remove=Call("delete_role_policy", {"RoleName": "{name}", "PolicyName": "{element.PolicyName}"}),
            write=inline_text,
            risk="interrupts",
        ),
        Prop(
            "ManagedPolicyArns",
            "AttachedManagedPolicies[].PolicyArn",
            same="set",
            default=[],
            add=Call("attach_role_policy", {"RoleName": "{name}", "PolicyArn": "{element}"}),
            remove=Call("detach_role_policy", {"RoleName": "{name}", "PolicyArn": "{element}"}),
            risk="interrupts",
        ),
        Prop(
            "PermissionsBoundary",
            "PermissionsBoundary.PermissionsBoundaryArn",
            set=Call("put_role_permissions_boundary", {"RoleName": "{name}", "PermissionsBoundary": "{value}"}),
            unset=Call("delete_role_permissions_boundary", {"RoleName": "{name}"}),
            risk="interrupts",
        ),
        Prop(
            "MaxSessionDuration",
            call=_ROLE,
            live="MaxSessionDuration",
            default=3600,
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
            note="Sessions that run keep the length they were given; whoever asks for a longer one is refused.",
        ),
    ),
    edges=(
        EdgeTo("trusts", "AssumeRolePolicyDocument", ("AWS::IAM::Role", "AWS::IAM::User"), take=trusted),
        EdgeTo("holds", "ManagedPolicyArns[]", ("AWS::IAM::ManagedPolicy",)),
        EdgeTo("applies", "PermissionsBoundary", ("AWS::IAM::ManagedPolicy",)),
    ),
)
