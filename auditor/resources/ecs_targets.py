"""The settings of a container that EventBridge starts, as rules and schedules share them."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.terraform import first

# The API's members inside EcsParameters that CloudFormation spells otherwise.
ECS = {
    "awsvpcConfiguration": "AwsVpcConfiguration",
    "capacityProvider": "CapacityProvider",
    "weight": "Weight",
    "base": "Base",
    "type": "Type",
    "expression": "Expression",
    "field": "Field",
}
_SWITCHES = ("EnableECSManagedTags", "EnableExecuteCommand")


def in_terraform(value: Json, network: str) -> Json:
    """A container's settings; Terraform leaves out the level `network` and writes its public address as a switch."""
    said = first(value)
    place = first(said.get("network_configuration")) if isinstance(said, Mapping) else None
    if not isinstance(place, Mapping):
        return said
    public = place.get("assign_public_ip")
    words = {True: "ENABLED", False: "DISABLED", "true": "ENABLED", "false": "DISABLED"}
    return {**said, "network_configuration": {network: {**place, "assign_public_ip": words.get(public, public)}}}


def one(target: Json) -> Json:
    """The one spelling of a target: AWS's defaults for tasks said, switches that are off left out."""
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


def respelled(target: Json, names: Mapping[str, str]) -> Json:
    """A target whose container settings have the members that `names` gives for those of the other spelling."""
    if not isinstance(target, Mapping) or "EcsParameters" not in target:
        return target
    return {**target, "EcsParameters": _renamed(target["EcsParameters"], names)}


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {names.get(key, key): _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return value
