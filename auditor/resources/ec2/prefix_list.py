"""A managed prefix list: the networks behind one name in rules and routes, AWS's own (CloudFront) included."""

from collections.abc import Mapping

from auditor.model import Call, Join, Json, Prop, ResourceType
from auditor.resources.ec2._live import cidr


def _entries(value: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**entry, "Cidr": cidr(entry["Cidr"])} for entry in value]


def _entry(values: Mapping[str, Json]) -> Json:
    """An entry in a block of its own."""
    note = {"Description": values["description"]} if values.get("description") else {}
    return _entries([{"Cidr": values["cidr"], **note}])


TYPE = ResourceType(
    cfn="AWS::EC2::PrefixList",
    service="ec2",
    list=Call("describe_managed_prefix_lists", out="PrefixLists"),
    id="PrefixListId",
    arn="PrefixListArn",
    name="PrefixListName",
    terraform=("aws_ec2_managed_prefix_list",),
    folds=("aws_ec2_managed_prefix_list_entry",),
    joins=(Join("aws_ec2_managed_prefix_list_entry", "prefix_list_id", "Entries", _entry),),
    aws_made="OwnerId == 'AWS'",
    props=(
        Prop("PrefixListId", tf="id"),
        Prop("PrefixListName", tf="name"),
        Prop("AddressFamily", absent="unknown"),
        Prop("OwnerId", absent="unknown"),
        Prop(
            "Entries",
            live="Entries",
            call=Call("get_managed_prefix_list_entries", {"PrefixListId": "{id}"}),
            tf="entry",
            read=_entries,
            same="set",
            default=[],
            absent="unknown",
        ),
    ),
)
