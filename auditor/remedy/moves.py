"""What a finding's changes come to: moves, each of one setter of one row; the step before the steps.

Moves know nothing of the order in which a plan puts them and can be folded: two findings that want different members of
one property end in one call that writes both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model import ABSENT, Change, Finding, Json, Prop, Resource, ResourceType, paths
from auditor.remedy.setters import NoSetter
from auditor.remedy.values import NoPlace, among, bare, changed, same, secretive, text
from auditor.resources.normalise import settle
from auditor.resources.schema import schema

How = Literal["set", "edit", "add", "remove"]
# By what AWS tells the elements of a collection apart: a second one of the same name is refused, or overwrites.
_IDENTITY = (
    ("Id",),
    ("Name",),
    ("PolicyName",),
    ("RuleNumber", "Egress"),
    ("DestinationCidrBlock",),
    ("DestinationIpv6CidrBlock",),
    ("DestinationPrefixListId",),
    ("Sid",),
    ("Key",),
)


class Replace(Exception):
    """The property is fixed when the resource is created."""


@dataclass(frozen=True, slots=True)
class Move:
    """One place of one row to be changed. `add` and `remove` carry the element; `set` and `edit` the change itself."""

    finding: str
    resource: Resource
    type: ResourceType
    row: Prop
    how: How
    place: str
    change: Change
    element: Json = ABSENT

    @property
    def key(self) -> tuple[str, str]:
        return self.resource.key, self.row.name


def moves(finding: Finding, look_up: Callable[[str], Resource | None], types: Mapping[str, ResourceType]) -> list[Move]:
    """The moves that make a finding's changes; NoSetter or Replace where one of them cannot be made."""
    out: list[Move] = []
    for change in finding.changes:
        resource = look_up(change.resource)
        if resource is None or not resource.account:
            raise NoSetter("the resource is not one of a live account")
        out += _of_change(finding.id, resource, types, change)
    return out


def _of_change(finding: str, resource: Resource, types: Mapping[str, ResourceType], change: Change) -> Iterator[Move]:
    described = types.get(resource.type)
    if described is None:
        raise NoSetter(f"{resource.type} is not described")
    if schema(resource.type).replaces(bare(change.property)):
        raise Replace(change.property)
    row = described.prop(change.property)
    if row is None or not row.settable:
        raise NoSetter(f"no call changes {bare(change.property)}")
    _refuse_hidden(resource, row, change)

    def move(how: How, element: Json = ABSENT) -> Move:
        return Move(finding, resource, described, row, how, change.property, change, element)

    elements = change.property == row.name and (row.add or row.remove)
    if elements and (change.add or change.remove):
        yield from _elements(resource, row, change, move)
    elif row.edit:
        yield move("edit")
    elif row.set:
        yield move("set")
    else:
        yield from _difference(resource, row, change, move)


def _refuse_hidden(resource: Resource, row: Prop, change: Change) -> None:
    gap = paths.hidden(resource.unknown, row.name)
    if gap is not None:
        raise NoSetter(f"{row.name} could not be read; allow {gap.permission}")
    value = resource.properties.get(row.name, ABSENT)
    if row.secret or (not row.edit and secretive(value)) or secretive(paths.get({row.name: value}, change.property)):
        raise NoSetter(f"{row.name} holds a secret, which is neither read nor written")


def _elements(resource: Resource, row: Prop, change: Change, move: Callable[[How, Json], Move]) -> Iterator[Move]:
    """First what is put in, then what is taken out: nobody who is let in rightly is shut out in between.

    Only where a new element takes the name of an old one, or where there is room for one only, the old one has to go
    first.
    """
    now = resource.properties.get(row.name, [])
    out = [among(element, now) for element in change.remove]
    if any(element is ABSENT for element in out):
        raise NoSetter(f"an element of {row.name} that should go is not there")
    new = [element for element in change.add if among(element, now) is ABSENT]
    names = {_name(element) for element in new} - {""}
    first = [element for element in out if (row.single and new) or _name(element) in names]
    yield from (move("remove", element) for element in first)
    yield from (move("add", element) for element in new)
    yield from (move("remove", element) for element in out if element not in first)


def _name(element: Json) -> str:
    """What AWS knows an element by, or nothing. Rules of a security group are the same but for what describes them."""
    if not isinstance(element, dict):
        return ""
    if "IpProtocol" in element:
        return text({key: value for key, value in element.items() if key != "Description"})
    return next((text([element[key] for key in keys]) for keys in _IDENTITY if _named(element, keys)), "")


def _named(element: dict[str, Json], keys: tuple[str, ...]) -> bool:
    return bool(element.get(keys[0])) and all(key in element for key in keys)


def _difference(resource: Resource, row: Prop, change: Change, move: Callable[[How, Json], Move]) -> Iterator[Move]:
    """A change of the whole collection, or inside an element, where AWS only adds and removes elements."""
    now = resource.properties.get(row.name, [])
    wanted = apply_change(row, now, change)
    if not isinstance(now, list) or not isinstance(wanted, list):
        raise NoSetter(f"{row.name} is only changed by element")
    gone = tuple(each for each in now if among(each, wanted) is ABSENT)
    new = tuple(each for each in wanted if among(each, now) is ABSENT)
    difference = Change(change.resource, row.name, remove=gone, add=new)
    yield from _elements(resource, row, difference, move)


def apply_change(row: Prop, value: Json, change: Change) -> Json:
    """The whole value of a row with one change made in it."""
    inside = change.property.removeprefix(row.name).removeprefix(".")
    wanted = wanted_at(row, value, inside, change)
    try:
        after = as_read(row, changed(value, inside, wanted))
    except NoPlace as error:
        raise NoSetter(f"{change.property} does not lead to one place") from error
    return row.default if after is ABSENT else after  # taken back means what AWS has when nothing is said


def as_read(row: Prop, whole: Json) -> Json:
    """A whole value as it will read once it is written, which is what a step is held against.

    A wish comes in the order and with the empty members of whoever wished; `read` sorts and drops. What the row
    cannot write at all is found out here, before anything is touched.
    """
    if whole is ABSENT or not (row.read and row.write) or row.add or row.remove:
        return settle(row.same, whole)
    try:
        value = row.read(row.write(whole))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise NoSetter(f"{row.name} cannot be written in that form ({error!r})") from error
    return ABSENT if value is None or value is ABSENT else settle(row.same, value)


def wanted_at(row: Prop, value: Json, inside: str, change: Change) -> Json:
    """What shall stand at the place of a change."""
    old = paths.get(value, inside) if inside else value
    if change.add or change.remove:
        kept = [each for each in old or [] if among(each, list(change.remove)) is ABSENT]
        return kept + [each for each in change.add if among(each, kept) is ABSENT]
    return change.value if inside else settle(row.same, change.value)


def holds(row: Prop, value: Json, change: Change) -> bool:
    """Whether a value of the row is one that the change is content with: making it once more would alter nothing."""
    return same(apply_change(row, value, change), value)


def shifts(change: Change) -> bool:
    """Whether a change names an element by its position, or moves the positions of others."""
    positional = any(kind == "pick" and word.isdigit() for kind, word in paths.segments(change.property))
    return positional or change.value is ABSENT
