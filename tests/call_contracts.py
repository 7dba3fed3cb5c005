"""The contracts on the calls of a type: they exist in botocore, their placeholders stand for something, and what is
read from their answers is there to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.aws.sdk import complete, version
from auditor.model import Call, Json, Prop, ResourceType
from auditor.resources import load
from auditor.resources.normalise import live_path
from tests.shapes import Place, element_of, input_shape, method_names, output_place, search_shape

HOLE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.\[\]]*\??)\}")
PLAIN = frozenset({"id", "arn", "name", "account", "region", "partition"})


def calls(described: ResourceType) -> Iterator[tuple[str, Call]]:
    """Every call of a type with the place that says it; those that write have a setter's placeholders."""
    yield "list", described.list
    if described.list_global:
        yield "list_global", described.list_global
    if described.tags_call:
        yield "tags_call", described.tags_call
    for row in described.props:
        for name in ("call", "set", "unset", "add", "remove", "exact"):
            if getattr(row, name):
                yield f"{row.name}.{name}", getattr(row, name)
        if row.edit:
            yield f"{row.name}.edit.read", row.edit.read
            yield f"{row.name}.edit.write", row.edit.write


def calls_exist(described: ResourceType) -> Iterator[str]:
    for where, call in calls(described):
        service = call.service or described.service
        if call.operation not in method_names(service):
            yield f"{where}: {service} has no operation {call.operation}"
            continue
        yield from (f"{where}: {call.operation}: {each}" for each in _params(call, service))


def _params(call: Call, service: str) -> Iterator[str]:
    shape = input_shape(service, call.operation)
    if shape is None:
        if call.params:
            yield f"takes no parameters, but gets {sorted(call.params)}"
        return
    yield from _fits(dict(call.params), shape, "")


def _fits(template: Json, shape: Any, at: str) -> Iterator[str]:
    if isinstance(template, Mapping) and shape.type_name == "structure":
        for key, inner in template.items():
            if key not in shape.members:
                yield f"has no parameter {at}{key}"
            else:
                yield from _fits(inner, shape.members[key], f"{at}{key}.")
        for key in shape.required_members:
            if key not in template:
                yield f"needs the parameter {at}{key}"
    elif isinstance(template, (list, tuple)):
        if shape.type_name != "list":
            yield f"{at.rstrip('.')} takes a {shape.type_name}, not a list"
            return
        for inner in template:
            yield from _fits(inner, shape.member, at)
    elif isinstance(template, str) and not HOLE.fullmatch(template) and shape.type_name != "string":
        yield f"{at.rstrip('.')} takes a {shape.type_name}, not the text {template!r}"


def placeholders_stand_for_something(described: ResourceType) -> Iterator[str]:
    setters = {"value", "element", "token"}
    for where, call in calls(described):
        writes = where.rsplit(".", 1)[-1] in ("set", "unset", "add", "remove", "write", "exact")
        for hole in holes(dict(call.params)):
            name = hole.removesuffix("?")
            head = name.split(".")[0]
            if head in setters and not writes:
                yield f"{where}: {{{hole}}} stands for something in setters only"
            elif head not in setters and not _stands(described, name, where == "list"):
                yield f"{where}: nothing stands for {{{hole}}}"
    for field in ("id", "arn", "name", *range(len(described.names))):
        text = described.names[field] if isinstance(field, int) else getattr(described, field)
        for hole in HOLE.findall(text):
            if not _stands(described, hole, False):
                yield f"{'names' if isinstance(field, int) else field}: nothing stands for {{{hole}}}"


def _stands(described: ResourceType, name: str, listing: bool) -> bool:
    head, _, rest = name.partition(".")
    if head == "parent":
        parent = load().get(described.over)
        return bool(parent) and (rest in PLAIN or rest.startswith("raw.") or parent.prop(rest) is not None)
    if listing:
        return name in ("account", "region", "partition")
    if head == "raw":
        return not search_shape(rest, item_place_of(described))[1]
    return name in PLAIN or described.prop(name) is not None


def holes(template: Json) -> Iterator[str]:
    if isinstance(template, str):
        yield from HOLE.findall(template)
    elif isinstance(template, Mapping):
        for inner in template.values():
            yield from holes(inner)
    elif isinstance(template, (list, tuple)):
        for inner in template:
            yield from holes(inner)


def paths_start_in_the_answer(described: ResourceType) -> Iterator[str]:
    for where, call in calls(described):
        yield from _out(described, where, call)
    item = item_place_of(described)
    for field in ("id", "arn", "name", "region", "tags"):
        path = getattr(described, field)
        skip = "{" in path or not path or (field == "tags" and (described.tags_call or path == "Tags"))
        if not skip:
            yield from (f"{field}: {each}" for each in search_shape(path, item)[1])
    if described.aws_made:
        yield from (f"aws_made: {each}" for each in _made(described, item))
    yield from _twice(described)
    for row in described.props:
        if version() >= complete(described.service):  # an older SDK may lack a member, which is then unknown
            yield from (f"{row.name}: {each}" for each in _live(described, row, item))
        if row.edit:
            answer = _answer(described, row.edit.read)
            for path in (row.edit.inside, row.edit.token):
                yield from (f"{row.name}.edit: {each}" for each in (search_shape(path, answer)[1] if path else ()))
            if row.edit.read.out != "@":
                yield f"{row.name}.edit.read: `inside` is a path into the whole answer, so `out` must stay away"


def _twice(described: ResourceType) -> Iterator[str]:
    """Two properties that would get the same value, unread: a forgotten `live`."""
    seen: dict[str, str] = {}
    for row in described.props:
        if row.read or row.kind or not (row.call or row.live):
            continue
        place = repr((row.call, live_path(row)))
        if place in seen:
            yield f"{row.name}: stands where {seen[place]} does: give it a `live` of its own"
        seen[place] = row.name


def _out(described: ResourceType, where: str, call: Call) -> Iterator[str]:
    if call.operation in method_names(call.service or described.service):
        yield from (f"{where}.out: {each}" for each in search_shape(call.out, _answer(described, call))[1])


def _answer(described: ResourceType, call: Call) -> Place:
    return output_place(call.service or described.service, call.operation)


def item_place_of(described: ResourceType) -> Place:
    return (
        None if described.items else element_of(search_shape(described.list.out, _answer(described, described.list))[0])
    )


def _made(described: ResourceType, item: Place) -> list[str]:
    """`aws_made` may also ask for a property that is read by a call of its own."""
    return [
        each
        for each in search_shape(described.aws_made, item)[1]
        if not any(f"`{row.name}`" in each for row in described.props)
    ]


def _live(described: ResourceType, row: Prop, item: Place) -> list[str]:
    hole = HOLE.fullmatch(row.live)
    if hole:
        return [] if _stands(described, hole[1], False) else [f"nothing stands for {row.live}"]
    if not row.call:
        return search_shape(live_path(row), item)[1]
    place, faults = search_shape(row.call.out, _answer(described, row.call))
    return faults or search_shape(live_path(row), place)[1]
