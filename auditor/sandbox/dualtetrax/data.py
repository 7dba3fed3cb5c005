"""Section 4.2, option A: a VPC without NAT, a secret, and PostgreSQL 15.3 in isolated subnets.

RDS refuses a subnet group in one zone, so the team took two where the document has one.
"""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.dualtetrax.names import (
    CLASS,
    DAYS_OF_BACKUP,
    REGION,
    made_by_cdk,
    part,
    tag_list,
    tag_specification,
)

CIDR = {"dev": "10.40", "prod": "10.50"}
SUBNETS = (("public", 1, "a", 0), ("public", 2, "b", 64), ("isolated", 1, "a", 128), ("isolated", 2, "b", 192))
EVERYWHERE = "0.0.0.0/0"
POSTGRES = 5432


def build(built: Built, environment: str) -> None:
    build_network(built, environment)
    build_groups(built, environment)
    build_secret(built, environment)
    build_database(built, environment)


def build_network(built: Built, environment: str) -> None:
    ec2, stack = built.client("ec2"), f"DualTetraXDB-{environment}/DualTetraXVPC"
    made = ec2.create_vpc(
        CidrBlock=f"{CIDR[environment]}.0.0/16", TagSpecifications=tag_specification("vpc", environment, stack)
    )
    vpc = built.put(part(environment, "vpc"), made["Vpc"]["VpcId"])
    for switch in ("EnableDnsHostnames", "EnableDnsSupport"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
    made = ec2.create_internet_gateway(TagSpecifications=tag_specification("internet-gateway", environment, stack))
    gateway = built.put(part(environment, "internet-gateway"), made["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    for kind, number, zone, third in SUBNETS:
        name = f"{stack}/{kind.capitalize()}Subnet{number}"
        subnet = ec2.create_subnet(
            VpcId=vpc,
            AvailabilityZone=f"{REGION}{zone}",
            CidrBlock=f"{CIDR[environment]}.{third}.0/18",
            TagSpecifications=tag_specification("subnet", environment, name),
        )["Subnet"]["SubnetId"]
        built.put(part(environment, f"{kind}-subnet-{zone}"), subnet)
        made = ec2.create_route_table(VpcId=vpc, TagSpecifications=tag_specification("route-table", environment, name))
        table = built.put(part(environment, f"{kind}-routes-{zone}"), made["RouteTable"]["RouteTableId"])
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        if kind == "public":
            ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
            ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, GatewayId=gateway)


def build_groups(built: Built, environment: str) -> None:
    """The function reaches the database and the endpoint of Secrets Manager; both take it from nobody else."""
    ec2 = built.client("ec2")
    function = build_group(built, ec2, environment, "function-group", "ApiFunction", "API")
    for role, construct, stack, port in (
        ("database-group", "DualTetraXDBSecurityGroup", "DB", POSTGRES),
        ("endpoint-group", "SecretsEndpointSecurityGroup", "DB", 443),
    ):
        group = build_group(built, ec2, environment, role, construct, stack)
        everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": EVERYWHERE}]}]
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
        allowed = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": function}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[allowed])
    made = ec2.create_vpc_endpoint(
        VpcId=built[part(environment, "vpc")],
        ServiceName=f"com.amazonaws.{REGION}.secretsmanager",
        VpcEndpointType="Interface",
        PrivateDnsEnabled=True,
        SubnetIds=isolated(built, environment),
        SecurityGroupIds=[built[part(environment, "endpoint-group")]],
        TagSpecifications=tag_specification("vpc-endpoint", environment, "secrets"),
    )
    built.put(part(environment, "secrets-endpoint"), made["VpcEndpoint"]["VpcEndpointId"])


def build_group(built: Built, ec2: Any, environment: str, role: str, construct: str, stack: str) -> str:
    made = ec2.create_security_group(
        GroupName=made_by_cdk(environment, stack, construct),
        Description=f"DualTetraX{stack}-{environment}/{construct}",
        VpcId=built[part(environment, "vpc")],
        TagSpecifications=tag_specification("security-group", environment, construct),
    )
    return built.put(part(environment, role), made["GroupId"])


def isolated(built: Built, environment: str) -> list[str]:
    return [built[part(environment, f"isolated-subnet-{zone}")] for zone in "ab"]


def build_secret(built: Built, environment: str) -> None:
    made = built.client("secretsmanager").create_secret(
        Name=f"qp-dualtetrax-{environment}-db-credentials",
        SecretString=json.dumps({"username": "dbadmin", "password": "not-a-real-password"}),
        Tags=tag_list(environment),
    )
    built.put(part(environment, "secret"), made["ARN"], made["ARN"])


def build_database(built: Built, environment: str) -> None:
    rds = built.client("rds")
    group = made_by_cdk(environment, "DB", "DualTetraXDBSubnetGroup").lower()
    made = rds.create_db_subnet_group(
        DBSubnetGroupName=group,
        DBSubnetGroupDescription="Subnet group for DualTetraXDB database",
        SubnetIds=isolated(built, environment),
        Tags=tag_list(environment),
    )["DBSubnetGroup"]
    built.put(part(environment, "subnet-group"), group, made["DBSubnetGroupArn"])
    made = rds.create_db_instance(
        DBInstanceIdentifier=made_by_cdk(environment, "DB", "dualtetraxdb").lower(),
        DBName=f"qp_dualtetrax_{environment}",
        Engine="postgres",
        EngineVersion="15.3",
        DBInstanceClass=CLASS[environment],
        AllocatedStorage=20,
        StorageType="gp3",
        StorageEncrypted=True,
        MasterUsername="dbadmin",
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName=group,
        VpcSecurityGroupIds=[built[part(environment, "database-group")]],
        AvailabilityZone=f"{REGION}a",
        MultiAZ=False,
        PubliclyAccessible=False,
        BackupRetentionPeriod=DAYS_OF_BACKUP[environment],
        PreferredBackupWindow="03:00-04:00",
        CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=True,
        DeletionProtection=environment == "prod",
        Tags=tag_list(environment),
    )["DBInstance"]
    built.put(part(environment, "database"), made["DBInstanceIdentifier"], made["DBInstanceArn"])
