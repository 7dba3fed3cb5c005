"""An application, network or gateway load balancer: a public or internal front for targets."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancingV2::LoadBalancer",
    service="elbv2",
    list=Call("describe_load_balancers", out="LoadBalancers"),
    id="LoadBalancerArn",
    arn="LoadBalancerArn",
    name="LoadBalancerName",
    names=("{raw.DNSName}",),
    terraform=("aws_lb",),
    tags="TagDescriptions[0].Tags",
    tags_call=Call("describe_tags", {"ResourceArns": ["{id}"]}),
    props=(
        Prop("LoadBalancerArn", tf="arn"),
        Prop("Name", live="LoadBalancerName"),
        Prop("DNSName", tf="dns_name"),
        Prop("CanonicalHostedZoneID", live="CanonicalHostedZoneId", tf="zone_id"),
        Prop("Type", tf="load_balancer_type", default="application"),
        Prop("Scheme", tf="-", default="internet-facing"),
        Prop("IpAddressType", default="ipv4"),
        Prop(
            "SecurityGroups",
            same="set",
            default=[],
            set=Call("set_security_groups", {"LoadBalancerArn": "{id}", "SecurityGroups": "{value}"}),
            risk="interrupts",
        ),
        # Of network balancers with groups: whether these are asked for what comes over PrivateLink.
        Prop("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
        Prop("Subnets", live="AvailabilityZones[].SubnetId", same="set", default=[]),
        Prop("VpcId", tf="vpc_id", ours="read-only attribute: the network that all of its subnets are in"),
        Prop("State", live="State.Code", tf="-", ours="read-only attribute: `active` when it carries traffic"),
    ),
    edges=(
        EdgeTo("placed-in", "Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroups[]", ("AWS::EC2::SecurityGroup",)),
    ),
)
