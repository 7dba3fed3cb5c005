"""The targets of rules: the API's spelling and CloudFormation's."""

from __future__ import annotations

from auditor.model import Json
from auditor.resources.ecs_targets import ECS, one, respelled

_RULE_ECS = {**ECS, "PlacementStrategy": "PlacementStrategies", "Tags": "TagList"}


def rule_targets(raw: Json) -> Json:
    """Targets of a rule in CloudFormation's spelling."""
    return [respelled(each, _RULE_ECS) for each in raw] if isinstance(raw, list) else raw


def rule_targets_live(value: Json) -> Json:
    """The inverse, for one target or a list of them."""
    if isinstance(value, list):
        return [rule_targets_live(each) for each in value]
    return respelled(value, {new: old for old, new in _RULE_ECS.items()})


def one_rule_targets(value: Json) -> Json:
    """The one spelling of targets: AWS's defaults for tasks said, switches that are off left out."""
    return [one(each) for each in value] if isinstance(value, list) else value
