"""A cache of Redis or Valkey: a primary node with its replicas, in one shard or several.

The list does not tell where the nodes stand nor what guards them: its first node does, and AWS gives all nodes of a
group the same. The groups of nodes as single caches are therefore left out of `CacheCluster`.

Every setter asks for `ApplyImmediately`; without it most changes wait for the maintenance window. Encryption at rest,
the subnet group and the port are chosen when the group is made. Encryption in transit has no setter: turning it on
takes two steps with all clients moved in between, which is left to a person. The password is never read: only whether
one is asked for.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.elasticache import _code
from auditor.resources.elasticache._live import logs, replicas, switched, version
from auditor.resources.shapes import pick

_NODE = Call("describe_cache_clusters", {"CacheClusterId": "{raw.MemberClusters[0]}"}, out="CacheClusters[0]")


def _modify(**params: Json) -> Call:
    return Call("modify_replication_group", {"ReplicationGroupId": "{id}", **params, "ApplyImmediately": True})


TYPE = ResourceType(
    cfn="AWS::ElastiCache::ReplicationGroup",
    service="elasticache",
    list=Call("describe_replication_groups", out="ReplicationGroups[?Status != 'deleting']"),
    id="ReplicationGroupId",
    arn="ARN",
    name="ReplicationGroupId",
    names=("{raw.ConfigurationEndpoint.Address}", "{raw.NodeGroups[0].PrimaryEndpoint.Address}"),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    terraform=("aws_elasticache_replication_group",),
    workload=True,
    implied=_code.left_out,
    props=(
        Prop("ReplicationGroupId"),
        Prop("Arn", live="ARN", tf="arn", ours="read-only attribute that CloudFormation's schema lacks"),
        Prop(
            "ReplicationGroupDescription",
            live="Description",
            tf="description",
            always=True,
            set=_modify(ReplicationGroupDescription="{value}"),
        ),
        Prop("Engine", call=_NODE, live="Engine", default="redis", absent="unknown"),
        Prop(
            "EngineVersion",
            call=_NODE,
            live="EngineVersion",
            tidy=version,
            absent="unknown",
            note="an upgrade has no way back, so it is never a step",
        ),
        Prop(
            "CacheNodeType",
            tf="node_type",
            absent="unknown",
            always=True,
            set=_modify(CacheNodeType="{value}"),
            risk="interrupts",
        ),
        Prop("NumCacheClusters", live="length(MemberClusters)", absent="unknown"),
        Prop("NumNodeGroups", live="length(NodeGroups)", absent="unknown"),
        Prop("ReplicasPerNodeGroup", live="NodeGroups", read=replicas, absent="unknown"),
        Prop("ClusterMode", absent="unknown", tf="cluster_mode"),
        Prop(
            "AutomaticFailoverEnabled",
            live="AutomaticFailover",
            read=switched,
            default=False,
            absent="unknown",
            set=_modify(AutomaticFailoverEnabled="{value}"),
            note="AWS refuses it where there is no replica, and refuses to turn it off while Multi-AZ is on",
        ),
        Prop(
            "MultiAZEnabled",
            live="MultiAZ",
            read=switched,
            tf="multi_az_enabled",
            default=False,
            absent="unknown",
            set=_modify(MultiAZEnabled="{value}"),
        ),
        Prop("AtRestEncryptionEnabled", absent="unknown"),
        Prop("KmsKeyId", absent="not set"),
        Prop("TransitEncryptionEnabled", default=False, absent="unknown"),
        Prop("TransitEncryptionMode", absent="not set"),
        Prop(
            "AuthTokenEnabled",
            default=False,
            absent="unknown",
            tf="@",
            tf_read=_code.token,
            cfn_read=_code.token,
            ours="whether AWS asks for the password that CloudFormation calls AuthToken",
        ),
        Prop("UserGroupIds", same="set", default=[]),
        Prop(
            "SecurityGroupIds",
            call=_NODE,
            live="SecurityGroups[].SecurityGroupId",
            same="set",
            default=[],
            set=_modify(SecurityGroupIds="{value}"),
            risk="interrupts",
        ),
        Prop("CacheSubnetGroupName", call=_NODE, live="CacheSubnetGroupName", tf="subnet_group_name", absent="unknown"),
        Prop(
            "CacheParameterGroupName",
            call=_NODE,
            live="CacheParameterGroup.CacheParameterGroupName",
            tf="parameter_group_name",
            always=True,
            set=_modify(CacheParameterGroupName="{value}"),
            risk="interrupts",
        ),
        Prop("Port", live="ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port", default=6379),
        Prop(
            "PrimaryEndPoint",
            live="NodeGroups[0].PrimaryEndpoint",
            read=lambda value: {**pick(value, "Address"), "Port": str(value.get("Port"))},
            tf="-",
            absent="not set",
        ),
        Prop(
            "SnapshotRetentionLimit",
            default=0,
            absent="unknown",
            set=_modify(SnapshotRetentionLimit="{value}"),
            note="backups beyond the new number of days are deleted",
            risk="destroys",
        ),
        Prop("SnapshotWindow", always=True, set=_modify(SnapshotWindow="{value}")),
        Prop(
            "PreferredMaintenanceWindow",
            call=_NODE,
            live="PreferredMaintenanceWindow",
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
        Prop("NotificationTopicArn", call=_NODE, live="NotificationConfiguration.TopicArn", absent="not set"),
        Prop(
            "LogDeliveryConfigurations",
            read=logs,
            tf="log_delivery_configuration",
            tf_read=_code.logs,
            same="set",
            default=[],
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("placed-in", "CacheSubnetGroupName", ("AWS::ElastiCache::SubnetGroup",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
        EdgeTo("applies", "CacheParameterGroupName", ("AWS::ElastiCache::ParameterGroup",)),
        EdgeTo("applies", "UserGroupIds[]", ("AWS::ElastiCache::UserGroup",)),
        EdgeTo("notifies", "NotificationTopicArn", ("AWS::SNS::Topic",)),
        EdgeTo(
            "logs-to",
            "LogDeliveryConfigurations[].DestinationDetails.CloudWatchLogsDetails.LogGroup",
            ("AWS::Logs::LogGroup",),
        ),
    ),
)
