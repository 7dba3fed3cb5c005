"""A network interface: where addresses, groups and a subnet meet, hence where reach is decided.

Most are made by services (NAT gateways, functions, databases, endpoints) for their own use; those are AWS's.
"""

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType

_MODIFY = "modify_network_interface_attribute"


def _ipv6(value: list[Json]) -> list[Json]:
    """Terraform gives plain texts, AWS and templates objects."""
    found = [each if isinstance(each, Mapping) else {"Ipv6Address": each} for each in value]
    return [{"Ipv6Address": each["Ipv6Address"]} for each in found]


def _addresses(value: list[Json]) -> list[Json]:
    """Terraform gives plain texts without saying which is the primary one, unless it is the only one."""
    alone = {"Primary": True} if len(value) == 1 else {}
    found = [each if isinstance(each, Mapping) else {**alone, "PrivateIpAddress": each} for each in value]
    return [{key: each[key] for key in ("Primary", "PrivateIpAddress") if key in each} for each in found]


def _terraform_primary(value: Mapping[str, Json]) -> Json:
    several = value.get("private_ip_list") or value.get("private_ips") or []
    return value.get("private_ip") or (several[0] if len(several) == 1 or value.get("private_ip_list") else ABSENT)


def _template_primary(said: Mapping[str, Json]) -> Json:
    listed = said.get("PrivateIpAddresses")
    found = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    first = [each.get("PrivateIpAddress") for each in found if each.get("Primary")]
    return said.get("PrivateIpAddress") or (first[0] if first else ABSENT)


def _is_primary(address: Json) -> bool:
    return isinstance(address, Mapping) and bool(address.get("Primary"))


def _template_addresses(said: Mapping[str, Json]) -> Json:
    listed, primary = said.get("PrivateIpAddresses") or [], said.get("PrivateIpAddress")
    if not isinstance(listed, list) or not primary or any(_is_primary(each) for each in listed):
        return listed or ABSENT
    return [{"Primary": True, "PrivateIpAddress": primary}, *listed]


TYPE = ResourceType(
    cfn="AWS::EC2::NetworkInterface",
    service="ec2",
    list=Call("describe_network_interfaces", out="NetworkInterfaces"),
    id="NetworkInterfaceId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:network-interface/{id}",
    tags="TagSet",
    terraform=("aws_network_interface",),
    folds=("AWS::EC2::NetworkInterfaceAttachment", "aws_network_interface_attachment"),
    aws_made="RequesterManaged"
    " || (InterfaceType && !contains(['interface', 'efa', 'efa-only', 'trunk'], InterfaceType))",
    props=(
        Prop("Id", live="NetworkInterfaceId"),
        Prop("SubnetId", absent="unknown"),
        Prop("VpcId", absent="unknown", tf="-"),
        Prop("Description", default=""),
        Prop("InterfaceType", default="interface", absent="unknown"),
        Prop(
            "GroupSet",
            live="Groups[].GroupId",
            tf="security_groups",
            same="set",
            default=[],
            absent="unknown",
            set=Call(_MODIFY, {"NetworkInterfaceId": "{id}", "Groups": "{value}"}),
            risk="interrupts",
        ),
        Prop("PrivateIpAddress", absent="not set", tf="@", tf_read=_terraform_primary, cfn_read=_template_primary),
        Prop(
            "PrivateIpAddresses",
            tf="private_ips",
            tf_read=_addresses,
            read=_addresses,
            cfn_read=_template_addresses,
            same="set",
            default=[],
            absent="unknown",
        ),
        Prop("Ipv6Addresses", read=_ipv6, tidy=_ipv6, same="set", default=[]),
        Prop(
            "SourceDestCheck",
            default=True,
            absent="unknown",
            set=Call(_MODIFY, {"NetworkInterfaceId": "{id}", "SourceDestCheck": {"Value": "{value}"}}),
            risk="interrupts",
        ),
        Prop(
            "PublicIps",
            tf="-",
            # Besides the addresses' own associations, for answers that tell the interface's only.
            live="PrivateIpAddresses[].Association.PublicIp || [Association.PublicIp][?@]",
            same="set",
            default=[],
            ours="read-only attribute: the public addresses that lead to this interface",
        ),
        Prop(
            "Attachment",
            live="Attachment.{InstanceId: InstanceId, InstanceOwnerId: InstanceOwnerId,"
            " DeviceIndex: DeviceIndex, Status: Status, DeleteOnTermination: DeleteOnTermination}",
            read=lambda value: {key: each for key, each in value.items() if each is not None},
            absent="not set",
            ours="CloudFormation says it in a NetworkInterfaceAttachment or in the instance",
        ),
        Prop("Status", absent="unknown", tf="-", ours="read-only attribute: `in-use` or `available`"),
        Prop("AvailabilityZone", absent="unknown", tf="-", ours="read-only attribute: the zone of the subnet"),
        Prop(
            "RequesterId",
            absent="not set",
            tf="-",
            ours="read-only attribute: the service or principal that AWS created it for",
        ),
        Prop(
            "RequesterManaged",
            tf="-",
            default=False,
            absent="unknown",
            ours="read-only attribute: an AWS service created and manages it",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetId", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "GroupSet[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("attached-to", "Attachment.InstanceId", ("AWS::EC2::Instance",)),
    ),
)
