"""A virtual private gateway: where a network's wire to somebody's own machines ends."""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::VPNGateway",
    service="ec2",
    list=Call("describe_vpn_gateways", out="VpnGateways[?State!='deleted' && State!='deleting']"),
    id="VpnGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:vpn-gateway/{id}",
    terraform=("aws_vpn_gateway",),
    folds=("AWS::EC2::VPCGatewayAttachment", "aws_vpn_gateway_attachment"),
    joins=(
        Join("AWS::EC2::VPCGatewayAttachment", "VpnGatewayId", "VpcId", lambda fold: fold.get("VpcId")),
        Join("aws_vpn_gateway_attachment", "vpn_gateway_id", "VpcId", lambda fold: fold.get("vpc_id")),
    ),
    props=(
        Prop("VPNGatewayId", live="VpnGatewayId", tf="id"),
        Prop("AmazonSideAsn", absent="unknown"),
        Prop("Type", tf="-", default="ipsec.1"),
        Prop(
            "VpcId",
            live="VpcAttachments[?State=='attached'] | [0].VpcId",
            absent="not set",
            ours="CloudFormation says it in a VPCGatewayAttachment",
        ),
        Prop("State", absent="unknown", tf="-", ours="read-only attribute: `available` when it carries traffic"),
    ),
    edges=(EdgeTo("attached-to", "VpcId", ("AWS::EC2::VPC",)),),
)
