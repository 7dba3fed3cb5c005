"""Switches of code: variables and parameters that have one of two values, which the code itself says.

Code is judged by the value that applies. A switch whose value stands in the code (a default, or a file of values that
Terraform loads by itself) may be turned by whoever applies it; what would come of that is told beside the verdict.
What the user gives is decided, and no switch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.sources import cloudformation
from auditor.sources.cloudformation.load import Template, named
from auditor.sources.cloudformation.scope import Exhausted
from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.roots import Root
from auditor.sources.terraform import given
from auditor.sources.terraform.overrides import overrides
from auditor.sources.terraform.text import CODE
from auditor.sources.terraform.tree import SUFFIXES, Tree

_BOOLEANS = {"true": "false", "false": "true"}


@dataclass(frozen=True, slots=True)
class Switch:
    """`now` applies, `other` is what it may be turned to; `place` is where the code of the root declares it."""

    root: str
    name: str
    now: str
    other: str
    place: str


def switches(roots: Iterable[Root], options: CodeOptions) -> list[Switch]:
    """The switches of some roots, one for each root and name; what the user gives is none."""
    decided = given.asked(options)
    out: dict[tuple[str, str], Switch] = {}
    for root in roots:
        is_terraform = any(each.name.endswith(CODE) for each in root.files)
        for each in _of_terraform(root, options) if is_terraform else _of_templates(root, options):
            if each.name not in decided:
                out.setdefault((each.root, each.name), each)
    return list(out.values())


# ---- Terraform


def _of_terraform(root: Root, options: CodeOptions) -> Iterator[Switch]:
    """Variables that are true or false and that something in the folder asks for."""
    folder = root.files[0].parent.resolve()
    tree = _read(folder, (options.root or folder).resolve())
    if tree is None:
        return
    values, used = given.values(tree.texts), "\n".join(tree.texts[name] for name in tree.texts if name.endswith(CODE))
    declared: dict[str, tuple[str, str]] = {}
    for file in sorted(tree.texts, key=lambda each: (overrides(each), each)):
        for name, line, default in given.variables(file, tree.texts[file]):
            place = f"{named(tree.path(file), tree.root)}:{line}"
            before = declared.get(name, (place, ""))
            declared[name] = before[0], default or before[1]  # an override file takes the place of what it says
    for name, (place, default) in declared.items():
        now = values.get(name, default).strip('"')
        if now in _BOOLEANS and re.search(rf"\bvar\.{re.escape(name)}(?![\w-])", used):
            yield Switch(root.name, name, now, _BOOLEANS[now], place)


def _read(folder: Path, around: Path) -> Tree | None:
    """The files of a folder that Terraform reads; none where they are refused."""
    tree = Tree(folder, around if folder.is_relative_to(around) else folder, folder)
    try:
        for path in sorted(folder.iterdir()):
            if path.name.endswith(SUFFIXES):
                tree.read(path)
    except (OSError, BadCode):
        return None
    return tree


# ---- CloudFormation


def _of_templates(root: Root, options: CodeOptions) -> Iterator[Switch]:
    """Those of the templates that stand for themselves: what is nested gets its values from the one around it."""
    if not root.files:
        return  # a plan has decided everything
    at = root.files[0]
    try:
        tree = cloudformation.grow(at if len(root.files) == 1 else at.parent, options, root.files[1:] and root.files)
    except (BadCode, Exhausted):
        return
    for template in {stack.template.name: stack.template for stack in tree.stacks}.values():
        yield from _of_template(root, template)


def _of_template(root: Root, template: Template) -> Iterator[Switch]:
    """Parameters with a default that a condition compares with another value."""
    parameters = template.section("Parameters")
    compared: dict[str, list[str]] = {}
    for name, value in _compared(template.section("Conditions")):
        compared.setdefault(name, []).append(value)
    for name, entry in parameters.items():
        default = entry.get("Default") if isinstance(entry, Mapping) else None
        allowed = entry.get("AllowedValues") if isinstance(entry, Mapping) else None
        if name not in compared or default is None or isinstance(default, (dict, list)):
            continue
        now = _spoken(default)
        may_be = [_spoken(each) for each in allowed] if isinstance(allowed, list) else []
        others = [each for each in (*compared[name], *may_be) if each != now and (not allowed or each in may_be)]
        if others:
            place = f"{template.name}:{parameters.lines.get(name, 1)}"
            yield Switch(root.name, str(name), now, others[0], place)


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
