"""A cache that stands alone: Memcached, or one node of Redis or Valkey.

What belongs to a replication group is told with the group. Every setter asks for `ApplyImmediately`.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.elasticache import _code
from auditor.resources.elasticache._live import logs, version


def _modify(**params: Json) -> Call:
    return Call("modify_cache_cluster", {"CacheClusterId": "{id}", **params, "ApplyImmediately": True})


TYPE = ResourceType(
    cfn="AWS::ElastiCache::CacheCluster",
    service="elasticache",
    list=Call(
        "describe_cache_clusters",
        {"ShowCacheNodeInfo": True},
        out="CacheClusters[?!ReplicationGroupId && CacheClusterStatus != 'deleting']",
    ),
    id="CacheClusterId",
    arn="ARN",
    arn_kind="elasticache:cluster",
    name="CacheClusterId",
    names=("{raw.ConfigurationEndpoint.Address}", "{raw.CacheNodes[0].Endpoint.Address}"),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    terraform=("aws_elasticache_cluster",),
    workload=True,
    props=(
        Prop("ClusterName", live="CacheClusterId", tf="cluster_id"),
        Prop("Arn", live="ARN", tf="arn", ours="read-only attribute that CloudFormation's schema lacks"),
        Prop("Engine", absent="unknown"),
        Prop("EngineVersion", tidy=version, absent="unknown", note="an upgrade has no way back, so it is never a step"),
        Prop(
            "CacheNodeType",
            tf="node_type",
            always=True,
            set=_modify(CacheNodeType="{value}"),
            risk="interrupts",
        ),
        Prop("NumCacheNodes", absent="unknown"),
        Prop(
            "VpcSecurityGroupIds",
            live="SecurityGroups[].SecurityGroupId",
            tf="security_group_ids",
            same="set",
            default=[],
            set=_modify(SecurityGroupIds="{value}"),
            risk="interrupts",
        ),
        Prop("CacheSubnetGroupName", tf="subnet_group_name", absent="unknown"),
        Prop(
            "CacheParameterGroupName",
            live="CacheParameterGroup.CacheParameterGroupName",
            tf="parameter_group_name",
            always=True,
            set=_modify(CacheParameterGroupName="{value}"),
            risk="interrupts",
        ),
        Prop("Port", live="ConfigurationEndpoint.Port || CacheNodes[0].Endpoint.Port", absent="unknown"),
        Prop("PreferredAvailabilityZone", tf="availability_zone", absent="unknown"),
        Prop(
            "AtRestEncryptionEnabled",
            default=False,
            absent="unknown",
            tf="-",
            ours="CloudFormation cannot ask for it; AWS tells it of every cluster",
        ),
        Prop("TransitEncryptionEnabled", default=False, absent="unknown"),
        Prop(
            "SnapshotRetentionLimit",
            default=0,
            set=_modify(SnapshotRetentionLimit="{value}"),
            note="backups beyond the new number of days are deleted",
            risk="destroys",
        ),
        Prop("SnapshotWindow", absent="not set"),
        Prop(
            "PreferredMaintenanceWindow",
            tf="maintenance_window",
            always=True,
            set=_modify(PreferredMaintenanceWindow="{value}"),
            risk="interrupts",
        ),
        Prop(
            "AutoMinorVersionUpgrade",
            default=True,
            absent="unknown",
            set=_modify(AutoMinorVersionUpgrade="{value}"),
            risk="interrupts",
        ),
        Prop("NotificationTopicArn", live="NotificationConfiguration.TopicArn", absent="not set"),
        Prop(
            "LogDeliveryConfigurations",
            read=logs,
            tf="log_delivery_configuration",
            tf_read=_code.logs,
            same="set",
            default=[],
        ),
    ),
    edges=(
        EdgeTo("placed-in", "CacheSubnetGroupName", ("AWS::ElastiCache::SubnetGroup",)),
        EdgeTo("guarded-by", "VpcSecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("applies", "CacheParameterGroupName", ("AWS::ElastiCache::ParameterGroup",)),
        EdgeTo("notifies", "NotificationTopicArn", ("AWS::SNS::Topic",)),
        EdgeTo(
            "logs-to",
            "LogDeliveryConfigurations[].DestinationDetails.CloudWatchLogsDetails.LogGroup",
            ("AWS::Logs::LogGroup",),
        ),
    ),
)
