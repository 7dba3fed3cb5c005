"""A VPN connection: two tunnels from a virtual private gateway or a transit gateway to a customer's own device.

Its static routes are texts, for each is a prefix and nothing else. AWS's answer carries the keys of the tunnels and the
configuration of the device; neither is kept.
"""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.terraform import listed

TYPE = ResourceType(
    cfn="AWS::EC2::VPNConnection",
    service="ec2",
    list=Call("describe_vpn_connections", out="VpnConnections[?State!='deleted' && State!='deleting']"),
    id="VpnConnectionId",
    arn="arn:{partition}:ec2:{region}:{account}:vpn-connection/{id}",
    terraform=("aws_vpn_connection",),
    folds=("AWS::EC2::VPNConnectionRoute", "aws_vpn_connection_route"),
    joins=(
        Join("AWS::EC2::VPNConnectionRoute", "VpnConnectionId", "Routes", listed("DestinationCidrBlock")),
        Join("aws_vpn_connection_route", "vpn_connection_id", "Routes", listed("destination_cidr_block")),
    ),
    props=(
        Prop("VpnConnectionId", tf="id"),
        Prop("Type", absent="unknown"),
        Prop("CustomerGatewayId", absent="unknown"),
        Prop("VpnGatewayId", absent="not set"),
        Prop("TransitGatewayId", absent="not set"),
        Prop("StaticRoutesOnly", live="Options.StaticRoutesOnly", default=False),
        Prop(
            "Routes",
            live="Routes[?State!='deleted'].DestinationCidrBlock",
            tf="-",
            same="cidr-set",
            default=[],
            ours="CloudFormation says each in a VPNConnectionRoute",
        ),
        Prop("State", absent="unknown", tf="-", ours="read-only attribute: `available` when it can carry traffic"),
        Prop(
            "TunnelStates",
            live="VgwTelemetry[].Status",
            absent="unknown",
            tf="-",
            ours="read-only attribute: UP or DOWN for each tunnel",
        ),
    ),
    edges=(
        EdgeTo("attached-to", "CustomerGatewayId", ("AWS::EC2::CustomerGateway",)),
        EdgeTo("attached-to", "VpnGatewayId", ("AWS::EC2::VPNGateway",)),
        EdgeTo("attached-to", "TransitGatewayId", ("AWS::EC2::TransitGateway",)),
    ),
)
