"""SNS topics. The list gives ARNs only; the name is in the ARN, the rest in the attributes (all texts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.terraform import said

_ATTRIBUTES = Call("get_topic_attributes", {"TopicArn": "{arn}"}, out="Attributes")


def _named(topics: Json) -> Iterable[Mapping[str, Json]]:
    return [{**each, "TopicName": each["TopicArn"].rsplit(":", 1)[-1]} for each in topics]


def _put(name: str, value: str = "{value}") -> Call:
    return Call("set_topic_attributes", {"TopicArn": "{arn}", "AttributeName": name, "AttributeValue": value})


TYPE = ResourceType(
    cfn="AWS::SNS::Topic",
    service="sns",
    list=Call("list_topics", out="Topics"),
    items=_named,
    id="TopicArn",
    arn="TopicArn",
    arn_kind="sns",
    name="TopicName",
    names=("{name}",),
    terraform=("aws_sns_topic",),
    folds=("aws_sns_topic_policy", "AWS::SNS::TopicPolicy"),
    alone=("TopicPolicy",),
    joins=(
        Join("aws_sns_topic_policy", "arn", "TopicPolicy", said("policy")),
        Join("AWS::SNS::TopicInlinePolicy", "TopicArn", "TopicPolicy", said("PolicyDocument")),
        Join("AWS::SNS::TopicPolicy", "Topics", "TopicPolicy", lambda fold: fold.get("PolicyDocument")),
    ),
    tags_call=Call("list_tags_for_resource", {"ResourceArn": "{arn}"}, out="Tags"),
    props=(
        Prop("TopicArn", tf="arn"),
        Prop("TopicName", tf="name"),
        Prop("FifoTopic", call=_ATTRIBUTES, live="FifoTopic", kind="boolean", default=False),
        Prop(
            "DisplayName",
            call=_ATTRIBUTES,
            live="DisplayName",
            default="",
            set=_put("DisplayName"),
        ),
        Prop(
            "KmsMasterKeyId",
            call=_ATTRIBUTES,
            live="KmsMasterKeyId",
            absent="not set",
            set=_put("KmsMasterKeyId"),
            unset=_put("KmsMasterKeyId", ""),
            risk="interrupts",
            note="CloudWatch alarms cannot publish with the key alias/aws/sns: its policy cannot be changed.",
        ),
        Prop(
            "TopicPolicy",
            call=_ATTRIBUTES,
            live="Policy",
            kind="json",
            tf="policy",
            same="policy",
            always=True,
            set=_put("Policy"),
            risk="interrupts",
            ours="belongs to AWS::SNS::TopicPolicy, which is a part of its topic here",
        ),
    ),
    edges=(EdgeTo("encrypted-with", "KmsMasterKeyId", ("AWS::KMS::Key", "AWS::KMS::Alias")),),
)
