"""Plans, states and `terraform show -json` of either, as resources.

A plan is read for what will be there: `resource_changes` with their `after`. What goes away is no part of it; what has
drifted is told by itself (`drifted`), and what is planned later, or not whole, is left to be told (`left`). Plans hold
secrets in clear text: what they mark as sensitive is not taken over at all.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from auditor.model import Json
from auditor.sources.code_options import MOST_BYTES, MOST_DEPTH, MOST_RESOURCES, BadCode
from auditor.sources.references import index_of, unknown
from auditor.sources.terraform.planned import LATER, Configuration, Where
from auditor.sources.terraform.raw import POLICY_DOCUMENT, Raw, listed, mapping
from auditor.sources.texts import decode

_GONE = (["delete"], ["forget"])


def load(path: Path) -> dict[str, Any]:
    """The JSON of a file, within bounds and in any encoding that Terraform or a shell on Windows writes."""
    if path.stat().st_size > MOST_BYTES:
        raise BadCode(f"{path.name}: larger than {MOST_BYTES:,} bytes; plan a part of the configuration")
    text = decode(path)
    _check_depth(text, path)
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise BadCode(f"{path.name}:{line}: not JSON: {error}; write it with `terraform show -json PLAN`") from error
    if not isinstance(found, dict):
        raise BadCode(f"{path.name}:1: a plan or state is an object; write it with `terraform show -json PLAN`")
    return found


def _no_number(word: str) -> Json:
    raise ValueError(f"{word} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _check_depth(text: str, path: Path) -> None:
    depth = 0
    # A string that nobody closes takes all that follows, so that no quote in it is a beginning again.
    for found in re.finditer(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', text, re.DOTALL):
        if found[0] in ("[", "{"):
            depth += 1
        elif found[0] in ("]", "}"):
            depth -= 1
        if depth > MOST_DEPTH * 2:
            line = text.count("\n", 0, found.start()) + 1
            raise BadCode(f"{path.name}:{line}: nested deeper than {MOST_DEPTH * 2}; a plan is never so deep")


def is_plan(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is one of the three forms."""
    if any(isinstance(value.get(name), dict) for name in ("planned_values", "values")):
        return True
    known = "format_version" in value or "lineage" in value or isinstance(value.get("serial"), int)
    return known and "terraform_version" in value


def resources(value: Mapping[str, Any], name: str) -> list[Raw]:
    """The resources of a plan, a shown state or a state file."""
    if "planned_values" not in value and "format_version" not in value:
        found = list(_state(value, name))
    else:
        major = str(value.get("format_version", "1")).partition(".")[0]
        if major not in ("0", "1"):
            raise BadCode(
                f"{name}:1: format {value['format_version']} is newer than this auditor; it reads 0.x and 1.x"
            )
        if isinstance(value.get("resource_changes"), list):
            found = list(_changes(value))
        else:
            planned = "planned_values" in value
            held = value.get("planned_values") if planned else value.get("values")
            found = list(_shown(mapping(held).get("root_module"), 0))
            if planned:
                _leave_open(found, value)
    if len(found) > MOST_RESOURCES:
        raise BadCode(f"{name}: more than {MOST_RESOURCES:,} resources; check its parts separately")
    for each in found:
        each.origin = name
    return found


def left(value: Mapping[str, Any]) -> Iterator[str]:
    """What a plan says that it does not say: `TYPE.NAME: why`, or only why where it may be anything."""
    for each in listed(value.get("deferred_changes")):
        change = mapping(mapping(each).get("resource_change"))
        why = str(mapping(each).get("reason") or "no reason given")[:80]
        yield f"{change.get('type')}.{change.get('name')}: Terraform defers it ({why}), so its values are not known"
    for each in listed(value.get("resource_changes")):
        change = mapping(mapping(each).get("change"))
        if mapping(each).get("mode") != "data" and change.get("actions") not in _GONE and not _has_after(change):
            yield f"{mapping(each).get('type')}.{mapping(each).get('name')}: the plan has no values for it"
    if value.get("errored") is True:
        yield "the plan ended with an error, so it is incomplete; fix the code and plan again"
    elif value.get("complete") is False and not value.get("deferred_changes"):
        yield "the plan is not complete (a target was chosen, or changes are deferred); plan the whole configuration"


def _has_after(change: Mapping[str, Any]) -> bool:
    return isinstance(change.get("after"), dict) or bool(change.get("after_unknown"))


