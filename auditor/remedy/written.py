"""How a value was written, beside what it means: read right before a call, kept in the journal, put back by the undo.

A step compares meanings, and its undo means what was there before. Whoever wrote a policy finds it again as it was
written, though, and a bucket that had no public access block has none again, and not one that blocks nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from auditor.aws.fill import Unfilled, fill
from auditor.aws.requests import CallFailed
from auditor.model import ABSENT, Call, Json, Prop, Resource, ResourceType, Step
from auditor.remedy.steps import ELEMENT, backward, placeholders
from auditor.remedy.values import same
from auditor.remedy.world import World
from auditor.resources.normalise import policy, search


def as_written(
    world: World, step: Step, resource: Resource, types: Mapping[str, ResourceType]
) -> dict[str, str | bool]:
    """What the journal has to keep so that the undo restores the very text, or that there was nothing.

    Where that cannot be read the meaning is kept all the same, in the step itself.
    """
    described, row = types[step.type], types[step.type].prop(step.property)
    if row is None or step.before is ABSENT or row.edit:
        return {}
    call = row.exact or row.call
    if call is None or not (row.same == "policy" or _may_be_nothing(step, row)):
        return {}
    values = placeholders(resource, element=step.before) if step.property.endswith(ELEMENT) else placeholders(resource)
    try:
        params = fill(dict(call.params), values)
        answer = world.call(step.account, step.region, call.service or described.service, call.operation, params)
    except Unfilled:
        return {}
    except CallFailed as error:
        return {"nothing": True} if error.failure.code in call.absent and _may_be_nothing(step, row) else {}
    return _written_as(step, _found(call, row, answer)) if row.same == "policy" else {}


def _may_be_nothing(step: Step, row: Prop) -> bool:
    """Whether the value before is what AWS has where nothing is set, and can be unset."""
    return bool(row.set and row.unset and row.default is not ABSENT and same(step.before, row.default))


def _found(call: Call, row: Prop, answer: Json) -> Json:
    value = search(call.out, answer) if call.out else answer
    return value if call is row.exact else search(row.live or row.name, value)


def _written_as(step: Step, value: Json) -> dict[str, str | bool]:
    """The text, where it means what the step saw."""
    before = step.before["PolicyDocument"] if step.property.endswith(ELEMENT) else step.before
    for text in _texts(value):
        if same(_meaning(text), policy(before)):
            return {"written": text}
    return {}


def _texts(value: Json) -> Iterator[str]:
    """What may have been written: services answer with the text itself, URL-encoded (IAM), with its quotation marks
    escaped (API Gateway), or in an object."""
    if not isinstance(value, str):
        yield json.dumps(value, ensure_ascii=False)
        return
    yield value
    yield unquote(value)
    if inside := _parsed(f'"{value}"'):
        yield str(inside)


def _meaning(text: Json) -> Json:
    found = _parsed(text) if isinstance(text, str) else None
    return ABSENT if found is None else policy(found)


def _parsed(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return None


def undoing(step: Step, resource: Resource | None, types: Mapping[str, ResourceType], kept: Mapping[str, Json]) -> Step:
    """The step that undoes a step, with what was kept of how the value was written."""
    back, described = backward(step), types[step.type]
    row = described.prop(step.property)
    written = kept.get("written")
    if isinstance(written, str):
        return replace(back, params=_with_text(back.params, written, _meaning(written)))
    if kept.get("nothing") and row and row.unset and resource is not None:
        params = fill(dict(row.unset.params), placeholders(resource))
        return replace(
            back, service=row.unset.service or described.service, operation=row.unset.operation, params=params
        )
    return back


def _with_text(params: Json, text: str, meaning: Json) -> Json:
    """Parameters in which the text that means the same is the one that was written: nothing else can get in."""
    if isinstance(params, Mapping):
        return {key: _with_text(inner, text, meaning) for key, inner in params.items()}
    if isinstance(params, list):
        return [_with_text(inner, text, meaning) for inner in params]
    return text if isinstance(params, str) and meaning is not ABSENT and same(_meaning(params), meaning) else params
