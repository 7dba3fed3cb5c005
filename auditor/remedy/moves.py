"""What a finding's changes come to: moves, each of one setter of one row, with what stands there and what shall.

Moves know nothing of the order in which a plan puts them, nor of each other: `calls` joins those that end in one call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model import ABSENT, Change, Finding, Json, Prop, Resource, ResourceType, paths
from auditor.remedy.changes import applied, as_read, inside, wanted_at
from auditor.remedy.refused import NoSetter, Replace
from auditor.remedy.values import NoPlace, among, bare, changed, secretive, text
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


@dataclass(frozen=True, slots=True)
class Move:
    """One change of one row: of its whole value (`set`), of one place in a document (`edit`), or of one element.

    `before` and `after` are what the place holds and shall hold; of an element that is not there, ABSENT.
    """

    finding: str
    resource: Resource
    type: ResourceType
    row: Prop
    change: Change
    how: How
    place: str
    before: Json
    after: Json

    @property
    def key(self) -> tuple[str, str]:
        return self.resource.key, self.row.name


@dataclass(frozen=True, slots=True)
class _Target:
    """The row that a change is about, and the value it has now."""

    finding: str
    resource: Resource
    type: ResourceType
    row: Prop
    change: Change

    @property
    def whole(self) -> Json:
        return self.resource.known(self.row.name, self.row.default)

    def move(self, how: How, place: str, before: Json, after: Json) -> Move:
        return Move(self.finding, self.resource, self.type, self.row, self.change, how, place, before, after)


def moves(finding: Finding, look_up: Callable[[str], Resource | None], types: Mapping[str, ResourceType]) -> list[Move]:
    """The moves that make a finding's changes; NoSetter or Replace where one of them cannot be made."""
    out: list[Move] = []
    for change in finding.changes:
        resource = look_up(change.resource)
        if resource is None or not resource.account:
            raise NoSetter("the resource is not one of a live account")
        target = _target(finding.id, resource, types, change)
        _refuse_hidden(target)
        out += _moves_of(target)
    return out


def _target(finding: str, resource: Resource, types: Mapping[str, ResourceType], change: Change) -> _Target:
    described = types.get(resource.type)
    if described is None:
        raise NoSetter(f"{resource.type} is not a supported type")
    if schema(resource.type).replaces(bare(change.property)):
        raise Replace(change.property)
    row = described.prop(change.property)
    if row is None or not row.settable:
        raise NoSetter(f"no call changes {bare(change.property)}")
    return _Target(finding, resource, described, row, change)


def _refuse_hidden(target: _Target) -> None:
    row, resource = target.row, target.resource
    gap = resource.gap(row.name)
    if gap is not None:
        raise NoSetter(f"{row.name} could not be read; allow {gap.permission}")
    value = resource.known(row.name, ABSENT)
    place = paths.get({row.name: value}, target.change.property)
    if row.secret or (not row.edit and secretive(value)) or secretive(place):
        raise NoSetter(f"{row.name} holds a secret, which is neither read nor written")


def _moves_of(target: _Target) -> Iterator[Move]:
    row, change = target.row, target.change
    if change.property == row.name and (row.add or row.remove) and (change.add or change.remove):
        yield from _elements(target, change.remove, change.add)
    elif row.edit:
        yield _edit(target)
    elif row.set:
        yield target.move("set", row.name, target.whole, applied(change, row, target.whole))
    else:
        yield from _difference(target)


def _edit(target: _Target) -> Move:
    """A move in a document; taking an element out of a list is a change of the list that holds it."""
    row, change, whole, place = target.row, target.change, target.whole, target.change.property
    where, segments = inside(row, place), paths.segments(place)
    try:
        if change.value is ABSENT and not (change.add or change.remove) and segments[-1][0] == "pick":
            place = place[: -len(segments[-1][1]) - 2]
            reads, outer = changed(whole, where, ABSENT), inside(row, place)
            after = paths.get(reads, outer) if outer else reads
            return target.move("edit", place, paths.get({row.name: whole}, place), after)
        after = wanted_at(change, row, whole, where)
        reads = as_read(row, changed(whole, where, after))
    except NoPlace as error:
        raise NoSetter(f"{place} does not identify exactly one value") from error
    if not segments or segments[-1][0] != "pick":  # an element may lose the name by which it was found
        after = paths.get(reads, where) if where else reads
    after = row.default if after is ABSENT and not where else after
    return target.move("edit", place, paths.get({row.name: whole}, place), after)


def _elements(target: _Target, gone: tuple[Json, ...], wanted: tuple[Json, ...]) -> Iterator[Move]:
    """First what is put in, then what is taken out: nobody who is let in rightly is shut out in between.

    Only where a new element takes the name of an old one, or where there is room for one only, the old one has to go
    first.
    """
    row, now = target.row, target.resource.known(target.row.name, [])
    out = [among(element, now) for element in gone]
    if any(element is ABSENT for element in out):
        raise NoSetter(f"an element of {row.name} to be removed does not exist")
    new = [element for element in wanted if among(element, now) is ABSENT]
    names = {_identity(element) for element in new} - {""}
    first = [element for element in out if (row.single and new) or _identity(element) in names]
    yield from (target.move("remove", row.name, element, ABSENT) for element in first)
    yield from (target.move("add", row.name, ABSENT, element) for element in new)
    yield from (target.move("remove", row.name, element, ABSENT) for element in out if element not in first)


def _identity(element: Json) -> str:
    """What AWS knows an element by, or nothing. Rules of a security group are the same but for what describes them."""
    if not isinstance(element, dict):
        return ""
    if "IpProtocol" in element:
        return text({key: value for key, value in element.items() if key != "Description"})
    return next((text([element[key] for key in keys]) for keys in _IDENTITY if _has_identity(element, keys)), "")


def _has_identity(element: dict[str, Json], keys: tuple[str, ...]) -> bool:
    return bool(element.get(keys[0])) and all(key in element for key in keys)


def _difference(target: _Target) -> Iterator[Move]:
    """A change of the whole collection, or inside an element, where AWS only adds and removes elements."""
    row, now = target.row, target.resource.known(target.row.name, [])
    wanted = applied(target.change, row, now)
    if not isinstance(now, list) or not isinstance(wanted, list):
        raise NoSetter(f"{row.name} can only be changed element by element")
    gone = tuple(each for each in now if among(each, wanted) is ABSENT)
    new = tuple(each for each in wanted if among(each, now) is ABSENT)
    yield from _elements(target, gone, new)
