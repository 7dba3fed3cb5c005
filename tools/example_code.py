"""The Terraform of a rule's example, out of the rows of its types: what `auditor.checks.checkov` writes, as HCL.

A label is the example's name and the resource's (`fail_2_database`). Beside what the example says stands what Terraform
asks of every resource of a type (`tests/rules/asked.yaml`). What the rows cannot write is told by name, and is then
written by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.checks.checkov.attributes import attributes_of, targets
from auditor.checks.checkov.written import Block, blocks_of, own_kind
from auditor.checks.schema import Example
from auditor.model import Json, Resource, ResourceType
from auditor.resources import load
from auditor.resources.terraform import snake

ASKED = Path(__file__).resolve().parents[1] / "tests" / "rules" / "asked.yaml"
# A reference on its way through the rows: a text that no example holds.
_MARK = re.compile(r"<<(\w+)\.(\w+)>>")
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")
_EXAMPLE = re.compile(r"(?:^|\.)((?:pass|fail)_\d+)(?:_\w+)?$")
_BLOCK = re.compile(r'^resource "\w+" "(\w+)" \{\n(?:.*\n)*?\}\n', re.MULTILINE)


class CannotWrite(Exception):
    """What of an example the rows cannot write as Terraform, and what to do about it."""


def code_of(name: str, example: Mapping[str, Example], where: str) -> str:
    """The code of one example. `where` is the hand-written file that would say it instead."""
    return "\n".join(map(_hcl, _blocks(name, example, where)))


def plan_of(examples: Mapping[str, Mapping[str, Example]], where: str) -> dict[str, Any]:
    """What Terraform would plan of that code, as far as a plan is read: for a machine that has no Terraform."""
    blocks = [block for name, example in examples.items() for block in _blocks(name, example, where)]
    heads = [{"address": each.address, "mode": "managed", "type": each.kind, "name": each.name} for each in blocks]
    changes = [
        {**head, "change": {"actions": ["create"], "before": None, "after": after, "after_unknown": later}}
        for head, (after, later) in zip(heads, (_planned(each.values) for each in blocks), strict=True)
    ]
    said = [{**head, "expressions": _expressions(each.values)} for head, each in zip(heads, blocks, strict=True)]
    root = {"resources": said}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": changes,
        "configuration": {"root_module": root},
    }


def _blocks(name: str, example: Mapping[str, Example], where: str) -> list[Block]:
    """The blocks of an example; a reference in a value is `${ADDRESS.ATTRIBUTE}`."""
    types, label = load(), name.replace("-", "_")
    addresses: dict[str, tuple[str, ResourceType]] = {}
    out: list[Block] = []
    for logical, said in example.items():
        described = types[said.type]
        if not described.terraform:
            raise CannotWrite(_help(name, logical, said.type, "", where, f"{said.type} names no Terraform type"))
        resource = Resource(said.type, f"<<{logical}.Id>>", "", "", properties=_marked(said.properties))
        kind = own_kind(described, resource)
        _refuse_unwritten(described, kind, said, (name, logical, where))
        addresses[logical] = (f"{kind}.{label}_{snake(logical)}", described)
        out += blocks_of(described, kind, resource, f"{label}_{snake(logical)}")
    return [replace(each, values=_referring(asked(each), addresses)) for each in out]


def _refuse_unwritten(described: ResourceType, kind: str, said: Example, place: tuple[str, str, str]) -> None:
    name, logical, where = place
    writable = {target.row.name for target in targets(described, kind)}
    for each in said.properties:
        if each not in writable:
            why = "its row has no Terraform attribute that can be written (tf, or a function that only reads)"
            raise CannotWrite(_help(name, logical, said.type, each, where, why))


def _help(name: str, logical: str, cfn: str, path: str, where: str, why: str) -> str:
    what = f"{logical} ({cfn}{'.' + path if path else ''})"
    label = name.replace("-", "_")
    return (
        f"example {name}, {what}: {why}. Write the whole example by hand in {where} (labels {label}, {label}_...), "
        f"or say in notes.yaml beside it, under cannot.terraform.{name}, why Terraform cannot say it"
    )


def asked(block: Block) -> dict[str, Json]:
    """The block's values, with what is asked where they say nothing, and beside what stands in each block they have."""
    rows = _all_asked().get(block.kind, {})
    unsaid = json.loads(json.dumps(rows.get("unsaid", {})).replace("{label}", block.name.replace("_", "-")))
    out: dict[str, Json] = {**unsaid, **block.values}
    for path, more in rows.get("beside", {}).items():
        out = _beside(out, path.split("."), more)
    return out


