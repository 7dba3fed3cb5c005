"""A network ACL: the entries of both directions by number, and the subnets that it guards.

Entries have no id of their own in AWS and mean something only as a list, so they are elements here.
"""

from collections.abc import Iterator

from auditor.model import Beside, Call, EdgeTo, Join, Json, Prop, Resource, ResourceType
from auditor.resources.ec2._code import ACL_JOINS, terraform_entries
from auditor.resources.ec2._live import acl_entries, acl_entry_text, one_entry

_KEY = {"NetworkAclId": "{id}", "RuleNumber": "{element.RuleNumber}", "Egress": "{element.Egress}"}
_LAST = 32767


def _implied(acl: Resource, _: Beside) -> Iterator[tuple[str, Json]]:
    """The denial that ends the list of either direction, which nobody can take away."""
    entries = [each for each in acl.properties.get("Entries", []) if each.get("RuleNumber") != _LAST]
    if "Entries" in acl.unknown or not all(isinstance(each.get("RuleNumber"), int) for each in entries):
        return
    rest = {"CidrBlock": "0.0.0.0/0", "Protocol": -1, "RuleAction": "deny", "RuleNumber": _LAST}
    yield "Entries", acl_entries([*entries, *({**rest, "Egress": out} for out in (False, True))])


TYPE = ResourceType(
    cfn="AWS::EC2::NetworkAcl",
    service="ec2",
    list=Call("describe_network_acls", out="NetworkAcls"),
    id="NetworkAclId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:network-acl/{id}",
    terraform=("aws_network_acl", "aws_default_network_acl"),
    folds=(
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "aws_network_acl_rule",
        "aws_network_acl_association",
    ),
    joins=(
        *ACL_JOINS,
        Join("AWS::EC2::NetworkAclEntry", "NetworkAclId", "Entries", one_entry),
        Join(
            "AWS::EC2::SubnetNetworkAclAssociation",
            "NetworkAclId",
            "SubnetIds",
            lambda fold: [fold.get("SubnetId")],
        ),
    ),
    implied=_implied,
    aws_made="IsDefault",
    props=(
        Prop("Id", live="NetworkAclId"),
        Prop("VpcId", absent="unknown"),
        Prop(
            "Entries",
            tf="@",
            tf_read=terraform_entries,
            read=acl_entries,
            write=acl_entry_text,
            default=[],
            absent="unknown",
            add=Call(
                "create_network_acl_entry",
                {
                    **_KEY,
                    "Protocol": "{element.Protocol}",
                    "RuleAction": "{element.RuleAction}",
                    "CidrBlock": "{element.CidrBlock?}",
                    "Ipv6CidrBlock": "{element.Ipv6CidrBlock?}",
                    "PortRange": "{element.PortRange?}",
                    "IcmpTypeCode": "{element.Icmp?}",
                },
            ),
            remove=Call("delete_network_acl_entry", _KEY),
            risk="interrupts",
            ours="CloudFormation has a resource for each entry; here they are the list that AWS tries in order",
        ),
        Prop(
            "SubnetIds",
            live="Associations[].SubnetId",
            same="set",
            default=[],
            absent="unknown",
            ours="CloudFormation says it in a SubnetNetworkAclAssociation",
        ),
        Prop(
            "IsDefault",
            tf="-",
            default=False,
            absent="unknown",
            ours="CloudFormation cannot make or name a default ACL",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("guarded-by", "SubnetIds[]", ("AWS::EC2::Subnet",), back=True),
    ),
)
