"""A peering of two networks, perhaps in two accounts or regions. Requests that ended are not there."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::VPCPeeringConnection",
    service="ec2",
    list=Call(
        "describe_vpc_peering_connections",
        out="VpcPeeringConnections[?!contains(['deleted', 'deleting', 'rejected', 'failed', 'expired'], Status.Code)]",
    ),
    id="VpcPeeringConnectionId",
    arn="arn:{partition}:ec2:{region}:{account}:vpc-peering-connection/{id}",
    terraform=("aws_vpc_peering_connection",),
    props=(
        Prop("Id", live="VpcPeeringConnectionId"),
        Prop("VpcId", live="RequesterVpcInfo.VpcId", absent="unknown"),
        Prop(
            "OwnerId",
            live="RequesterVpcInfo.OwnerId",
            absent="unknown",
            tf="-",
            ours="read-only attribute: the account of the requester",
        ),
        Prop("PeerVpcId", live="AccepterVpcInfo.VpcId", absent="unknown"),
        Prop("PeerOwnerId", live="AccepterVpcInfo.OwnerId", absent="unknown"),
        Prop("PeerRegion", live="AccepterVpcInfo.Region", absent="unknown"),
        Prop(
            "Region",
            live="RequesterVpcInfo.Region",
            absent="unknown",
            tf="-",
            ours="read-only attribute: the region of the requester",
        ),
        Prop(
            "Status",
            live="Status.Code",
            absent="unknown",
            tf="accept_status",
            ours="read-only attribute: only `active` carries traffic",
        ),
        Prop(
            "CidrBlocks",
            live="RequesterVpcInfo.CidrBlockSet[].CidrBlock",
            tf="-",
            same="cidr-set",
            default=[],
            absent="unknown",
            ours="read-only attribute: the address ranges of the requester, also if it is another account",
        ),
        Prop(
            "PeerCidrBlocks",
            live="AccepterVpcInfo.CidrBlockSet[].CidrBlock",
            tf="-",
            same="cidr-set",
            default=[],
            absent="unknown",
            ours="read-only attribute: the address ranges of the accepter",
        ),
    ),
    edges=(
        EdgeTo("attached-to", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("attached-to", "PeerVpcId", ("AWS::EC2::VPC",)),
    ),
)
