"""SNS subscriptions: who hears what a topic says.

One that nobody has confirmed has no ARN yet and delivers nothing; several such would share the word that AWS
puts in its place, so they are told apart by what they ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType, digest
from auditor.resources.arns import function_arn
from auditor.resources.shapes import parse_json

_ATTRIBUTES = Call("get_subscription_attributes", {"SubscriptionArn": "{arn}"}, out="Attributes", absent=("NotFound",))
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^/@]*@)?([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)


def _told_apart(subscriptions: Json) -> Iterable[Mapping[str, Json]]:
    for each in subscriptions:
        arn = each.get("SubscriptionArn", "")
        if arn == "Deleted":
            continue
        pending = not arn.startswith("arn:")
        mine = digest(each.get("TopicArn", ""), each.get("Protocol", ""), each.get("Endpoint", ""))
        yield {
            **each,
            "Arn": "" if pending else arn,
            "Id": f"pending-{mine}" if pending else arn,
            "Pending": pending,
        }


def endpoint(value: Json) -> Json:
    """Who is told, without what may be secret: the path and the credentials of a webhook's URL."""
    found = _URL.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value
    scheme, host, rest = found.groups()
    return f"{scheme}://{host}" + ("/[redacted]" if rest.strip("/") else "")


def _filter(value: Json) -> Json:
    """A filter without conditions lets everything pass: it is how one is taken back."""
    return parse_json(value) or ABSENT


def _put(name: str, value: str = "{value}") -> Call:
    return Call(
        "set_subscription_attributes",
        {"SubscriptionArn": "{arn}", "AttributeName": name, "AttributeValue": value},
    )


TYPE = ResourceType(
    cfn="AWS::SNS::Subscription",
    service="sns",
    list=Call("list_subscriptions", out="Subscriptions"),
    items=_told_apart,
    id="Id",
    arn="Arn",
    arn_kind="sns",
    terraform=("aws_sns_topic_subscription",),
    props=(
        Prop("Arn"),
        Prop("TopicArn", absent="unknown"),
        Prop("Protocol", absent="unknown"),
        Prop("Endpoint", read=endpoint, absent="unknown"),
        Prop(
            "PendingConfirmation",
            "Pending",
            absent="unknown",
            ours="read-only attribute: nothing is delivered until the receiver confirms",
        ),
        Prop(
            "RawMessageDelivery",
            call=_ATTRIBUTES,
            live="RawMessageDelivery",
            kind="boolean",
            default=False,
            absent="unknown",
        ),
        Prop(
            "FilterPolicy",
            call=_ATTRIBUTES,
            live="FilterPolicy",
            read=_filter,
            kind="json",
            absent="not set",
            same="json",
            set=_put("FilterPolicy"),
            unset=_put("FilterPolicy", "{}"),
            risk="interrupts",
            note="Messages that the filter does not match are not delivered.",
        ),
    ),
    edges=(
        EdgeTo("notifies", "TopicArn", ("AWS::SNS::Topic",), back=True),
        EdgeTo("notifies", "Endpoint", ("AWS::Lambda::Function", "AWS::SQS::Queue"), take=function_arn),
    ),
)
