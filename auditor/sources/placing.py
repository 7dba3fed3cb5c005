"""A plan's resources at the places of the code, completed by what the code says and a plan cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from auditor.model import ABSENT, Gap, Inventory, Json, Resource
from auditor.sources.code_options import BadCode, CodeOptions, NoCode
from auditor.sources.parts import every, merged

_BEFORE = re.compile(r"[.\[]")  # what a path begins with
_INDEX = re.compile(r"\[[^\]]*\]")


def placed_by_code(plan: Path, found: Sequence[Callable[[CodeOptions], Inventory]], options: CodeOptions) -> Inventory:
    """The plan's resources at the places that the code of the same addresses has."""
    from auditor.sources import terraform

    if not plan.exists():
        raise NoCode(f"{plan}: there is no such file; write the plan with `terraform show -json PLAN > {plan.name}`")
    if plan.is_dir() or not terraform.is_terraform(plan):
        raise BadCode(f"{plan}:1: is not a plan; write it with `terraform show -json PLAN > plan.json`")
    planned = terraform.read(plan, replace(options, root=plan.parent))
    given = {**options.parameters, **_given(terraform.plan.load(plan))}
    if not found:
        return planned
    code = merged(every([partial(each, replace(options, parameters=given)) for each in found]))
    exact = {(each.type, each.address): each for each in code.resources}
    loose = {(each.type, _INDEX.sub("", each.address)): each for each in code.resources}
    for each in planned.resources:
        if same := exact.get((each.type, each.address)):
            _complete(each, same)
        known = exact.get((each.type, each.address)) or loose.get((each.type, _INDEX.sub("", each.address)))
        if known:
            each.origin, each.places, each.inside = known.origin, known.places, known.inside
            each.was = each.was or known.was
    return planned


def _given(plan: Json) -> dict[str, Json]:
    """The variables that the plan was made with, to read the code with the same; secret ones stay in the plan."""
    declared = ((plan.get("configuration") or {}).get("root_module") or {}).get("variables") or {}
    return {
        name: each["value"]
        for name, each in (plan.get("variables") or {}).items()
        if isinstance(each, dict) and "value" in each and not (declared.get(name) or {}).get("sensitive")
    }


def _complete(planned: Resource, code: Resource) -> None:
    """Fill what a plan cannot say yet from the code, which says how things are put together (lists, policies)."""
    planned.names = tuple(sorted({*planned.names, *code.names}))
    hidden = {_BEFORE.split(path)[0] for path in planned.unknown}
    blind = {_BEFORE.split(path)[0] for path in code.unknown}
    for name in hidden - blind:
        if name in code.properties:
            known = planned.properties.get(name, ABSENT)
            planned.properties[name] = _code_where_unknown(known, code.properties[name], name, planned.unknown)
            planned.unknown = {path: gap for path, gap in planned.unknown.items() if _BEFORE.split(path)[0] != name}


def _code_where_unknown(planned: Json, code: Json, path: str, unknown: Mapping[str, Gap]) -> Json:
    """The code's value at the places that the plan does not know, and the plan's at all others."""
    if planned is ABSENT or path in unknown:
        return code
    if isinstance(planned, dict) and isinstance(code, dict):
        members = {
            name: _code_where_unknown(planned.get(name, ABSENT), code.get(name, ABSENT), f"{path}.{name}", unknown)
            for name in dict.fromkeys([*planned, *code])
        }
        return {name: value for name, value in members.items() if value is not ABSENT}
    inside = any(place.startswith(path + "[") for place in unknown)
    return code if inside and code is not ABSENT else planned
