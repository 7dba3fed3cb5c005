"""Answers of ECS: lists of ARNs as items, and the one spelling of what a service and a task are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auditor.model import ABSENT, Json

_REFERENCE = re.compile(r"\$\{[^}]*\}(?=[:@][^/]*$|$)")
_ROLLING: Mapping[str, Json] = {
    "MaximumPercent": 200,
    "MinimumHealthyPercent": 100,
    "DeploymentCircuitBreaker": {"Enable": False, "Rollback": False},
}


def clusters(arns: Json) -> Iterable[Mapping[str, Json]]:
    return [{"clusterArn": arn, "clusterName": last(arn)} for arn in arns or ()]


def services(arns: Json) -> Iterable[Mapping[str, Json]]:
    return [{"serviceArn": arn, "serviceName": last(arn)} for arn in arns or ()]


def revisions(arns: Json) -> Iterator[Mapping[str, Json]]:
    """Active task definitions, of which each family's newest is the one that a name without a revision means."""
    found = [(arn, *_family(arn)) for arn in arns or ()]
    newest = {family: number for _, family, number in sorted(found, key=lambda each: each[2])}
    for arn, family, number in found:
        yield {"arn": arn, "family": family, "revision": number, "newest": newest[family] == number}


def _family(arn: str) -> tuple[str, int]:
    family, _, revision = str(last(arn)).rpartition(":")
    return family, int(revision)


def last(value: Json) -> Json:
    """The name at the end of an ARN; what is a name already, or a reference of code, stays as it is."""
    return value.rsplit("/", 1)[-1] if isinstance(value, str) and value.startswith("arn:") else value


def deployment(value: Json) -> Json:
    """How a service is rolled over, with AWS's choices filled in; what newer strategies add is left out."""
    if not isinstance(value, Mapping):
        return value
    breaker = {**_ROLLING["DeploymentCircuitBreaker"], **(value.get("DeploymentCircuitBreaker") or {})}
    kept = {name: value[name] for name in ("MaximumPercent", "MinimumHealthyPercent") if value.get(name) is not None}
    alarms = value.get("Alarms")
    told = {"Alarms": alarms} if isinstance(alarms, Mapping) and alarms.get("AlarmNames") else {}
    return {
        **_ROLLING,
        **kept,
        **told,
        "DeploymentCircuitBreaker": {key: breaker[key] for key in ("Enable", "Rollback")},
    }


def network(value: Json) -> Json:
    """Where tasks stand. AWS gives a task of its own subnet no public address unless it is told to."""
    inner = value.get("AwsvpcConfiguration") if isinstance(value, Mapping) else None
    if not isinstance(inner, Mapping) or not inner.get("Subnets"):
        return ABSENT if isinstance(value, Mapping) and inner is None else value
    sets = {name: _sorted(inner.get(name) or []) for name in ("SecurityGroups", "Subnets")}
    return {"AwsvpcConfiguration": {"AssignPublicIp": inner.get("AssignPublicIp") or "DISABLED", **sets}}


def _sorted(value: Json) -> Json:
    return sorted(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value


def strategy(value: Json) -> Json:
    """Shares of capacity providers; AWS counts a share that is not said, and a base, as nothing."""
    if not isinstance(value, list):
        return value
    return [{"Base": 0, "Weight": 0, **each} if isinstance(each, Mapping) else each for each in value]


def containers(value: Json) -> Json:
    """Containers with AWS's choices filled in and what is empty left out."""
    return (
        [_container(each) if isinstance(each, Mapping) else each for each in value]
        if isinstance(value, list)
        else value
    )


def _container(value: Mapping[str, Json]) -> dict[str, Json]:
    out: dict[str, Json] = {key: inner for key, inner in value.items() if inner not in (None, [], {})}
    out.setdefault("Essential", True)
    if not out.get("Cpu"):
        out.pop("Cpu", None)
    for name in ("Environment", "Secrets"):
        if isinstance(out.get(name), list):
            out[name] = sorted(out[name], key=_name)
    if isinstance(out.get("PortMappings"), list):
        out["PortMappings"] = [_port(each) for each in out["PortMappings"]]
    return dict(sorted(out.items()))


def _name(value: Any) -> str:
    return str(value.get("Name", "")) if isinstance(value, Mapping) else str(value)


def _port(value: Json) -> Json:
    """A port: TCP where nothing else is said, and the host's only where it is another than the container's."""
    if not isinstance(value, Mapping):
        return value
    out = {"Protocol": "tcp", **{key: inner for key, inner in value.items() if inner not in (None, "")}}
    if out.get("HostPort") is not None and str(out["HostPort"]) == str(out.get("ContainerPort")):
        del out["HostPort"]
    return out


def volumes(value: Json) -> Json:
    """Volumes by name; a host that names no path is a volume that lives as long as its task."""
    if not isinstance(value, list):
        return value
    kept = [{key: inner for key, inner in each.items() if inner not in (None, {}, [], False)} for each in value]
    return sorted(kept, key=_name)


def secret_arn(value: Json) -> list[str]:
    """The secret or parameter in a reference that may go on with a JSON key, a stage and a version."""
    if not isinstance(value, str):
        return []
    parts = value.split(":")
    return [":".join(parts[:7])] if parts[2:3] == ["secretsmanager"] else [value]


def log_group(value: Json) -> list[str]:
    """The log group in the options of a log driver."""
    group = value.get("awslogs-group") if isinstance(value, Mapping) else None
    return [group] if isinstance(group, str) else []


def repository(value: Json) -> list[str]:
    """The repository of an image, without its tag or digest; code may refer to it, by its address or its name."""
    if not isinstance(value, str):
        return []
    if reference := _REFERENCE.search(value):
        return [reference[0]]
    host, slash, image = value.partition("@")[0].rpartition("/")
    return [f"{host}{slash}{image.partition(':')[0]}"]
