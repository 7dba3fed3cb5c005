"""What EventBridge rules and schedules share: targets, whose container settings AWS spells in two ways."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json

# The API's members inside EcsParameters that CloudFormation spells otherwise.
_ECS = {
    "awsvpcConfiguration": "AwsVpcConfiguration",
    "capacityProvider": "CapacityProvider",
    "weight": "Weight",
    "base": "Base",
    "type": "Type",
    "expression": "Expression",
    "field": "Field",
}
_RULE_ECS = {**_ECS, "PlacementStrategy": "PlacementStrategies", "Tags": "TagList"}
_SCHEDULE_ECS = {**_ECS, "awsvpcConfiguration": "AwsvpcConfiguration"}
_SWITCHES = ("EnableECSManagedTags", "EnableExecuteCommand")
# What the scheduler puts into a schedule that does not say how often to try again.
_RETRY = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def rule_targets(raw: Json) -> Json:
    """Targets of a rule in CloudFormation's spelling."""
    return [_ecs(each, _RULE_ECS) for each in raw] if isinstance(raw, list) else raw


def rule_targets_live(value: Json) -> Json:
    """The inverse, for one target or a list of them."""
    if isinstance(value, list):
        return [rule_targets_live(each) for each in value]
    return _ecs(value, {new: old for old, new in _RULE_ECS.items()})


def schedule_target(raw: Json) -> Json:
    """The target of a schedule in CloudFormation's spelling."""
    return _ecs(raw, _SCHEDULE_ECS)


def schedule_target_live(value: Json) -> Json:
    """The inverse."""
    return _ecs(value, {new: old for old, new in _SCHEDULE_ECS.items()})


def one_rule_targets(value: Json) -> Json:
    """The one spelling of targets: AWS's defaults for tasks said, switches that are off left out."""
    return [_one(each) for each in value] if isinstance(value, list) else value


def one_schedule_target(value: Json) -> Json:
    """The same for a schedule's target, whose retries AWS always tells."""
    found = _one(value)
    if not isinstance(found, Mapping):
        return found
    said = found.get("RetryPolicy")
    return {**found, "RetryPolicy": {**_RETRY, **(said if isinstance(said, Mapping) else {})}}


def _one(target: Json) -> Json:
    task = target.get("EcsParameters") if isinstance(target, Mapping) else None
    if not isinstance(task, Mapping):
        return target
    kept = {key: inner for key, inner in task.items() if inner != [] and not (key in _SWITCHES and inner is False)}
    network = kept.get("NetworkConfiguration")
    if isinstance(network, Mapping):
        kept["NetworkConfiguration"] = {name: _network(inner) for name, inner in network.items()}
    return {**target, "EcsParameters": {"TaskCount": 1, **kept}}


def _network(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    sets = {name: sorted(inner, key=str) for name, inner in value.items() if isinstance(inner, list) and inner}
    rest = {name: inner for name, inner in value.items() if not isinstance(inner, list)}
    return {"AssignPublicIp": "DISABLED", **rest, **sets}


def _ecs(target: Json, names: Mapping[str, str]) -> Json:
    if not isinstance(target, Mapping) or "EcsParameters" not in target:
        return target
    return {**target, "EcsParameters": _renamed(target["EcsParameters"], names)}


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {names.get(key, key): _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return value
