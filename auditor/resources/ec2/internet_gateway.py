"""An internet gateway with the network it is attached to.

CloudFormation makes the attachment a resource (VPCGatewayAttachment); AWS knows it only as a part of the
gateway, and so do we.
"""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.ec2._code import GATEWAY_JOINS

TYPE = ResourceType(
    cfn="AWS::EC2::InternetGateway",
    service="ec2",
    list=Call("describe_internet_gateways", out="InternetGateways"),
    id="InternetGatewayId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:internet-gateway/{id}",
    terraform=("aws_internet_gateway",),
    folds=("AWS::EC2::VPCGatewayAttachment", "aws_internet_gateway_attachment"),
    joins=(
        *GATEWAY_JOINS,
        Join("AWS::EC2::VPCGatewayAttachment", "InternetGatewayId", "VpcId", lambda fold: fold.get("VpcId")),
    ),
    made_with="attached-to",
    props=(
        Prop("InternetGatewayId", tf="id"),
        Prop(
            "VpcId",
            # AWS says `available` for attached internet gateways and `attached` for the other kinds.
            live="Attachments[?State=='available' || State=='attached'] | [0].VpcId",
            absent="not set",
            ours="CloudFormation says it in a VPCGatewayAttachment",
        ),
    ),
    edges=(EdgeTo("attached-to", "VpcId", ("AWS::EC2::VPC",)),),
)
