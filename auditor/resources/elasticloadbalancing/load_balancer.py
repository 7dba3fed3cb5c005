"""A Classic load balancer: a public or internal front for machines, with its listeners inside.

The list tells all but the attributes. Policies of listeners (stickiness, ciphers) are not read: no question needs them.
"""

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Beside, Call, EdgeTo, Join, Json, Prop, Resource, ResourceType, Unsaid
from auditor.resources.kinds import text
from auditor.resources.terraform import camel, first, listed, many, scheme

_LISTENER = ("Protocol", "LoadBalancerPort", "InstanceProtocol", "InstancePort", "SSLCertificateId")
_ATTRIBUTES = Call("describe_load_balancer_attributes", {"LoadBalancerName": "{id}"}, out="LoadBalancerAttributes")
_CHECK = ("Target", "Interval", "Timeout", "UnhealthyThreshold", "HealthyThreshold")


def _listeners(value: list[Mapping[str, Json]]) -> list[Json]:
    """Ports as templates write them, as texts, and protocols in capitals."""
    return [_listener(each.get("Listener") or each) for each in value if isinstance(each, Mapping)]


def _listener(said: Mapping[str, Json]) -> dict[str, Json]:
    kept = {name: text(said[name]) for name in _LISTENER if said.get(name) not in (None, "")}
    for name in ("Protocol", "InstanceProtocol"):
        if isinstance(kept.get(name), str) and "${" not in kept[name]:
            kept[name] = kept[name].upper()
    return kept


def _terraform_listeners(value: Json) -> Json:
    names = {"lb_port": "LoadBalancerPort", "lb_protocol": "Protocol", "ssl_certificate_id": "SSLCertificateId"}
    return [camel(each, **names) for each in many(value) if isinstance(each, Mapping)] or ABSENT


def _check(value: Mapping[str, Json]) -> dict[str, Json]:
    return {name: text(value[name]) for name in _CHECK if value.get(name) is not None}


def _terraform_check(value: Json) -> Json:
    block = first(value)
    return camel(block) if isinstance(block, Mapping) else ABSENT


def _terraform_logs(value: Json) -> Json:
    block = first(value)
    if not isinstance(block, Mapping):
        return ABSENT
    names = {"bucket": "S3BucketName", "bucket_prefix": "S3BucketPrefix", "interval": "EmitInterval"}
    return {"Enabled": True, **camel(block, **names)}


def _logs(value: Mapping[str, Json]) -> dict[str, Json]:
    """Of a log that is off only that is left; AWS writes one every hour where nobody says how often."""
    if value.get("Enabled") is False:
        return {"Enabled": False}
    return {"EmitInterval": 60, **{name: each for name, each in value.items() if each not in (None, "")}}


def _draining(value: Mapping[str, Json]) -> dict[str, Json]:
    """Off it has no time, on AWS waits five minutes where nobody says how long."""
    return {"Enabled": True, "Timeout": value.get("Timeout") or 300} if value.get("Enabled") else {"Enabled": False}


def _terraform_draining(said: Mapping[str, Json]) -> Json:
    return {"Enabled": said.get("connection_draining") or False, "Timeout": said.get("connection_draining_timeout")}


def _crosses(said: Mapping[str, Json]) -> Json:
    """Terraform turns it on where nobody says so, unlike AWS."""
    chosen = said.get("cross_zone_load_balancing")
    return True if chosen is None else chosen


def _modify(member: str, value: Json) -> Call:
    attributes = {"LoadBalancerName": "{id}", "LoadBalancerAttributes": {member: value}}
    return Call("modify_load_balancer_attributes", attributes)


def _implied(balancer: Resource, _: Beside) -> Iterator[tuple[str, Unsaid]]:
    """Without a group or a subnet in code it has those of the default network, which code does not name."""
    for name, words in (
        ("SecurityGroups", "the default group of the network guards it, which code does not name"),
        ("Subnets", "it is in the default subnets of its zones, which code does not name"),
    ):
        if not balancer.properties.get(name) and name not in balancer.unknown:
            yield name, Unsaid(words)


