"""Section 2, VPC (ap-northeast-2): private subnets A (2a) and B (2c), public subnet A with the NAT gateway."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import tag_specification

CIDR = "10.20.0.0/16"
# role, name, zone, addresses
SUBNETS = (
    ("public-subnet-a", "cuggu-prod-NetPublicSubnet1", "ap-northeast-2a", "10.20.0.0/22"),
    ("private-subnet-a", "cuggu-prod-NetPrivateSubnet1", "ap-northeast-2a", "10.20.4.0/22"),
    ("private-subnet-b", "cuggu-prod-NetPrivateSubnet2", "ap-northeast-2c", "10.20.8.0/22"),
)
EVERYWHERE = "0.0.0.0/0"
POSTGRES = 5432


def build(built: Built, *, s3_endpoint: bool) -> None:
    ec2 = built.client("ec2")
    made = ec2.create_vpc(CidrBlock=CIDR, TagSpecifications=tag_specification("vpc", "cuggu-prod-NetVpc"))
    vpc = made["Vpc"]["VpcId"]
    built.put("vpc", vpc, f"arn:aws:ec2:ap-northeast-2:{built.account}:vpc/{vpc}")
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    for role, name, zone, addresses in SUBNETS:
        subnet = ec2.create_subnet(
            VpcId=vpc,
            AvailabilityZone=zone,
            CidrBlock=addresses,
            TagSpecifications=tag_specification("subnet", name),
        )["Subnet"]
        built.put(role, subnet["SubnetId"], subnet["SubnetArn"])
    ec2.modify_subnet_attribute(SubnetId=built["public-subnet-a"], MapPublicIpOnLaunch={"Value": True})
    build_ways_out(built, ec2)
    build_groups(built, ec2)
    if s3_endpoint:
        made = ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName="com.amazonaws.ap-northeast-2.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[built["private-routes"]],
            TagSpecifications=tag_specification("vpc-endpoint", "cuggu-prod-NetS3"),
        )
        built.put("s3-endpoint", made["VpcEndpoint"]["VpcEndpointId"])


def build_ways_out(built: Built, ec2: Any) -> None:
    """Public routes lead to the internet gateway, private ones to the NAT gateway."""
    vpc = built["vpc"]
    made = ec2.create_internet_gateway(TagSpecifications=tag_specification("internet-gateway", "cuggu-prod-NetIgw"))
    gateway = built.put("internet-gateway", made["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    public = build_routes(built, ec2, "public-routes", "cuggu-prod-NetPublicRouteTable1", ["public-subnet-a"])
    ec2.create_route(RouteTableId=public, DestinationCidrBlock=EVERYWHERE, GatewayId=gateway)

    made = ec2.allocate_address(
        Domain="vpc", TagSpecifications=tag_specification("elastic-ip", "cuggu-prod-NetElasticIp1")
    )
    address = built.put("nat-address", made["AllocationId"])
    made = ec2.create_nat_gateway(
        SubnetId=built["public-subnet-a"],
        AllocationId=address,
        TagSpecifications=tag_specification("natgateway", "cuggu-prod-NetNatGateway1"),
    )
    nat = built.put("nat", made["NatGateway"]["NatGatewayId"])
    inside = ["private-subnet-a", "private-subnet-b"]
    private = build_routes(built, ec2, "private-routes", "cuggu-prod-NetPrivateRouteTable1", inside)
    ec2.create_route(RouteTableId=private, DestinationCidrBlock=EVERYWHERE, NatGatewayId=nat)


def build_routes(built: Built, ec2: Any, role: str, name: str, subnets: list[str]) -> str:
    made = ec2.create_route_table(VpcId=built["vpc"], TagSpecifications=tag_specification("route-table", name))
    table = built.put(role, made["RouteTable"]["RouteTableId"])
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=built[subnet])
    return table


def build_groups(built: Built, ec2: Any) -> None:
    """PostgreSQL goes from the functions to the proxy and from the proxy to the database, and nowhere else."""
    functions = build_group(built, ec2, "function-group", "cuggu-prod-AppSecurityGroup-rkxmdntv", "Functions")
    proxy = build_group(built, ec2, "proxy-group", "cuggu-prod-MainPgProxySecurityGroup-hbwsrezx", "Pooling")
    database = build_group(built, ec2, "database-group", "cuggu-prod-MainPgSecurityGroup-vzodkufa", "PostgreSQL")
    for group in (proxy, database):
        everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": EVERYWHERE}]}]
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    ec2.authorize_security_group_ingress(GroupId=proxy, IpPermissions=[postgres(functions, "from the functions")])
    ec2.authorize_security_group_egress(GroupId=proxy, IpPermissions=[postgres(database, "to the instance")])
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[postgres(proxy, "from the pool")])


def build_group(built: Built, ec2: Any, role: str, name: str, purpose: str) -> str:
    made = ec2.create_security_group(
        GroupName=name,
        Description=f"{purpose} (managed by SST)",
        VpcId=built["vpc"],
        TagSpecifications=tag_specification("security-group", name),
    )
    return built.put(role, made["GroupId"])


def postgres(group: str, why: str) -> dict[str, Any]:
    return {
        "IpProtocol": "tcp",
        "FromPort": POSTGRES,
        "ToPort": POSTGRES,
        "UserIdGroupPairs": [{"GroupId": group, "Description": why}],
    }
