"""A managed prefix list: the networks behind one name in rules and routes, AWS's own (CloudFront) included."""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.ec2._live import cidr


def _entries(value: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**entry, "Cidr": cidr(entry["Cidr"])} for entry in value]


TYPE = ResourceType(
    cfn="AWS::EC2::PrefixList",
    service="ec2",
    list=Call("describe_managed_prefix_lists", out="PrefixLists"),
    id="PrefixListId",
    arn="PrefixListArn",
    name="PrefixListName",
    terraform=("aws_ec2_managed_prefix_list",),
    folds=("aws_ec2_managed_prefix_list_entry",),
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
