"""Functions in Terraform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json, Resource, Unsaid, paths
from auditor.model.described import Beside
from auditor.resources.terraform import first, shaped, wanted

HIDDEN = "[redacted]"


def environment(value: Json) -> Json:
    """The names of a function's variables; what they hold is never taken over."""
    held = (first(value) or {}).get("variables")
    if not held:
        return ABSENT
    if not isinstance(held, Mapping):
        raise TypeError("the names of the variables are known only after apply")
    return {"Variables": dict.fromkeys(sorted(held), HIDDEN)}


def inside(value: Json) -> Json:
    """A function's place in a network; an empty block is none."""
    found = shaped(value, wanted("AWS::Lambda::Function", "VpcConfig"))
    if found is ABSENT or not found.get("SubnetIds"):
        return ABSENT
    return {key: inner for key, inner in found.items() if inner is not False}


def logging(value: Mapping[str, Json]) -> Json:
    """Where a function writes, with AWS's own choice where the code makes none."""
    found = shaped(value.get("logging_config") or None, wanted("AWS::Lambda::Function", "LoggingConfig"))
    group = f"/aws/lambda/{value.get('function_name')}"
    return {"LogFormat": "Text", "LogGroup": group, **(found if isinstance(found, Mapping) else {})}


def logging_of_template(values: Mapping[str, Json]) -> Json:
    """The same in a template, where the group is told with the function's name (`logs_to`)."""
    said = values.get("LoggingConfig", {})
    return {"LogFormat": "Text", **said} if isinstance(said, Mapping) else said


def logs_to(function: Resource, beside: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    """The group that AWS makes for a function where code names none; a function that AWS names is told by reference."""
    said = function.properties.get("LoggingConfig")
    unnamed = any(paths.top(place) == "FunctionName" for place in function.unknown)
    if not isinstance(said, dict) or "LogGroup" in said or function.gap("LoggingConfig.LogGroup") or unnamed:
        return
    name = function.properties.get("FunctionName", "${" + function.address + "}")
    yield "LoggingConfig", {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}", **said}
