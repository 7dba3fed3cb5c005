"""Web ACLs of both scopes, and their rules in the one spelling that is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json
from auditor.resources.shapes import pick

_NAMES = {"ARN": "Arn"}  # as CloudFormation spells it inside rules


def scoped(value: Json) -> Iterator[Mapping[str, Json]]:
    """Items with their scope, which only the ARN tells."""
    for each in value or ():
        yield {**each, "Scope": "CLOUDFRONT" if ":global/" in str(each.get("ARN")) else "REGIONAL"}


def rules(value: Json) -> Json:
    """Rules by priority, which is the order in which they are asked; what is empty says nothing."""
    return sorted((lean(each) for each in value), key=_priority) if isinstance(value, list) else value


def _priority(value: Json) -> tuple[int, str]:
    number = value.get("Priority") if isinstance(value, Mapping) else None
    return (number if isinstance(number, int) else 0), str(value)


def lean(value: Json) -> Json:
    """Without members that are null: an empty object stays, for it says which action is taken."""
    if isinstance(value, Mapping):
        named = {_NAMES.get(key, key): inner for key, inner in value.items() if inner is not None and inner != []}
        return {key: _usual(key, lean(inner)) for key, inner in sorted(named.items())}
    return [lean(each) for each in value] if isinstance(value, list) else value


def _usual(key: object, value: Json) -> Json:
    """A rate is counted over five minutes where nothing is said."""
    rate = key == "RateBasedStatement" and isinstance(value, Mapping)
    return {"EvaluationWindowSec": 300, **value} if rate else value


def logged(value: Json) -> Json:
    """Where requests are logged; a log group's ARN without the `:*` that AWS puts behind it."""
    found = pick(value, "LogDestinationConfigs", "RedactedFields", "LoggingFilter")
    if found is ABSENT or not found.get("LogDestinationConfigs"):
        return ABSENT
    places = [each.removesuffix(":*") for each in found["LogDestinationConfigs"]]
    return {
        **{key: lean(inner) for key, inner in found.items() if inner not in ([], {})},
        "LogDestinationConfigs": places,
    }
