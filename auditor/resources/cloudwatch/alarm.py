"""CloudWatch metric alarms."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Edit, Prop, ResourceType
from auditor.resources.arns import function_arn
from auditor.resources.cloudwatch import _code
from auditor.resources.cloudwatch._live import watching

_MEMBERS = (
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "ThresholdMetricId",
)
# put_metric_alarm replaces the alarm: it is told everything that the alarm says now.
_EDIT = Edit(
    read=Call("describe_alarms", {"AlarmNames": ["{name}"], "AlarmTypes": ["MetricAlarm"]}),
    write=Call("put_metric_alarm", {"AlarmName": "{name}", **{name: f"{{value.{name}?}}" for name in _MEMBERS}}),
    inside="MetricAlarms[0]",
)

TYPE = ResourceType(
    cfn="AWS::CloudWatch::Alarm",
    service="cloudwatch",
    list=Call("describe_alarms", {"AlarmTypes": ["MetricAlarm"]}, out="MetricAlarms"),
    id="AlarmName",
    arn="AlarmArn",
    name="AlarmName",
    terraform=("aws_cloudwatch_metric_alarm",),
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="Tags"),
    props=(
        Prop("Arn", "AlarmArn"),
        Prop("AlarmName"),
        Prop("AlarmDescription", absent="not set", edit=_EDIT),
        Prop("Namespace", absent="not set", edit=_EDIT),
        Prop("MetricName", absent="not set", edit=_EDIT),
        Prop("Dimensions", tf_read=_code.dimensions, same="set", default=[], edit=_EDIT),
        Prop("Metrics", tf="metric_query", tf_read=_code.metrics, default=[], edit=_EDIT),
        Prop("Statistic", absent="not set", edit=_EDIT),
        Prop("ExtendedStatistic", absent="not set", edit=_EDIT),
        Prop("Period", absent="not set", edit=_EDIT),
        Prop("Unit", absent="not set", edit=_EDIT),
        Prop("EvaluationPeriods", always=True, edit=_EDIT),
        Prop("DatapointsToAlarm", absent="not set", edit=_EDIT),
        Prop("Threshold", absent="not set", edit=_EDIT),
        Prop("ComparisonOperator", always=True, edit=_EDIT),
        Prop("TreatMissingData", default="missing", edit=_EDIT),
        Prop("ActionsEnabled", default=True, absent="unknown", edit=_EDIT),
        Prop("AlarmActions", same="set", default=[], edit=_EDIT),
        Prop("OKActions", tf="ok_actions", same="set", default=[], edit=_EDIT),
        Prop("InsufficientDataActions", same="set", default=[], edit=_EDIT),
    ),
    edges=(
        EdgeTo("notifies", "AlarmActions[]", ("AWS::SNS::Topic", "AWS::Lambda::Function"), take=function_arn),
        EdgeTo("notifies", "AlarmActions[]", ("AWS::ApplicationAutoScaling::ScalingPolicy",)),
        EdgeTo("notifies", "OKActions[]", ("AWS::SNS::Topic", "AWS::Lambda::Function"), take=function_arn),
        EdgeTo(
            "notifies",
            "InsufficientDataActions[]",
            ("AWS::SNS::Topic", "AWS::Lambda::Function"),
            take=function_arn,
        ),
        *watching("Dimensions"),
        *watching("Metrics[].MetricStat.Metric.Dimensions"),
    ),
)
