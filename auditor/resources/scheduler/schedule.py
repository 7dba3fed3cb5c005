"""EventBridge Scheduler's schedules, of every group."""

from __future__ import annotations

import datetime as dt

from auditor.model import Call, EdgeTo, Edit, Json, Prop, ResourceType
from auditor.resources.arns import function_arn
from auditor.resources.scheduler import _code
from auditor.resources.scheduler._live import one_schedule_target, schedule_target, schedule_target_live


def _moment(value: Json) -> Json:
    """A moment as AWS tells it: in UTC and, where a template writes them, without fractions of a second."""
    try:
        then = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    then = then if then.tzinfo else then.replace(tzinfo=dt.UTC)
    return then.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


_READ = Call("get_schedule", {"Name": "{raw.Name}", "GroupName": "{raw.GroupName}"})
_MEMBERS = (
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "EndDate",
    "Description",
    "State",
    "KmsKeyArn",
    "Target",
    "FlexibleTimeWindow",
    "ActionAfterCompletion",
)
# update_schedule is a whole new schedule: what it is not told goes back to the default.
_EDIT = Edit(
    read=Call("get_schedule", {"Name": "{Name}", "GroupName": "{GroupName}"}),
    write=Call(
        "update_schedule",
        {"Name": "{Name}", "GroupName": "{GroupName}", **{name: f"{{value.{name}?}}" for name in _MEMBERS}},
    ),
    inside="@",
)

TYPE = ResourceType(
    cfn="AWS::Scheduler::Schedule",
    service="scheduler",
    list=Call("list_schedules", out="Schedules"),
    id="{raw.GroupName}/{raw.Name}",
    arn="Arn",
    name="Name",
    terraform=("aws_scheduler_schedule",),
    props=(
        Prop("Arn"),
        Prop("Name"),
        Prop("GroupName", default="default"),
        Prop(
            "State",
            default="ENABLED",
            absent="unknown",
            edit=_EDIT,
            risk="interrupts",
            note="If disabled, the target no longer runs.",
        ),
        Prop("Description", call=_READ, live="Description", absent="not set", edit=_EDIT),
        Prop(
            "ScheduleExpression",
            call=_READ,
            live="ScheduleExpression",
            always=True,
            edit=_EDIT,
            note="Changes when the target runs, from the next run on.",
        ),
        Prop(
            "ScheduleExpressionTimezone",
            call=_READ,
            live="ScheduleExpressionTimezone",
            default="UTC",
            edit=_EDIT,
        ),
        Prop(
            "StartDate",
            call=_READ,
            live="StartDate",
            read=_moment,
            absent="not set",
            tidy=_moment,
            write=_moment,
            edit=_EDIT,
        ),
        Prop(
            "EndDate",
            call=_READ,
            live="EndDate",
            read=_moment,
            absent="not set",
            tidy=_moment,
            write=_moment,
            edit=_EDIT,
        ),
        Prop("FlexibleTimeWindow", call=_READ, live="FlexibleTimeWindow", always=True, edit=_EDIT),
        Prop("KmsKeyArn", call=_READ, live="KmsKeyArn", absent="not set", edit=_EDIT, risk="interrupts"),
        Prop(
            "Target",
            call=_READ,
            live="Target",
            read=schedule_target,
            tf_read=_code.schedule_target,
            tidy=one_schedule_target,
            always=True,
            edit=_EDIT,
            write=schedule_target_live,
            risk="interrupts",
        ),
    ),
    edges=(
        EdgeTo(
            "targets",
            "Target.Arn",
            ("AWS::Lambda::Function", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::ECS::Cluster"),
            take=function_arn,
        ),
        EdgeTo("acts-as", "Target.RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("encrypted-with", "KmsKeyArn", ("AWS::KMS::Key",)),
    ),
)
