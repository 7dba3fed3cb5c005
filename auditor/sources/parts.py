"""Parts of some code as one inventory; configurations of Terraform with the names that the whole tree has for them."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from auditor.model import Gap, Inventory, Json, Resource
from auditor.resources import load
from auditor.sources.code_options import MOST_SECONDS, BadCode, CodeOptions, NoCode, spoken
from auditor.sources.declared import unread
from auditor.sources.references import Addresses

_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_PLACE = re.compile(r"([^\s:]+\.(?:tf|tofu|tfvars)(?:\.json)?:\d+)(?:,[\d,-]+)?: (.*)", re.DOTALL)


def every(parts: Iterable[Callable[[], Inventory]]) -> list[Inventory]:
    """All parts read, or all that is wrong with them at once; a part without a resource is fine beside one that has,
    and one that cannot be read is a gap beside one that can."""
    found, wrong, nothing = [], [], []
    for part in parts:
        try:
            found.append(part())
        except NoCode as error:
            nothing += error.lines
        except BadCode as error:
            wrong += error.lines
    if wrong and not found:
        raise BadCode(list(dict.fromkeys(wrong)))
    if nothing and not found:
        raise NoCode(nothing)
    return [*found, *([not_read(wrong)] if wrong else [])]


def not_read(lines: Iterable[str]) -> Inventory:
    """What stands for code that is refused: gaps over everything that it could hold."""
    types = load()
    gaps = []
    for line in dict.fromkeys(lines):
        found = _PLACE.match(line) or re.match(r"([^\s:]+:\d+): ", line)
        gaps.append(unread(found[1] if found else "", line, tuple(types)))
    return Inventory([], gaps, frozenset(types), ("",))


def merged(parts: Iterable[Inventory]) -> Inventory:
    """Several inventories as one. Where two resources would bear one name, their addresses tell them apart."""
    every = list(parts)
    if len(every) == 1:
        return every[0]
    out = Inventory(
        [each for part in every for each in part.resources],
        list(dict.fromkeys(gap for part in every for gap in part.gaps)),
        frozenset().union(*(part.asked for part in every)),
        tuple(dict.fromkeys(each for part in every for each in part.accounts)),
        tuple(sorted({each for part in every for each in part.regions})),
        sum((part.not_described for part in every), Counter()),
        choices=tuple({each.key: each for part in every for each in part.choices}.values()),
    )
    seen: dict[str, list[Resource]] = {}
    for each in out.resources:
        seen.setdefault(each.key, []).append(each)
    for same in seen.values():
        for each in same if len(same) > 1 else ():
            by_address(each)
    out.resources.sort(key=lambda each: each.key)
    return out


def by_address(resource: Resource) -> None:
    """Name a resource by its address, where another one has its name."""
    resource.id, resource.arn = resource.address or resource.id, ""


# ---- Terraform in folders


def configuration(path: Path, folder: Path, options: CodeOptions, until: float) -> Inventory:
    """One configuration below a path, its names and places as the whole tree calls them."""
    from auditor.sources import terraform

    if time.monotonic() > until:
        raise BadCode(
            f"{path.name}:1: reading all configurations takes longer than {MOST_SECONDS} s; pass a folder inside it"
        )
    below = spoken(_prefix(folder, options.root or path))
    try:
        found = terraform.read(folder, options)
    except BadCode as error:
        raise type(error)([_line_rebased(line, below) for line in error.lines]) from None
    for each in found.resources:
        each.origin, each.inside = _rebased(each.origin, below), _rebased(each.inside, below)
        each.places = {name: _rebased(place, below) for name, place in each.places.items()}
    found.gaps = [_gap_rebased(gap, below) for gap in found.gaps]
    found.choices = tuple(replace(each, place=_rebased(each.place, below)) for each in found.choices)
    return found if folder == path else told_apart(found, folder.relative_to(path).as_posix() + ":")


def _prefix(folder: Path, root: Path) -> str:
    """Where a folder lies in the tree, as the beginning of the names in it."""
    inside = os.path.relpath(folder.resolve(), root.resolve()).replace(os.sep, "/")
    return "" if inside == "." or inside.startswith("..") else inside + "/"


def _rebased(place: str, below: str) -> str:
    """`file:line` of a configuration as the whole tree calls it."""
    if not place or not below or place.startswith(below):
        return place
    return os.path.normpath(below + place).replace(os.sep, "/")


def _line_rebased(line: str, below: str) -> str:
    """A mistake as `file:line: what`, also where the evaluator wraps it in words of its own."""
    found = _PLACE.search(line[:4000])
    return f"{_rebased(found[1], below)}: {found[2]}" if found else f"{below}{': ' if below else ''}{line}"


def _gap_rebased(gap: Gap, below: str) -> Gap:
    if not below or not gap.operation or not gap.message.startswith(gap.operation):
        return gap
    place = _rebased(gap.operation, below)
    return replace(gap, operation=place, message=place + gap.message.removeprefix(gap.operation))


def told_apart(inventory: Inventory, prefix: str) -> Inventory:
    """The inventory with its addresses, and all references to them, behind a prefix."""
    addresses = Addresses(each.address for each in inventory.resources)

    def text(value: str) -> str:
        def one(found: re.Match[str]) -> str:
            return "${" + prefix + found[1] + "}" if addresses.of(found[1]) else found[0]

        return _REFERENCE.sub(one, value) if "${" in value else value

    def within(value: Json) -> Json:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, dict):
            return {key: within(inner) for key, inner in value.items()}
        return [within(inner) for inner in value] if isinstance(value, list) else value

    for each in inventory.resources:
        if each.address and each.id == each.address:
            each.id = prefix + each.id
        each.address = prefix + each.address if each.address else ""
        each.was = prefix + each.was if each.was else ""
        each.names = tuple(text(name) for name in each.names)
        each.properties = {name: within(value) for name, value in each.properties.items()}
    return inventory
