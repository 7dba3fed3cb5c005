"""What a load balancer hands its connections to. Targets are read from their health, the only call that names them."""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType


def _targets(value: list[dict[str, Json]]) -> list[dict[str, Json]]:
    return [
        {key: each[key] for key in ("Id", "Port", "AvailabilityZone") if each.get(key) is not None} for each in value
    ]


TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::TargetGroup",
    service="elbv2",
    list=Call("describe_target_groups", out="TargetGroups"),
    id="TargetGroupArn",
    arn="TargetGroupArn",
    name="TargetGroupName",
    terraform=("aws_lb_target_group",),
    folds=("aws_lb_target_group_attachment",),
    tags="TagDescriptions[0].Tags",
    tags_call=Call("describe_tags", {"ResourceArns": ["{id}"]}),
    props=(
        Prop("TargetGroupArn", tf="arn"),
        Prop("Name", live="TargetGroupName"),
        Prop("Port"),
        Prop("Protocol"),
        Prop("TargetType", default="instance"),
        Prop("VpcId"),
        Prop("LoadBalancerArns", same="set", default=[]),
        Prop(
            "Targets",
            live="TargetHealthDescriptions[].Target",
            call=Call("describe_target_health", {"TargetGroupArn": "{id}"}),
            tf="-",
            read=_targets,
            same="set",
            default=[],
        ),
        Prop(
            "TargetGroupAttributes",
            live="Attributes",
            call=Call("describe_target_group_attributes", {"TargetGroupArn": "{id}"}),
            tf="-",
            same="set",
            default=[],
        ),
    ),
    edges=(
        EdgeTo("attached-to", "LoadBalancerArns[]", ("AWS::ElasticLoadBalancingV2::LoadBalancer",)),
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("targets", "Targets[].Id", ("AWS::EC2::Instance", "AWS::Lambda::Function")),
    ),
)
