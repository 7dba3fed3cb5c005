"""Networks in code: rules and routes that stand in blocks of their own, in Terraform and in templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from auditor.model import ABSENT, Join, Json
from auditor.resources.ec2._live import acl_entries, egress, ingress, routes
from auditor.resources.shapes import decided
from auditor.resources.terraform import camel, first, many, said

_ANY = {"cidr_blocks": "CidrIp", "ipv6_cidr_blocks": "CidrIpv6"}
_SIDES = {
    "ingress": {**_ANY, "security_groups": "SourceSecurityGroupId", "prefix_list_ids": "SourcePrefixListId"},
    "egress": {**_ANY, "security_groups": "DestinationSecurityGroupId", "prefix_list_ids": "DestinationPrefixListId"},
}
# How `sources/references.py` spells a value that nobody can know.
_IMAGES = "${? known from the image only, where the code does not set it}"
_TIDY = {"ingress": ingress, "egress": egress}


def rules(side: str) -> Callable[[Json], Json]:
    """The `ingress` or `egress` blocks of a group as single rules."""

    def read(value: Json) -> Json:
        return _TIDY[side](list(chain.from_iterable(_spread(each, side) for each in many(value))))

    return read


def _spread(block: Mapping[str, Json], side: str) -> list[dict[str, Json]]:
    base = {
        "IpProtocol": block.get("protocol"),
        "FromPort": block.get("from_port"),
        "ToPort": block.get("to_port"),
        "Description": block.get("description"),
    }
    return [{**base, name: each} for key, name in _SIDES[side].items() for each in many(block.get(key))]


def _old_rule(side: str) -> Callable[[Mapping[str, Json]], Json]:
    def read(values: Mapping[str, Json]) -> Json:
        if decided(values.get("type")) != side:
            return ABSENT
        groups = values.get("source_security_group_id")
        return rules(side)([{**values, "security_groups": many(groups)}])

    return read


def _new_rule(side: str) -> Callable[[Mapping[str, Json]], Json]:
    def read(values: Mapping[str, Json]) -> Json:
        return rules(side)(
            [
                {
                    **values,
                    "protocol": values.get("ip_protocol"),
                    "cidr_blocks": values.get("cidr_ipv4"),
                    "ipv6_cidr_blocks": values.get("cidr_ipv6"),
                    "prefix_list_ids": values.get("prefix_list_id"),
                    "security_groups": values.get("referenced_security_group_id"),
                }
            ]
        )

    return read


GROUP_JOINS = (
    Join("aws_security_group_rule", "security_group_id", "SecurityGroupIngress", _old_rule("ingress")),
    Join("aws_security_group_rule", "security_group_id", "SecurityGroupEgress", _old_rule("egress")),
    Join("aws_vpc_security_group_ingress_rule", "security_group_id", "SecurityGroupIngress", _new_rule("ingress")),
    Join("aws_vpc_security_group_egress_rule", "security_group_id", "SecurityGroupEgress", _new_rule("egress")),
)

_ROUTE = {
    "cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "vpc_endpoint_id": "VpcEndpointId",
    "instance_id": "InstanceId",
}
_NO_ROUTE = ("Id", "Origin", "State", "RouteTableId", "Timeouts", "InstanceOwnerId")


def terraform_routes(value: Json) -> Json:
    """Routes in blocks, or one in a block of its own."""
    found = [camel(each, **_ROUTE) for each in many(value)]
    return routes([{key: inner for key, inner in each.items() if key not in _NO_ROUTE} for each in found])


def _route(values: Mapping[str, Json]) -> Json:
    return terraform_routes(dict(values))


def listed(name: str) -> Callable[[Mapping[str, Json]], Json]:
    """The value of one attribute as a list of one."""
    return lambda values: many(values.get(name))


TABLE_JOINS = (Join("aws_route", "route_table_id", "Routes", _route),)


def terraform_entries(value: Mapping[str, Json]) -> Json:
    """The entries of a network ACL, which Terraform keeps in a list for each direction."""
    blocks = [(each, False) for each in many(value.get("ingress"))] + [
        (each, True) for each in many(value.get("egress"))
    ]
    found = [
        _entry({**block, "rule_number": block.get("rule_no"), "rule_action": block.get("action")}, out)
        for block, out in blocks
    ]
    return acl_entries(found) if found else ABSENT


def _entry(block: Mapping[str, Json], out: bool) -> dict[str, Json]:
    protocol = str(block.get("protocol", "-1")).lower()
    number = {"all": -1, "tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}.get(protocol)
    entry: dict[str, Json] = {
        "Egress": out,
        "Protocol": int(protocol) if number is None else number,
        "RuleAction": str(block.get("rule_action", "")).lower(),
        "RuleNumber": int(block["rule_number"]),
        "CidrBlock": block.get("cidr_block") or None,
        "Ipv6CidrBlock": block.get("ipv6_cidr_block") or None,
    }
    if entry["Protocol"] in (6, 17):
        entry["PortRange"] = {"From": block.get("from_port"), "To": block.get("to_port")}
    if entry["Protocol"] in (1, 58) and block.get("icmp_type") is not None:
        code = block.get("icmp_code")
        entry["Icmp"] = {"Code": 0 if code is None else int(code), "Type": int(block["icmp_type"])}
    return entry


def _acl_rule(values: Mapping[str, Json]) -> Json:
    return acl_entries([_entry(values, bool(decided(values.get("egress"))))])


ACL_JOINS = (
    Join("aws_network_acl_rule", "network_acl_id", "Entries", _acl_rule),
    Join("aws_network_acl_association", "network_acl_id", "SubnetIds", listed("subnet_id")),
)

VPC_JOINS = (
    Join("AWS::EC2::VPCCidrBlock", "VpcId", "CidrBlocks", listed("CidrBlock")),
    Join("aws_vpc_ipv4_cidr_block_association", "vpc_id", "CidrBlocks", listed("cidr_block")),
)
GATEWAY_JOINS = (Join("aws_internet_gateway_attachment", "internet_gateway_id", "VpcId", said("vpc_id")),)
ENDPOINT_JOINS = (
    Join("aws_vpc_endpoint_route_table_association", "vpc_endpoint_id", "RouteTableIds", listed("route_table_id")),
    Join(
        "aws_vpc_endpoint_security_group_association",
        "vpc_endpoint_id",
        "SecurityGroupIds",
        listed("security_group_id"),
    ),
    Join("aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", "SubnetIds", listed("subnet_id")),
    Join("aws_vpc_endpoint_policy", "vpc_endpoint_id", "PolicyDocument", said("policy")),
)
ADDRESS_JOINS = (
    Join("aws_eip_association", "allocation_id", "InstanceId", said("instance_id")),
    Join("aws_eip_association", "allocation_id", "NetworkInterfaceId", said("network_interface_id")),
    Join("aws_eip_association", "allocation_id", "PrivateIpAddress", said("private_ip_address")),
)


def inside_address(value: Mapping[str, Json]) -> Json:
    """The private address that an elastic one leads to: as applied, else as asked for."""
    return value.get("private_ip") or value.get("associate_with_private_ip") or ABSENT


def terraform_disks(value: Mapping[str, Json]) -> Json:
    """The disks of a machine: the root's block and those of the others."""
    found = [
        {
            "DeviceName": block.get("device_name"),
            "Ebs": {
                name: inner
                for name, inner in camel(block).items()
                if name
                in ("DeleteOnTermination", "Encrypted", "Iops", "KmsKeyId", "SnapshotId", "VolumeSize", "VolumeType")
            },
        }
        for name in ("root_block_device", "ebs_block_device")
        for block in many(value.get(name))
    ]
    return images_choice([{key: inner for key, inner in each.items() if inner} for each in found]) or ABSENT


def images_choice(value: Json) -> Json:
    """Block devices of code, where the image says what the code leaves out: the root's name, and snapshots."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    named = [each if each.get("DeviceName") else {**each, "DeviceName": _IMAGES} for each in value]
    return [
        {**each, "Ebs": {**each["Ebs"], "SnapshotId": each["Ebs"].get("SnapshotId") or _IMAGES}}
        if isinstance(each.get("Ebs"), Mapping)
        else each
        for each in named
    ]


def metadata(defaults: Mapping[str, Json]) -> Callable[[Json], Json]:
    """Metadata options with AWS's defaults for those that the block leaves out."""
    return lambda value: {**defaults, **{k: v for k, v in camel(first(value) or {}).items() if k in defaults}}
