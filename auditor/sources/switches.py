"""Switches of code: variables and parameters that have one of two values, which the code itself says.

Code is judged by the value that applies. A switch whose value stands in the code (a default, or a file of values that
Terraform loads by itself) may be turned by whoever applies it; what would come of that is told beside the verdict.
What the user gives is decided, and no switch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.sources.cloudformation.load import load
from auditor.sources.code_options import MOST_BYTES, BadCode, CodeOptions
from auditor.sources.terraform.plan import decode
from auditor.sources.terraform.text import attributes, blocks

_BOOLEANS = {"true": "false", "false": "true"}


@dataclass(frozen=True, slots=True)
class Switch:
    """`now` applies, `other` is what it may be turned to; `place` is where the code declares it."""

    name: str
    now: str
    other: str
    place: str


def switches(path: Path, roots: list[Mapping[str, str]], options: CodeOptions) -> list[Switch]:
    """The switches of the roots at a path, which are told by their names from there; one for each name and value."""
    out: dict[tuple[str, str], Switch] = {}
    top = options.root or path
    for root in roots:
        where = path / root["path"] if path.is_dir() else path
        found = _of_terraform(where, top) if where.is_dir() else _of_template(where, top, options)
        for each in found:
            if each.name not in options.parameters:
                out.setdefault((each.name, each.now), each)
    given = set().union(*(_assigned(decode(file)) for file in options.var_files))
    return [each for each in out.values() if each.name not in given]


# ---- Terraform


def _of_terraform(folder: Path, top: Path) -> Iterator[Switch]:
    """Variables that are true or false and that something in the folder asks for."""
    code = {file: _text(file) for file in sorted(folder.glob("*.tf")) if file.is_file()}
    loaded = [*sorted(folder.glob("terraform.tfvars")), *sorted(folder.glob("*.auto.tfvars"))]
    values = {name: text for file in loaded for name, text in _assigned(_text(file)).items()}
    whole = "\n".join(code.values())
    for file, text in code.items():
        for head in blocks(text):
            if head.kind != "variable" or len(head.labels) != 1:
                continue
            name, said = head.labels[0], attributes(head.source, head.line)
            now = values.get(name) or (said["default"].text.strip() if "default" in said else "")
            if now in _BOOLEANS and re.search(rf"\bvar\.{re.escape(name)}\b", whole):
                yield Switch(name, now, _BOOLEANS[now], f"{_named(file, top)}:{head.line}")


def _assigned(text: str) -> dict[str, str]:
    return {name: said.text.strip() for name, said in attributes("{\n" + text + "\n}", 0).items()}


def _text(file: Path) -> str:
    try:
        return decode(file) if file.is_file() and file.stat().st_size <= MOST_BYTES else ""
    except (OSError, BadCode):
        return ""


def _named(file: Path, top: Path) -> str:
    try:
        return file.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        return file.name


# ---- CloudFormation


def _of_template(file: Path, top: Path, options: CodeOptions) -> Iterator[Switch]:
    """Parameters with a default that a condition compares with another value."""
    try:
        template = load(file, options.root or file.parent)
    except BadCode:
        return
    parameters = template.section("Parameters")
    compared = dict(_compared(template.section("Conditions")))
    for name, entry in parameters.items():
        default = entry.get("Default") if isinstance(entry, Mapping) else None
        allowed = entry.get("AllowedValues") if isinstance(entry, Mapping) else None
        if name not in compared or default is None or isinstance(default, (dict, list)):
            continue
        now = _spoken(default)
        others = [compared[name], *(map(_spoken, allowed) if isinstance(allowed, list) else ())]
        other = next((each for each in others if each != now and (not allowed or each in others[1:])), "")
        if other:
            yield Switch(str(name), now, other, f"{_named(file, top)}:{parameters.lines.get(name, 1)}")


def _compared(value: Any) -> Iterator[tuple[str, str]]:
    """Each parameter with what a condition compares it with."""
    if isinstance(value, Mapping):
        sides = value.get("Fn::Equals")
        if isinstance(sides, list) and len(sides) == 2:
            for one, other in (sides, sides[::-1]):
                if isinstance(one, Mapping) and isinstance(one.get("Ref"), str) and not isinstance(other, (dict, list)):
                    yield one["Ref"], _spoken(other)
        for inner in value.values():
            yield from _compared(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _compared(inner)


def _spoken(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
