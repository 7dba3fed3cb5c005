"""The VPC over two zones: the load balancer in public subnets, the rest in private ones, and who may call whom."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.couple.names import REGION, named, part, tag_specification

CIDR = {"prod": "10.70", "dev": "10.71"}
SUBNETS = (("public", 0), ("app", 16), ("data", 32))
ZONES = ("a", "c")
EVERYWHERE = "0.0.0.0/0"
APP, POSTGRES, REDIS = 5000, 5432, 6379


def build(built: Built, environment: str) -> None:
    ec2 = built.client("ec2")
    made = ec2.create_vpc(
        CidrBlock=f"{CIDR[environment]}.0.0/16",
        TagSpecifications=tag_specification("vpc", environment, named(environment, "vpc")),
    )
    vpc = built.put(part(environment, "vpc"), made["Vpc"]["VpcId"])
    for switch in ("EnableDnsHostnames", "EnableDnsSupport"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
    name = named(environment, "igw")
    made = ec2.create_internet_gateway(TagSpecifications=tag_specification("internet-gateway", environment, name))
    gateway = built.put(part(environment, "internet-gateway"), made["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    for kind, first in SUBNETS:
        for number, zone in enumerate(ZONES):
            build_subnet(built, environment, kind, zone, first + number)
    build_routes(built, environment)
    build_groups(built, environment)


def build_subnet(built: Built, environment: str, kind: str, zone: str, third: int) -> None:
    ec2 = built.client("ec2")
    subnet = ec2.create_subnet(
        VpcId=built[part(environment, "vpc")],
        AvailabilityZone=f"{REGION}{zone}",
        CidrBlock=f"{CIDR[environment]}.{third}.0/24",
        TagSpecifications=tag_specification("subnet", environment, named(environment, f"{kind}-{zone}")),
    )["Subnet"]["SubnetId"]
    built.put(part(environment, f"{kind}-subnet-{zone}"), subnet)
    if kind == "public":
        ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})


def build_routes(built: Built, environment: str) -> None:
    """Public subnets to the internet gateway, those of the application through NAT, those of the data nowhere."""
    ec2 = built.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(
        SubnetId=built[part(environment, "public-subnet-a")],
        AllocationId=address,
        TagSpecifications=tag_specification("natgateway", environment, named(environment, "nat")),
    )
    nat = built.put(part(environment, "nat"), made["NatGateway"]["NatGatewayId"])
    ways = {
        "public": {"GatewayId": built[part(environment, "internet-gateway")]},
        "app": {"NatGatewayId": nat},
        "data": {},
    }
    for kind, way in ways.items():
        name = named(environment, f"{kind}-routes")
        made = ec2.create_route_table(
            VpcId=built[part(environment, "vpc")],
            TagSpecifications=tag_specification("route-table", environment, name),
        )
        table = built.put(part(environment, f"{kind}-routes"), made["RouteTable"]["RouteTableId"])
        if way:
            ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, **way)
        for subnet in subnets(built, environment, kind):
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)


def subnets(built: Built, environment: str, kind: str) -> list[str]:
    return [built[part(environment, f"{kind}-subnet-{zone}")] for zone in ZONES]


def build_groups(built: Built, environment: str) -> None:
    front = build_group(built, environment, "front-group", "the load balancer")
    app = build_group(built, environment, "app-group", "the application")
    sockets = build_group(built, environment, "socket-group", "the functions behind the WebSocket API")
    database = build_group(built, environment, "database-group", "PostgreSQL")
    cache = build_group(built, environment, "cache-group", "Redis")
    anyone = {"IpRanges": [{"CidrIp": EVERYWHERE}]}
    for group, port, source in (
        (front, 80, anyone),
        (front, 443, anyone),
        (app, APP, {"UserIdGroupPairs": [{"GroupId": front}]}),
        (database, POSTGRES, {"UserIdGroupPairs": [{"GroupId": app}]}),
        (cache, REDIS, {"UserIdGroupPairs": [{"GroupId": app}, {"GroupId": sockets}]}),
    ):
        allowed = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}
        built.client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[allowed])


def build_group(built: Built, environment: str, role: str, purpose: str) -> str:
    ec2: Any = built.client("ec2")
    name = named(environment, role.replace("-group", "-sg"))
    made = ec2.create_security_group(
        GroupName=name,
        Description=f"What reaches {purpose}",
        VpcId=built[part(environment, "vpc")],
        TagSpecifications=tag_specification("security-group", environment, name),
    )
    return built.put(part(environment, role), made["GroupId"])
