"""What a load balancer hands its connections to. Targets are read from their health, the only call that names them."""

from collections.abc import Iterator, Mapping

from auditor.model import Beside, Call, EdgeTo, Join, Json, Prop, Resource, ResourceType
from auditor.resources.elasticloadbalancingv2._live import target_groups
from auditor.resources.terraform import many

# What AWS takes where nobody says otherwise, as the API reference has it.
_DEFAULTS = {
    "deregistration_delay.timeout_seconds": "300",
    "lambda.multi_value_headers.enabled": "false",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "proxy_protocol_v2.enabled": "false",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.enabled": "false",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
}
# Terraform's attributes for those that stand in no block.
_PLAIN = {
    "connection_termination": "deregistration_delay.connection_termination.enabled",
    "deregistration_delay": "deregistration_delay.timeout_seconds",
    "lambda_multi_value_headers_enabled": "lambda.multi_value_headers.enabled",
    "load_balancing_algorithm_type": "load_balancing.algorithm.type",
    "load_balancing_anomaly_mitigation": "load_balancing.algorithm.anomaly_mitigation",
    "load_balancing_cross_zone_enabled": "load_balancing.cross_zone.enabled",
    "preserve_client_ip": "preserve_client_ip.enabled",
    "proxy_protocol_v2": "proxy_protocol_v2.enabled",
    "slow_start": "slow_start.duration_seconds",
}
_CLIENT, _STICKY = "preserve_client_ip.enabled", "stickiness"


def _targets(value: list[dict[str, Json]]) -> list[dict[str, Json]]:
    return [
        {key: each[key] for key in ("Id", "Port", "AvailabilityZone") if each.get(key) is not None} for each in value
    ]


def _attached(fold: Mapping[str, Json]) -> Json:
    said = {"Id": fold.get("target_id"), "Port": fold.get("port"), "AvailabilityZone": fold.get("availability_zone")}
    return _targets([said])


def _chosen(value: Json) -> Json:
    """The attributes that somebody chose: an answer tells all of them, code only some. Of stickiness that is off only
    this is left."""
    said = {each.get("Key"): each.get("Value") for each in value}
    on = said.get(f"{_STICKY}.enabled") == "true"
    kept = {
        key: text
        for key, text in said.items()
        if text not in (None, "") and text != _DEFAULTS.get(key) and (on or not str(key).startswith(_STICKY + "."))
    }
    return [{"Key": key, "Value": text} for key, text in kept.items()]


def _attributes(value: Mapping[str, Json]) -> Json:
    """Terraform's attributes and blocks as AWS's keys."""
    said: dict[str, Json] = {key: value.get(name) for name, key in _PLAIN.items()}
    for block in many(value.get("stickiness")):
        kind = "app_cookie" if block.get("type") == "app_cookie" else "lb_cookie"
        said |= {
            "stickiness.enabled": block.get("enabled", True),
            "stickiness.type": block.get("type"),
            f"stickiness.{kind}.duration_seconds": block.get("cookie_duration"),
            "stickiness.app_cookie.cookie_name": block.get("cookie_name"),
        }
    for block in many(value.get("target_failover")):
        said |= {f"target_failover.{name}": text for name, text in block.items()}
    for block in many(value.get("target_health_state")):
        said |= {
            "target_health_state.unhealthy.connection_termination.enabled": block.get(
                "enable_unhealthy_connection_termination"
            ),
            "target_health_state.unhealthy.draining_interval_seconds": block.get("unhealthy_draining_interval"),
        }
    for block in many(value.get("target_group_health")):
        for name in ("dns_failover", "unhealthy_state_routing"):
            for inner in many(block.get(name)):
                start = f"target_group_health.{name}.minimum_healthy_targets"
                said[f"{start}.count"] = inner.get("minimum_healthy_targets_count")
                said[f"{start}.percentage"] = inner.get("minimum_healthy_targets_percentage")
    return [{"Key": key, "Value": _attribute_value(text)} for key, text in said.items() if text not in (None, "")]


def _attribute_value(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _implied(group: Resource, _: Beside) -> Iterator[tuple[str, Json]]:
    """Targets take the group's port where none is said. A network balancer keeps the client's address unless the
    targets are addresses reached over TCP or TLS."""
    said = group.properties
    if "Targets" not in group.unknown and said.get("Port") is not None and said.get("TargetType") != "lambda":
        yield "Targets", [{"Port": said["Port"], **each} for each in said.get("Targets", ())]
    attributes = said.get("TargetGroupAttributes", [])
    network = said.get("Protocol") in ("TCP", "TLS", "UDP", "TCP_UDP")
    if network and "TargetGroupAttributes" not in group.unknown and all(each["Key"] != _CLIENT for each in attributes):
        off = said.get("TargetType") == "ip" and said["Protocol"] in ("TCP", "TLS")
        yield "TargetGroupAttributes", [*attributes, {"Key": _CLIENT, "Value": "false" if off else "true"}]


_ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")

TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::TargetGroup",
    service="elbv2",
    list=Call("describe_target_groups", out="TargetGroups"),
    items=target_groups,
    id="TargetGroupArn",
    arn="TargetGroupArn",
    name="TargetGroupName",
    names=("{TargetGroupFullName}",),
    terraform=("aws_lb_target_group", "aws_alb_target_group"),
    folds=_ATTACHMENTS,
    joins=tuple(Join(each, "target_group_arn", "Targets", _attached) for each in _ATTACHMENTS),
    implied=_implied,
    tags="TagDescriptions[0].Tags",
    tags_call=Call("describe_tags", {"ResourceArns": ["{id}"]}),
    props=(
        Prop("TargetGroupArn", tf="arn"),
        Prop("TargetGroupFullName", tf="arn_suffix", absent="unknown"),
        Prop("Name", live="TargetGroupName"),
        Prop("Port", absent="not set"),
        Prop("Protocol", absent="not set"),
        Prop("TargetType", default="instance", absent="unknown"),
        Prop("VpcId", absent="not set"),
        Prop("LoadBalancerArns", same="set", default=[], absent="unknown"),
        Prop(
            "Targets",
            live="TargetHealthDescriptions[].Target",
            call=Call("describe_target_health", {"TargetGroupArn": "{id}"}),
            tf="-",
            read=_targets,
            same="set",
            default=[],
            absent="unknown",
        ),
        Prop(
            "TargetGroupAttributes",
            live="Attributes",
            call=Call("describe_target_group_attributes", {"TargetGroupArn": "{id}"}),
            tf="@",
            tf_read=_attributes,
            tidy=_chosen,
            same="set",
            default=[],
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("attached-to", "LoadBalancerArns[]", ("AWS::ElasticLoadBalancingV2::LoadBalancer",)),
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("targets", "Targets[].Id", ("AWS::EC2::Instance", "AWS::Lambda::Function")),
    ),
)
