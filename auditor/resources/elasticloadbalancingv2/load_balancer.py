"""An application, network or gateway load balancer: a public or internal front for targets."""

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Beside, Call, EdgeTo, Json, Prop, Resource, ResourceType, Unsaid
from auditor.resources.elasticloadbalancingv2._live import balancers
from auditor.resources.terraform import many, scheme


def _subnets(names: tuple[str, str, str], said: Mapping[str, Json]) -> Json:
    """The subnets as a list, or each with an address of its own (`names`: list, mappings, the subnet in a mapping)."""
    listed, mappings, member = names
    if said.get(listed):
        return said[listed]
    found = many(said.get(mappings))
    return [each.get(member) if isinstance(each, Mapping) else each for each in found] or ABSENT


def _implied(balancer: Resource, _: Beside) -> Iterator[tuple[str, Unsaid]]:
    """An application balancer always has a group: without one in code, the one that its network was made with."""
    said = balancer.properties
    if (
        said.get("Type") == "application"
        and not said.get("SecurityGroups")
        and "SecurityGroups" not in balancer.unknown
    ):
        yield "SecurityGroups", Unsaid("it uses the default security group of the VPC, which code does not name")


TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::LoadBalancer",
    service="elbv2",
    list=Call("describe_load_balancers", out="LoadBalancers"),
    items=balancers,
    id="LoadBalancerArn",
    arn="LoadBalancerArn",
    name="LoadBalancerName",
    names=("{raw.DNSName}", "{raw.Host}", "{LoadBalancerFullName}"),
    terraform=("aws_lb", "aws_alb"),
    implied=_implied,
    tags="TagDescriptions[0].Tags",
    tags_call=Call("describe_tags", {"ResourceArns": ["{id}"]}),
    props=(
        Prop("LoadBalancerArn", tf="arn"),
        Prop("LoadBalancerFullName", tf="arn_suffix", absent="unknown"),
        Prop("Name", live="LoadBalancerName"),
        Prop("DNSName", absent="not set", tf="dns_name"),
        Prop("CanonicalHostedZoneID", live="CanonicalHostedZoneId", absent="not set", tf="zone_id"),
        Prop("Type", tf="load_balancer_type", default="application", absent="unknown"),
        Prop("Scheme", tf="internal", tf_read=scheme, default="internet-facing", absent="unknown"),
        Prop("IpAddressType", default="ipv4", absent="unknown"),
        Prop(
            "SecurityGroups",
            same="set",
            default=[],
            set=Call("set_security_groups", {"LoadBalancerArn": "{id}", "SecurityGroups": "{value}"}),
            risk="interrupts",
        ),
        # Of network balancers with groups: whether these are asked for what comes over PrivateLink.
        Prop("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", absent="not set"),
        Prop(
            "Subnets",
            live="AvailabilityZones[].SubnetId",
            tf="@",
            tf_read=lambda said: _subnets(("subnets", "subnet_mapping", "subnet_id"), said),
            cfn_read=lambda said: _subnets(("Subnets", "SubnetMappings", "SubnetId"), said),
            same="set",
            default=[],
            absent="unknown",
        ),
        Prop(
            "VpcId",
            absent="unknown",
            tf="vpc_id",
            ours="read-only attribute: the network that all of its subnets are in",
        ),
        Prop(
            "State",
            live="State.Code",
            absent="unknown",
            tf="-",
            ours="read-only attribute: `active` when it carries traffic",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroups[]", ("AWS::EC2::SecurityGroup",)),
    ),
)
