"""Terraform's spelling into CloudFormation's: names, and blocks that Terraform always writes as lists.

What rows of several services and the reader of Terraform's blocks share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from auditor.model import ABSENT, Json
from auditor.resources.schema import schema

# How `sources/references.py` spells a value that nobody can know; here for a place where code gives too many.
_SEVERAL = "${? code gives several values where one is expected}"
# And beside a reference in what may be a list: there may be more. A single value has nothing beside it.
BESIDE = "${? a plan does not show what else is beside the reference}"
_TRUE, _FALSE = ("true", "1"), ("false", "0")


def plain_name(name: str) -> str:
    """A name without the spelling that the two differ in."""
    return name.replace("_", "").replace("-", "").lower()


def snake(name: str) -> str:
    """Terraform's usual name of a CloudFormation property."""
    out = ""
    for position, letter in enumerate(name):
        before = name[position - 1] if position else ""
        after = name[position + 1] if position + 1 < len(name) else ""
        if (
            letter.isupper()
            and before
            and (before.islower() or before.isdigit() or (before.isupper() and after.islower()))
        ):
            out += "_"
        out += letter.lower()
    return out


def shaped(value: Json, wanted: Any, renamed: Mapping[str, str] | None = None) -> Json:
    """A value in the shape that CloudFormation's schema has at this place; ABSENT for what says nothing.

    `renamed` maps names of Terraform's to those of CloudFormation that spelling does not lead to, at any depth.
    """
    if value is None or value == "":
        return ABSENT
    if isinstance(wanted, Mapping):
        return _object(value, wanted, renamed or {})
    if isinstance(wanted, (list, tuple)):
        inner = wanted[0] if wanted else ""
        if not isinstance(inner, Mapping) and isinstance(first(value), Mapping) and "items" in first(value):
            value = first(value)["items"] or []
        found = [shaped(each, inner, renamed) for each in (value if isinstance(value, list) else [value])]
        return [each for each in found if each is not ABSENT]
    if isinstance(value, list) and wanted in ("b", "i", "n", "s"):
        known = [each for each in value if each != BESIDE]
        if not known:
            return ABSENT
        return shaped(known[0], wanted) if len(known) == 1 else _SEVERAL
    return _scalar(value, wanted)


def _object(value: Json, wanted: Mapping[str, Any], renamed: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        if not value:
            return ABSENT
        value = value[0]
    if not isinstance(value, Mapping):
        return value if value not in (None, "") else ABSENT
    out: dict[str, Json] = {}
    for key, inner in value.items():
        name = _named(key, tuple(wanted)) or (renamed.get(key, "") if renamed.get(key) in wanted else "")
        if not name:
            continue
        found = shaped(inner, wanted[name], renamed)
        if found is not ABSENT and not (found == [] and isinstance(wanted[name], (list, tuple))):
            out[name] = found
    return out


def _scalar(value: Json, wanted: Any) -> Json:
    if not isinstance(value, str):
        return (
            str(value) if wanted == "s" and isinstance(value, (int, float)) and not isinstance(value, bool) else value
        )
    if wanted == "b" and value.lower() in (*_TRUE, *_FALSE):
        return value.lower() in _TRUE
    if wanted in ("i", "n"):
        try:
            number = float(value)
        except ValueError:
            return value
        return int(number) if number.is_integer() else number
    return value


@lru_cache(maxsize=8192)
def _named(key: str, names: tuple[str, ...]) -> str:
    """The CloudFormation name for Terraform's, singular blocks for plural lists too."""
    mine = plain_name(key)
    for ending in ("", "s", "es"):
        for name in names:
            if plain_name(name) == mine + ending:
                return name
    return ""


def wanted(cfn: str, name: str) -> Any:
    """The shape of a top-level property; anything for one that CloudFormation does not have."""
    return schema(cfn).shape.get(name, "")


def within(cfn: str, name: str, /, **renamed: str) -> Callable[[Json], Json]:
    """A `tf_read` that shapes a property by the schema, with names that spelling does not lead to."""

    def read(value: Json) -> Json:
        return shaped(value, wanted(cfn, name), renamed)

    return read


def camel(value: Mapping[str, Json], **renamed: str) -> dict[str, Json]:
    """A block's attributes under CloudFormation's names by spelling alone; `renamed` maps Terraform's name to ours."""
    out: dict[str, Json] = {}
    for key, inner in value.items():
        if inner not in (None, "", []):
            out[renamed.get(key) or "".join(word.capitalize() for word in key.split("_"))] = inner
    return out


def first(value: Json) -> Json:
    """The one element of a block that Terraform writes as a list."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def many(value: Json) -> list[Json]:
    """A list of blocks or values, however many there are."""
    return [] if value is None else value if isinstance(value, list) else [value]


def scheme(internal: Json) -> str:
    """Terraform's switch of a load balancer as AWS's word."""
    return "internal" if internal else "internet-facing"


def parameters(value: Json) -> Json:
    """A parameter group's settings by name."""
    return {each["name"]: str(each.get("value", "")) for each in many(value) if each.get("name")}


def listed(name: str) -> Callable[[Mapping[str, Json]], Json]:
    """A `Join.read` of one attribute as elements of a list."""
    return lambda values: many(values.get(name)) if values.get(name) else ABSENT


def said(name: str) -> Callable[[Mapping[str, Json]], Json]:
    """A fold's attribute as it stands."""
    return lambda values: values.get(name)


def not_negative(value: Json) -> Json:
    """A number, of which Terraform writes -1 for "not set"."""
    return ABSENT if str(value) == "-1" else value


def not_zero(value: Json) -> Json:
    """A number, of which Terraform writes 0 for "not set"."""
    return value or ABSENT
