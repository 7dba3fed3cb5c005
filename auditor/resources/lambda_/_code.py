"""Functions in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
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
