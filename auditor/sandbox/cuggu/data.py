"""Section 2, the data: key, secret, RDS PostgreSQL 16 (db.t4g.micro) behind RDS Proxy, and the two buckets.

Multi-AZ is dotted in the document: prepared (the subnet group reaches into 2c), not switched on.
"""

from __future__ import annotations

import json

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import named, policy, tag_list, trust

USER = "cuggu"
IMAGES = "cuggu-images"


def build(built: Built) -> None:
    build_key(built)
    build_secret(built)
    build_database(built)
    build_proxy(built)
    build_buckets(built)


def build_key(built: Built) -> None:
    kms = built.client("kms")
    made = kms.create_key(
        Description="cuggu prod data",
        Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tag_list()],
    )["KeyMetadata"]
    built.put("key", made["KeyId"], made["Arn"])
    kms.enable_key_rotation(KeyId=made["KeyId"])
    kms.create_alias(AliasName=built.put("key-alias", "alias/cuggu-prod-data"), TargetKeyId=made["KeyId"])


def build_secret(built: Built) -> None:
    made = built.client("secretsmanager").create_secret(
        Name=named("MainPgProxySecret", "tsnwvhxe"),
        Description="Login of the pool",
        SecretString=json.dumps({"username": USER, "password": "not-a-real-password"}),
        KmsKeyId=built.arn("key"),
        Tags=tag_list(),
    )
    built.put("database-secret", made["ARN"], made["ARN"])


def build_database(built: Built) -> None:
    rds = built.client("rds")
    subnets = named("mainpgsubnetgroup", "bczvmxur")
    made = rds.create_db_subnet_group(
        DBSubnetGroupName=subnets,
        DBSubnetGroupDescription="Managed by SST",
        SubnetIds=[built["private-subnet-a"], built["private-subnet-b"]],
        Tags=tag_list(),
    )["DBSubnetGroup"]
    built.put("database-subnets", subnets, made["DBSubnetGroupArn"])
    parameters = named("mainpgparametergroup", "wdhkbbrs")
    made = rds.create_db_parameter_group(
        DBParameterGroupName=parameters,
        DBParameterGroupFamily="postgres16",
        Description="Managed by SST",
        Tags=tag_list(),
    )["DBParameterGroup"]
    built.put("database-parameters", parameters, made["DBParameterGroupArn"])
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName=parameters, Parameters=[forced])
    made = rds.create_db_instance(
        DBInstanceIdentifier=named("mainpginstance", "bfzwmckd"),
        DBName="app",
        Engine="postgres",
        EngineVersion="16.8",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MaxAllocatedStorage=100,
        StorageType="gp3",
        StorageEncrypted=True,
        KmsKeyId=built.arn("key"),
        MasterUsername=USER,
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName=subnets,
        DBParameterGroupName=parameters,
        VpcSecurityGroupIds=[built["database-group"]],
        AvailabilityZone="ap-northeast-2a",
        MultiAZ=False,
        PubliclyAccessible=False,
        BackupRetentionPeriod=7,
        PreferredBackupWindow="17:00-17:30",
        PreferredMaintenanceWindow="sun:18:30-sun:19:00",
        CopyTagsToSnapshot=True,
        DeletionProtection=True,
        AutoMinorVersionUpgrade=True,
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId=built.arn("key"),
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=tag_list(),
    )["DBInstance"]
    built.put("database", made["DBInstanceIdentifier"], made["DBInstanceArn"])


def build_proxy(built: Built) -> None:
    rds, iam = built.client("rds"), built.client("iam")
    role = iam.create_role(
        RoleName=named("MainPgProxyRole", "xunfhtzv"),
        AssumeRolePolicyDocument=trust("rds.amazonaws.com"),
        Tags=tag_list(),
    )["Role"]
    built.put("proxy-role", role["RoleName"], role["Arn"])
    through = {"StringEquals": {"kms:ViaService": "secretsmanager.ap-northeast-2.amazonaws.com"}}
    iam.put_role_policy(
        RoleName=role["RoleName"],
        PolicyName="inline",
        PolicyDocument=policy(
            {"Action": "secretsmanager:GetSecretValue", "Resource": built.arn("database-secret")},
            {"Action": "kms:Decrypt", "Resource": built.arn("key"), "Condition": through},
        ),
    )
    name = named("mainpgproxy", "tzkfwoex")
    made = rds.create_db_proxy(
        DBProxyName=name,
        EngineFamily="POSTGRESQL",
        RoleArn=role["Arn"],
        Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED", "SecretArn": built.arn("database-secret")}],
        VpcSubnetIds=[built["private-subnet-a"], built["private-subnet-b"]],
        VpcSecurityGroupIds=[built["proxy-group"]],
        RequireTLS=True,
        IdleClientTimeout=1800,
        Tags=tag_list(),
    )["DBProxy"]
    built.put("proxy", name, made["DBProxyArn"])
    pool = {"MaxConnectionsPercent": 90, "MaxIdleConnectionsPercent": 45}
    made = rds.modify_db_proxy_target_group(DBProxyName=name, TargetGroupName="default", ConnectionPoolConfig=pool)
    group = made["DBProxyTargetGroup"]["TargetGroupArn"]
    built.put("proxy-targets", group, group)
    rds.register_db_proxy_targets(
        DBProxyName=name, TargetGroupName="default", DBInstanceIdentifiers=[built["database"]]
    )


def build_buckets(built: Built) -> None:
    """Private buckets with nothing in them; who may read is said in edge.py, where the readers are made."""
    build_bucket(built, "static-bucket", named("webassetsbucket", "rnhdtzum"))
    build_bucket(built, "images-bucket", IMAGES)
    s3 = built.client("s3")
    s3.put_bucket_versioning(Bucket=IMAGES, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_cors(
        Bucket=IMAGES,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedOrigins": ["https://cuggu.com", "https://www.cuggu.com"],
                    "AllowedMethods": ["GET", "PUT"],
                    "AllowedHeaders": ["*"],
                    "MaxAgeSeconds": 3000,
                }
            ]
        },
    )


def build_bucket(built: Built, role: str, name: str) -> None:
    s3 = built.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list()})
    everything = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(everything, True))
    built.put(role, name, f"arn:aws:s3:::{name}")
