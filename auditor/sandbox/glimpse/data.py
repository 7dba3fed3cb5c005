"""The modules `rds`, `elasticache` and `s3`: PostgreSQL, one node of Redis, the bucket of files, and three secrets."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.glimpse.names import REGION, named, part, tag_list

SECRETS = ("jwt-secret", "db-password", "redis-auth-token")


def build(built: Built, stage: str) -> None:
    build_secrets(built, stage)
    build_database(built, stage)
    build_redis(built, stage)
    build_bucket(built, stage)


def private(built: Built, stage: str) -> list[str]:
    return [built[part(stage, f"private-subnet-{zone}")] for zone in "ac"]


def build_secrets(built: Built, stage: str) -> None:
    for component in SECRETS:
        made = built.client("secretsmanager").create_secret(
            Name=named(stage, component), SecretString="not-a-real-secret", Tags=tag_list(stage)
        )
        built.put(part(stage, component), made["ARN"], made["ARN"])


def build_database(built: Built, stage: str) -> None:
    rds, group, parameters = built.client("rds"), named(stage, "db-subnets"), named(stage, "postgres16")
    made = rds.create_db_subnet_group(
        DBSubnetGroupName=group,
        DBSubnetGroupDescription="Managed by Terraform",
        SubnetIds=private(built, stage),
        Tags=tag_list(stage),
    )["DBSubnetGroup"]
    built.put(part(stage, "subnet-group"), group, made["DBSubnetGroupArn"])
    rds.create_db_parameter_group(
        DBParameterGroupName=parameters, DBParameterGroupFamily="postgres16", Description="Managed by Terraform",
        Tags=tag_list(stage),
    )  # fmt: skip
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName=parameters, Parameters=[forced])
    made = rds.create_db_instance(
        DBInstanceIdentifier=named(stage, "postgres"),
        DBName="glimpse",
        Engine="postgres",
        EngineVersion="16.8",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        StorageType="gp3",
        StorageEncrypted=True,
        MasterUsername="glimpse",
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName=group,
        DBParameterGroupName=parameters,
        VpcSecurityGroupIds=[built[part(stage, "rds-group")]],
        AvailabilityZone=f"{REGION}a",
        MultiAZ=False,
        PubliclyAccessible=False,
        BackupRetentionPeriod=7,
        PreferredBackupWindow="18:00-18:30",
        CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=True,
        DeletionProtection=True,
        Tags=tag_list(stage),
    )["DBInstance"]
    built.put(part(stage, "database"), made["DBInstanceIdentifier"], made["DBInstanceArn"])


def build_redis(built: Built, stage: str) -> None:
    """A replication group of one node, which unlike a single cache can ask for a password."""
    cache, group = built.client("elasticache"), named(stage, "redis-subnets")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName=group,
        CacheSubnetGroupDescription="Managed by Terraform",
        SubnetIds=private(built, stage),
        Tags=tag_list(stage),
    )
    built.put(part(stage, "redis-subnets"), group)
    made = cache.create_replication_group(
        ReplicationGroupId=named(stage, "redis"),
        ReplicationGroupDescription="Sessions and cached queries",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.t4g.micro",
        NumCacheClusters=1,
        AutomaticFailoverEnabled=False,
        CacheSubnetGroupName=group,
        SecurityGroupIds=[built[part(stage, "redis-group")]],
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True,
        AuthToken="not-a-real-auth-token",
        Tags=tag_list(stage),
    )["ReplicationGroup"]
    built.put(part(stage, "redis"), made["ReplicationGroupId"], made["ARN"])


def build_bucket(built: Built, stage: str) -> None:
    """Files that clients put there by themselves, with signed URLs, and read through CloudFront."""
    s3, name = built.client("s3"), f"glimpse-files-{stage}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(stage)})
    everything = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(everything, True))
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    built.put(part(stage, "files"), name, f"arn:aws:s3:::{name}")
