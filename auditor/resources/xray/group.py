"""A group of traces. Every region has one that AWS made, `Default`, which takes in all of them."""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.shapes import pick

_OFF = {"InsightsEnabled": False, "NotificationsEnabled": False}


TYPE = ResourceType(
    cfn="AWS::XRay::Group",
    service="xray",
    list=Call("get_groups", out="Groups"),
    id="GroupARN",
    arn="GroupARN",
    name="GroupName",
    terraform=("aws_xray_group",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="Tags"),
    aws_made="GroupName == 'Default'",
    props=(
        Prop("GroupARN", tf="arn"),
        Prop("GroupName", absent="unknown"),
        Prop("FilterExpression", absent="not set"),
        Prop(
            "InsightsConfiguration",
            tidy=lambda value: {**_OFF, **pick(value, *_OFF)} if isinstance(value, dict) else value,
            default=_OFF,
        ),
    ),
)
