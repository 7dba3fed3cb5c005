"""A private network. Its address ranges and DNS switches, which live behind calls of their own."""

from auditor.model import ABSENT, Call, Prop, ResourceType
from auditor.resources.ec2._code import VPC_JOINS


def _switch(attribute: str, answer: str) -> Call:
    return Call("describe_vpc_attribute", {"VpcId": "{id}", "Attribute": attribute}, out=answer)


TYPE = ResourceType(
    cfn="AWS::EC2::VPC",
    service="ec2",
    list=Call("describe_vpcs", out="Vpcs"),
    id="VpcId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:vpc/{id}",
    terraform=("aws_vpc", "aws_default_vpc"),
    folds=("AWS::EC2::VPCCidrBlock", "aws_vpc_ipv4_cidr_block_association"),
    joins=VPC_JOINS,
    aws_made="IsDefault",
    props=(
        Prop("VpcId", tf="id"),
        Prop("CidrBlock", absent="unknown"),
        Prop(
            "CidrBlocks",
            tf="cidr_block",
            tf_read=lambda value: [value],
            cfn_read=lambda said: [said["CidrBlock"]] if "CidrBlock" in said else ABSENT,
            live="CidrBlockAssociationSet[?CidrBlockState.State=='associated'].CidrBlock || [CidrBlock]",
            absent="unknown",
            same="cidr-set",
            ours="CloudFormation spreads the IPv4 ranges over CidrBlock and VPCCidrBlock resources",
        ),
        Prop(
            "Ipv6CidrBlocks",
            tf="-",
            live="Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State=='associated'].Ipv6CidrBlock",
            same="cidr-set",
            default=[],
        ),
        Prop("InstanceTenancy", default="default", absent="unknown"),
        Prop(
            "EnableDnsSupport",
            live="Value",
            call=_switch("enableDnsSupport", "EnableDnsSupport"),
            default=True,
            absent="unknown",
            set=Call("modify_vpc_attribute", {"VpcId": "{id}", "EnableDnsSupport": {"Value": "{value}"}}),
            risk="interrupts",
            note="disabling it stops DNS resolution in the whole VPC",
        ),
        Prop(
            "EnableDnsHostnames",
            live="Value",
            call=_switch("enableDnsHostnames", "EnableDnsHostnames"),
            default=False,
            absent="unknown",
            set=Call("modify_vpc_attribute", {"VpcId": "{id}", "EnableDnsHostnames": {"Value": "{value}"}}),
            risk="interrupts",
            note="disabling it removes the private DNS names of endpoints and instances",
        ),
        Prop(
            "InternetGatewayBlockMode",
            live="BlockPublicAccessStates.InternetGatewayBlockMode",
            default="off",
            tf="-",
            ours="read-only attribute: what VPC Block Public Access comes to in the network, exclusions counted",
        ),
        Prop("OwnerId", absent="unknown", tf="-", ours="read-only attribute: its owner, if its subnets are shared"),
        Prop(
            "IsDefault",
            tf="-",
            default=False,
            absent="unknown",
            ours="CloudFormation cannot make or name the default network",
        ),
    ),
)
