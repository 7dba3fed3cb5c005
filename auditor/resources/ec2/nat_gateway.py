"""A NAT gateway. AWS lists deleted ones for about an hour; they are not there."""

from auditor.model import Call, EdgeTo, Prop, ResourceType


def _first(member: str) -> str:
    """A member of the primary address; gateways with a single address may not call it primary."""
    return f"(NatGatewayAddresses[?IsPrimary] | [0].{member}) || NatGatewayAddresses[0].{member}"


TYPE = ResourceType(
    cfn="AWS::EC2::NatGateway",
    service="ec2",
    list=Call("describe_nat_gateways", out="NatGateways[?State=='available' || State=='pending']"),
    id="NatGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:natgateway/{id}",
    terraform=("aws_nat_gateway",),
    props=(
        Prop("NatGatewayId", tf="id"),
        Prop("SubnetId", absent="not set"),
        Prop("VpcId", tf="-", always=True),
        Prop("ConnectivityType", default="public"),
        Prop("AvailabilityMode", default="zonal", tf="-"),
        Prop("RouteTableId", absent="not set", tf="-"),
        Prop("AutoProvisionZones", absent="not set", tf="-"),
        Prop(
            "Zones",
            live="NatGatewayAddresses[].AvailabilityZone",
            read=lambda zones: sorted(set(zones)),
            tf="-",
            same="set",
            default=[],
            ours="read-only attribute: the zones in which a regional gateway has addresses",
        ),
        Prop(
            "AllocationId",
            live=_first("AllocationId"),
            absent="not set",
        ),
        Prop(
            "SecondaryAllocationIds",
            live="NatGatewayAddresses[?IsPrimary==`false`].AllocationId",
            same="set",
            default=[],
        ),
        Prop(
            "PrivateIpAddress",
            live=_first("PrivateIp"),
            absent="not set",
            tf="private_ip",
        ),
        Prop(
            "EniId",
            live=_first("NetworkInterfaceId"),
            absent="not set",
            tf="network_interface_id",
        ),
        Prop(
            "PublicIps",
            tf="-",
            live="NatGatewayAddresses[].PublicIp",
            same="set",
            default=[],
            ours="read-only attribute: the public source addresses of the traffic through the gateway",
        ),
        Prop("State", absent="unknown", tf="-", ours="read-only attribute: `pending` or `available`"),
    ),
    edges=(
        EdgeTo("placed-in", "SubnetId", ("AWS::EC2::Subnet",)),
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("attached-to", "AllocationId", ("AWS::EC2::EIP",), back=True),
        EdgeTo("attached-to", "SecondaryAllocationIds[]", ("AWS::EC2::EIP",), back=True),
        EdgeTo("attached-to", "EniId", ("AWS::EC2::NetworkInterface",), back=True),
    ),
)
