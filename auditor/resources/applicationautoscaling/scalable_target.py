"""The bounds within which a service of ECS is scaled.

AWS lists them by namespace only; that of ECS is the one that the described types ask for. Its other namespaces
(DynamoDB, Aurora replicas, Lambda) are not looked at.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.applicationautoscaling._live import scaled
from auditor.resources.shapes import pick
from auditor.resources.terraform import within

_CFN = "AWS::ApplicationAutoScaling::ScalableTarget"
_OFF = {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": False}


def _register(parameter: str) -> Call:
    named = {name: f"{{{name}}}" for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")}
    return Call("register_scalable_target", {**named, parameter: "{value}"})


def _suspended(value: Json) -> Json:
    return {**_OFF, **pick(value, *_OFF)}


TYPE = ResourceType(
    cfn=_CFN,
    service="application-autoscaling",
    list=Call("describe_scalable_targets", {"ServiceNamespace": "ecs"}, out="ScalableTargets"),
    id="{raw.ResourceId}|{raw.ScalableDimension}|{raw.ServiceNamespace}",
    arn="ScalableTargetARN",
    name="ResourceId",
    tags="",
    terraform=("aws_appautoscaling_target",),
    props=(
        Prop("ServiceNamespace", absent="unknown"),
        Prop("ResourceId"),
        Prop("ScalableDimension", absent="unknown"),
        Prop(
            "MinCapacity",
            always=True,
            set=_register("MinCapacity"),
            risk="interrupts",
            note="what runs below it is scaled out at once",
        ),
        Prop(
            "MaxCapacity",
            always=True,
            set=_register("MaxCapacity"),
            risk="interrupts",
            note="what runs above it is scaled in at once",
        ),
        Prop("RoleARN", tf="role_arn", absent="unknown"),
        Prop(
            "SuspendedState",
            read=_suspended,
            tidy=_suspended,
            tf_read=within(_CFN, "SuspendedState"),
            default=_OFF,
            set=_register("SuspendedState"),
        ),
    ),
    edges=(
        EdgeTo("targets", "ResourceId", ("AWS::ECS::Service",), take=scaled),
        EdgeTo("mentions", "RoleARN", ("AWS::IAM::Role",)),
    ),
)
