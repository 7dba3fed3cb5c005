"""An elastic address and what holds it; the association, a resource in CloudFormation, is part of it."""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.ec2._code import ADDRESS_JOINS, inside_address

TYPE = ResourceType(
    cfn="AWS::EC2::EIP",
    service="ec2",
    list=Call("describe_addresses", out="Addresses"),
    id="AllocationId",
    arn="arn:{partition}:ec2:{region}:{account}:elastic-ip/{id}",
    names=("{raw.PublicIp}",),
    terraform=("aws_eip",),
    folds=("AWS::EC2::EIPAssociation", "aws_eip_association"),
    joins=(
        *ADDRESS_JOINS,
        Join("AWS::EC2::EIPAssociation", "AllocationId", "InstanceId", lambda fold: fold.get("InstanceId")),
        Join(
            "AWS::EC2::EIPAssociation",
            "AllocationId",
            "NetworkInterfaceId",
            lambda fold: fold.get("NetworkInterfaceId"),
        ),
        Join("AWS::EC2::EIPAssociation", "AllocationId", "PrivateIpAddress", lambda fold: fold.get("PrivateIpAddress")),
    ),
    props=(
        Prop("AllocationId"),
        Prop("PublicIp", absent="unknown"),
        Prop("Domain", default="vpc", absent="unknown"),
        Prop("InstanceId", tf="instance", read=lambda value: value or None, absent="not set"),
        Prop("NetworkBorderGroup", absent="unknown"),
        Prop(
            "NetworkInterfaceId",
            absent="not set",
            tf="network_interface",
            ours="CloudFormation says it in an EIPAssociation",
        ),
        Prop(
            "PrivateIpAddress",
            absent="not set",
            tf="@",
            tf_read=inside_address,
            ours="CloudFormation says it in an EIPAssociation",
        ),
        Prop("AssociationId", absent="not set", ours="read-only attribute: set while the address is associated"),
    ),
    edges=(
        EdgeTo("attached-to", "InstanceId", ("AWS::EC2::Instance",)),
        EdgeTo("attached-to", "NetworkInterfaceId", ("AWS::EC2::NetworkInterface",)),
    ),
)
