"""An inventory as it will read once steps are made: so that what they would break is known before anything is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.model import ABSENT, Inventory, Json, Resource, Step
from auditor.remedy.steps import ELEMENT
from auditor.remedy.values import NoPlace, among, changed, same


def foreseen(inventory: Inventory, steps: Iterable[Step]) -> Inventory:
    """The same inventory with the values that the steps leave; what they do not touch is the same object."""
    wanted: dict[str, list[Step]] = {}
    for step in steps:
        wanted.setdefault(step.resource, []).append(step)
    resources = [_after(each, wanted.get(each.key, [])) for each in inventory.resources]
    return replace(inventory, resources=resources)


def _after(resource: Resource, steps: list[Step]) -> Resource:
    for step in steps:
        name = step.property.removesuffix(ELEMENT)
        value = step.after
        if step.property.endswith(ELEMENT):
            value = _elements(resource.known(name, []), step)
        try:
            properties = changed(dict(resource.properties), name, value)
        except NoPlace:
            continue  # an earlier step took the place away
        resource = replace(resource, properties=properties)
    return resource


def _elements(now: Json, step: Step) -> Json:
    held = list(now) if isinstance(now, list) else []
    if step.before is ABSENT:
        return held if among(step.after, held) is not ABSENT else [*held, step.after]
    return [each for each in held if not same(each, step.before)]
