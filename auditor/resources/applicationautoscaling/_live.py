"""What Application Auto Scaling scales, by namespace: it has no list over all of them."""

from __future__ import annotations

from auditor.model import Json


def scaled(value: Json) -> list[str]:
    """The service in a resource id, `service/CLUSTER/SERVICE`, where code may refer to the last part."""
    if not isinstance(value, str):
        return []
    reference = value[value.rfind("${") :] if value.endswith("}") else ""
    return [value, *([reference] if reference else [])]
