"""Override files: what Terraform lays over the other files of a folder, after all of them.

An argument there takes the place of the one of that name, and so do all nested blocks of a kind (Terraform's language,
"Override Files"). A change that adds such a file changes what no other line of it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auditor.sources.terraform.raw import Raw
from auditor.sources.terraform.text import CODE

_NAMES = tuple(f"override{each}" for each in CODE)


def laid_over(raws: Iterable[Raw], left: list[tuple[str, str]]) -> Iterator[Raw]:
    """The resources of all other files, changed by those of override files; `left` takes what that leaves unclear."""
    found: dict[str, Raw] = {}
    instead: list[Raw] = []
    for raw in raws:
        if overrides(raw.origin.rpartition(":")[0]):
            instead.append(raw)
        elif found.setdefault(raw.address, raw) is not raw:
            left.append((raw.origin, f"{raw.address} is declared twice, which Terraform refuses"))
    for raw in sorted(instead, key=lambda each: each.origin):
        if raw.address in found:
            _override(found[raw.address], raw)
        else:
            left.append((raw.origin, f"{raw.address} overrides a resource that is not declared under this address"))
    yield from found.values()


def not_laid_over(others: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Places of variables, modules and the like in override files: they decide what resources are, and are not read."""
    places = (
        f"{each['filename']}:{each.get('line_start', 1)}" for each in others if overrides(each.get("filename", ""))
    )
    reason = "only resources are read from override files; pass a plan instead (--plan)"
    return [(place, reason) for place in dict.fromkeys(places)]


def overrides(file: str) -> bool:
    """Whether Terraform takes a file for one."""
    name = file.rpartition("/")[2]
    return name in _NAMES or name.endswith(tuple(f"_{each}" for each in _NAMES))


def _override(base: Raw, instead: Raw) -> None:
    """The resource with the arguments and blocks of an override; those stand in another file than the rest."""
    base.values.update(instead.values)
    base.lines = {name: line for name, line in base.lines.items() if name not in instead.values}
    if "provider" in instead.lines:
        base.region = instead.region