def drifted(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a plan found changed outside of Terraform: address and attributes, no values. Null is as good as empty."""
    out = []
    for each in listed(value.get("resource_drift")):
        change = mapping(mapping(each).get("change"))
        before, after = mapping(change.get("before")), mapping(change.get("after"))
        names = sorted(name for name in {*before, *after} if (before.get(name) or None) != (after.get(name) or None))
        if change.get("actions") == ["delete"] or names:
            gone = change.get("actions") == ["delete"]
            out.append(
                {"address": str(mapping(each).get("address")), "gone": gone, "properties": [] if gone else names}
            )
    return sorted(out, key=lambda each: str(each["address"]))


# ---- plans


def _leave_open(found: list[Raw], plan: Mapping[str, Any]) -> None:
    """Planned values leave out what is not known: where nothing else tells, what the configuration says tells it."""
    configuration = Configuration(plan, frozenset(each.address for each in found), {})
    for each in found:
        config = configuration.resource(each.module, each.type, each.name)
        where = Where(each.module, index_of(each.address), config)
        hidden = dict.fromkeys(name for name in where.expressions if name not in each.values)
        each.values |= configuration.value({"after": {}, "after_unknown": dict.fromkeys(hidden, True)}, where)


def _changes(plan: Mapping[str, Any]) -> Iterator[Raw]:
    changes = [
        each for each in plan["resource_changes"] if isinstance(each, dict) and isinstance(each.get("address"), str)
    ]
    addresses = frozenset(each["address"] for each in changes)
    documents: dict[str, Callable[[], dict[str, Json]]] = {}
    configuration = Configuration(plan, addresses, documents)
    for each in changes:
        if each.get("mode") == "data" and each.get("type") == POLICY_DOCUMENT:
            documents[each["address"]] = partial(_values, each, mapping(each.get("change")), configuration)
    for each in changes:
        change = mapping(each.get("change"))
        if change.get("actions") in _GONE or each.get("mode") == "data" or not _has_after(change):
            continue
        raw = Raw(
            each["address"], str(each.get("type", "")), str(each.get("name", "")), str(each.get("module_address") or "")
        )
        raw.values = _values(each, change, configuration)
        raw.region = _region_of_provider(each, raw, configuration)
        raw.was = str(each.get("previous_address") or "")
        yield raw


def _values(each: Mapping[str, Any], change: Mapping[str, Any], configuration: Configuration) -> dict[str, Json]:
    module = str(each.get("module_address") or "")
    config = configuration.resource(module, str(each.get("type")), str(each.get("name")))
    found = configuration.value(change, Where(module, index_of(each["address"]), config))
    if each.get("mode") == "data":
        return _undecided(found)
    return found


def _undecided(values: dict[str, Json]) -> dict[str, Json]:
    """A plan tells what a policy document refers to, not the text around it (`${bucket.arn}/*`): that is unknown."""

    def walk(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: walk(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if isinstance(value, str) and "${" in value and not value.startswith(("{", "${?")) and "${aws:" not in value:
            return unknown(f"{LATER} ({value[2:-1]})")
        return value

    walked = walk(values)
    return walked if isinstance(walked, dict) else {}


def _region_of_provider(each: Mapping[str, Any], raw: Raw, configuration: Configuration) -> str:
    if isinstance(raw.values.get("region"), str):
        return str(raw.values["region"])
    config = configuration.resource(raw.module, raw.type, raw.name)
    return configuration.region(str(config.get("provider_config_key", "")))


# ---- states


def _shown(module: Json, depth: int) -> Iterator[Raw]:
    if not isinstance(module, dict) or depth > MOST_DEPTH:
        return
    for each in listed(module.get("resources")):
        if not isinstance(each, dict) or each.get("deposed_key"):
            continue  # a deposed object is what a replacement has not taken away yet
        if each.get("mode") == "managed" and isinstance(each.get("address"), str):
            values = _without(mapping(each.get("values")), each.get("sensitive_values"))
            yield Raw(
                each["address"],
                str(each.get("type", "")),
                str(each.get("name", "")),
                str(module.get("address") or ""),
                values,
            )
    for child in listed(module.get("child_modules")):
        yield from _shown(child, depth + 1)


def _without(values: Mapping[str, Any], marks: Json) -> dict[str, Json]:
    """Values without those that are marked sensitive."""

    def walk(value: Json, mark: Json) -> Json:
        if mark is True and value is not None:
            return unknown("marked as sensitive")
        if isinstance(value, dict) and isinstance(mark, dict):
            return {key: walk(inner, mark.get(key)) for key, inner in value.items()}
        if isinstance(value, list) and isinstance(mark, list):
            return [walk(inner, mark[at] if at < len(mark) else None) for at, inner in enumerate(value)]
        return value

    walked = walk(dict(values), marks)
    return walked if isinstance(walked, dict) else {}


def _state(state: Mapping[str, Any], name: str) -> Iterator[Raw]:
    if state.get("version") != 4:
        raise BadCode(
            f"{name}:1: state of version {state.get('version')}; this auditor reads version 4 (Terraform 0.12 on)"
        )
    for each in listed(state.get("resources")):
        if not isinstance(each, dict) or each.get("mode") != "managed":
            continue
        module = str(each.get("module") or "")
        base = f"{module}.{each.get('type')}.{each.get('name')}".lstrip(".")
        for instance in map(mapping, listed(each.get("instances"))):
            if instance.get("deposed"):
                continue
            key = instance.get("index_key")
            index = "" if key is None else f"[{json.dumps(key)}]"
            marks = _marks(listed(instance.get("sensitive_attributes")))
            values = _without(mapping(instance.get("attributes")), marks)
            yield Raw(base + index, str(each.get("type", "")), str(each.get("name", "")), module, values)


def _marks(paths: list[Json]) -> dict[str, Json]:
    """`sensitive_attributes` in the form of the other marks; a path into a list marks all of it."""
    marks: dict[str, Json] = {}
    for path in paths:
        if isinstance(path, list) and path and isinstance(path[0], dict):
            marks[str(path[0].get("value"))] = True
    return marks
