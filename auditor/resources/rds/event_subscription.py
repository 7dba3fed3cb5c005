"""Who is told of events of RDS: failovers, low storage, changed security groups.

Without a source type it tells of every kind of source, without categories of every category. The topic has no setter:
CloudFormation takes another one for another subscription.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType


def _modify(**params: Json) -> Call:
    return Call("modify_event_subscription", {"SubscriptionName": "{id}", **params})


TYPE = ResourceType(
    cfn="AWS::RDS::EventSubscription",
    service="rds",
    list=Call("describe_event_subscriptions", out="EventSubscriptionsList"),
    id="CustSubscriptionId",
    arn="EventSubscriptionArn",
    arn_kind="rds:es",
    name="CustSubscriptionId",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    terraform=("aws_db_event_subscription",),
    props=(
        Prop("SubscriptionName", live="CustSubscriptionId", tf="name"),
        Prop(
            "Arn", live="EventSubscriptionArn", tf="arn", ours="read-only attribute that CloudFormation's schema lacks"
        ),
        Prop("SnsTopicArn", tf="sns_topic", absent="unknown"),
        Prop("Enabled", default=True, absent="unknown", set=_modify(Enabled="{value}")),
        Prop("SourceType", absent="not set"),
        Prop("SourceIds", live="SourceIdsList", same="set", default=[]),
        Prop(
            "EventCategories",
            live="EventCategoriesList",
            same="set",
            default=[],
            set=_modify(EventCategories="{value}"),
        ),
    ),
    edges=(
        EdgeTo("notifies", "SnsTopicArn", ("AWS::SNS::Topic",)),
        EdgeTo("watches", "SourceIds[]", ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")),
    ),
)
