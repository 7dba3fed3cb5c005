"""What a change makes of a row's value: the whole value as it will read once it is written.

A change names a place and what shall stand there. AWS takes whole values, elements or documents, so everything after
this works with what stands there and what shall.
"""

from __future__ import annotations

from auditor.model import ABSENT, Change, Json, Prop, paths
from auditor.remedy.refused import NoSetter
from auditor.remedy.values import NoPlace, among, changed, same
from auditor.resources.normalise import reader, settle, writer


def applied(change: Change, row: Prop, value: Json) -> Json:
    """The whole value of a row with one change made in it."""
    where = inside(row, change.property)
    wanted = wanted_at(change, row, value, where)
    try:
        after = as_read(row, changed(value, where, wanted))
    except NoPlace as error:
        raise NoSetter(f"{change.property} does not identify exactly one value") from error
    return row.default if after is ABSENT else after  # taken back means what AWS has when nothing is said


def as_read(row: Prop, whole: Json) -> Json:
    """A whole value as it will read once it is written, which is what a step is held against.

    A wish comes in the order and with the empty members of whoever wished; `read` sorts and drops. What the row
    cannot write at all is found out here, before anything is touched.
    """
    read, write = reader(row), writer(row)
    if whole is ABSENT or not (read and write) or row.add or row.remove:
        return settle(row.same, whole)
    try:
        value = read(write(whole))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise NoSetter(f"{row.name} cannot be written in that form ({error!r})") from error
    return ABSENT if value is None or value is ABSENT else settle(row.same, value)


def wanted_at(change: Change, row: Prop, value: Json, where: str) -> Json:
    """What shall stand at the place of a change, `where` in the row's value."""
    if change.add or change.remove:
        old = paths.get(value, where) if where else value
        kept = [each for each in old or [] if among(each, list(change.remove)) is ABSENT]
        return kept + [each for each in change.add if among(each, kept) is ABSENT]
    return change.value if where else settle(row.same, change.value)


def content(change: Change, row: Prop, value: Json) -> bool:
    """Whether the change is content with a value of the row: making it once more would alter nothing."""
    return same(applied(change, row, value), value)


def shifts(change: Change) -> bool:
    """Whether a change names an element by its position, or moves the positions of others."""
    positional = any(kind == "pick" and word.isdigit() for kind, word in paths.segments(change.property))
    return positional or change.value is ABSENT


def inside(row: Prop, place: str) -> str:
    """A place as a path from the row's value; empty for the whole value."""
    return place.removeprefix(row.name).removeprefix(".")
