"""ECS: moto forgets most of what a service is told besides its task definition and its number, lists services that were
deleted, and has no settings of a cluster to change."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf

_KEPT = (
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "propagateTags",
)
_ROLLING = {
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
}
_USUAL = {
    "deploymentController": {"type": "ECS"},
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "propagateTags": "NONE",
    "schedulingStrategy": "REPLICA",
}


@corrects("ecs", "CreateService", "UpdateService")
def told(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    kept = shelf(call, "services").setdefault(answer["service"]["serviceArn"], {})
    kept.update({name: call.params[name] for name in _KEPT if name in call.params})
    answer["service"] = _whole(answer["service"], kept)
    return answer


@corrects("ecs", "DescribeServices")
def described(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    kept = shelf(call, "services")
    answer["services"] = [_whole(each, kept.get(each["serviceArn"], {})) for each in answer.get("services", [])]
    return answer


@corrects("ecs", "ListServices")
def listed(call: Call, ask: Ask) -> dict[str, Any]:
    """Of a service that was deleted AWS still tells what it was, and leaves it out of the list."""
    from moto.ecs.models import ecs_backends

    answer = ask(call)
    gone = {each.arn for each in ecs_backends[call.account][call.region].services.values() if each.status == "INACTIVE"}
    answer["serviceArns"] = [each for each in answer.get("serviceArns", []) if each not in gone]
    return answer


def _whole(service: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """The service as AWS tells it: what it was told, and what AWS chooses where it was told nothing."""
    out = {**_USUAL, **{key: inner for key, inner in service.items() if inner is not None}, **kept}
    out["deploymentConfiguration"] = {**_ROLLING, **kept.get("deploymentConfiguration", {})}
    if kept.get("capacityProviderStrategy"):
        out.pop("launchType", None)
    return out


@corrects("ecs", "UpdateClusterSettings")
def settings(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.ecs.models import ecs_backends

    cluster = ecs_backends[call.account][call.region]._get_cluster(call.params["cluster"])
    cluster.settings = call.params["settings"]
    return {"cluster": cluster.response_object}
