"""The module `networking`: a VPC in 2a and 2c, public and private subnets, and one NAT instance for all private ones.

And the security groups of everything: each takes one port, from the group before it.
"""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.glimpse.names import CIDR, REGION, part, tag_specification

EVERYWHERE = "0.0.0.0/0"
IMAGE = "ami-0c9c942bd7bf113a2"
# role, zone, third number of the addresses
SUBNETS = (
    ("public-subnet-a", "a", 1),
    ("public-subnet-c", "c", 2),
    ("private-subnet-a", "a", 11),
    ("private-subnet-c", "c", 12),
)
# role, port, and from whom: a group or addresses
GROUPS = (
    ("alb-group", 443, EVERYWHERE),
    ("ecs-group", 3001, "alb-group"),
    ("rds-group", 5432, "ecs-group"),
    ("redis-group", 6379, "ecs-group"),
)


def build(built: Built, stage: str) -> None:
    ec2 = built.client("ec2")
    made = ec2.create_vpc(CidrBlock=f"{CIDR[stage]}.0.0/16", TagSpecifications=tag_specification("vpc", stage, "vpc"))
    vpc = built.put(part(stage, "vpc"), made["Vpc"]["VpcId"])
    for switch in ("EnableDnsHostnames", "EnableDnsSupport"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
    for role, zone, third in SUBNETS:
        made = ec2.create_subnet(
            VpcId=vpc,
            AvailabilityZone=f"{REGION}{zone}",
            CidrBlock=f"{CIDR[stage]}.{third}.0/24",
            TagSpecifications=tag_specification("subnet", stage, role),
        )
        built.put(part(stage, role), made["Subnet"]["SubnetId"])
    build_groups(built, ec2, stage)
    build_ways_out(built, ec2, stage)


def build_groups(built: Built, ec2: Any, stage: str) -> None:
    for role, port, source in GROUPS:
        group = build_group(built, ec2, stage, role)
        whom: dict[str, Any] = (
            {"IpRanges": [{"CidrIp": source}]}
            if source == EVERYWHERE
            else {"UserIdGroupPairs": [{"GroupId": built[part(stage, source)]}]}
        )
        allowed = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **whom}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[allowed])


def build_group(built: Built, ec2: Any, stage: str, role: str) -> str:
    made = ec2.create_security_group(
        GroupName=f"glimpse-{stage}-{role.removesuffix('-group')}-sg",
        Description="Managed by Terraform",
        VpcId=built[part(stage, "vpc")],
        TagSpecifications=tag_specification("security-group", stage, role),
    )
    return built.put(part(stage, role), made["GroupId"])


def build_ways_out(built: Built, ec2: Any, stage: str) -> None:
    """Public routes lead to the internet gateway, private ones to the interface of the NAT instance."""
    made = ec2.create_internet_gateway(TagSpecifications=tag_specification("internet-gateway", stage, "igw"))
    gateway = built.put(part(stage, "internet-gateway"), made["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=built[part(stage, "vpc")])
    public = build_routes(built, ec2, stage, "public")
    ec2.create_route(RouteTableId=public, DestinationCidrBlock=EVERYWHERE, GatewayId=gateway)
    interface = build_nat(built, ec2, stage)
    private = build_routes(built, ec2, stage, "private")
    ec2.create_route(RouteTableId=private, DestinationCidrBlock=EVERYWHERE, NetworkInterfaceId=interface)


def build_routes(built: Built, ec2: Any, stage: str, kind: str) -> str:
    specification = tag_specification("route-table", stage, kind)
    made = ec2.create_route_table(VpcId=built[part(stage, "vpc")], TagSpecifications=specification)
    table = built.put(part(stage, f"{kind}-routes"), made["RouteTable"]["RouteTableId"])
    for zone in "ac":
        ec2.associate_route_table(RouteTableId=table, SubnetId=built[part(stage, f"{kind}-subnet-{zone}")])
    return table


def build_nat(built: Built, ec2: Any, stage: str) -> str:
    """A t4g.nano that forwards for others, so nobody compares the packets' addresses with its own."""
    group = build_group(built, ec2, stage, "nat-group")
    inside = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": f"{CIDR[stage]}.0.0/16"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[inside])
    disk = {"VolumeSize": 8, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True}
    instance = ec2.run_instances(
        ImageId=IMAGE,
        InstanceType="t4g.nano",
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[
            {
                "DeviceIndex": 0,
                "SubnetId": built[part(stage, "public-subnet-a")],
                "Groups": [group],
                "AssociatePublicIpAddress": True,
            }
        ],
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": disk}],
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"},
        TagSpecifications=tag_specification("instance", stage, "nat"),
    )["Instances"][0]
    name = built.put(part(stage, "nat"), instance["InstanceId"])
    ec2.modify_instance_attribute(InstanceId=name, SourceDestCheck={"Value": False})
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tag_specification("elastic-ip", stage, "nat"))
    built.put(part(stage, "nat-address"), address["AllocationId"])
    ec2.associate_address(InstanceId=name, AllocationId=address["AllocationId"])
    return str(instance["NetworkInterfaces"][0]["NetworkInterfaceId"])
