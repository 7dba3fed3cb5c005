"""The attachment of a network to a transit gateway: the subnets, one a zone, by which traffic enters and leaves."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.terraform import within

TYPE = ResourceType(
    cfn="AWS::EC2::TransitGatewayAttachment",
    service="ec2",
    list=Call(
        "describe_transit_gateway_vpc_attachments",
        out="TransitGatewayVpcAttachments[?!contains(['deleted', 'deleting', 'failed', 'rejected'], State)]",
    ),
    id="TransitGatewayAttachmentId",
    arn="arn:{partition}:ec2:{region}:{account}:transit-gateway-attachment/{id}",
    terraform=("aws_ec2_transit_gateway_vpc_attachment",),
    folds=("AWS::EC2::TransitGatewayVpcAttachment",),
    props=(
        Prop("Id", live="TransitGatewayAttachmentId"),
        Prop("TransitGatewayId", absent="unknown"),
        Prop("VpcId", absent="unknown"),
        Prop("VpcOwnerId", absent="unknown", tf="-", ours="read-only attribute: the owner of the VPC"),
        Prop("SubnetIds", same="set", default=[], absent="unknown"),
        Prop(
            "Options",
            absent="unknown",
            tf="@",
            tf_read=within("AWS::EC2::TransitGatewayAttachment", "Options"),
            note="DNS, IPv6, appliance mode and references to groups: enable or disable each",
        ),
        Prop("State", absent="unknown", tf="-", ours="read-only attribute: `available` when it carries traffic"),
    ),
    edges=(
        EdgeTo("attached-to", "TransitGatewayId", ("AWS::EC2::TransitGateway",)),
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
    ),
)
