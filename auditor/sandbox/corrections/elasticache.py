"""ElastiCache: moto forgets what guards a cache and where it stands, has no nodes of a group, and changes little."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf

_WINDOW, _BACKUPS = "sun:19:00-sun:20:00", "18:00-19:00"
_OF_GROUP = {
    "SnapshotRetentionLimit": "SnapshotRetentionLimit",
    "SnapshotWindow": "SnapshotWindow",
    "CacheNodeType": "CacheNodeType",
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "ReplicationGroupDescription": "Description",
}
_OF_NODE = (
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "CacheSubnetGroupName",
    "Engine",
    "EngineVersion",
    "PreferredMaintenanceWindow",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
)


@corrects("elasticache", "CreateReplicationGroup", "ModifyReplicationGroup")
def group_told(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    told = shelf(call, "groups").setdefault(call.params["ReplicationGroupId"], {})
    told.update(call.params)
    answer["ReplicationGroup"] = _group(answer["ReplicationGroup"], told)
    return answer


@corrects("elasticache", "DescribeReplicationGroups")
def groups(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    told = shelf(call, "groups")
    found = answer.get("ReplicationGroups", [])
    answer["ReplicationGroups"] = [_group(each, told.get(each["ReplicationGroupId"], {})) for each in found]
    return answer


def _group(group: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    kept = {theirs: told[mine] for mine, theirs in _OF_GROUP.items() if mine in told}
    usual = {
        "SnapshotWindow": _BACKUPS,
        "SnapshotRetentionLimit": 0,
        "AutoMinorVersionUpgrade": True,
        "AtRestEncryptionEnabled": bool(told.get("AtRestEncryptionEnabled")),
        "TransitEncryptionEnabled": bool(told.get("TransitEncryptionEnabled")),
        "AuthTokenEnabled": bool(told.get("AuthToken")),
        "ClusterMode": "disabled",
        "LogDeliveryConfigurations": [],
    }
    said = {key: inner for key, inner in group.items() if inner not in (None, "", {})}
    return {**usual, **said, **kept}


@corrects("elasticache", "CreateCacheCluster", "ModifyCacheCluster")
def cluster_told(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["CacheClusterId"]
    told = shelf(call, "clusters").setdefault(name, {})
    told.update(call.params)
    cluster = ask(call)["CacheCluster"] if call.operation == "CreateCacheCluster" else _kept(call)[name]
    return {"CacheCluster": _cluster(cluster, told)}


def _kept(call: Call) -> dict[str, dict[str, Any]]:
    """The single caches that moto has, under their names."""
    from moto.elasticache.models import elasticache_backends

    found = elasticache_backends[call.account][call.region].cache_clusters
    return {name: {"CacheClusterId": name, "ARN": each.arn} for name, each in found.items()}


@corrects("elasticache", "DescribeCacheClusters")
def clusters(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params.get("CacheClusterId")
    nodes = _nodes(call)
    if name in nodes:
        return {"CacheClusters": [nodes[name]]}
    answer = ask(call)
    told = shelf(call, "clusters")
    single = [_cluster(each, told.get(each["CacheClusterId"], {})) for each in answer.get("CacheClusters", [])]
    answer["CacheClusters"] = single if name else [*single, *nodes.values()]
    return answer


def _nodes(call: Call) -> dict[str, dict[str, Any]]:
    """The nodes of replication groups, each told as a cluster of its own."""
    from moto.elasticache.models import elasticache_backends

    backend, told = elasticache_backends[call.account][call.region], shelf(call, "groups")
    where = f"arn:aws:elasticache:{call.region}:{call.account}:cluster"
    return {
        node: _cluster(
            {"CacheClusterId": node, "ReplicationGroupId": name, "ARN": f"{where}:{node}"}, told.get(name, {})
        )
        for name, group in backend.replication_groups.items()
        for node in group.member_clusters
    }


def _cluster(cluster: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """A cluster as AWS tells it: what it was told, and what AWS chooses."""
    engine = told.get("Engine", cluster.get("Engine") or "redis")
    usual = {
        "Engine": engine,
        "EngineVersion": "7.1.0",
        "CacheClusterStatus": "available",
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": f"{cluster['ARN'].split(':')[3]}a",
        "PreferredMaintenanceWindow": _WINDOW,
        "CacheSubnetGroupName": "default",
        "AutoMinorVersionUpgrade": True,
        "SnapshotRetentionLimit": 0,
        "SnapshotWindow": _BACKUPS,
        "AtRestEncryptionEnabled": bool(told.get("AtRestEncryptionEnabled")),
        "TransitEncryptionEnabled": bool(told.get("TransitEncryptionEnabled")),
        "ConfigurationEndpoint": {"Address": f"{cluster['CacheClusterId']}.cache.amazonaws.com", "Port": 6379},
    }
    said = {key: inner for key, inner in cluster.items() if inner not in (None, "", {}, [])}
    kept = {name: told[name] for name in _OF_NODE if name in told}
    groups = [{"SecurityGroupId": each, "Status": "active"} for each in told.get("SecurityGroupIds", [])]
    applied = told.get("CacheParameterGroupName", f"default.{engine}7")
    more: dict[str, Any] = {"SecurityGroups": groups, "CacheParameterGroup": {"CacheParameterGroupName": applied}}
    if told.get("NotificationTopicArn"):
        more["NotificationConfiguration"] = {"TopicArn": told["NotificationTopicArn"], "TopicStatus": "active"}
    return {**usual, **said, **kept, **more}


@corrects("elasticache", "ModifyCacheSubnetGroup")
def subnets(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.elasticache.models import elasticache_backends

    group = elasticache_backends[call.account][call.region].cache_subnet_groups[call.params["CacheSubnetGroupName"]]
    group.cache_subnet_group_description = call.params.get(
        "CacheSubnetGroupDescription", group.cache_subnet_group_description
    )
    group.subnets = _subnets(call, call.params.get("SubnetIds", [each["subnet_identifier"] for each in group.subnets]))
    return {"CacheSubnetGroup": {"CacheSubnetGroupName": call.params["CacheSubnetGroupName"]}}


def _subnets(call: Call, names: list[str]) -> list[dict[str, Any]]:
    from moto.ec2.models import ec2_backends

    found = ec2_backends[call.account][call.region].describe_subnets(subnet_ids=names)
    return [{"subnet_identifier": each.id, "subnet_availability_zone": each.availability_zone} for each in found]


@corrects("elasticache", "CreateCacheParameterGroup")
def parameters(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["CacheParameterGroupName"]
    where = f"arn:aws:elasticache:{call.region}:{call.account}:parametergroup:{name}"
    told = {key: inner for key, inner in call.params.items() if key != "Tags"}
    group = shelf(call, "parameters").setdefault(name, {**told, "IsGlobal": False, "ARN": where})
    return {"CacheParameterGroup": group}


@corrects("elasticache", "DescribeCacheParameterGroups")
def parameter_groups(call: Call, ask: Ask) -> dict[str, Any]:
    wanted = call.params.get("CacheParameterGroupName")
    found = shelf(call, "parameters")
    return {"CacheParameterGroups": [each for name, each in found.items() if wanted in (None, name)]}


@corrects("elasticache", "ModifyCacheParameterGroup")
def parameters_set(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["CacheParameterGroupName"]
    values = shelf(call, "values").setdefault(name, {})
    values.update({each["ParameterName"]: each["ParameterValue"] for each in call.params["ParameterNameValues"]})
    return {"CacheParameterGroupName": name}


@corrects("elasticache", "DescribeCacheParameters")
def parameter_values(call: Call, ask: Ask) -> dict[str, Any]:
    values = shelf(call, "values").get(call.params["CacheParameterGroupName"], {})
    told = [{"ParameterName": name, "ParameterValue": text, "Source": "user"} for name, text in values.items()]
    return {"Parameters": told}


@corrects("elasticache", "IncreaseReplicaCount", "DecreaseReplicaCount")
def replicas(call: Call, ask: Ask) -> dict[str, Any]:
    """The nodes of a group without shards are numbered from one on; the last ones go first."""
    from moto.elasticache.models import elasticache_backends

    name = call.params["ReplicationGroupId"]
    group = elasticache_backends[call.account][call.region].replication_groups[name]
    most, (shard,) = call.params["NewReplicaCount"] + 1, group.node_groups
    last = shard["node_group_members"][-1]
    group.member_clusters = [f"{name}-{number:0>3}" for number in range(1, most + 1)]
    told = {each["cache_cluster_id"]: each for each in shard["node_group_members"]}
    shard["node_group_members"] = [
        told.get(node, {**last, "cache_cluster_id": node, "current_role": "replica"}) for node in group.member_clusters
    ]
    return {"ReplicationGroup": {"ReplicationGroupId": name}}


def patch() -> None:
    """Moto makes one node of a group whose number of nodes is given, and not that of replicas."""
    from moto.elasticache.models import ReplicationGroup

    made = ReplicationGroup._set_node_members_clusters_disabled

    def mended(self: Any, **given: Any) -> None:
        given["replicas_per_node_group"] = given["replicas_per_node_group"] or given["num_cache_clusters"] - 1
        made(self, **given)

    ReplicationGroup._set_node_members_clusters_disabled = mended
