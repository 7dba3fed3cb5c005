"""Services and tasks in Terraform and CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json, Resource
from auditor.model.described import Beside
from auditor.resources.shapes import parse_json
from auditor.resources.terraform import first, many, shaped, wanted

_PUBLIC = {True: "ENABLED", False: "DISABLED", "true": "ENABLED", "false": "DISABLED"}
_FLAT = {"deployment_maximum_percent": "MaximumPercent", "deployment_minimum_healthy_percent": "MinimumHealthyPercent"}
_BLOCKS = {"deployment_circuit_breaker": "DeploymentCircuitBreaker", "alarms": "Alarms"}


def network(value: Json) -> Json:
    """Terraform leaves out the level between and writes the public address as a switch."""
    said = first(value)
    if not isinstance(said, Mapping):
        return said
    public = said.get("assign_public_ip")
    place = {**said, "assign_public_ip": _PUBLIC.get(public, public) if public is not None else "DISABLED"}
    return shaped({"awsvpc_configuration": place}, wanted("AWS::ECS::Service", "NetworkConfiguration"))


def deployment(value: Mapping[str, Json]) -> Json:
    """Terraform spreads over the service what CloudFormation keeps in one property."""
    said = {name: value.get(key) for key, name in {**_FLAT, **_BLOCKS}.items() if value.get(key) not in (None, [])}
    return shaped(said, wanted("AWS::ECS::Service", "DeploymentConfiguration"))


def deployment_of_daemons(said: Mapping[str, Json]) -> Json:
    """AWS: a service that puts one task on every machine lets all of them go at once, unless it is told otherwise."""
    value = said.get("DeploymentConfiguration")
    if said.get("SchedulingStrategy") != "DAEMON" or not isinstance(value or {}, Mapping):
        return value if value is not None else ABSENT
    return {"MinimumHealthyPercent": 0, **(value or {})}


def containers(value: Json) -> Json:
    """The containers, which Terraform keeps as JSON in the API's spelling."""
    found = parse_json(value)
    if isinstance(found, str):
        raise ValueError("the containers are no JSON that can be read")
    return shaped(found, wanted("AWS::ECS::TaskDefinition", "ContainerDefinitions"))


def volumes(value: Json) -> Json:
    """Terraform writes a path of the host beside the name, and 0 for a port that AWS chooses."""
    return shaped([_volume(each) for each in many(value)], wanted("AWS::ECS::TaskDefinition", "Volumes"))


def _volume(block: Mapping[str, Json]) -> dict[str, Json]:
    out = {**block, "host": {"source_path": block["host_path"]}} if block.get("host_path") else dict(block)
    files = first(block.get("efs_volume_configuration"))
    if isinstance(files, Mapping):
        out["efs_volume_configuration"] = {key: inner for key, inner in files.items() if inner != 0}
    return out


def providers(fold: Mapping[str, Json]) -> Json:
    """The capacity providers of a cluster, from Terraform's or CloudFormation's type beside it."""
    return many(fold.get("capacity_providers", fold.get("CapacityProviders"))) or ABSENT


def strategy(fold: Mapping[str, Json]) -> Json:
    said = fold.get("default_capacity_provider_strategy", fold.get("DefaultCapacityProviderStrategy"))
    found = shaped(many(said), wanted("AWS::ECS::Cluster", "DefaultCapacityProviderStrategy"))
    return found or ABSENT


def called(service: Resource, beside: Beside) -> Iterator[tuple[str, Json]]:
    """Application Auto Scaling and CloudWatch call a service of code by its cluster's name and its own."""
    cluster, name = service.properties.get("Cluster"), service.properties.get("ServiceName")
    for each in beside.get("AWS::ECS::Cluster", ()):
        if cluster in (each.id, each.properties.get("ClusterName")):
            cluster = each.properties.get("ClusterName")
    if all(isinstance(text, str) and "${" not in text for text in (cluster, name)):
        service.names = tuple(sorted({*service.names, f"service/{cluster}/{name}"}))
    yield from ()


def host_ports(task: Resource, _: Beside) -> Iterator[tuple[str, Json]]:
    """On a bridge a container that names no port of the host gets any, which AWS tells as 0."""
    containers = task.properties.get("ContainerDefinitions")
    if task.properties.get("NetworkMode") == "bridge" and isinstance(containers, list):
        yield "ContainerDefinitions", [_on_a_bridge(each) for each in containers]


def _on_a_bridge(container: Json) -> Json:
    ports = container.get("PortMappings") if isinstance(container, Mapping) else None
    if not isinstance(ports, list):
        return container
    return {**container, "PortMappings": [{"HostPort": 0, **each} for each in ports]}
