"""Parameter groups in Terraform."""

from __future__ import annotations

from auditor.model import Json
from auditor.resources.terraform import many


def parameters(value: Json) -> Json:
    """A parameter group's settings by name."""
    return {each["name"]: str(each.get("value", "")) for each in many(value) if each.get("name")}
