"""The peering of two transit gateways, perhaps in two accounts or regions. Both tables route it by static routes only.

Each side lists it under the same id; the properties are those of the side that asked.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::TransitGatewayPeeringAttachment",
    service="ec2",
    list=Call(
        "describe_transit_gateway_peering_attachments",
        out="TransitGatewayPeeringAttachments[?!contains(['deleted', 'deleting', 'failed', 'rejected'], State)]",
    ),
    id="TransitGatewayAttachmentId",
    arn="arn:{partition}:ec2:{region}:{account}:transit-gateway-attachment/{id}",
    terraform=("aws_ec2_transit_gateway_peering_attachment",),
    props=(
        Prop("TransitGatewayAttachmentId", tf="id"),
        Prop("TransitGatewayId", live="RequesterTgwInfo.TransitGatewayId", absent="unknown"),
        Prop(
            "OwnerId",
            live="RequesterTgwInfo.OwnerId",
            absent="unknown",
            tf="-",
            ours="read-only attribute: the account of the requester",
        ),
        Prop("PeerTransitGatewayId", live="AccepterTgwInfo.TransitGatewayId", absent="unknown"),
        Prop("PeerAccountId", live="AccepterTgwInfo.OwnerId", absent="unknown"),
        Prop("PeerRegion", live="AccepterTgwInfo.Region", absent="unknown"),
        Prop("State", absent="unknown"),
    ),
    edges=(
        EdgeTo("attached-to", "TransitGatewayId", ("AWS::EC2::TransitGateway",)),
        EdgeTo("attached-to", "PeerTransitGatewayId", ("AWS::EC2::TransitGateway",)),
    ),
)
