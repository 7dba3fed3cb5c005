"""What is wanted of what keeps data: type -> role -> place -> wish. Their parts stand beside cuggu too."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from tests.remedy.wishes import Put, flip, more, part

TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "ElastiCache::ReplicationGroup": {
        "spare-replicated-cache": {
            "ReplicationGroupDescription": "another",
            "CacheNodeType": "cache.r6g.large",
            "AutomaticFailoverEnabled": flip,
            "MultiAZEnabled": flip,
            "SecurityGroupIds": more("database-group"),
            "CacheParameterGroupName": "spare",
            "SnapshotRetentionLimit": 7,
            "SnapshotWindow": "16:00-17:00",
            "PreferredMaintenanceWindow": "sat:18:30-sat:19:30",
            "AutoMinorVersionUpgrade": flip,
        }
    },
    "ElastiCache::CacheCluster": {
        "spare-cache": {
            "CacheNodeType": "cache.r6g.large",
            "VpcSecurityGroupIds": more("database-group"),
            "CacheParameterGroupName": "spare",
            "SnapshotRetentionLimit": 7,
            "PreferredMaintenanceWindow": "sat:18:30-sat:19:30",
            "AutoMinorVersionUpgrade": flip,
        }
    },
    "ElastiCache::SubnetGroup": {
        "spare-cache-subnets": {"Description": "another", "SubnetIds": more("private-subnet-b")}
    },
    "RDS::DBCluster": {
        "spare-cluster": {
            "VpcSecurityGroupIds": more("spare-security-group"),
            "BackupRetentionPeriod": 14,
            "PreferredBackupWindow": "16:00-16:30",
            "PreferredMaintenanceWindow": "sat:18:30-sat:19:00",
            "CopyTagsToSnapshot": flip,
            "DeletionProtection": flip,
            "EnableIAMDatabaseAuthentication": flip,
            "EnableCloudwatchLogsExports": Put("postgresql"),
            "DBClusterParameterGroupName": part("spare-cluster-parameters"),
        }
    },
    "RDS::EventSubscription": {"spare-events": {"Enabled": flip, "EventCategories": Put("failover")}},
    "RDS::DBSnapshot": {"spare-snapshot": {"RestoreAccounts": Put("444455556666")}},
}


def build_stores(built: Built) -> None:
    """Two caches with their subnets, and what belongs to databases."""
    cache = built.client("elasticache")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="spare", CacheSubnetGroupDescription="spare", SubnetIds=[built["private-subnet-a"]]
    )
    built.put("spare-cache-subnets", "spare")
    usual = {
        "CacheNodeType": "cache.t4g.micro",
        "CacheSubnetGroupName": "spare",
        "SecurityGroupIds": [built["spare-security-group"]],
        "Engine": "redis",
    }
    cache.create_replication_group(
        ReplicationGroupId="spare-replicated",
        ReplicationGroupDescription="spare",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        **usual,
    )
    built.put("spare-replicated-cache", "spare-replicated")
    cache.create_cache_cluster(CacheClusterId="spare-single", NumCacheNodes=1, **usual)
    built.put("spare-cache", "spare-single")
    rds = built.client("rds")
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="spare", DBParameterGroupFamily="aurora-postgresql17", Description="spare"
    )
    built.put("spare-cluster-parameters", "spare")
    rds.create_event_subscription(
        SubscriptionName="spare",
        SnsTopicArn=built.arn("spare-topic"),
        SourceType="db-instance",
        EventCategories=["failure"],
        Enabled=True,
    )
    built.put("spare-events", "spare")
    rds.create_db_snapshot(DBSnapshotIdentifier="spare", DBInstanceIdentifier=built["database"])
    built.put("spare-snapshot", "spare")
