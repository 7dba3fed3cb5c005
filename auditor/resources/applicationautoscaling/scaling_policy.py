"""When a service of ECS is scaled, and by how much. Like the targets, policies are listed by namespace."""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.applicationautoscaling._live import scaled
from auditor.resources.terraform import within

_CFN = "AWS::ApplicationAutoScaling::ScalingPolicy"


def _tracking(value: Json) -> Json:
    """Scaling in is not disabled where nothing is said."""
    if not isinstance(value, dict):
        return value
    kept = {key: inner for key, inner in value.items() if inner not in (None, [])}
    metric = kept.get("PredefinedMetricSpecification")
    if isinstance(metric, dict):
        kept["PredefinedMetricSpecification"] = {key: inner for key, inner in metric.items() if inner}
    return {"DisableScaleIn": False, **kept}


TYPE = ResourceType(
    cfn=_CFN,
    service="application-autoscaling",
    list=Call("describe_scaling_policies", {"ServiceNamespace": "ecs"}, out="ScalingPolicies"),
    id="PolicyARN",
    arn="PolicyARN",
    arn_kind="autoscaling:scalingPolicy",
    name="PolicyName",
    tags="",
    terraform=("aws_appautoscaling_policy",),
    props=(
        Prop("Arn", live="PolicyARN", tf="arn"),
        Prop("PolicyName", tf="name"),
        Prop("PolicyType", default="StepScaling", absent="unknown"),
        Prop("ServiceNamespace", absent="unknown"),
        Prop("ResourceId", absent="unknown"),
        Prop("ScalableDimension", absent="unknown"),
        Prop(
            "TargetTrackingScalingPolicyConfiguration",
            tidy=_tracking,
            tf="target_tracking_scaling_policy_configuration",
            tf_read=within(_CFN, "TargetTrackingScalingPolicyConfiguration"),
            absent="not set",
        ),
        Prop(
            "StepScalingPolicyConfiguration",
            tf="step_scaling_policy_configuration",
            tf_read=within(_CFN, "StepScalingPolicyConfiguration", step_adjustment="StepAdjustments"),
            absent="not set",
        ),
        Prop(
            "Alarms",
            live="Alarms[].AlarmName",
            same="set",
            tf="-",
            absent="not set",
            ours="read-only attribute: the alarms that AWS keeps for it",
        ),
    ),
    edges=(EdgeTo("targets", "ResourceId", ("AWS::ECS::Service",), take=scaled),),
)
