"""Plans as files: JSON that a person reviews, and may shorten by whole steps, but not change.

JSON and not YAML: policies hold texts like `2012-10-17` and `on`, and a file that decides what is written to an account
should have one meaning only. A file is taken for hostile: a step has to be one that a row of its type declares, its
words have to be the words of its calls, and before a call is made the engine builds the step again from the
live resource and refuses it when it is not the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.model import ABSENT, RISKS, Json, ResourceType, Step, digest
from auditor.remedy.judged import read_judged
from auditor.remedy.plan import Left, Plan
from auditor.remedy.steps import declared
from auditor.remedy.tell import sentence
from auditor.remedy.values import text
from auditor.settings import write_private

SCHEMA_VERSION = "2"  # 2: `judged_by` and each step's `meant` are new
_README = "Each step describes what it does. Delete whole steps to skip them; a step that was edited is refused."
_LARGEST = 20_000_000
_TEXTS = ("finding", "resource", "type", "account", "region", "property")
_MAY_LACK = {"before", "after", "digest", "meant", "loses"}  # journals of older versions know no losers
_LISTS = ("also", "permissions", "touches", "loses")


class BadPlan(Exception):
    """A file that is not a plan of ours; all that is wrong with it, one line each."""


def step_to_json(step: Step) -> dict[str, Json]:
    """A step, the words first. A member `before` or `after` that is missing means "not set"."""
    out: dict[str, Json] = {"does": sentence(step), "risk": step.risk}
    out |= {name: getattr(step, name) for name in _TEXTS}
    out |= {name: value for name, value in (("before", step.before), ("after", step.after)) if value is not ABSENT}
    out["call"] = {"service": step.service, "operation": step.operation, "params": dict(step.params)}
    out["undo"] = dict(step.undo)
    out |= {name: list(getattr(step, name)) for name in _LISTS}
    return out


def step_digest(step: Step) -> str:
    return digest(text(step_to_json(step)))


def plan_digest(plan: Plan) -> str:
    return digest(plan.run, *(step_digest(step) for step in plan.steps))


def write_plan(plan: Plan, path: Path) -> None:
    """Write the plan whole or not at all, for its owner alone: it holds policies and names as they are."""
    write_private(path, plan_text(plan).encode())


def plan_text(plan: Plan) -> str:
    """The same plan gives the same bytes."""
    told = {
        "schema_version": SCHEMA_VERSION,
        "read_me": _README,
        "run": plan.run,
        "made": plan.made,
        "accounts": list(plan.accounts),
        "judged_by": plan.judged.to_json(),
        "steps": [_told(step, plan.meant.get(step.resource, "")) for step in plan.steps],
        "left": [{"finding": each.finding, "kind": each.kind, "text": each.text} for each in plan.left],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _told(step: Step, meant: str) -> dict[str, Json]:
    told = step_to_json(step)
    return {"does": told["does"], **({"meant": meant} if meant else {}), **told, "digest": step_digest(step)}


def read_plan(path: Path, types: Mapping[str, ResourceType]) -> Plan:
    """A plan from a file, or BadPlan with everything that is wrong."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadPlan(f"{path}: larger than {_LARGEST:,} bytes")
        told = json.loads(path.read_bytes(), object_pairs_hook=_once, parse_constant=_no_constant)
    except OSError as error:
        raise BadPlan(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadPlan(f"{path}: not a plan: {error}") from error
    return parse_plan(told, types, str(path))


def parse_plan(told: Json, types: Mapping[str, ResourceType], where: str) -> Plan:
    if not isinstance(told, dict) or told.get("schema_version") != SCHEMA_VERSION:
        raise BadPlan(f"{where}: not a plan of this version ({SCHEMA_VERSION}); make one with `auditor plan`")
    entries, left = told.get("steps"), told.get("left")
    if not isinstance(entries, list) or not isinstance(left, list):
        raise BadPlan(f"{where}: `steps` and `left` have to be lists")
    wrong: list[str] = []
    steps, meant = [], {}
    for number, entry in enumerate(entries, start=1):
        try:
            step = parse_step(entry, types)
            steps.append(step)
            meant[step.resource] = str(entry.get("meant", ""))
        except BadPlan as error:
            wrong.append(f"{where}: step {number}: {error}")
    if len({step_digest(step) for step in steps}) < len(steps):
        wrong.append(f"{where}: the same step is listed twice; delete one")
    try:
        judged = read_judged(told.get("judged_by"))
    except ValueError as error:
        wrong.append(f"{where}: {error}")
    if wrong:
        raise BadPlan("\n".join(wrong))
    run, made = (str(told.get(name, "")) for name in ("run", "made"))
    return Plan(run, made, tuple(steps), tuple(_left(left)), judged, {key: why for key, why in meant.items() if why})


def parse_step(entry: Json, types: Mapping[str, ResourceType]) -> Step:
    """One step, held against the rows of its type. Steps of a journal are read by the same door."""
    call, undo = _shape(entry)
    step = Step(
        **{name: entry[name] for name in _TEXTS},
        also=tuple(entry["also"]),
        permissions=tuple(entry["permissions"]),
        touches=tuple(entry["touches"]),
        loses=tuple(entry.get("loses", ())),
        service=call["service"],
        operation=call["operation"],
        params=call["params"],
        before=entry.get("before", ABSENT),
        after=entry.get("after", ABSENT),
        undo=dict(undo),
        risk=entry["risk"],
    )
    described = types.get(step.type)
    row = described.prop(step.property) if described else None
    if described is None or row is None or row.secret:
        raise BadPlan(f"{step.type} has no property {step.property} that could be set")
    allowed = declared(described, row)
    for service, operation in ((step.service, step.operation), (undo["service"], undo["operation"])):
        if (service, operation) not in allowed:
            raise BadPlan(f"{service}:{operation} does not change {row.name} of {step.type}")
    if entry["does"] != sentence(step):
        raise BadPlan(f"its description does not match its call, which is: {sentence(step)}")
    if entry.get("digest", step_digest(step)) != step_digest(step):
        raise BadPlan("it was edited after it was planned; make a new plan")
    return step


def _shape(entry: Json) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(entry, dict):
        raise BadPlan("not an object")
    known = {"does", "risk", "before", "after", "call", "undo", "digest", "meant", *_TEXTS, *_LISTS}
    odd = sorted(entry.keys() - known) + sorted(known - entry.keys() - _MAY_LACK)
    if odd:
        raise BadPlan(f"members missing or unknown: {', '.join(odd)}")
    wrong = [name for name in (*_TEXTS, "does") if not isinstance(entry[name], str)]
    wrong += [name for name in _LISTS if not _is_texts(entry.get(name, []))]
    wrong += [name for name in ("call", "undo") if not _is_call(entry[name])]
    if entry["risk"] not in RISKS:
        wrong.append("risk")
    if wrong:
        raise BadPlan(f"members of the wrong kind: {', '.join(wrong)}")
    return entry["call"], entry["undo"]


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_call(value: Json) -> bool:
    if not isinstance(value, dict) or value.keys() != {"service", "operation", "params"}:
        return False
    return (
        isinstance(value["service"], str) and isinstance(value["operation"], str) and isinstance(value["params"], dict)
    )


def _left(entries: list[Json]) -> Iterator[Left]:
    for entry in entries:
        if isinstance(entry, dict):
            yield Left(*(str(entry.get(name, "")) for name in ("finding", "kind", "text")))


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError("a member is listed twice in one object")
    return out


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a value")
