"""IAM managed policies: the account's own, and those of AWS that something here is attached to.

AWS's own are read because what a role may do includes them; they are marked as AWS's and never mended.
"""

from __future__ import annotations

from auditor.model import Call, Json, Prop, ResourceType
from auditor.resources.iam._live import details
from auditor.resources.shapes import parse_json


def _versions(raw: Json) -> Json:
    return [{"VersionId": each["VersionId"], "Document": parse_json(each.get("Document"))} for each in raw]


TYPE = ResourceType(
    cfn="AWS::IAM::ManagedPolicy",
    service="iam",
    list=details("Policies"),
    id="Arn",
    arn="Arn",
    arn_kind="iam:policy",
    name="PolicyName",
    scope="global",
    terraform=("aws_iam_policy",),
    aws_made="contains(Arn, '::aws:policy/')",
    props=(
        Prop("PolicyArn", "Arn", tf="arn"),
        Prop("ManagedPolicyName", "PolicyName", tf="name"),
        Prop("Path", default="/"),
        Prop("Description", absent="not set"),
        Prop("AttachmentCount", absent="unknown"),
        Prop(
            "Versions",
            "PolicyVersionList[?!IsDefaultVersion].{VersionId: VersionId, Document: Document}",
            read=_versions,
            tf="-",
            default=[],
            absent="unknown",
            ours="the other versions: a principal that can set the default version has the permissions of any of them",
        ),
        Prop("DefaultVersionId", tf="-", absent="unknown"),
        Prop(
            "PolicyDocument",
            "PolicyVersionList[?IsDefaultVersion] | [0].Document",
            kind="json",
            absent="unknown",
            tf="policy",
            same="policy",
            set=Call(
                "create_policy_version",
                {"PolicyArn": "{arn}", "PolicyDocument": "{value}", "SetAsDefault": True},
            ),
            exact=Call(
                "get_policy_version",
                {"PolicyArn": "{arn}", "VersionId": "{DefaultVersionId}"},
                out="PolicyVersion.Document",
            ),
            risk="interrupts",
            room=("Versions", 4),  # and the one in force
            note="A policy has at most five versions; the change and its undo each add one.",
        ),
    ),
)
