"""Terraform as a source: a plan, a state, `terraform show -json` of either, or a directory of configuration."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from auditor.model import Gap, Inventory
from auditor.resources import load
from auditor.sources.code_options import ACCOUNT, MOST_BYTES, BadCode, CodeOptions, NoCode
from auditor.sources.declared import assemble, unread, unresolved
from auditor.sources.terraform import hcl, plan
from auditor.sources.terraform.blocks import convert
from auditor.sources.terraform.choices import Choices
from auditor.sources.terraform.commands import commands
from auditor.sources.terraform.raw import Raw
from auditor.sources.terraform.text import CODE

_KIND = re.compile(r"([a-z][a-z0-9]*_[a-z0-9_]+)\.")


def is_terraform(path: Path) -> bool:
    """Whether a directory holds Terraform, or a file is a plan or a state."""
    if path.is_dir():
        every = (each for each in path.rglob("*.t*f*") if each.name.endswith(CODE))
        return any(each.is_file() for each in every)
    if not path.is_file():
        return False
    if path.suffix == ".tfstate":
        return True
    with path.open("rb") as stream:
        head = stream.read(MOST_BYTES).replace(b"\x00", b"")
    return b'"terraform_version"' in head or b'"planned_values"' in head


def read(path: Path, options: CodeOptions) -> Inventory:
    """The inventory that the code describes."""
    if not path.exists():
        raise BadCode(f"{path}: does not exist")
    account = options.parameters.get(ACCOUNT, "")
    options = replace(options, parameters={name: text for name, text in options.parameters.items() if name != ACCOUNT})
    choices = Choices(options)
    if path.is_dir():
        raws, left = hcl.read(path, options, choices)
    else:
        value = plan.load(path)
        if not plan.is_plan(value):
            raise BadCode(f"{path.name}:1: neither a plan nor a state; write one with `terraform show -json PLAN`")
        raws, left = plan.resources(value, path.name), [(f"{path.name}:1", why) for why in plan.left(value)]
    if not raws and not left and not path.is_dir():
        raise NoCode(f"{path.name}:1: contains no resource, so there is nothing to check")
    region = options.region or _region(raws)
    gaps = [*filter(None, (_unread_gap(*each) for each in left)), *_definitions_inside(raws)]
    gaps += commands(choices.texts)
    found = assemble(convert(raws, load()), load(), region, gaps)
    found.not_described.update(_not_described({raw.type for raw in raws}, left))
    if account:
        found.accounts = (account,)
        for each in found.resources:
            each.account = account
    found.choices = tuple(choices.found.values())
    return found


def _not_described(made: AbstractSet[str], left: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Types that nobody here describes, of which code declares a number that is not known, and nothing was made."""
    known = _described()
    for _, reason in left:
        kind = _KIND.match(reason)
        if kind and kind[1].startswith("aws_") and kind[1] not in known and kind[1] not in made:
            yield kind[1]


def _described() -> dict[str, list[str]]:
    """By each of Terraform's types, the types of which it says all or a part."""
    out: dict[str, list[str]] = {}
    for cfn, each in load().items():
        for name in dict.fromkeys((*each.terraform, *each.folds, *(join.fold for join in each.joins))):
            out.setdefault(name, []).append(cfn)
    return out


def _definitions_inside(raws: list[Raw]) -> Iterator[Gap]:
    """What is written down inside of a resource and not read."""
    holding = {name: each.holds for each in load().values() if each.holds for name in each.terraform}
    for raw in raws:
        for name, types in holding.get(raw.type, {}).items():
            if raw.values.get(name):
                yield unread(
                    raw.origin, f"{raw.origin}: {raw.address}: the definition in its {name} is not read", types
                )


def _region(raws: list[Raw]) -> str:
    """Where most of what names a zone lies: plans do not tell a provider's region that comes from a local value."""
    found: Counter[str] = Counter()
    for raw in raws:
        zone = raw.values.get("availability_zone")
        if raw.region:
            found[raw.region] += 1
        elif isinstance(zone, str) and "${" not in zone and zone[-1:].isalpha():
            found[zone[:-1]] += 1
    return found.most_common(1)[0][0] if found else ""


def _unread_gap(place: str, reason: str) -> Gap | None:
    """What could not be read may hold any resource, or those of a type that it names; none where nobody judges it."""
    kind = _KIND.match(reason)
    named = _described().get(kind[1], []) if kind else []
    if kind and not named:
        return None
    return replace(unresolved("", "", f"{place}: {reason}"), types=tuple(named or load()), operation=place)
