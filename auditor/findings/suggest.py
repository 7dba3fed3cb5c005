"""The line of code that would mend a finding, where it is certain which line that is and what it would have to say.

A line is changed only where it holds exactly the value that the finding names, and a line is added only to a Terraform
block that does not speak of the property. A property that is given when a resource is made is left alone on one that is
there already: the change would replace it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from auditor.model import Change, Finding, Json, Prop, ResourceType, code_line
from auditor.resources.schema import schema
from auditor.sources.excerpt import Excerpts
from auditor.sources.terraform.blocks import attribute

Record = dict[str, Any]
_LITERAL = r"""true|false|-?\d+|"[^"$%\\]*"|'[^'\\]*'"""
_HCL = re.compile(rf"(\s*)([\w-]+)(\s*=\s*)({_LITERAL})(\s*(?:(?:#|//).*)?)")
_YAML = re.compile(rf"""(\s*(?:- )?)["']?([\w-]+)["']?(\s*:\s+)({_LITERAL}|[A-Za-z][\w.-]*)(\s*,?\s*(?:#.*)?)""")
_HEADER = re.compile(r'resource\s+"[\w-]+"\s+"[\w-]+"\s*\{\s*')
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ENDS = re.compile(r"\}\s*")


def edit(found: Finding, kind: ResourceType, excerpts: Excerpts, is_new: bool) -> Record | None:
    """`{file, line, old, new}`: one line, and the lines in its place."""
    change = _only(found)
    row = next((each for each in kind.props if change and each.name == change.property.partition(".")[0]), None)
    if change is None or row is None or not _may_change(found, row, change, is_new):
        return None
    place = found.resource.places.get(change.property)
    if place:
        return _changed(found, change, row, place, excerpts)
    return _added(found, change, row, kind, excerpts) if change.property == row.name else None


def _only(found: Finding) -> Change | None:
    """The one change of a value that mends the finding, where it is one of its own resource."""
    if len(found.changes) != 1:
        return None
    change = found.changes[0]
    whole = change.resource == found.resource.key and not change.remove and not change.add
    return change if whole and isinstance(change.value, (bool, int, str)) and "[" not in change.property else None


def _may_change(found: Finding, row: Prop, change: Change, is_new: bool) -> bool:
    if row.secret or row.risk == "destroys":
        return False
    return is_new or not schema(found.resource.type).replaces(change.property)


def _changed(found: Finding, change: Change, row: Prop, place: str, excerpts: Excerpts) -> Record | None:
    file, number = code_line(place) or ("", 0)
    lines, at = excerpts.text(file), number - 1
    if not 0 <= at < len(lines):
        return None
    line = lines[at].removesuffix("\r")
    said = (_HCL if file.endswith((".tf", ".tofu")) else _YAML).fullmatch(line)
    if not said or not _same_name(said[2], change.property, row) or not _says(said[4], found.actual):
        return None
    value = _literal(change.value, said[4])
    new = line[: said.start(4)] + value + line[said.end(4) :]
    return {"file": file, "line": at + 1, "old": line, "new": [new]} if new != line else None


def _added(found: Finding, change: Change, row: Prop, kind: ResourceType, excerpts: Excerpts) -> Record | None:
    file, number = code_line(found.resource.origin) or ("", 0)
    if not file.endswith((".tf", ".tofu")) or row.tf_read or row.kind:
        return None
    fold, path = attribute(row, kind)
    lines, at = excerpts.text(file), number - 1
    if fold or not _NAME.fullmatch(path) or not 0 <= at < len(lines) or not _HEADER.fullmatch(lines[at]):
        return None
    block = _block(lines, at)
    if block is None or any(re.match(rf"\s*{path}\b", each) for each in block):
        return None
    return {
        "file": file,
        "line": at + 1,
        "old": lines[at],
        "new": [lines[at], f"  {path} = {_literal(change.value, '')}"],
    }


def _block(lines: list[str], at: int) -> list[str] | None:
    """What stands inside of a block that is written as `terraform fmt` writes it."""
    for end in range(at + 1, len(lines)):
        if _ENDS.fullmatch(lines[end]):
            return lines[at + 1 : end]
        if lines[end][:1] not in ("", " ", "\t", "#"):
            return None
    return None


def _same_name(name: str, path: str, row: Prop) -> bool:
    last = path.rpartition(".")[2]
    return _bare(name) in (_bare(last), _bare(row.tf.rpartition(".")[2]))


def _bare(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _says(literal: str, value: Json) -> bool:
    """Whether a literal of code is this very value."""
    return _value(literal) == value and isinstance(_value(literal), bool) is isinstance(value, bool)


def _value(literal: str) -> Json:
    if literal in ("true", "false"):
        return literal == "true"
    if re.fullmatch(r"-?\d+", literal):
        return int(literal)
    return literal[1:-1] if literal[:1] in "\"'" else literal


def _literal(value: Json, like: str) -> str:
    """A value as code writes it, with the quotes of the one in whose place it stands."""
    if isinstance(value, str) and like[:1] == "'":
        return f"'{value}'"
    if isinstance(value, str) and like and like[:1] != '"' and re.fullmatch(r"[A-Za-z][\w.-]*", value):
        return value
    return json.dumps(value)


def in_diff(found: Mapping[str, Any], shown: Mapping[int, str]) -> bool:
    """Whether the line is one of the change, as it stands: a host refuses a whole review for one that is not."""
    return bool(shown.get(found["line"]) == found["old"])