@cache
def _all_asked() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(ASKED.read_text(encoding="utf-8"))
    return said


def _beside(values: dict[str, Json], path: list[str], more: dict[str, Json]) -> dict[str, Json]:
    """The values with `more` in every block at a path."""
    if not path:
        return {**more, **values}
    if path[0] not in values:
        return values
    return {**values, path[0]: [_beside(each, path[1:], more) for each in values[path[0]]]}


def _marked(value: Any) -> Any:
    """CloudFormation's references as marks."""
    if isinstance(value, Mapping):
        if len(value) == 1 and "Ref" in value:
            return f"<<{value['Ref']}.Id>>"
        if len(value) == 1 and "Fn::GetAtt" in value:
            name, attribute = value["Fn::GetAtt"]
            return f"<<{name}.{attribute}>>"
        return {key: _marked(inner) for key, inner in value.items()}
    return [_marked(each) for each in value] if isinstance(value, list) else value


def _referring(value: Any, addresses: Mapping[str, tuple[str, ResourceType]]) -> Any:
    def said(found: re.Match[str]) -> str:
        address, described = addresses[found[1]]
        return f"${{{address}.{_attribute(address.split('.')[0], described, found[2])}}}"

    if isinstance(value, dict):
        return {key: _referring(inner, addresses) for key, inner in value.items()}
    if isinstance(value, list):
        return [_referring(each, addresses) for each in value]
    return _MARK.sub(said, value) if isinstance(value, str) else value


def _attribute(kind: str, described: ResourceType, name: str) -> str:
    row = described.prop(name)
    found = (row.tf if row else "") or snake(name)
    return found if found in attributes_of(kind) else "id"


# ---- HCL


def _hcl(block: Block) -> str:
    body = "".join(_lines(block.kind, "", block.values, 1))
    return f'resource "{block.kind}" "{block.name}" {{\n{body}}}\n'


def _lines(kind: str, above: str, values: Mapping[str, Json], depth: int) -> Iterator[str]:
    space = "  " * depth
    for name, value in values.items():
        path = f"{above}.{name}" if above else name
        nested = any(each.startswith(path + ".") for each in attributes_of(kind))
        if value is None or (nested and not value):
            continue
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for each in value:
                yield f"{space}{name} {{\n{''.join(_lines(kind, path, each, depth + 1))}{space}}}\n"
        else:
            yield f"{space}{name} = {json.dumps(value, ensure_ascii=False)}\n"


# ---- plans


def _planned(value: Any) -> tuple[Any, Any]:
    """A value as far as it is known before it is applied, and where it is not."""
    if isinstance(value, dict):
        parts = {key: _planned(inner) for key, inner in value.items() if inner is not None}
        later = {key: more for key, (_, more) in parts.items() if more}
        return {key: known for key, (known, more) in parts.items() if more is not True}, later
    if isinstance(value, list):
        each = [_planned(inner) for inner in value]
        if any(more is True for _, more in each):  # of a set, Terraform tells nothing where one element is open
            return None, True
        return [known for known, _ in each], [more or {} for _, more in each] if any(
            more for _, more in each
        ) else False
    return (None, True) if isinstance(value, str) and "${" in value else (value, False)


def _expressions(values: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            out[name] = [_expressions(each) for each in value]
        elif found := _REFERENCE.findall(json.dumps(value)):
            out[name] = {"references": [each for way in found for each in (way, way.rpartition(".")[0])]}
        elif value is not None:
            out[name] = {"constant_value": value}
    return out


# ---- examples in Terraform's labels


def hand_written(text: str) -> dict[str, str]:
    """The text of each example that stands in a file."""
    out: dict[str, str] = {}
    for found in _BLOCK.finditer(text):
        example = example_of(found[1])
        out[example] = out.get(example, "") + found[0]
    return out


def example_of(address: str) -> str:
    """The example that a resource of the Terraform form belongs to: `pass-1`."""
    found = _EXAMPLE.search(address)
    return found[1].replace("_", "-") if found else ""
