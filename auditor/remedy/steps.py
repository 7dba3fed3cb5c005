"""Calls as steps, built from the setters that a type's rows declare: the one place where parameters are made up.

A step is of one of three kinds, told by its property: `P` sets the whole value of the row P, `P[]` adds or removes one
element of it, and a longer path, or a row with `edit`, changes one place in a document. So a step can be built again
from its property, before and after and the live resource, and a plan whose calls are not what is built is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.aws.fill import Unfilled, fill
from auditor.model import ABSENT, RISKS, Call, Edge, Json, Prop, Resource, ResourceType, Risk, Step
from auditor.remedy.calls import PlannedCall
from auditor.remedy.losers import Loss
from auditor.remedy.moves import Move
from auditor.remedy.refused import NoSetter
from auditor.remedy.values import among, bare, differing, same
from auditor.resources.normalise import writer
from auditor.resources.permissions import permissions

ELEMENT = "[]"
_LATER = ("{value", "{token")  # what an edit only knows once it has read the document


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom a step is built: the finding(s) it serves, its resource and row, and what hangs on the resource."""

    resource: Resource
    type: ResourceType
    row: Prop
    finding: str = ""
    also: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()


def planned_steps(
    calls: Iterable[PlannedCall],
    tails: Callable[[Resource], list[tuple[Edge, Resource]]],
    losses: Callable[[Move], Iterable[Loss]] = lambda move: (),
) -> tuple[Step, ...]:
    """One step a call, in the order in which they came; a call that changes nothing is none.

    A step by which somebody loses something says who, and destroys: it is never made unasked.
    """
    made = (
        _losing(_planned(call, tails(call.first.resource)), [each for move in call.moves for each in losses(move)])
        for call in calls
    )
    return tuple(step for step in made if not same(step.before, step.after))


def _losing(step: Step, losses: list[Loss]) -> Step:
    if not losses:
        return step
    return replace(step, risk="destroys", loses=tuple(dict.fromkeys(each.sentence for each in losses)))


def _planned(call: PlannedCall, tails: list[tuple[Edge, Resource]]) -> Step:
    move, (finding, *also) = call.first, call.findings
    touches = sorted({tail.key for _, tail in tails} - {move.resource.key})
    subject = Subject(move.resource, move.type, move.row, finding, tuple(sorted(also)), tuple(touches))
    if move.how == "set":
        return set_step(subject, move.before, call.after)
    if move.how == "edit":
        return edit_step(subject, move.place, move.before, call.after)
    return element_step(subject, move.before, call.after)


def set_step(subject: Subject, before: Json, after: Json) -> Step:
    """Replace the whole value of a row; what had no value is unset again by the undo."""
    _room_for_both(subject)
    forward, backward = _setter(subject.row, before, after), _setter(subject.row, after, before)
    return _step(
        subject,
        subject.row.name,
        (before, after),
        (forward, _filled(subject, forward, "value", after)),
        (backward, _filled(subject, backward, "value", before)),
    )


def _room_for_both(subject: Subject) -> None:
    """A step that could be made and then not be undone, for want of room, is none."""
    if subject.row.room:
        name, most = subject.row.room
        held = subject.resource.known(name, ABSENT)
        if not isinstance(held, list) or len(held) + 2 > most:
            raise NoSetter(f"{name} has no room for the change and its undo; remove old versions first")


def _setter(row: Prop, before: Json, after: Json) -> Call:
    switch = row.set is not None and "{value" not in str(row.set.params)
    off = after is ABSENT or (switch and not after)
    if off and row.unset:
        return row.unset
    if row.set and not (off and (switch or row.default is ABSENT)):
        return row.set
    what = "unset" if after is ABSENT else "set"
    raise NoSetter(f"AWS has no call that can {what} {row.name}")


def element_step(subject: Subject, before: Json, after: Json) -> Step:
    """Add one element (`before` is ABSENT) or remove one (`after` is)."""
    row, adding = subject.row, before is ABSENT
    forward, backward = (row.add, row.remove) if adding else (row.remove, row.add)
    if forward is None or backward is None:
        raise NoSetter(f"single elements of {row.name} cannot be {'added' if adding else 'removed'} and put back")
    element = after if adding else before
    return _step(
        subject,
        row.name + ELEMENT,
        (before, after),
        (forward, _filled(subject, forward, "element", element)),
        (backward, _filled(subject, backward, "element", element)),
    )


def edit_step(subject: Subject, place: str, before: Json, after: Json) -> Step:
    """Change one place in a document, which is only known once it is read: its holes, and its tag's, stay open."""
    edit = subject.row.edit
    if edit is None:
        raise NoSetter(f"{subject.row.name} is not part of a document that could be edited")
    call = (edit.write, held(edit.write.params, lambda part: fill(part, placeholders(subject.resource))))
    return _step(subject, place, (before, after), call, call)


