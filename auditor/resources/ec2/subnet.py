"""A subnet. Whether it is public is a question to the graph (its routes), never a property."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

_MODIFY = "modify_subnet_attribute"

TYPE = ResourceType(
    cfn="AWS::EC2::Subnet",
    service="ec2",
    list=Call("describe_subnets", out="Subnets"),
    id="SubnetId",
    arn="SubnetArn",
    terraform=("aws_subnet", "aws_default_subnet"),
    aws_made="DefaultForAz",
    props=(
        Prop("SubnetId", tf="id"),
        Prop("VpcId", absent="unknown"),
        Prop("CidrBlock", absent="not set"),
        Prop(
            "Ipv6CidrBlock",
            live="Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State=='associated'].Ipv6CidrBlock | [0]",
            absent="not set",
        ),
        Prop("AvailabilityZone", always=True),
        Prop("AvailabilityZoneId", always=True),
        Prop(
            "MapPublicIpOnLaunch",
            default=False,
            absent="unknown",
            set=Call(_MODIFY, {"SubnetId": "{id}", "MapPublicIpOnLaunch": {"Value": "{value}"}}),
            note="applies to new network interfaces only; existing ones keep their addresses",
        ),
        Prop(
            "AssignIpv6AddressOnCreation",
            default=False,
            absent="unknown",
            set=Call(_MODIFY, {"SubnetId": "{id}", "AssignIpv6AddressOnCreation": {"Value": "{value}"}}),
        ),
        Prop(
            "EnableDns64",
            tf="enable_dns64",
            default=False,
            absent="unknown",
            set=Call(_MODIFY, {"SubnetId": "{id}", "EnableDns64": {"Value": "{value}"}}),
            risk="interrupts",
        ),
        Prop("Ipv6Native", default=False, absent="unknown"),
        Prop(
            "InternetGatewayBlockMode",
            live="BlockPublicAccessStates.InternetGatewayBlockMode",
            default="off",
            tf="-",
            ours="read-only attribute: what VPC Block Public Access comes to in the subnet, exclusions counted",
        ),
        Prop("OwnerId", absent="unknown", tf="-", ours="read-only attribute: its owner, if it is shared"),
    ),
    edges=(EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),),
)
