"""Schedules in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.ecs_targets import in_terraform
from auditor.resources.terraform import first, shaped, wanted


def schedule_target(value: Json) -> Json:
    """What a schedule starts."""
    said = first(value)
    if not isinstance(said, Mapping):
        return ABSENT
    said = {**said, "ecs_parameters": in_terraform(said.get("ecs_parameters"), "AwsvpcConfiguration")}
    return shaped(said, wanted("AWS::Scheduler::Schedule", "Target"), {"pipeline_parameter": "PipelineParameterList"})
