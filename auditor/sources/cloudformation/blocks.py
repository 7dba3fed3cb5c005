"""What a stack declares as blocks: kinds of values as the type's schema has them, unknown places as texts, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.bounded import Lined
from auditor.model import ABSENT, Json, ResourceType
from auditor.resources.schema import schema
from auditor.resources.shapes import named_tags
from auditor.sources.block import ODD
from auditor.sources.cloudformation.stack import Declared
from auditor.sources.cloudformation.texts import Parts, Unresolved
from auditor.sources.declared import Block
from auditor.sources.references import unknown
from auditor.sources.withheld import of_service

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?([eE][-+]?\d{1,2})?")
_TRUTHS = {"true": True, "false": False}


def block(declared: Declared, types: Mapping[str, ResourceType], origin: str) -> Block:
    """One declared resource as the shared machinery takes it."""
    cfn = declared.type
    out = Block(cfn, declared.address, origin=origin, region=declared.stack.around.region)
    written = declared.entry.get("Properties")
    if isinstance(written, Lined):
        out.lines = dict(_lines_of_properties(written, ""))
    given = declared.properties
    if isinstance(given, Unresolved):
        rows = types[cfn].props if cfn in types else ()
        out.unknown = {row.name: given.reason for row in rows}
        return out
    kinds = schema(cfn).shape
    for name, value in (given if isinstance(given, dict) else {}).items():
        if isinstance(value, Unresolved) and not of_service(_text(value)):  # of a service it is known that it is one
            out.unknown[name] = value.reason
        else:
            out.values[name] = _of_kind(value, kinds.get(name, ""))
    _by_others(out, types)
    tags = out.values.get("Tags") or out.values.get("FileSystemTags")  # a file system's are named apart
    if isinstance(tags, dict) or (isinstance(tags, list) and all(isinstance(each, dict) for each in tags)):
        out.tags = {key: value for key, value in named_tags(tags).items() if key}
    return out


def _lines_of_properties(written: Lined, above: str) -> Iterator[tuple[str, int]]:
    """The line of every property and of every member inside it, as far down as the template writes mappings."""
    for name, inner in written.items():
        if name in written.lines and "." not in name and not name.startswith("Fn::"):
            yield above + name, written.lines[name]
            if isinstance(inner, Lined):
                yield from _lines_of_properties(inner, f"{above}{name}.")


def _by_others(out: Block, types: Mapping[str, ResourceType]) -> None:
    """Rows that a template says by other properties."""
    rows = [row for row in types[out.type].props if row.cfn_read] if out.type in types else []
    said = {**out.values, **{name: unknown(reason) for name, reason in out.unknown.items()}} if rows else {}
    for row in rows:
        try:
            value = row.cfn_read(said) if row.cfn_read and row.name not in out.unknown else ABSENT
        except ODD as error:
            out.unknown[row.name] = f"not understood: {error}"
            continue
        if value is not ABSENT:
            out.values[row.name] = value


def _of_kind(value: Json, kind: Json) -> Json:
    """A value in the kinds of its schema: templates write truths and numbers as texts, and the other way round."""
    if isinstance(value, Unresolved):
        return _text(value)
    if isinstance(value, Parts):
        return unknown(f"the parts of {value.reference} are known only to AWS")
    if isinstance(value, dict):
        inner = kind if isinstance(kind, dict) else {}
        return {str(key): _of_kind(each, inner.get(key, "")) for key, each in value.items()}
    if isinstance(value, list):
        return [_of_kind(each, kind[0] if isinstance(kind, list) and kind else "") for each in value]
    if isinstance(kind, list) and isinstance(value, str):
        return [value]  # CloudFormation takes a single value where a list is meant
    if isinstance(kind, str):
        return _scalar_of_kind(value, kind)
    return value


def _text(value: Unresolved) -> str:
    """A text of which a part is not known."""
    return value.begin + unknown(value.reason) + value.end


def _scalar_of_kind(value: Json, kind: str) -> Json:
    if kind == "b" and isinstance(value, str):
        return _TRUTHS.get(value.lower(), value)
    if kind in ("i", "n") and isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value)
        return int(number) if number.is_integer() else number
    if kind == "s" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "s" and isinstance(value, (int, float)):
        return str(value)
    return value