TYPE = ResourceType(
    cfn="AWS::ElasticLoadBalancing::LoadBalancer",
    service="elb",
    list=Call("describe_load_balancers", out="LoadBalancerDescriptions"),
    id="LoadBalancerName",
    arn="arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id}",
    name="LoadBalancerName",
    names=("{raw.DNSName}",),
    terraform=("aws_elb",),
    folds=("aws_elb_attachment",),
    joins=(Join("aws_elb_attachment", "elb", "Instances", listed("instance")),),
    implied=_implied,
    tags="TagDescriptions[0].Tags",
    tags_call=Call("describe_tags", {"LoadBalancerNames": ["{id}"]}),
    props=(
        Prop("LoadBalancerName", tf="name"),
        Prop("DNSName", absent="not set", tf="dns_name"),
        Prop("CanonicalHostedZoneNameID", absent="not set", tf="zone_id"),
        Prop("Scheme", tf="internal", tf_read=scheme, default="internet-facing", absent="unknown"),
        Prop(
            "Listeners",
            live="ListenerDescriptions",
            tf="listener",
            tf_read=_terraform_listeners,
            read=_listeners,
            tidy=_listeners,
            same="set",
            default=[],
            absent="unknown",
        ),
        Prop("Instances", live="Instances[].InstanceId", same="set", default=[], absent="unknown"),
        Prop("Subnets", same="set", default=[], absent="unknown"),
        Prop("VpcId", live="VPCId", absent="unknown", tf="-", ours="read-only attribute: the network of its subnets"),
        Prop(
            "SecurityGroups",
            same="set",
            default=[],
            absent="unknown",
            set=Call(
                "apply_security_groups_to_load_balancer", {"LoadBalancerName": "{id}", "SecurityGroups": "{value}"}
            ),
            risk="interrupts",
        ),
        Prop(
            "HealthCheck",
            tf="health_check",
            tf_read=_terraform_check,
            tidy=_check,
            absent="unknown",
            always=True,
        ),
        Prop(
            "CrossZone",
            call=_ATTRIBUTES,
            live="CrossZoneLoadBalancing.Enabled",
            tf="@",
            tf_read=_crosses,
            default=False,
            absent="unknown",
            set=_modify("CrossZoneLoadBalancing", {"Enabled": "{value}"}),
        ),
        Prop(
            "AccessLoggingPolicy",
            call=_ATTRIBUTES,
            live="AccessLog",
            tf="access_logs",
            tf_read=_terraform_logs,
            tidy=_logs,
            default={"Enabled": False},
            absent="unknown",
            set=_modify("AccessLog", "{value}"),
        ),
        Prop(
            "ConnectionDrainingPolicy",
            call=_ATTRIBUTES,
            live="ConnectionDraining",
            tf="@",
            tf_read=_terraform_draining,
            tidy=_draining,
            default={"Enabled": False},
            absent="unknown",
            set=_modify("ConnectionDraining", "{value}"),
        ),
        Prop(
            "ConnectionSettings",
            call=_ATTRIBUTES,
            live="ConnectionSettings",
            tf="@",
            tf_read=lambda said: {"IdleTimeout": said.get("idle_timeout") or 60},
            default={"IdleTimeout": 60},
            absent="unknown",
            set=_modify("ConnectionSettings", "{value}"),
            note="a shorter time cuts connections that were idle for longer",
            risk="interrupts",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroups[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("targets", "Instances[]", ("AWS::EC2::Instance",)),
        EdgeTo("presents", "Listeners[].SSLCertificateId", ("AWS::CertificateManager::Certificate",)),
        EdgeTo("logs-to", "AccessLoggingPolicy.S3BucketName", ("AWS::S3::Bucket",)),
    ),
)
