"""RDS Proxy: changes, endpoints and the address of a target, none of which moto has.

The default endpoint is listed (IsDefault tells it from others); more cannot be made here.
"""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects
from auditor.sandbox.corrections.interfaces import settle

CHANGED = {
    "Auth": "auth",
    "RequireTLS": "require_tls",
    "IdleClientTimeout": "idle_client_timeout",
    "DebugLogging": "debug_logging",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
}


def proxies(call: Call) -> dict[str, Any]:
    from moto.rds.models import rds_backends

    found: dict[str, Any] = rds_backends[call.account][call.region].db_proxies
    return found


def proxy(call: Call) -> Any:
    name = call.params["DBProxyName"]
    if name not in proxies(call):
        raise Refusal("DBProxyNotFoundFault", f"The specified proxy name {name} was not found.", 404)
    return proxies(call)[name]


@corrects("rds", "CreateDBProxy")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    """The kind of password a client must use is told, and has a default a family."""
    answer = ask(call)
    kinds = {"POSTGRESQL": "POSTGRES_SCRAM_SHA_256", "MYSQL": "MYSQL_NATIVE_PASSWORD"}
    made = proxy(call)
    made.require_tls = bool(made.require_tls)
    for auth in made.auth:
        auth.setdefault("AuthScheme", "SECRETS")
        auth.setdefault("IAMAuth", "DISABLED")
        if made.engine_family in kinds:
            auth.setdefault("ClientPasswordAuthType", kinds[made.engine_family])
    settle(call.account, call.region)
    return {"DBProxy": answer["DBProxy"] | {"RequireTLS": made.require_tls, "Auth": made.auth}}


@corrects("rds", "DeleteDBProxy")
def delete(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    settle(call.account, call.region)
    return answer


@corrects("rds", "ModifyDBProxy")
def modify(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.core.utils import utcnow

    changed = proxy(call)
    for name, attribute in CHANGED.items():
        if name in call.params:
            setattr(changed, attribute, call.params[name])
    if call.params.get("NewDBProxyName"):
        del proxies(call)[changed.db_proxy_name]
        changed.db_proxy_name = call.params["NewDBProxyName"]
        proxies(call)[changed.db_proxy_name] = changed
    changed.updated_date = utcnow()
    settle(call.account, call.region)
    return {"DBProxy": shown(changed)}


def shown(found: Any) -> dict[str, Any]:
    return {
        "DBProxyName": found.db_proxy_name,
        "DBProxyArn": found.arn,
        "Status": found.status,
        "EngineFamily": found.engine_family,
        "VpcId": found.vpc_id,
        "VpcSecurityGroupIds": found.vpc_security_group_ids,
        "VpcSubnetIds": found.vpc_subnet_ids,
        "Auth": found.auth,
        "RoleArn": found.role_arn,
        "Endpoint": found.endpoint,
        "RequireTLS": found.require_tls,
        "IdleClientTimeout": found.idle_client_timeout,
        "DebugLogging": found.debug_logging,
        "CreatedDate": found.created_date,
        "UpdatedDate": found.updated_date,
    }


@corrects("rds", "DescribeDBProxyEndpoints")
def endpoints(call: Call, ask: Ask) -> dict[str, Any]:
    wanted = [proxy(call)] if call.params.get("DBProxyName") else list(proxies(call).values())
    shown_endpoints = [
        {
            "DBProxyEndpointName": "default",
            "DBProxyEndpointArn": f"{found.arn.replace(':db-proxy:', ':db-proxy-endpoint:')}-default",
            "DBProxyName": found.db_proxy_name,
            "Status": "available",
            "VpcId": found.vpc_id,
            "VpcSecurityGroupIds": found.vpc_security_group_ids,
            "VpcSubnetIds": found.vpc_subnet_ids,
            "Endpoint": found.endpoint,
            "CreatedDate": found.created_date,
            "TargetRole": "READ_WRITE",
            "IsDefault": True,
        }
        for found in wanted
    ]
    return {"DBProxyEndpoints": shown_endpoints}


@corrects("rds", "DescribeDBProxyTargets")
def targets(call: Call, ask: Ask) -> dict[str, Any]:
    """A registered target is available at once; that of an instance names its host."""
    from moto.rds.models import rds_backends

    proxy(call)
    databases = rds_backends[call.account][call.region].databases
    answer = ask(call)
    for target in answer.get("Targets", []):
        target["TargetHealth"] = {"State": "AVAILABLE"}
        target["Role"] = "READ_WRITE"
        database = databases.get(target["RdsResourceId"])
        if database is not None:
            target["Endpoint"] = database.address
            target["Port"] = database.port
    return answer
