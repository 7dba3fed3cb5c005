"""Lambda: settings moto forgets, function URLs that can be changed and listed, conditions of permissions.

Moto keeps neither LoggingConfig, DeadLetterConfig nor FileSystemConfigs, ignores half of what
UpdateFunctionConfiguration takes, puts every function into `vpc-123abc`, and drops the condition that
AddPermission adds for a function URL.
"""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects
from auditor.sandbox.corrections.interfaces import settle

KEPT = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig", "SnapStart")


def patch() -> None:
    from moto.awslambda.models import FunctionUrlConfig, LambdaFunction

    LambdaFunction.__init__ = remembering(LambdaFunction.__init__)
    LambdaFunction.update_configuration = changing(LambdaFunction.update_configuration)
    LambdaFunction.get_configuration = telling(LambdaFunction.get_configuration)
    LambdaFunction.vpc_config = property(vpc_config)
    FunctionUrlConfig.__init__ = ending_in_slash(FunctionUrlConfig.__init__)
    FunctionUrlConfig.update = changing_url
    FunctionUrlConfig.to_dict = telling_url(FunctionUrlConfig.to_dict)


def remembering(original: Any) -> Any:
    def init(made: Any, /, *args: Any, **kwargs: Any) -> None:
        spec = kwargs["spec"] if "spec" in kwargs else args[1]
        made.sandbox_kept = {name: spec[name] for name in KEPT if spec.get(name)}
        original(made, *args, **kwargs)

    return init


def changing(original: Any) -> Any:
    def update_configuration(function: Any, updates: dict[str, Any], /) -> Any:
        for name in KEPT:
            if name in updates:
                function.sandbox_kept[name] = updates[name]
        if "TracingConfig" in updates:
            function.tracing_config = updates["TracingConfig"]
        if "EphemeralStorage" in updates:
            function.ephemeral_storage = updates["EphemeralStorage"]["Size"]
        if "KMSKeyArn" in updates:
            function.kms_key_arn = updates["KMSKeyArn"] or None
        return original(function, updates)

    return update_configuration


def telling(original: Any) -> Any:
    def get_configuration(function: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(function, *args, **kwargs)
        kept = function.sandbox_kept
        logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}"}
        told["LoggingConfig"] = logging | kept.get("LoggingConfig", {})
        if (kept.get("DeadLetterConfig") or {}).get("TargetArn"):
            told["DeadLetterConfig"] = kept["DeadLetterConfig"]
        if kept.get("FileSystemConfigs"):
            told["FileSystemConfigs"] = kept["FileSystemConfigs"]
        if kept.get("SnapStart"):
            told["SnapStart"] = {"OptimizationStatus": "Off"} | kept["SnapStart"]
        return told

    return get_configuration


def vpc_config(function: Any) -> dict[str, Any] | None:
    """The network of the subnets. A function taken out of its network says so with empty lists."""
    from moto.ec2.models import ec2_backends

    given = function._vpc_config
    if not given:
        return None
    subnets = given.get("SubnetIds") or []
    network = ec2_backends[function.account_id][function.region]
    return {
        "SubnetIds": subnets,
        "SecurityGroupIds": given.get("SecurityGroupIds") or [],
        "VpcId": network.get_subnet(subnets[0]).vpc_id if subnets else "",
        "Ipv6AllowedForDualStack": given.get("Ipv6AllowedForDualStack", False),
    }


def ending_in_slash(original: Any) -> Any:
    def init(made: Any, /, *args: Any, **kwargs: Any) -> None:
        original(made, *args, **kwargs)
        made.url += "/"

    return init


