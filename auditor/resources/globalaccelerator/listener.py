"""The ports on which an accelerator takes connections."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.kinds import numbers
from auditor.resources.terraform import within

_CFN = "AWS::GlobalAccelerator::Listener"
_ACCELERATOR = "AWS::GlobalAccelerator::Accelerator"

TYPE = ResourceType(
    cfn=_CFN,
    service="globalaccelerator",
    scope="global",
    also_in=("us-west-2",),
    over=_ACCELERATOR,
    list=Call("list_listeners", {"AcceleratorArn": "{parent.id}"}, out="Listeners"),
    id="ListenerArn",
    arn="ListenerArn",
    arn_kind="globalaccelerator:accelerator",
    tags="",
    terraform=("aws_globalaccelerator_listener",),
    props=(
        Prop("ListenerArn", tf="arn"),
        Prop("AcceleratorArn", live="{parent.id}", tf="accelerator_arn"),
        Prop("Protocol", default="TCP", absent="unknown"),
        Prop(
            "PortRanges",
            tf="port_range",
            tf_read=within(_CFN, "PortRanges"),
            tidy=numbers,
            same="set",
            absent="unknown",
        ),
        Prop("ClientAffinity", default="NONE", absent="unknown"),
    ),
    edges=(EdgeTo("part-of", "AcceleratorArn", (_ACCELERATOR,)),),
)
