"""IAM instance profiles that hold a role: they come with the roles, and an empty one grants nothing."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.iam._shapes import details

TYPE = ResourceType(
    cfn="AWS::IAM::InstanceProfile",
    service="iam",
    list=details("RoleDetailList[].InstanceProfileList[]"),
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
