"""Secrets, PostgreSQL in two zones, Redis, and the buckets of the two kinds of files."""

from __future__ import annotations

import json

from auditor.sandbox.built import Built
from auditor.sandbox.couple.names import named, part, tag_list
from auditor.sandbox.couple.network import subnets

BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def build(built: Built, environment: str) -> None:
    for role, what, held in (
        ("database-secret", "db-login", {"username": "couple", "password": "not-a-real-password"}),
        ("api-secret", "push-api-key", {"key": "not-a-real-key"}),
    ):
        made = built.client("secretsmanager").create_secret(
            Name=f"couple/{environment}/{what}", SecretString=json.dumps(held), Tags=tag_list(environment)
        )
        built.put(part(environment, role), made["ARN"], made["ARN"])
    build_database(built, environment)
    build_cache(built, environment)
    build_bucket(built, environment, "static-bucket", "static")
    build_bucket(built, environment, "uploads-bucket", "memories")
    keep_cheaply(built, environment)


def build_database(built: Built, environment: str) -> None:
    rds = built.client("rds")
    group, parameters = named(environment, "db"), named(environment, "pg16")
    made = rds.create_db_subnet_group(
        DBSubnetGroupName=group,
        DBSubnetGroupDescription="Private subnets of the database",
        SubnetIds=subnets(built, environment, "data"),
        Tags=tag_list(environment),
    )["DBSubnetGroup"]
    built.put(part(environment, "subnet-group"), group, made["DBSubnetGroupArn"])
    made = rds.create_db_parameter_group(
        DBParameterGroupName=parameters,
        DBParameterGroupFamily="postgres16",
        Description="Connections are encrypted",
        Tags=tag_list(environment),
    )["DBParameterGroup"]
    built.put(part(environment, "parameters"), parameters, made["DBParameterGroupArn"])
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName=parameters, Parameters=[forced])
    made = rds.create_db_instance(
        DBInstanceIdentifier=named(environment, "pg"),
        DBName="couple",
        Engine="postgres",
        EngineVersion="16.4",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        StorageType="gp3",
        StorageEncrypted=True,
        MasterUsername="couple",
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName=group,
        DBParameterGroupName=parameters,
        VpcSecurityGroupIds=[built[part(environment, "database-group")]],
        MultiAZ=True,
        PubliclyAccessible=False,
        BackupRetentionPeriod=7,
        CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=True,
        DeletionProtection=environment == "prod",
        Tags=tag_list(environment),
    )["DBInstance"]
    built.put(part(environment, "database"), made["DBInstanceIdentifier"], made["DBInstanceArn"])


def build_cache(built: Built, environment: str) -> None:
    cache = built.client("elasticache")
    group = named(environment, "redis")
    made = cache.create_cache_subnet_group(
        CacheSubnetGroupName=group,
        CacheSubnetGroupDescription="Private subnets of the cache",
        SubnetIds=subnets(built, environment, "data"),
        Tags=tag_list(environment),
    )["CacheSubnetGroup"]
    built.put(part(environment, "cache-subnets"), group, made["ARN"])
    made = cache.create_replication_group(
        ReplicationGroupId=group,
        ReplicationGroupDescription="Sessions and cached pages",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.t3.micro",
        NumCacheClusters=1,
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True,
        CacheSubnetGroupName=group,
        SecurityGroupIds=[built[part(environment, "cache-group")]],
        Tags=tag_list(environment),
    )["ReplicationGroup"]
    built.put(part(environment, "cache"), group, made["ARN"])


def build_bucket(built: Built, environment: str, role: str, what: str) -> None:
    s3, name = built.client("s3"), named(environment, f"{what}-7f3a")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": built.region})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(BLOCKED, True))
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(environment)})
    built.put(part(environment, role), name, f"arn:aws:s3:::{name}")


def keep_cheaply(built: Built, environment: str) -> None:
    """Photos move into Intelligent-Tiering on the day they come in."""
    built.client("s3").put_bucket_lifecycle_configuration(
        Bucket=built[part(environment, "uploads-bucket")],
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "tiering",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "Transitions": [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}],
                }
            ]
        },
    )
