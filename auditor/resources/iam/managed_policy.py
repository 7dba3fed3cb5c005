"""IAM managed policies: the account's own, and those of AWS that something here is attached to.

AWS's own are read because what a role may do includes them; they are marked as AWS's and never mended.
"""

from __future__ import annotations

from auditor.model import Call, Prop, ResourceType
from auditor.resources._shapes import parse_json, to_json
from auditor.resources.iam._shapes import details

TYPE = ResourceType(
    cfn="AWS::IAM::ManagedPolicy",
    service="iam",
    list=details("Policies"),
    id="Arn",
    arn="Arn",
    name="PolicyName",
    scope="global",
    terraform=("aws_iam_policy",),
    aws_made="contains(Arn, '::aws:policy/')",
    props=(
        Prop("PolicyArn", "Arn", tf="arn"),
        Prop("ManagedPolicyName", "PolicyName", tf="name"),
        Prop("Path", default="/"),
        Prop("Description"),
        Prop("AttachmentCount"),
        Prop(
            "PolicyDocument",
            "PolicyVersionList[?IsDefaultVersion] | [0].Document",
            read=parse_json,
            tf="policy",
            same="policy",
            set=Call(
                "create_policy_version",
                {"PolicyArn": "{arn}", "PolicyDocument": "{value}", "SetAsDefault": True},
            ),
            write=to_json,
            risk="interrupts",
            note="A policy keeps five versions: where it has five, one must be deleted by hand first.",
        ),
    ),
)