def again(step: Step, resource: Resource, types: Mapping[str, ResourceType]) -> Step:
    """The step as it would be built from the live resource: whatever differs was not planned by us, or is outdated."""
    described = types.get(step.type)
    row = described.prop(step.property) if described else None
    if described is None or row is None or resource.type != step.type:
        raise NoSetter(f"{step.type} has no property {step.property}")
    subject = Subject(resource, described, row, step.finding, step.also, step.touches)
    if step.property.endswith(ELEMENT):
        return element_step(subject, step.before, step.after)
    if row.edit:
        return edit_step(subject, step.property, step.before, step.after)
    return set_step(subject, step.before, step.after)


def declared(described: ResourceType, row: Prop) -> set[tuple[str, str]]:
    """The (service, operation) pairs by which the row may be changed at all."""
    calls = [row.set, row.unset, row.add, row.remove, row.edit.write if row.edit else None]
    return {(call.service or described.service, call.operation) for call in calls if call}


def current(step: Step, resource: Resource | None, *, loose: bool = False) -> Json:
    """What stands now where the step changes something; for a step on one element, that element or ABSENT.

    `loose` finds the element also where AWS filled members in since it was written.
    """
    if resource is None:
        return ABSENT
    if not step.property.endswith(ELEMENT):
        return resource.known(step.property, ABSENT)
    collection = resource.known(step.property.removesuffix(ELEMENT), ABSENT)
    return among(step.before if step.after is ABSENT else step.after, collection, loose=loose)


def backward(step: Step) -> Step:
    """The step that undoes a step."""
    undo = step.undo
    return replace(
        step,
        before=step.after,
        after=step.before,
        service=str(undo["service"]),
        operation=str(undo["operation"]),
        params=undo["params"],
        undo={"service": step.service, "operation": step.operation, "params": step.params},
    )


def held(template: Json, filled: Callable[[Json], Json]) -> Json:
    """A template filled as far as can be without the document."""
    if isinstance(template, Mapping):
        return {key: held(inner, filled) for key, inner in template.items()}
    if isinstance(template, (list, tuple)):
        return [held(inner, filled) for inner in template]
    if isinstance(template, str) and any(hole in template for hole in _LATER):
        return template
    return filled(template)


def placeholders(resource: Resource, **more: Json) -> Callable[[str], Json]:
    """What the placeholders of a call stand for, as far as a resource can tell (see model.Call)."""
    known = {
        "id": resource.id,
        "arn": resource.arn,
        "name": resource.name,
        "account": resource.account,
        "region": resource.region,
        "partition": resource.arn.split(":")[1] if resource.arn.count(":") > 1 else "aws",
    }

    def value(name: str) -> Json:
        if name in more:
            return more[name]
        return (known[name] or ABSENT) if name in known else resource.known(name, ABSENT)

    return value


def _filled(subject: Subject, call: Call, name: str, value: Json) -> Json:
    written = value
    write = writer(subject.row)
    if write and value is not ABSENT:
        written = write(value)
    try:
        return fill(dict(call.params), placeholders(subject.resource, **{name: written}))
    except Unfilled as error:
        raise NoSetter(f"{call.operation} needs {error}, which is not known of this resource") from error


def _step(
    subject: Subject,
    place: str,
    change: tuple[Json, Json],
    forward: tuple[Call, Json],
    backward: tuple[Call, Json],
) -> Step:
    resource, row = subject.resource, subject.row
    service = forward[0].service or subject.type.service
    undo_service = backward[0].service or subject.type.service
    undo = {"service": undo_service, "operation": backward[0].operation, "params": backward[1]}
    calls = {(service, forward[0].operation), (undo_service, backward[0].operation)}
    if row.edit and not place.endswith(ELEMENT):
        calls.add((row.edit.read.service or subject.type.service, row.edit.read.operation))
    if row.exact:
        calls.add((row.exact.service or subject.type.service, row.exact.operation))
    return Step(
        finding=subject.finding,
        also=subject.also,
        resource=resource.key,
        type=resource.type,
        account=resource.account,
        region=resource.region,
        property=place,
        service=service,
        operation=forward[0].operation,
        params=forward[1],
        before=change[0],
        after=change[1],
        undo=undo,
        risk=risk_of(row, place, *change),
        permissions=tuple(sorted({action for call in calls for action in permissions(*call)})),
        touches=subject.touches,
    )


def risk_of(row: Prop, place: str, before: Json, after: Json) -> Risk:
    """The highest risk of the places that really change; one that the row does not name apart has the row's.

    `risks` names places inside the property, written without brackets (`Origins.OriginAccessControlId`), whose risk is
    not `risk`; with a `+` after it a place is meant only where nothing stands there before.
    """
    inside = bare(place).partition(".")[2]
    found: list[Risk] = []
    for leaf, new in differing(before, after, inside):
        risks = {name.removesuffix("+"): risk for name, risk in row.risks.items() if new or not name.endswith("+")}
        above = [name for name in risks if leaf == name or leaf.startswith(name + ".")]
        below = [name for name in risks if not leaf or name.startswith(leaf + ".")]
        if above:
            found.append(risks[max(above, key=len)])
        else:
            found += [row.risk, *(risks[name] for name in below)]
    return max(found or [row.risk], key=RISKS.index)
