"""A transit gateway: a router between networks. What it carries is said by its route tables."""

from auditor.model import Absence, Call, Prop, ResourceType


def _option(name: str, absent: Absence = "unknown") -> Prop:
    return Prop(name, live=f"Options.{name}", absent=absent)


TYPE = ResourceType(
    cfn="AWS::EC2::TransitGateway",
    service="ec2",
    list=Call("describe_transit_gateways", out="TransitGateways[?State!='deleted' && State!='deleting']"),
    id="TransitGatewayId",
    arn="TransitGatewayArn",
    terraform=("aws_ec2_transit_gateway",),
    props=(
        Prop("Id", live="TransitGatewayId"),
        Prop("TransitGatewayArn", tf="arn"),
        Prop("Description", default=""),
        _option("AmazonSideAsn"),
        _option("AutoAcceptSharedAttachments"),
        _option("DefaultRouteTableAssociation"),
        _option("DefaultRouteTablePropagation"),
        _option("AssociationDefaultRouteTableId", absent="not set"),
        _option("PropagationDefaultRouteTableId", absent="not set"),
        _option("DnsSupport"),
        _option("VpnEcmpSupport"),
        _option("SecurityGroupReferencingSupport"),
        Prop("State", absent="unknown", tf="-", ours="read-only attribute: `available` when it carries traffic"),
        Prop("OwnerId", absent="unknown", ours="read-only attribute: its owner, if it is shared"),
    ),
)
