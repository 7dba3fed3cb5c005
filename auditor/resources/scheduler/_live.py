"""The target of a schedule: the API's spelling and CloudFormation's."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.ecs_targets import ECS, one, respelled

_SCHEDULE_ECS = {**ECS, "awsvpcConfiguration": "AwsvpcConfiguration"}
# What the scheduler puts into a schedule that does not say how often to try again.
_RETRY = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def schedule_target(raw: Json) -> Json:
    """The target of a schedule in CloudFormation's spelling."""
    return respelled(raw, _SCHEDULE_ECS)


def schedule_target_live(value: Json) -> Json:
    """The inverse."""
    return respelled(value, {new: old for old, new in _SCHEDULE_ECS.items()})


def one_schedule_target(value: Json) -> Json:
    """The same for a schedule's target, whose retries AWS always tells."""
    found = one(value)
    if not isinstance(found, Mapping):
        return found
    said = found.get("RetryPolicy")
    return {**found, "RetryPolicy": {**_RETRY, **(said if isinstance(said, Mapping) else {})}}
