"""Steps in words. The words are made from the step alone, so that a plan's words cannot say other than its calls."""

from __future__ import annotations

from auditor.model import ABSENT, Json, Step
from auditor.remedy.steps import ELEMENT
from auditor.remedy.values import text

_LONGEST = 120


def sentence(step: Step) -> str:
    """`Change PubliclyAccessible of DBInstance orders-db from true to false`."""
    whose = f"of {step.type.split('::')[-1]} {label(step)}"
    name = step.property.removesuffix(ELEMENT)
    if step.property.endswith(ELEMENT):
        if step.before is ABSENT:
            return f"Add {shown(step.after)} to {name} {whose}"
        return f"Remove {shown(step.before)} from {name} {whose}"
    if step.after is ABSENT:
        return f"Remove {name} {whose} ({shown(step.before)} before)"
    if step.before is ABSENT:
        return f"Set {name} {whose} to {shown(step.after)} (not set before)"
    return f"Change {name} {whose} from {shown(step.before)} to {shown(step.after)}"


def label(step: Step) -> str:
    """The resource as short as it can be told apart by eye: the end of its key."""
    tail = step.resource.rsplit("/", 1)[-1] if "/" in step.resource else step.resource.rsplit(":", 1)[-1]
    return tail or step.resource


def shown(value: Json) -> str:
    if value is ABSENT:
        return "not set"
    told = text(value)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"
