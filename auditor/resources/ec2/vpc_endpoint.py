"""A private way to a service: a route (gateway) or interfaces in subnets.

Subnets, groups and route tables are added and taken away one by one, so that the others are never touched.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.ec2._code import ENDPOINT_JOINS

_MODIFY = "modify_vpc_endpoint"
_OPEN = {
    "Version": "2008-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"]}],
}


def _change(parameter: str, value: Json) -> Call:
    return Call(_MODIFY, {"VpcEndpointId": "{id}", parameter: value})


TYPE = ResourceType(
    cfn="AWS::EC2::VPCEndpoint",
    service="ec2",
    list=Call(
        "describe_vpc_endpoints",
        out="VpcEndpoints[?!contains(['deleted', 'Deleted', 'deleting', 'Deleting'], State)]",
    ),
    id="VpcEndpointId",
    arn="arn:{partition}:ec2:{region}:{raw.OwnerId}:vpc-endpoint/{id}",
    terraform=("aws_vpc_endpoint",),
    folds=(
        "aws_vpc_endpoint_policy",
        "aws_vpc_endpoint_route_table_association",
        "aws_vpc_endpoint_security_group_association",
        "aws_vpc_endpoint_subnet_association",
    ),
    joins=ENDPOINT_JOINS,
    aws_made="RequesterManaged",
    props=(
        Prop("Id", live="VpcEndpointId"),
        Prop("VpcEndpointType", default="Gateway", absent="unknown"),
        Prop("VpcId", absent="unknown"),
        Prop("ServiceName", absent="not set"),
        Prop(
            "PolicyDocument",
            tf="policy",
            same="policy",
            default=_OPEN,
            kind="json",
            exact=Call("describe_vpc_endpoints", {"VpcEndpointIds": ["{id}"]}, out="VpcEndpoints[0].PolicyDocument"),
            set=_change("PolicyDocument", "{value}"),
            unset=_change("ResetPolicy", True),
            risk="interrupts",
            note="unset is AWS's default, which allows every action on every resource through this endpoint",
        ),
        Prop(
            "PrivateDnsEnabled",
            default=False,
            absent="unknown",
            set=_change("PrivateDnsEnabled", "{value}"),
            risk="interrupts",
        ),
        Prop(
            "RouteTableIds",
            same="set",
            default=[],
            absent="unknown",
            add=_change("AddRouteTableIds", ["{element}"]),
            remove=_change("RemoveRouteTableIds", ["{element}"]),
            risk="interrupts",
        ),
        Prop(
            "SubnetIds",
            same="set",
            default=[],
            absent="unknown",
            add=_change("AddSubnetIds", ["{element}"]),
            remove=_change("RemoveSubnetIds", ["{element}"]),
            risk="interrupts",
        ),
        Prop(
            "SecurityGroupIds",
            live="Groups[].GroupId",
            same="set",
            default=[],
            absent="unknown",
            add=_change("AddSecurityGroupIds", ["{element}"]),
            remove=_change("RemoveSecurityGroupIds", ["{element}"]),
            risk="interrupts",
        ),
        Prop("NetworkInterfaceIds", same="set", default=[]),
        Prop(
            "DnsNames",
            tf="-",
            live="DnsEntries[].DnsName",
            default=[],
            ours="read-only attribute: the hosts in DnsEntries",
        ),
        Prop("State", absent="unknown", ours="read-only attribute: `available` when it carries traffic"),
    ),
    edges=(
        EdgeTo("placed-in", "VpcId", ("AWS::EC2::VPC",)),
        EdgeTo("placed-in", "SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("routes-to", "RouteTableIds[]", ("AWS::EC2::RouteTable",), back=True),
        EdgeTo("attached-to", "NetworkInterfaceIds[]", ("AWS::EC2::NetworkInterface",), back=True),
    ),
)
