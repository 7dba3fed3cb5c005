"""What a proxy forwards to, and how large its pool is.

A registered Aurora cluster shows up as one target for itself and one for each of its instances. Only what
somebody registered is a property, as in a template: instances that came along with a cluster (they name it)
are left out. Taking a target in or out moves connections of clients, so neither is called safe.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.terraform import listed

_GROUP: dict[str, Json] = {"DBProxyName": "{DBProxyName}", "TargetGroupName": "{TargetGroupName}"}
_TARGETS = Call(
    "describe_db_proxy_targets",
    {"DBProxyName": "{raw.DBProxyName}", "TargetGroupName": "{raw.TargetGroupName}"},
)


def _register(operation: str, kind: str) -> Call:
    return Call(operation, {**_GROUP, kind: ["{element}"]})


def _pool(value: Json) -> Json:
    """Without the members that AWS answers empty where nobody set them."""
    return {name: each for name, each in value.items() if each not in ("", [])}


def _write_pool(value: Json) -> Json:
    return {"SessionPinningFilters": [], "InitQuery": "", **value}


TYPE = ResourceType(
    cfn="AWS::RDS::DBProxyTargetGroup",
    service="rds",
    list=Call("describe_db_proxy_target_groups", {"DBProxyName": "{parent.id}"}, out="TargetGroups"),
    over="AWS::RDS::DBProxy",
    id="{raw.DBProxyName}/{raw.TargetGroupName}",
    arn="TargetGroupArn",
    arn_kind="rds:target-group",
    name="{raw.DBProxyName}/{raw.TargetGroupName}",
    tags="",
    terraform=("aws_db_proxy_default_target_group",),
    folds=("aws_db_proxy_target",),
    joins=tuple(
        Join("aws_db_proxy_target", "db_proxy_name", into, listed(name), of="DBProxyName")
        for into, name in (
            ("DBInstanceIdentifiers", "db_instance_identifier"),
            ("DBClusterIdentifiers", "db_cluster_identifier"),
        )
    ),
    props=(
        Prop("DBProxyName", absent="unknown", tf="db_proxy_name"),
        Prop("TargetGroupName", tf="name", default="default"),
        Prop("TargetGroupArn", tf="arn"),
        Prop(
            "ConnectionPoolConfigurationInfo",
            live="ConnectionPoolConfig",
            tf="connection_pool_config",
            tidy=_pool,
            write=_write_pool,
            set=Call("modify_db_proxy_target_group", {**_GROUP, "ConnectionPoolConfig": "{value}"}),
            always=True,
            risk="interrupts",
        ),
        Prop(
            "DBInstanceIdentifiers",
            call=_TARGETS,
            live="Targets[?Type == 'RDS_INSTANCE' && !TrackedClusterId].RdsResourceId",
            tf="-",
            default=[],
            absent="unknown",
            same="set",
            single=True,
            add=_register("register_db_proxy_targets", "DBInstanceIdentifiers"),
            remove=_register("deregister_db_proxy_targets", "DBInstanceIdentifiers"),
            risk="interrupts",
        ),
        Prop(
            "DBClusterIdentifiers",
            call=_TARGETS,
            live="Targets[?Type == 'TRACKED_CLUSTER'].RdsResourceId",
            tf="-",
            default=[],
            absent="unknown",
            same="set",
            single=True,
            add=_register("register_db_proxy_targets", "DBClusterIdentifiers"),
            remove=_register("deregister_db_proxy_targets", "DBClusterIdentifiers"),
            risk="interrupts",
        ),
        Prop(
            "Targets",
            call=_TARGETS,
            live="Targets[].{Type: Type, RdsResourceId: RdsResourceId, State: TargetHealth.State}",
            absent="unknown",
            tf="-",
            same="set",
            ours="read-only attribute: whether the proxy reaches what it forwards to",
        ),
    ),
    edges=(
        EdgeTo("part-of", "DBProxyName", ("AWS::RDS::DBProxy",)),
        EdgeTo("targets", "DBInstanceIdentifiers[]", ("AWS::RDS::DBInstance",)),
    ),
)