def changing_url(config: Any, new: dict[str, Any]) -> None:
    from moto.core.utils import utcnow

    config.config |= {name: new[name] for name in ("AuthType", "Cors", "InvokeMode") if name in new}
    config.last_modified = utcnow().strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def telling_url(original: Any) -> Any:
    def to_dict(config: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(config)
        told["InvokeMode"] = config.config.get("InvokeMode") or "BUFFERED"
        if not told.get("Cors"):
            told.pop("Cors", None)
        return told

    return to_dict


def function_of(call: Call) -> Any:
    from moto.awslambda.utils import get_backend

    return get_backend(call.account, call.region).get_function(call.params["FunctionName"])


@corrects("lambda", "CreateFunction", "UpdateFunctionConfiguration", "DeleteFunction")
def settled(call: Call, ask: Ask) -> dict[str, Any]:
    """A subnet or group that is not there is refused; the network interfaces follow the functions."""
    wanted = call.params.get("VpcConfig") or {}
    check_network(call, wanted)
    answer = ask(call)
    settle(call.account, call.region)
    return answer


def check_network(call: Call, wanted: dict[str, Any]) -> None:
    from moto.ec2.models import ec2_backends

    if not wanted.get("SubnetIds"):
        return
    network = ec2_backends[call.account][call.region]
    for subnet in wanted["SubnetIds"]:
        if not any(subnet in zone for zone in network.subnets.values()):
            raise Refusal("InvalidParameterValueException", f"The subnet ID {subnet} does not exist.")
    for group in wanted.get("SecurityGroupIds") or []:
        if network.get_security_group_from_id(group) is None:
            raise Refusal("InvalidParameterValueException", f"The security group {group} does not exist.")


@corrects("lambda", "ListFunctionUrlConfigs")
def list_urls(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.awslambda.exceptions import UnknownFunctionException

    try:
        config = function_of(call).url_config
    except UnknownFunctionException as missing:
        text = f"Function not found: {call.params['FunctionName']}"
        raise Refusal("ResourceNotFoundException", text, 404) from missing
    return {"FunctionUrlConfigs": [config.to_dict()] if config else []}


@corrects("lambda", "AddPermission")
def add_permission(call: Call, ask: Ask) -> dict[str, Any]:
    """Every restriction becomes a condition; moto forgets some and merges others wrongly."""
    answer = ask(call)
    statement = function_of(call).policy.statements[-1]
    for stray in ("FunctionUrlAuthType", "InvokedViaFunctionUrl", "EventSourceToken"):
        statement.pop(stray, None)
    statement["Principal"] = principal(str(call.params["Principal"]))
    conditions = condition(call.params)
    if conditions:
        statement["Condition"] = conditions
    return answer | {"Statement": json.dumps(statement)}


def principal(given: str) -> Any:
    if given == "*" or given.endswith(".amazonaws.com"):
        return given if given == "*" else {"Service": given}
    return {"AWS": f"arn:aws:iam::{given}:root" if given.isdigit() else given}


def condition(params: dict[str, Any]) -> dict[str, Any]:
    wanted = (
        ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
        ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
        ("SourceArn", "ArnLike", "AWS:SourceArn"),
    )
    found: dict[str, Any] = {}
    for name, operator, key in wanted:
        if params.get(name):
            found.setdefault(operator, {})[key] = params[name]
    if params.get("InvokedViaFunctionUrl"):
        found["Bool"] = {"lambda:InvokedViaFunctionUrl": "true"}
    return found


@corrects("lambda", "GetRuntimeManagementConfig")
def runtime_management(call: Call, ask: Ask) -> dict[str, Any]:
    return {"UpdateRuntimeOn": "Auto", "FunctionArn": function_of(call).function_arn}


@corrects("lambda", "GetFunctionRecursionConfig")
def recursion(call: Call, ask: Ask) -> dict[str, Any]:
    return {"RecursiveLoop": "Terminate"}


@corrects("lambda", "GetAccountSettings")
def account_settings(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.awslambda.utils import get_backend

    functions = list(get_backend(call.account, call.region).list_functions())
    return {
        "AccountLimit": {
            "TotalCodeSize": 80_530_636_800,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": 1000,
            "UnreservedConcurrentExecutions": 1000 - sum(f.reserved_concurrency or 0 for f in functions),
        },
        "AccountUsage": {"TotalCodeSize": sum(f.code_size for f in functions), "FunctionCount": len(functions)},
    }
