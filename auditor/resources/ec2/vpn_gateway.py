"""A virtual private gateway: where a network's wire to somebody's own machines ends."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::VPNGateway",
    service="ec2",
    list=Call("describe_vpn_gateways", out="VpnGateways[?State!='deleted' && State!='deleting']"),
    id="VpnGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:vpn-gateway/{id}",
    terraform=("aws_vpn_gateway",),
    folds=("aws_vpn_gateway_attachment",),
    props=(
        Prop("VPNGatewayId", live="VpnGatewayId", tf="id"),
        Prop("AmazonSideAsn"),
        Prop("Type", tf="-"),
        Prop(
            "VpcId",
            live="VpcAttachments[?State=='attached'] | [0].VpcId",
            ours="CloudFormation says it in a VPCGatewayAttachment",
        ),
        Prop("State", tf="-", ours="read-only attribute: `available` when it carries traffic"),
    ),
    edges=(EdgeTo("attached-to", "VpcId", ("AWS::EC2::VPC",)),),
)
