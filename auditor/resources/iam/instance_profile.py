"""IAM instance profiles, listed by themselves: those of the roles' details do not tell one that lost its role."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::IAM::InstanceProfile",
    service="iam",
    list=Call("list_instance_profiles", out="InstanceProfiles"),
    id="InstanceProfileName",
    arn="Arn",
    name="InstanceProfileName",
    scope="global",
    terraform=("aws_iam_instance_profile",),
    props=(
        Prop("Arn"),
        Prop("InstanceProfileName", tf="name"),
        Prop("Path", default="/"),
        Prop(
            "Roles",
            "Roles[].RoleName",
            tf="role",
            same="set",
            default=[],
            absent="unknown",
            single=True,
            add=Call("add_role_to_instance_profile", {"InstanceProfileName": "{name}", "RoleName": "{element}"}),
            remove=Call(
                "remove_role_from_instance_profile",
                {"InstanceProfileName": "{name}", "RoleName": "{element}"},
            ),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("acts-as", "Roles[]", ("AWS::IAM::Role",)),),
)
