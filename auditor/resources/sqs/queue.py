"""SQS queues. The list gives URLs only; the rest is in the attributes, all of which are texts.

The policy is a part of its queue: a queue without one can be used by its own account alone, as its identities are let.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Absence, Call, EdgeTo, Join, Json, Prop, ResourceType, Risk
from auditor.resources.shapes import parse_json
from auditor.resources.terraform import said

_ATTRIBUTES = Call("get_queue_attributes", {"QueueUrl": "{id}", "AttributeNames": ["All"]}, out="Attributes")


def _named(urls: Json) -> Iterable[Mapping[str, Json]]:
    return [{"QueueUrl": each, "QueueName": each.rsplit("/", 1)[-1]} for each in urls]


def _redrive(value: Json) -> Json:
    """Where messages go that nobody could handle; the count is a number or a text, in the answer and in code."""
    found = parse_json(value)
    if isinstance(found, dict) and str(found.get("maxReceiveCount", "")).isdigit():
        return {**found, "maxReceiveCount": int(found["maxReceiveCount"])}
    return found


def _put(name: str, value: str = "{value}") -> Call:
    return Call("set_queue_attributes", {"QueueUrl": "{id}", "Attributes": {name: value}})


def _number(
    name: str, default: int, tf: str = "", risk: Risk = "interrupts", note: str = "", absent: Absence = "unknown"
) -> Prop:
    return Prop(
        name,
        live=name,
        call=_ATTRIBUTES,
        kind="number",
        tf=tf,
        default=default,
        absent=absent,
        set=_put(name),
        risk=risk,
        note=note,
    )


TYPE = ResourceType(
    cfn="AWS::SQS::Queue",
    service="sqs",
    # Without a size of page SQS gives a thousand and no token for those after them.
    list=Call("list_queues", {"MaxResults": 1000}, out="QueueUrls"),
    items=_named,
    id="QueueUrl",
    arn="arn:{partition}:sqs:{region}:{account}:{name}",
    name="QueueName",
    terraform=("aws_sqs_queue",),
    folds=(
        "aws_sqs_queue_policy",
        "aws_sqs_queue_redrive_policy",
        "aws_sqs_queue_redrive_allow_policy",
        "AWS::SQS::QueuePolicy",
        "AWS::SQS::QueueInlinePolicy",
    ),
    alone=("QueuePolicy",),
    joins=(
        Join("aws_sqs_queue_policy", "queue_url", "QueuePolicy", said("policy")),
        Join("aws_sqs_queue_redrive_policy", "queue_url", "RedrivePolicy", said("redrive_policy")),
        Join(
            "aws_sqs_queue_redrive_allow_policy",
            "queue_url",
            "RedriveAllowPolicy",
            said("redrive_allow_policy"),
        ),
        Join("AWS::SQS::QueuePolicy", "Queues", "QueuePolicy", said("PolicyDocument")),
        Join("AWS::SQS::QueueInlinePolicy", "Queue", "QueuePolicy", said("PolicyDocument")),
    ),
    tags="",
    tags_call=Call("list_queue_tags", {"QueueUrl": "{id}"}, out="Tags"),
    workload=True,
    props=(
        Prop("QueueUrl", tf="url"),
        Prop("Arn", "QueueArn", _ATTRIBUTES, absent="unknown"),
        Prop("QueueName", tf="name"),
        Prop("FifoQueue", "FifoQueue", _ATTRIBUTES, kind="boolean", default=False),
        Prop("ContentBasedDeduplication", "ContentBasedDeduplication", _ATTRIBUTES, kind="boolean", default=False),
        Prop("DeduplicationScope", "DeduplicationScope", _ATTRIBUTES, absent="not set"),
        Prop("FifoThroughputLimit", "FifoThroughputLimit", _ATTRIBUTES, absent="not set"),
        _number("DelaySeconds", 0),
        _number(
            "MessageRetentionPeriod",
            345600,
            tf="message_retention_seconds",
            risk="destroys",
            note="Messages older than the new number of seconds are deleted.",
        ),
        _number("ReceiveMessageWaitTimeSeconds", 0, tf="receive_wait_time_seconds", risk="safe"),
        _number("VisibilityTimeout", 30, tf="visibility_timeout_seconds"),
        Prop(
            "MaximumMessageSize",
            "MaximumMessageSize",
            _ATTRIBUTES,
            kind="number",
            tf="max_message_size",
            always=True,
            set=_put("MaximumMessageSize"),
            risk="interrupts",
            note="Larger messages are refused.",
        ),
        Prop(
            "SqsManagedSseEnabled",
            "SqsManagedSseEnabled",
            _ATTRIBUTES,
            kind="boolean",
            always=True,
            set=_put("SqsManagedSseEnabled"),
            note="Off if a KMS key is set; otherwise on by default.",
        ),
        Prop(
            "KmsMasterKeyId",
            "KmsMasterKeyId",
            _ATTRIBUTES,
            absent="not set",
            set=_put("KmsMasterKeyId"),
            unset=_put("KmsMasterKeyId", ""),
            risk="interrupts",
            note="Senders and receivers must be allowed to use the key; AWS services cannot use the key alias/aws/sqs.",
        ),
        _number("KmsDataKeyReusePeriodSeconds", 300, risk="safe", absent=""),
        Prop(
            "RedrivePolicy",
            "RedrivePolicy",
            _ATTRIBUTES,
            _redrive,
            kind="json",
            absent="not set",
            tidy=_redrive,
            set=_put("RedrivePolicy"),
            unset=_put("RedrivePolicy", ""),
            risk="interrupts",
        ),
        Prop("RedriveAllowPolicy", "RedriveAllowPolicy", _ATTRIBUTES, kind="json", absent="not set", same="json"),
        Prop(
            "QueuePolicy",
            "Policy",
            _ATTRIBUTES,
            kind="json",
            absent="not set",
            tf="policy",
            same="policy",
            set=_put("Policy"),
            unset=_put("Policy", ""),
            risk="interrupts",
            ours="belongs to AWS::SQS::QueuePolicy, which is a part of its queue here",
        ),
    ),
    edges=(
        EdgeTo("encrypted-with", "KmsMasterKeyId", ("AWS::KMS::Key", "AWS::KMS::Alias")),
        EdgeTo("notifies", "RedrivePolicy.deadLetterTargetArn", ("AWS::SQS::Queue",)),
    ),
)
