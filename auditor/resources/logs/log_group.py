"""CloudWatch log groups."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.terraform import not_zero

_GROUP = {"logGroupName": "{name}"}

TYPE = ResourceType(
    cfn="AWS::Logs::LogGroup",
    service="logs",
    list=Call("describe_log_groups", out="logGroups"),
    id="logGroupName",
    # The answer's `arn` ends in `:*`, which names the group's streams; other services take it without.
    arn="arn:{partition}:logs:{region}:{account}:log-group:{name}",
    name="logGroupName",
    names=("arn:{partition}:logs:{region}:{account}:log-group:{name}:*",),
    terraform=("aws_cloudwatch_log_group",),
    tags_call=Call("list_tags_for_resource", {"resourceArn": "{arn}"}, out="tags"),
    props=(
        Prop("Arn", "arn", absent="unknown"),
        Prop("LogGroupName", "logGroupName", tf="name"),
        Prop(
            "RetentionInDays",
            "retentionInDays",
            absent="not set",
            tf_read=not_zero,
            set=Call("put_retention_policy", {**_GROUP, "retentionInDays": "{value}"}),
            unset=Call("delete_retention_policy", _GROUP),
            risk="destroys",
            note="Without a value, events never expire. Events older than the new value are deleted permanently.",
        ),
        Prop(
            "KmsKeyId",
            "kmsKeyId",
            absent="not set",
            set=Call("associate_kms_key", {**_GROUP, "kmsKeyId": "{value}"}),
            unset=Call("disassociate_kms_key", _GROUP),
            risk="interrupts",
            note="The key policy must allow CloudWatch Logs to use the key; otherwise no more events are accepted.",
        ),
        Prop("LogGroupClass", "logGroupClass", default="STANDARD"),
    ),
    edges=(EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),),
)
