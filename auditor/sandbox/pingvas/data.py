"""Data layer: Aurora PostgreSQL over three zones, a Redis for each environment, and the file system of the models."""

from __future__ import annotations

from auditor.sandbox.cuggu.names import trust
from auditor.sandbox.pingvas.cluster import role
from auditor.sandbox.pingvas.names import REGION, ZONES, Team
from auditor.sandbox.pingvas.network import subnets

PATHS = (
    "/models/stable-diffusion",
    "/models/sdxl",
    "/models/flux",
    "/models/controlnet",
    "/models/lora",
    "/shared/workflows",
    "/shared/styles",
)


def build(team: Team) -> None:
    build_aurora(team)
    build_redis(team)
    build_files(team)
    build_backups(team)


def build_aurora(team: Team) -> None:
    rds, group = team.client("rds"), team.called("aurora")
    made = rds.create_db_subnet_group(
        DBSubnetGroupName=group,
        DBSubnetGroupDescription="Aurora",
        SubnetIds=subnets(team, "data"),
        Tags=team.tag_list(),
    )["DBSubnetGroup"]
    team.put("subnet-group", group, made["DBSubnetGroupArn"])
    made = rds.create_db_cluster(
        DBClusterIdentifier=team.called("aurora"),
        Engine="aurora-postgresql",
        EngineVersion="17.4",
        DatabaseName="pingvas",
        MasterUsername="pingvas",
        MasterUserPassword="not-a-real-password",
        DBSubnetGroupName=group,
        VpcSecurityGroupIds=[team["aurora-group"]],
        BackupRetentionPeriod=7,
        StorageEncrypted=True,
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        Tags=team.tag_list(),
    )["DBCluster"]
    team.put("aurora", made["DBClusterIdentifier"], made["DBClusterArn"])
    for number, zone in enumerate(ZONES):
        made = rds.create_db_instance(
            DBInstanceIdentifier=f"{team.called('aurora')}-{number}",
            DBClusterIdentifier=team["aurora"],
            Engine="aurora-postgresql",
            DBInstanceClass="db.t3.medium",
            AvailabilityZone=f"{REGION}{zone}",
            PubliclyAccessible=False,
            AutoMinorVersionUpgrade=True,
            DBSubnetGroupName=group,
            Tags=team.tag_list(),
        )["DBInstance"]
        team.put(f"aurora-{zone}", made["DBInstanceIdentifier"], made["DBInstanceArn"])


def build_redis(team: Team) -> None:
    cache, group = team.client("elasticache"), team.called("redis")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName=group, CacheSubnetGroupDescription="Redis", SubnetIds=subnets(team, "data")
    )
    common = {
        "Engine": "redis",
        "EngineVersion": "7.1",
        "CacheSubnetGroupName": group,
        "SecurityGroupIds": [team["redis-group"]],
        "AutoMinorVersionUpgrade": True,
    }
    made = cache.create_cache_cluster(
        CacheClusterId=team.called("dev"),
        CacheNodeType="cache.t3.micro",
        NumCacheNodes=1,
        Tags=team.tag_list(environment="dev"),
        **common,
    )["CacheCluster"]
    team.put("dev-redis", made["CacheClusterId"], made["ARN"])
    made = cache.create_replication_group(
        ReplicationGroupId=team.called("prod"),
        ReplicationGroupDescription="Redis of prod",
        CacheNodeType="cache.r6g.large",
        NumCacheClusters=3,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True,
        AuthToken="not-a-real-token-at-all",
        SnapshotRetentionLimit=3,
        Tags=team.tag_list(environment="prod"),
        **common,
    )["ReplicationGroup"]
    team.put("prod-redis", made["ReplicationGroupId"], made["ARN"])


def build_files(team: Team) -> None:
    efs = team.client("efs")
    made = efs.create_file_system(
        CreationToken=team.called("models"),
        PerformanceMode="generalPurpose",
        ThroughputMode="elastic",
        Encrypted=True,
        Tags=team.tag_list("models"),
    )
    system = team.put("files", made["FileSystemId"], made["FileSystemArn"])
    efs.put_lifecycle_configuration(
        FileSystemId=system,
        LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}],
    )
    for zone in ZONES:
        target = efs.create_mount_target(
            FileSystemId=system, SubnetId=team[f"nodes-{zone}"], SecurityGroups=[team["efs-group"]]
        )["MountTargetId"]
        team.put(f"mount-target-{zone}", target)
    for path in PATHS:
        point = efs.create_access_point(
            ClientToken=team.called(path.replace("/", "-")),
            FileSystemId=system,
            PosixUser={"Uid": 1000, "Gid": 1000},
            RootDirectory={
                "Path": path,
                "CreationInfo": {"OwnerUid": 1000, "OwnerGid": 1000, "Permissions": "0755"},
            },
            Tags=team.tag_list(path.rpartition("/")[2]),
        )
        team.put(path.rpartition("/")[2], point["AccessPointId"], point["AccessPointArn"])


def build_backups(team: Team) -> None:
    backup = team.client("backup")
    arn = role(team, "backup", trust("backup.amazonaws.com"), ["service-role/AWSBackupServiceRolePolicyForBackup"])
    vault = team.called("files")
    backup.create_backup_vault(BackupVaultName=vault, BackupVaultTags=team.tags())
    rule = {
        "RuleName": "nightly",
        "TargetBackupVaultName": vault,
        "ScheduleExpression": "cron(0 18 * * ? *)",
        "Lifecycle": {"DeleteAfterDays": 30},
    }
    made = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": team.called("files-nightly"), "Rules": [rule]}, BackupPlanTags=team.tags()
    )
    team.put("backup-plan", made["BackupPlanId"], made["BackupPlanArn"])
    chosen = backup.create_backup_selection(
        BackupPlanId=made["BackupPlanId"],
        BackupSelection={"SelectionName": "models", "IamRoleArn": arn, "Resources": [team.arn("files")]},
    )
    team.put("backup-selection", chosen["SelectionId"])
