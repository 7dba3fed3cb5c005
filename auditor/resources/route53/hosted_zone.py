"""A zone of the DNS, public or private to some VPCs.

Its id is known with and without `/hostedzone/`; the short one, which CloudFormation uses, is the id here and
the long one a name. Zones that a service keeps for itself (Cloud Map, load balancers) are AWS-made. Whether
a zone is private follows from its VPCs in a template, but the list already says so, hence `PrivateZone`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.model import ABSENT, Beside, Call, EdgeTo, Join, Json, Prop, Resource, ResourceType, paths
from auditor.resources.route53 import _code
from auditor.resources.route53._live import plain, zone_id
from auditor.resources.shapes import pick

_DETAIL = Call("get_hosted_zone", {"Id": "{id}"})


def zones(listed: Json) -> Iterable[Mapping[str, Json]]:
    """The zones with the short form of their ids."""
    return [{**zone, "Id": zone_id(zone["Id"])} for zone in listed]


def _logging(value: Json) -> Json:
    return pick(value, "CloudWatchLogsLogGroupArn")


def _associated(fold: Mapping[str, Json]) -> Json:
    said = {"VPCId": fold.get("vpc_id"), "VPCRegion": fold.get("vpc_region")}
    return [{name: text for name, text in said.items() if text}]


def _implied(zone: Resource, _: Beside) -> Iterator[tuple[str, Json]]:
    """A zone is private when it names networks."""
    if not paths.hidden(zone.unknown, "VPCs") and "PrivateZone" not in zone.properties:
        yield "PrivateZone", bool(zone.properties.get("VPCs"))


TYPE = ResourceType(
    cfn="AWS::Route53::HostedZone",
    service="route53",
    list=Call("list_hosted_zones", out="HostedZones"),
    items=zones,
    scope="global",
    id="Id",
    arn="arn:{partition}:route53:::hostedzone/{id}",
    name="Name",
    names=("/hostedzone/{id}",),
    tags="",
    tags_call=Call(
        "list_tags_for_resource",
        {"ResourceType": "hostedzone", "ResourceId": "{id}"},
        out="ResourceTagSet.Tags",
    ),
    aws_made="LinkedService.ServicePrincipal",
    terraform=("aws_route53_zone",),
    folds=("aws_route53_zone_association", "aws_route53_query_log"),
    joins=(Join("aws_route53_zone_association", "zone_id", "VPCs", _associated),),
    implied=_implied,
    props=(
        Prop("Id", tf="zone_id"),
        Prop("Name", tidy=plain),
        Prop(
            "HostedZoneConfig",
            live="Config",
            read=lambda value: {"Comment": value["Comment"]} if value.get("Comment") else ABSENT,
            absent="not set",
            tf="@",
            tf_read=_code.comment,
            set=Call("update_hosted_zone_comment", {"Id": "{id}", "Comment": "{value.Comment}"}),
            unset=Call("update_hosted_zone_comment", {"Id": "{id}"}),
        ),
        Prop(
            "PrivateZone",
            live="Config.PrivateZone",
            tf="@",
            tf_read=_code.private,
            default=False,
            ours="read-only attribute: in a template a zone is private when it names VPCs",
        ),
        Prop("NameServers", call=_DETAIL, live="DelegationSet.NameServers", absent="not set", same="set"),
        Prop(
            "VPCs",
            call=_DETAIL,
            absent="not set",
            tf="vpc",
            same="set",
            add=Call("associate_vpc_with_hosted_zone", {"HostedZoneId": "{id}", "VPC": "{element}"}),
            remove=Call("disassociate_vpc_from_hosted_zone", {"HostedZoneId": "{id}", "VPC": "{element}"}),
            risk="interrupts",
        ),
        Prop(
            "QueryLoggingConfig",
            call=Call("list_query_logging_configs", {"HostedZoneId": "{id}"}),
            live="QueryLoggingConfigs[0]",
            read=_logging,
            absent="not set",
            tf="aws_route53_query_log",
            tf_read=lambda value: {"CloudWatchLogsLogGroupArn": value.get("cloudwatch_log_group_arn")},
            note="removing it needs the ID of the logging configuration, which is not a property",
        ),
    ),
    edges=(
        EdgeTo("attached-to", "VPCs[].VPCId", ("AWS::EC2::VPC",)),
        EdgeTo("logs-to", "QueryLoggingConfig.CloudWatchLogsLogGroupArn", ("AWS::Logs::LogGroup",)),
    ),
)
