"""A record of a zone: a name, a type, and what it answers with.

Records have neither id nor ARN: zone, name, type and, for routing among several, the set identifier tell
them apart. Names are kept without the final dot, as most templates write them. The start of authority and
the name servers at the apex come with the zone and are AWS-made.

A record is changed by writing it whole (UPSERT). Resolvers keep the old answer for its time to live and
clients follow the new one at once, so every change counts as an interruption. Names, types and routing keys
are the record's identity and have no setter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Call, EdgeTo, Edit, Json, Prop, ResourceType
from auditor.resources.route53 import _code
from auditor.resources.route53._live import hosts, plain, zone_id

_WRITE = Edit(
    read=Call(
        "list_resource_record_sets",
        {
            "HostedZoneId": "{HostedZoneId}",
            "StartRecordName": "{Name}",
            "StartRecordType": "{Type}",
            "StartRecordIdentifier": "{SetIdentifier?}",
            "MaxItems": "1",
        },
    ),
    write=Call(
        "change_resource_record_sets",
        {
            "HostedZoneId": "{HostedZoneId}",
            "ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": "{value}"}]},
        },
    ),
    inside="ResourceRecordSets[0]",
)


def records(listed: Json) -> Iterable[Mapping[str, Json]]:
    """The records with what the answer does not say: their identity within the zone, and who made them."""
    apex = {record["Name"] for record in listed if record["Type"] == "SOA"}
    for record in listed:
        parts = [plain(record["Name"]), record["Type"], record.get("SetIdentifier")]
        made = record["Type"] in ("SOA", "NS") and record["Name"] in apex
        yield {**record, "Key": "_".join(part for part in parts if part), "MadeWithZone": made}


def _alias(value: Json) -> Json:
    """A template may leave the health check out, which is then not made."""
    names = {"DNSName": plain(value["DNSName"]), "HostedZoneId": zone_id(value["HostedZoneId"])}
    return {"EvaluateTargetHealth": False, **value, **names}


def _values(value: Json) -> Json:
    return [each["Value"] for each in value]


def _write_values(value: Json) -> Json:
    return [{"Value": text} for text in value]


TYPE = ResourceType(
    cfn="AWS::Route53::RecordSet",
    service="route53",
    list=Call("list_resource_record_sets", {"HostedZoneId": "{parent.id}"}, out="ResourceRecordSets"),
    items=records,
    over="AWS::Route53::HostedZone",
    scope="global",
    id="{parent.id}_{raw.Key}",
    name="Name",
    names=("{name}",),
    tags="",
    aws_made="MadeWithZone",
    terraform=("aws_route53_record",),
    props=(
        Prop("HostedZoneId", live="{parent.id}", tf="zone_id"),
        Prop("Name", tidy=plain),
        Prop("Type", absent="unknown"),
        Prop("TTL", kind="text", absent="not set", edit=_WRITE, risk="interrupts"),
        Prop(
            "ResourceRecords",
            read=_values,
            absent="not set",
            write=_write_values,
            tf="@",
            tf_read=_code.records,
            same="set",
            edit=_WRITE,
            risk="interrupts",
        ),
        Prop(
            "AliasTarget",
            absent="not set",
            tf="alias",
            tf_read=_code.alias,
            tidy=_alias,
            edit=_WRITE,
            risk="interrupts",
        ),
        Prop("SetIdentifier", absent="not set"),
        Prop("Weight", absent="not set", tf="weighted_routing_policy.weight", edit=_WRITE, risk="interrupts"),
        Prop("Region", absent="not set", tf="latency_routing_policy.region"),
        Prop("Failover", absent="not set", tf="failover_routing_policy.type"),
        Prop("GeoLocation", absent="not set", tf="geolocation_routing_policy", tf_read=_code.place),
        Prop("MultiValueAnswer", absent="not set", tf="multivalue_answer_routing_policy"),
        Prop("HealthCheckId", absent="not set", edit=_WRITE, risk="interrupts"),
    ),
    edges=(
        EdgeTo("part-of", "HostedZoneId", ("AWS::Route53::HostedZone",)),
        EdgeTo(
            "routes-to",
            "AliasTarget.DNSName",
            (
                "AWS::CloudFront::Distribution",
                "AWS::ElasticLoadBalancing::LoadBalancer",
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "AWS::S3::Bucket",
                "AWS::EC2::VPCEndpoint",
            ),
            take=hosts,
        ),
        EdgeTo(
            "routes-to",
            "ResourceRecords[]",
            (
                "AWS::CloudFront::Distribution",
                "AWS::ElasticLoadBalancing::LoadBalancer",
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "AWS::RDS::DBInstance",
                "AWS::RDS::DBProxy",
                "AWS::Lambda::Url",
                "AWS::S3::Bucket",
                "AWS::EC2::EIP",
                "AWS::EC2::Instance",
            ),
            take=hosts,
        ),
    ),
)
