"""The endpoints of a listener in one region: load balancers, machines and addresses, and the ports at which they are
spoken to.
"""

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.kinds import numbers
from auditor.resources.terraform import camel, many, within

_CFN = "AWS::GlobalAccelerator::EndpointGroup"
_LISTENER = "AWS::GlobalAccelerator::Listener"
_ENDPOINT = ("EndpointId", "Weight", "ClientIPPreservationEnabled")
_ENDS = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::EC2::Instance", "AWS::EC2::EIP")


def _endpoints(value: Json) -> Json:
    """AWS gives an endpoint 128 of 255 where nobody says a weight."""
    return [{"Weight": 128, **{name: each[name] for name in _ENDPOINT if each.get(name) is not None}} for each in value]


def _terraform_endpoints(value: Json) -> Json:
    names = {"client_ip_preservation_enabled": "ClientIPPreservationEnabled"}
    return [camel(each, **names) for each in many(value) if isinstance(each, Mapping)] or ABSENT


TYPE = ResourceType(
    cfn=_CFN,
    service="globalaccelerator",
    scope="global",
    also_in=("us-west-2",),
    over=_LISTENER,
    list=Call("list_endpoint_groups", {"ListenerArn": "{parent.id}"}, out="EndpointGroups"),
    id="EndpointGroupArn",
    arn="EndpointGroupArn",
    arn_kind="globalaccelerator:accelerator",
    tags="",
    terraform=("aws_globalaccelerator_endpoint_group",),
    props=(
        Prop("EndpointGroupArn", tf="arn"),
        Prop("ListenerArn", live="{parent.id}", tf="listener_arn"),
        Prop("EndpointGroupRegion", absent="unknown", tf="endpoint_group_region"),
        Prop(
            "EndpointConfigurations",
            live="EndpointDescriptions",
            tf="endpoint_configuration",
            tf_read=_terraform_endpoints,
            tidy=_endpoints,
            same="set",
            default=[],
            absent="unknown",
        ),
        Prop(
            "TrafficDialPercentage",
            tf="traffic_dial_percentage",
            tidy=lambda value: float(value) if isinstance(value, (int, float)) else value,
            default=100.0,
            absent="unknown",
        ),
        Prop(
            "PortOverrides",
            tf="port_override",
            tf_read=within(_CFN, "PortOverrides"),
            tidy=numbers,
            same="set",
            default=[],
        ),
        Prop("HealthCheckProtocol", default="TCP", absent="unknown"),
        Prop("HealthCheckIntervalSeconds", default=30, absent="unknown"),
        Prop("ThresholdCount", default=3, absent="unknown"),
    ),
    edges=(
        EdgeTo("part-of", "ListenerArn", (_LISTENER,)),
        EdgeTo("targets", "EndpointConfigurations[].EndpointId", _ENDS),
    ),
)
