"""The far end of a VPN connection: a device of the customer's own, of which AWS knows the address."""

from auditor.model import Call, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::CustomerGateway",
    service="ec2",
    list=Call("describe_customer_gateways", out="CustomerGateways[?State!='deleted' && State!='deleting']"),
    id="CustomerGatewayId",
    arn="arn:{partition}:ec2:{region}:{account}:customer-gateway/{id}",
    name="DeviceName",
    terraform=("aws_customer_gateway",),
    props=(
        Prop("CustomerGatewayId", tf="id"),
        Prop("Type", absent="unknown"),
        Prop("IpAddress", absent="not set"),
        Prop("BgpAsn", kind="number", absent="unknown"),
        Prop("DeviceName", absent="not set"),
    ),
)
