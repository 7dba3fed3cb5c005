"""Answers of Auto Scaling in CloudFormation's shape, and groups in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json, Resource, Unsaid
from auditor.model.described import Beside
from auditor.resources.terraform import first, many, shaped, wanted

_CFN = "AWS::AutoScaling::AutoScalingGroup"


def subnets(value: Json) -> Json:
    """AWS writes the subnets as one text with commas."""
    if not isinstance(value, str):
        return value
    return [each.strip() for each in value.split(",") if each.strip()] or ABSENT


def joined(value: Json) -> Json:
    return ",".join(value) if isinstance(value, list) else value


def template(value: Json) -> Json:
    """The launch template by its id, else by its name: AWS answers with both. Without a version it is the default."""
    found = first(value)
    if not isinstance(found, Mapping):
        return value or ABSENT
    said = {
        "".join(part.capitalize() for part in key.split("_")) if key.islower() else key: inner
        for key, inner in found.items()
        if inner
    }
    key = said.get("LaunchTemplateId") or said.get("Id")
    name = (
        {"LaunchTemplateId": key} if key else {"LaunchTemplateName": said.get("LaunchTemplateName") or said.get("Name")}
    )
    return {**name, "Version": str(said.get("Version") or "$Default")}


def mixed(value: Json) -> Json:
    return shaped(value, wanted(_CFN, "MixedInstancesPolicy")) if value else ABSENT


def metrics(value: Json) -> Json:
    """Which metrics of the group are collected, as one collection."""
    names = sorted(each["Metric"] for each in value or ())
    return [{"Granularity": "1Minute", "Metrics": names}] if names else ABSENT


def metrics_in_code(value: Mapping[str, Json]) -> Json:
    names = many(value.get("enabled_metrics"))
    return (
        [{"Granularity": value.get("metrics_granularity") or "1Minute", "Metrics": sorted(names)}] if names else ABSENT
    )


def grace(value: Mapping[str, Json]) -> Json:
    """Terraform asks for five minutes where its code says nothing; CloudFormation for none."""
    said = value.get("health_check_grace_period")
    return 300 if said is None else said


def zones(group: Resource, _: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    """Code that names subnets leaves the zones to them."""
    if "AvailabilityZones" not in group.properties:
        yield "AvailabilityZones", Unsaid("AWS takes the zones of the subnets")
