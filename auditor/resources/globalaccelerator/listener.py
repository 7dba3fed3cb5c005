"""The ports on which an accelerator takes connections."""

from collections.abc import Mapping

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.kinds import number
from auditor.resources.terraform import camel, many

_ACCELERATOR = "AWS::GlobalAccelerator::Accelerator"


def _ranges(value: Json) -> Json:
    return [
        {key: number(inner) for key, inner in each.items()} if isinstance(each, Mapping) else each for each in value
    ]


def _blocks(value: Json) -> Json:
    return [camel(each) for each in many(value) if isinstance(each, Mapping)]


TYPE = ResourceType(
    cfn="AWS::GlobalAccelerator::Listener",
    service="globalaccelerator",
    scope="global",
    also_in=("us-west-2",),
    over=_ACCELERATOR,
    list=Call("list_listeners", {"AcceleratorArn": "{parent.id}"}, out="Listeners"),
    id="ListenerArn",
    arn="ListenerArn",
    tags="",
    terraform=("aws_globalaccelerator_listener",),
    props=(
        Prop("ListenerArn", tf="arn"),
        Prop("AcceleratorArn", live="{parent.id}", tf="accelerator_arn"),
        Prop("Protocol", default="TCP", absent="unknown"),
        Prop(
            "PortRanges",
            tf="port_range",
            tf_read=_blocks,
            tidy=_ranges,
            same="set",
            absent="unknown",
        ),
        Prop("ClientAffinity", default="NONE", absent="unknown"),
    ),
    edges=(EdgeTo("part-of", "AcceleratorArn", (_ACCELERATOR,)),),
)
