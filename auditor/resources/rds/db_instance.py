"""A database instance.

The RDS API also lists instances of DocumentDB and Neptune; CloudFormation has types of their own for those,
so they are left out here.

Every setter asks for `ApplyImmediately`. Without it most changes wait for the maintenance window, and a step
that is read back at once would find nothing changed. AWS then also applies what was already pending on the
instance.

Risks follow what AWS documents for each parameter of ModifyDBInstance, read strictly. `PubliclyAccessible`
causes no outage of the instance, but from that moment its endpoint resolves to a private address for
everybody and whoever came from outside is cut off: `interrupts`. `MultiAZ` costs no outage either, but the
copying of the volume is felt by the load. `BackupRetentionPeriod` suspends I/O when it goes from or to zero.
`AutoMinorVersionUpgrade` lets AWS restart the engine in the next window.

No setter where there is no way back or none at all: storage only grows, an engine version only rises, and
encryption, its key, the subnet group and the engine are chosen when the instance is made.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.rds import _code
from auditor.resources.shapes import pick


def _modify(**params: Json) -> Call:
    return Call("modify_db_instance", {"DBInstanceIdentifier": "{id}", **params, "ApplyImmediately": True})


def _endpoint(value: Json) -> Json:
    endpoint = pick(value, "Address", "Port", "HostedZoneId")
    if endpoint and "Port" in endpoint:
        endpoint["Port"] = str(endpoint["Port"])
    return endpoint or ABSENT


def _roles(value: Json) -> Json:
    return [pick(role, "FeatureName", "RoleArn") for role in value] or ABSENT


def _associated(fold: Mapping[str, Json]) -> Json:
    return [{"FeatureName": fold.get("feature_name"), "RoleArn": fold.get("role_arn")}]


TYPE = ResourceType(
    cfn="AWS::RDS::DBInstance",
    service="rds",
    list=Call("describe_db_instances", out="DBInstances[?Engine != 'docdb' && Engine != 'neptune']"),
    id="DBInstanceIdentifier",
    arn="DBInstanceArn",
    arn_kind="rds:db",
    name="DBInstanceIdentifier",
    names=("{raw.Endpoint.Address}", "{raw.DbiResourceId}"),
    tags="TagList",
    workload=True,
    terraform=("aws_db_instance", "aws_rds_cluster_instance"),
    implied=_code.of_its_cluster,
    folds=("aws_db_instance_role_association",),
    joins=(Join("aws_db_instance_role_association", "db_instance_identifier", "AssociatedRoles", _associated),),
    props=(
        Prop("DBInstanceIdentifier", tf="identifier"),
        Prop("DBInstanceArn", tf="arn"),
        Prop("DbiResourceId", absent="unknown", tf="resource_id"),
        Prop("DBInstanceStatus", absent="unknown", tf="status"),
        Prop("Engine", absent="unknown"),
        Prop("EngineVersion", absent="unknown", note="an upgrade cannot be undone, so it is never a step"),
        Prop(
            "DBInstanceClass",
            tf="instance_class",
            set=_modify(DBInstanceClass="{value}"),
            always=True,
            risk="interrupts",
        ),
        Prop("DBName", absent="not set", tf="db_name"),
        Prop("MasterUsername", absent="unknown", tf="username"),
        Prop(
            "MultiAZ", tf="multi_az", default=False, absent="unknown", set=_modify(MultiAZ="{value}"), risk="interrupts"
        ),
        Prop("AvailabilityZone", absent="unknown"),
        Prop("SecondaryAvailabilityZone", absent="not set", tf="-"),
        Prop(
            "PubliclyAccessible",
            set=_modify(PubliclyAccessible="{value}"),
            always=True,
            risk="interrupts",
            note="no default: without a value, AWS decides by the subnets and their internet gateway",
        ),
        Prop(
            "VPCSecurityGroups",
            live="VpcSecurityGroups[].VpcSecurityGroupId",
            tf="vpc_security_group_ids",
            same="set",
            set=_modify(VpcSecurityGroupIds="{value}"),
            always=True,
            risk="interrupts",
        ),
        Prop("DBSubnetGroupName", live="DBSubnetGroup.DBSubnetGroupName", absent="unknown", tf="db_subnet_group_name"),
        Prop("NetworkType", absent="unknown"),
        Prop("Endpoint", read=_endpoint, absent="not set", tf="-"),
        Prop("Port", live="Endpoint.Port", kind="text", absent="unknown"),
        Prop("StorageEncrypted", default=False, absent="unknown"),
        Prop("KmsKeyId", absent="not set"),
        Prop("AllocatedStorage", kind="text", absent="unknown"),
        Prop("MaxAllocatedStorage", absent="not set"),
        Prop("StorageType", absent="unknown"),
        Prop("Iops", absent="not set"),
        Prop("StorageThroughput", absent="not set"),
        Prop(
            "BackupRetentionPeriod",
            default=1,
            absent="unknown",
            set=_modify(BackupRetentionPeriod="{value}"),
            risk="interrupts",
        ),
        Prop(
            "PreferredBackupWindow",
            tf="backup_window",
            set=_modify(PreferredBackupWindow="{value}"),
            always=True,
        ),
        Prop(
            "PreferredMaintenanceWindow",
            tf="maintenance_window",
            set=_modify(PreferredMaintenanceWindow="{value}"),
            always=True,
            risk="interrupts",
        ),
        Prop("CopyTagsToSnapshot", default=False, absent="unknown", set=_modify(CopyTagsToSnapshot="{value}")),
        Prop("DeletionProtection", default=False, absent="unknown", set=_modify(DeletionProtection="{value}")),
        Prop(
            "AutoMinorVersionUpgrade",
            default=True,
            absent="unknown",
            set=_modify(AutoMinorVersionUpgrade="{value}"),
            risk="interrupts",
        ),
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
            "MonitoringInterval",
            default=0,
            absent="unknown",
            set=_modify(MonitoringInterval="{value}"),
            note="AWS refuses an interval above zero where no monitoring role is set",
        ),
        Prop("MonitoringRoleArn", absent="not set"),
        Prop(
            "EnablePerformanceInsights",
            live="PerformanceInsightsEnabled",
            tf="performance_insights_enabled",
            default=False,
            set=_modify(EnablePerformanceInsights="{value}"),
        ),
        Prop("PerformanceInsightsRetentionPeriod", absent="not set"),
        Prop("PerformanceInsightsKMSKeyId", absent="not set", tf="performance_insights_kms_key_id"),
        Prop(
            "EnableIAMDatabaseAuthentication",
            live="IAMDatabaseAuthenticationEnabled",
            tf="iam_database_authentication_enabled",
            default=False,
            absent="unknown",
            set=_modify(EnableIAMDatabaseAuthentication="{value}"),
            risk="interrupts",
            note="clients that log in with an IAM token lose access",
        ),
        Prop(
            "DBParameterGroupName",
            live="DBParameterGroups[0].DBParameterGroupName",
            tf="parameter_group_name",
            set=_modify(DBParameterGroupName="{value}"),
            always=True,
            risk="interrupts",
            note="static parameters take effect at the next reboot, which you have to start",
        ),
        Prop("OptionGroupName", live="OptionGroupMemberships[0].OptionGroupName", absent="unknown"),
        Prop(
            "CACertificateIdentifier",
            tf="ca_cert_identifier",
            set=_modify(CACertificateIdentifier="{value}"),
            always=True,
            risk="interrupts",
        ),
        Prop("LicenseModel", absent="unknown"),
        Prop("AssociatedRoles", read=_roles, absent="not set", tf="-", same="set"),
        Prop(
            "MasterUserSecret",
            read=lambda value: pick(value, "SecretArn", "KmsKeyId"),
            absent="not set",
            tf="@",
            tf_read=_code.secret_of_terraform,
            cfn_read=_code.secret_of_template,
        ),
        Prop("DBClusterIdentifier", absent="not set", tf="cluster_identifier"),
        Prop(
            "SourceDBInstanceIdentifier",
            live="ReadReplicaSourceDBInstanceIdentifier",
            absent="not set",
            tf="replicate_source_db",
        ),
    ),
    edges=(
        EdgeTo("part-of", "DBClusterIdentifier", ("AWS::RDS::DBCluster",)),
        EdgeTo("placed-in", "DBSubnetGroupName", ("AWS::RDS::DBSubnetGroup",)),
        EdgeTo("guarded-by", "VPCSecurityGroups[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
        EdgeTo("encrypted-with", "PerformanceInsightsKMSKeyId", ("AWS::KMS::Key",)),
        EdgeTo("applies", "DBParameterGroupName", ("AWS::RDS::DBParameterGroup",)),
        EdgeTo("acts-as", "MonitoringRoleArn", ("AWS::IAM::Role",)),
        EdgeTo("acts-as", "AssociatedRoles[].RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("mentions", "MasterUserSecret.SecretArn", ("AWS::SecretsManager::Secret",)),
    ),
)
