"""A list of addresses that rules of a web ACL ask for."""

from auditor.model import ABSENT, Call, Prop, ResourceType
from auditor.resources.wafv2._live import scoped

_GET = Call("get_ip_set", {"Name": "{raw.Name}", "Scope": "{raw.Scope}", "Id": "{raw.Id}"}, out="IPSet")

TYPE = ResourceType(
    cfn="AWS::WAFv2::IPSet",
    service="wafv2",
    list=Call("list_ip_sets", {"Scope": "REGIONAL"}, out="IPSets"),
    list_global=Call("list_ip_sets", {"Scope": "CLOUDFRONT"}, out="IPSets"),
    items=scoped,
    id="{raw.Name}|{raw.Id}|{raw.Scope}",
    arn="ARN",
    name="Name",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="TagInfoForResource.TagList"),
    terraform=("aws_wafv2_ip_set",),
    props=(
        Prop("Arn", live="ARN", tf="arn"),
        Prop("Id", absent="unknown"),
        Prop("Name"),
        Prop("Scope", absent="unknown"),
        Prop("Description", read=lambda value: value or ABSENT, absent="not set"),
        Prop("IPAddressVersion", call=_GET, live="IPAddressVersion", tf="ip_address_version", absent="unknown"),
        Prop(
            "Addresses",
            call=_GET,
            live="Addresses",
            same="cidr-set",
            default=[],
            absent="unknown",
        ),
    ),
)
