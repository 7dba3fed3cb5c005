"""An IPv6 gateway that lets out and not in: needed to tell a private subnet from a public one over IPv6."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::EgressOnlyInternetGateway",
    service="ec2",
    list=Call("describe_egress_only_internet_gateways", out="EgressOnlyInternetGateways"),
    id="EgressOnlyInternetGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:egress-only-internet-gateway/{id}",
    terraform=("aws_egress_only_internet_gateway",),
    props=(
        Prop("Id", live="EgressOnlyInternetGatewayId"),
        Prop("VpcId", live="Attachments[?State=='attached' || State=='available'] | [0].VpcId", absent="not set"),
    ),
    edges=(EdgeTo("attached-to", "VpcId", ("AWS::EC2::VPC",)),),
)
