"""RDS instances and parameter groups.

Lost or invented by moto: Performance Insights, the standby's zone, the certificate, a resource identifier that is the
same for all, a key named `default_kms_key_id`, the licence; a public address nobody asked for is not told (AWS:
public if the network has an internet gateway and nothing else was said); the default group of another network.
Engine defaults of a parameter group are not listed at all; those an auditor asks for are added here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects
from auditor.sandbox.corrections.interfaces import settle, subnets_of

AUTHORITY = "rds-ca-rsa2048-g1"
VALID_TILL = datetime(2061, 5, 25, tzinfo=UTC)
EXTRA = (
    "enable_performance_insights",
    "performance_insights_retention_period",
    "performance_insights_kms_key_id",
    "network_type",
    "database_insights_mode",
)


def patch() -> None:
    from moto.rds.models import DBInstance, RDSBackend

    DBInstance.__init__ = completing(DBInstance.__init__)
    DBInstance.update = updating(DBInstance.update)
    RDSBackend.modify_db_subnet_group = keeping_group(RDSBackend.modify_db_subnet_group)
    RDSBackend.create_db_instance_read_replica = apart(RDSBackend.create_db_instance_read_replica)
    DBInstance.performance_insights_enabled = property(
        lambda database: bool(getattr(database, "enable_performance_insights", False))
    )
    DBInstance.secondary_availability_zone = property(standby_zone)
    DBInstance.certificate_details = property(
        lambda database: {"CAIdentifier": database.ca_certificate_identifier, "ValidTill": VALID_TILL}
    )


def keeping_group(original: Any) -> Any:
    def modify_db_subnet_group(backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        """Moto takes the group out to change it and does not put it back."""
        changed = backend.subnet_groups[name] = original(backend, name, *args, **kwargs)
        return changed

    return modify_db_subnet_group


def apart(original: Any) -> Any:
    def create_db_instance_read_replica(backend: Any, *args: Any, **kwargs: Any) -> Any:
        """Moto copies the primary with its identifier, by which nobody then finds the one or the other."""
        replica = original(backend, *args, **kwargs)
        replica.dbi_resource_id = resource_id()
        return replica

    return create_db_instance_read_replica


def resource_id() -> str:
    from moto.moto_api._internal import mock_random

    return f"db-{mock_random.get_random_string(26).upper()}"


def completing(original: Any) -> Any:
    def init(database: Any, backend: Any, *args: Any, **kwargs: Any) -> None:
        public = kwargs.get("publicly_accessible")
        groups = kwargs.get("vpc_security_group_ids")
        original(database, backend, *args, **kwargs)
        for name in EXTRA:
            if kwargs.get(name) is not None:
                setattr(database, name, kwargs[name])
        if database.ca_certificate_identifier == "rds-ca-default":
            database.ca_certificate_identifier = AUTHORITY
        database.dbi_resource_id = resource_id()
        database.network_type = getattr(database, "network_type", "IPV4")
        database.backup_target, database.activity_stream_status = "region", "stopped"
        database.customer_owned_ip_enabled = database.dedicated_log_volume = False
        if database.db_cluster_identifier is None:
            complete_single(database, kwargs, groups)
        if public is None:
            database.publicly_accessible = has_gateway(database)
        complete_insights(database)

    return init


def complete_single(database: Any, kwargs: dict[str, Any], groups: list[str] | None) -> None:
    """What belongs to an instance outside a cluster."""
    from moto.ec2.models import ec2_backends

    if kwargs.get("license_model") is None and database.engine == "postgres":
        database.license_model = "postgresql-license"
    if database.storage_encrypted:
        database.kms_key_id = key_arn(database, kwargs.get("kms_key_id") or "alias/aws/rds")
    if database.storage_type == "gp3" and not database.iops:
        database.iops, database.storage_throughput = 3000, 125
    subnets = subnets_of(database.account_id, database.region, database)
    if subnets and not kwargs.get("availability_zone"):
        database.availability_zone = subnets[0].availability_zone
    if subnets and not groups:
        network = ec2_backends[database.account_id][database.region]
        database.vpc_security_group_ids = [network.get_default_security_group(subnets[0].vpc_id).id]


def complete_insights(database: Any) -> None:
    if database.performance_insights_enabled:
        if getattr(database, "performance_insights_retention_period", None) is None:
            database.performance_insights_retention_period = 7
        key = getattr(database, "performance_insights_kms_key_id", None)
        database.performance_insights_kms_key_id = key_arn(database, key or "alias/aws/rds")


def updating(original: Any) -> Any:
    def update(database: Any, *args: Any, **kwargs: Any) -> None:
        original(database, *args, **kwargs)
        if kwargs.get("db_port_number"):
            database.port = kwargs["db_port_number"]
        complete_insights(database)

    return update


def key_arn(database: Any, key: str) -> str:
    """The ARN of a key given by identifier, alias or ARN."""
    from moto.kms.models import kms_backends

    backend = kms_backends[database.account_id][database.region]
    if key.startswith("alias/aws/"):
        return str(backend.keys[backend.get_key_id_from_alias(key)].arn)
    name = backend.any_id_to_key_id(key)
    return str(backend.keys[name].arn) if name in backend.keys else key


def has_gateway(database: Any) -> bool:
    from moto.ec2.models import ec2_backends

    subnets = subnets_of(database.account_id, database.region, database)
    gateways = ec2_backends[database.account_id][database.region].internet_gateways.values()
    return bool(subnets) and any(g.vpc is not None and g.vpc.id == subnets[0].vpc_id for g in gateways)


def standby_zone(database: Any) -> str | None:
    if not database.multi_az:
        return None
    zones = sorted({s.availability_zone for s in subnets_of(database.account_id, database.region, database)})
    return next((zone for zone in zones if zone != database.availability_zone), None)


@corrects(
    "rds",
    "CreateDBInstance",
    "CreateDBInstanceReadReplica",
    "DeleteDBInstance",
    "ModifyDBInstance",
    "RestoreDBInstanceFromDBSnapshot",
)
def settled(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    settle(call.account, call.region)
    return answer


# Of some 400 engine parameters those that an audit of PostgreSQL asks for, as version 15 and later have them.
POSTGRES = {
    "log_connections": "0",
    "log_disconnections": "0",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
    "rds.force_ssl": "1",
    "rds.log_retention_period": "4320",
    "shared_preload_libraries": "pg_stat_statements",
    "ssl": "1",
}


def engine_defaults(family: str) -> dict[str, dict[str, Any]]:
    if not family.startswith("postgres"):
        return {}
    values = dict(POSTGRES)
    if int(family.removeprefix("postgres") or 0) < 15:
        values["rds.force_ssl"] = "0"
    return {
        name: {
            "ParameterName": name,
            "ParameterValue": value,
            "Source": "system",
            "ApplyType": "dynamic" if name != "shared_preload_libraries" else "static",
            "IsModifiable": True,
            "ApplyMethod": "pending-reboot",
        }
        for name, value in values.items()
    }


@corrects("rds", "DescribeDBParameters")
def parameters(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.rds.models import rds_backends

    name = str(call.params["DBParameterGroupName"])
    group = rds_backends[call.account][call.region].db_parameter_groups.get(name)
    if group is None and not name.startswith("default."):
        return ask(call)
    family = str(group.family) if group else name.removeprefix("default.")
    found = engine_defaults(family)
    for parameter in ask(call).get("Parameters", []) if group else []:
        known = found.get(parameter["ParameterName"], {"IsModifiable": True, "ApplyType": "dynamic"})
        found[parameter["ParameterName"]] = known | parameter | {"Source": "user"}
    wanted = call.params.get("Source")
    return {"Parameters": [found[key] for key in sorted(found) if wanted in (None, found[key]["Source"])]}


@corrects("rds", "DescribeOptionGroups")
def option_groups(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto answers only when a group is named."""
    from moto.rds.models import rds_backends

    if call.params.get("OptionGroupName"):
        return ask(call)
    groups = rds_backends[call.account][call.region].option_groups
    shown = [
        {
            "OptionGroupName": name,
            "OptionGroupDescription": group.description,
            "EngineName": group.engine_name,
            "MajorEngineVersion": group.major_engine_version,
            "Options": [],
        }
        for name, group in groups.items()
    ]
    return {"OptionGroupsList": shown}
