"""A cluster of database instances over one storage (Aurora), or a Multi-AZ cluster.

The RDS API also lists clusters of DocumentDB and Neptune; CloudFormation has types of their own for those, so they are
left out here. Its instances are `DBInstance`s, which have their network, their encryption and their backups from it.

Every setter asks for `ApplyImmediately`, as those of an instance do, and the risks are read from the same
documentation. No setter where there is no way back: an engine version only rises, and encryption, its key, the subnet
group and the engine are chosen when the cluster is made.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.rds import _code
from auditor.resources.shapes import pick
from auditor.resources.terraform import many


def _modify(**params: Json) -> Call:
    return Call("modify_db_cluster", {"DBClusterIdentifier": "{id}", **params, "ApplyImmediately": True})


def _roles(value: Json) -> Json:
    return [pick(role, "FeatureName", "RoleArn") for role in value] or ABSENT


def _associated(fold: Mapping[str, Json]) -> Json:
    name = fold.get("feature_name")
    return [{**({"FeatureName": name} if name else {}), "RoleArn": fold.get("role_arn")}]


def _named(value: Json) -> Json:
    return [{"RoleArn": each} for each in many(value)] or ABSENT


def _writers(value: Json) -> Json:
    return sorted(each["DBInstanceIdentifier"] for each in value if each.get("IsClusterWriter"))


TYPE = ResourceType(
    cfn="AWS::RDS::DBCluster",
    service="rds",
    list=Call("describe_db_clusters", out="DBClusters[?Engine != 'docdb' && Engine != 'neptune']"),
    id="DBClusterIdentifier",
    arn="DBClusterArn",
    arn_kind="rds:cluster",
    name="DBClusterIdentifier",
    names=("{raw.Endpoint}", "{raw.ReaderEndpoint}", "{raw.DbClusterResourceId}"),
    tags="TagList",
    workload=True,
    terraform=("aws_rds_cluster",),
    folds=("aws_rds_cluster_role_association",),
    joins=(Join("aws_rds_cluster_role_association", "db_cluster_identifier", "AssociatedRoles", _associated),),
    props=(
        Prop("DBClusterIdentifier", tf="cluster_identifier"),
        Prop("DBClusterArn", tf="arn"),
        Prop("DBClusterResourceId", live="DbClusterResourceId", tf="cluster_resource_id", absent="unknown"),
        Prop("Engine", absent="unknown"),
        Prop("EngineVersion", absent="unknown", note="an upgrade has no way back, so it is never a step"),
        Prop("EngineMode", default="provisioned", absent="unknown"),
        Prop("DatabaseName", absent="not set"),
        Prop("MasterUsername", absent="unknown"),
        Prop(
            "VpcSecurityGroupIds",
            live="VpcSecurityGroups[].VpcSecurityGroupId",
            same="set",
            set=_modify(VpcSecurityGroupIds="{value}"),
            always=True,
            risk="interrupts",
        ),
        Prop("DBSubnetGroupName", live="DBSubnetGroup", tf="db_subnet_group_name", absent="unknown"),
        Prop("AvailabilityZones", same="set", absent="unknown"),
        Prop("Port", absent="unknown"),
        Prop("Endpoint", read=lambda value: {"Address": value}, tf="-", absent="not set"),
        Prop(
            "WriterInstances",
            live="DBClusterMembers",
            read=_writers,
            tf="-",
            absent="unknown",
            ours="read-only attribute: the member that takes writes at the moment",
        ),
        Prop("StorageEncrypted", default=False, absent="unknown"),
        Prop("KmsKeyId", absent="not set"),
        Prop("StorageType", default="aurora", tf_read=lambda value: value or ABSENT),
        Prop("DBClusterInstanceClass", absent="not set"),
        Prop(
            "BackupRetentionPeriod",
            default=1,
            absent="unknown",
            set=_modify(BackupRetentionPeriod="{value}"),
            risk="destroys",
            note="backups beyond the new number of days are deleted",
        ),
        Prop("PreferredBackupWindow", always=True, set=_modify(PreferredBackupWindow="{value}")),
        Prop(
            "PreferredMaintenanceWindow",
            always=True,
            set=_modify(PreferredMaintenanceWindow="{value}"),
            risk="interrupts",
        ),
        Prop("CopyTagsToSnapshot", default=False, absent="unknown", set=_modify(CopyTagsToSnapshot="{value}")),
        Prop("DeletionProtection", default=False, absent="unknown", set=_modify(DeletionProtection="{value}")),
        Prop(
            "EnableIAMDatabaseAuthentication",
            live="IAMDatabaseAuthenticationEnabled",
            tf="iam_database_authentication_enabled",
            default=False,
            absent="unknown",
            set=_modify(EnableIAMDatabaseAuthentication="{value}"),
            risk="interrupts",
            note="turning it off shuts out who logs in with a token",
        ),
        Prop("BacktrackWindow", default=0),
        Prop(
            "EnableCloudwatchLogsExports",
            live="EnabledCloudwatchLogsExports",
            absent="not set",
            tf="enabled_cloudwatch_logs_exports",
            same="set",
            add=_modify(CloudwatchLogsExportConfiguration={"EnableLogTypes": ["{element}"]}),
            remove=_modify(CloudwatchLogsExportConfiguration={"DisableLogTypes": ["{element}"]}),
        ),
        Prop(
            "DBClusterParameterGroupName",
            live="DBClusterParameterGroup",
            set=_modify(DBClusterParameterGroupName="{value}"),
            always=True,
            risk="interrupts",
            note="its static parameters take hold at the next reboot, which is left to a person",
        ),
        Prop(
            "ServerlessV2ScalingConfiguration",
            read=lambda value: pick(value, "MinCapacity", "MaxCapacity", "SecondsUntilAutoPause"),
            absent="not set",
            tf="serverlessv2_scaling_configuration",
        ),
        Prop("NetworkType", absent="unknown"),
        Prop("AutoMinorVersionUpgrade", default=True, tf="-"),
        Prop("MonitoringInterval", absent="not set"),
        Prop("MonitoringRoleArn", absent="not set"),
        Prop("PerformanceInsightsEnabled", absent="not set"),
        Prop("EnableHttpEndpoint", live="HttpEndpointEnabled", default=False),
        Prop("AssociatedRoles", read=_roles, absent="not set", tf="iam_roles", tf_read=_named, same="set"),
        Prop(
            "MasterUserSecret",
            read=lambda value: pick(value, "SecretArn", "KmsKeyId"),
            absent="not set",
            tf="@",
            tf_read=_code.secret_of_terraform,
            cfn_read=_code.secret_of_template,
        ),
    ),
    edges=(
        EdgeTo("placed-in", "DBSubnetGroupName", ("AWS::RDS::DBSubnetGroup",)),
        EdgeTo("guarded-by", "VpcSecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
        EdgeTo("applies", "DBClusterParameterGroupName", ("AWS::RDS::DBClusterParameterGroup",)),
        EdgeTo("acts-as", "MonitoringRoleArn", ("AWS::IAM::Role",)),
        EdgeTo("acts-as", "AssociatedRoles[].RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("mentions", "MasterUserSecret.SecretArn", ("AWS::SecretsManager::Secret",)),
    ),
)
