"""EventBridge rules on the default bus, where schedules and the events of AWS's own services arrive."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Edit, Join, Prop, ResourceType
from auditor.resources.arns import function_arn
from auditor.resources.events import _code
from auditor.resources.events._live import one_rule_targets, rule_targets, rule_targets_live

_MEMBERS = ("ScheduleExpression", "EventPattern", "State", "Description", "RoleArn", "EventBusName")
# put_rule forgets what it is not told (the targets stay), so it is told all that the rule says now.
_EDIT = Edit(
    read=Call("describe_rule", {"Name": "{name}"}),
    write=Call("put_rule", {"Name": "{name}", **{name: f"{{value.{name}?}}" for name in _MEMBERS}}),
    inside="@",
)

TYPE = ResourceType(
    cfn="AWS::Events::Rule",
    service="events",
    list=Call("list_rules", out="Rules"),
    id="Name",
    arn="Arn",
    name="Name",
    terraform=("aws_cloudwatch_event_rule",),
    folds=("aws_cloudwatch_event_target",),
    joins=(Join("aws_cloudwatch_event_target", "rule", "Targets", _code.target),),
    aws_made="ManagedBy",
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="Tags"),
    props=(
        Prop("Arn"),
        Prop("Name"),
        Prop("EventBusName", default="default", absent="unknown"),
        Prop("Description", absent="not set", edit=_EDIT),
        Prop(
            "ScheduleExpression",
            absent="not set",
            edit=_EDIT,
            note="Changes when the targets run, from the next run on.",
        ),
        Prop(
            "EventPattern",
            kind="json",
            absent="not set",
            same="json",
            edit=_EDIT,
            risk="interrupts",
            note="Events that the new pattern does not match no longer reach the targets.",
        ),
        Prop(
            "State",
            tf="@",
            tf_read=_code.switched,
            default="ENABLED",
            absent="unknown",
            edit=_EDIT,
            risk="interrupts",
            note="If disabled, the targets no longer run.",
        ),
        Prop("RoleArn", absent="not set", edit=_EDIT, risk="interrupts"),
        Prop(
            "Targets",
            call=Call("list_targets_by_rule", {"Rule": "{name}"}, out="Targets"),
            read=rule_targets,
            tf="-",
            tidy=one_rule_targets,
            same="set",
            default=[],
            absent="unknown",
            add=Call("put_targets", {"Rule": "{name}", "Targets": ["{element}"]}),
            remove=Call("remove_targets", {"Rule": "{name}", "Ids": ["{element.Id}"]}),
            write=rule_targets_live,
            risk="interrupts",
        ),
    ),
    edges=(
        EdgeTo(
            "targets",
            "Targets[].Arn",
            (
                "AWS::Lambda::Function",
                "AWS::SNS::Topic",
                "AWS::Logs::LogGroup",
                "AWS::SQS::Queue",
                "AWS::ECS::Cluster",
            ),
            take=function_arn,
        ),
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("acts-as", "Targets[].RoleArn", ("AWS::IAM::Role",)),
    ),
)
