"""Canonical values in Terraform's spelling: the rows of a type read backwards.

A row says where Terraform has its property (`tf`); inside, names are matched by spelling, singular blocks for plural
lists. The same match tells which attributes a written plan can know at all, and where in our resource they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from auditor.checks.checkov.spellings import RENAMED, SPELLINGS, Spelling
from auditor.model import ABSENT, Json, Prop, ResourceType
from auditor.resources.schema import schema, terraform_attributes
from auditor.resources.shapes import to_json
from auditor.resources.terraform import plain_name, snake

_AS_IS = (Spelling(),)
# How a fold names its owner where the type's joins do not say it: the first of these that it has.
_OWNER = ("bucket", "role", "user", "group", "secret_id", "zone_id", "rule", "key_id", "arn")


@dataclass(frozen=True, slots=True)
class Target:
    """Where Terraform has a row: its type, the path in it ("" is the whole block), and how the value is written."""

    row: Prop
    kind: str
    path: str
    spelling: Spelling
    fold: bool = False  # whether `kind` says only a part of the resource


@cache
def _attributes() -> Mapping[str, frozenset[str]]:
    return terraform_attributes()


def attributes_of(kind: str) -> frozenset[str]:
    """The attributes that a Terraform type has, by path."""
    return _attributes().get(kind, frozenset())


@cache
def _children() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for kind, all_paths in _attributes().items():
        for path in all_paths:
            above, _, name = path.rpartition(".")
            found.setdefault((kind, above), []).append(name)
    return {place: tuple(sorted(names)) for place, names in found.items()}


def targets(described: ResourceType, own: str) -> list[Target]:
    """The rows of a type that Terraform has, written as resource type `own`."""
    rows = ((row, each) for row in described.props for each in SPELLINGS.get(f"{described.cfn}.{row.name}", _AS_IS))
    return [target for row, spelling in rows if (target := _target(described, own, row, spelling))]


def _target(described: ResourceType, own: str, row: Prop, spelling: Spelling) -> Target | None:
    where = spelling.tf or row.tf or snake(row.name)
    head, _, rest = where.partition(".")
    if where == "-" or (where == "@" and row.tf_read and not spelling.tf):
        return None  # a block that takes a function to read is not spelled back by names
    if head in described.folds:
        return Target(row, head, rest, spelling, fold=True)
    path = "" if where == "@" else where
    return Target(row, own, path, spelling) if not path or path in attributes_of(own) else None


def written(target: Target, value: Json) -> Json:
    """The value as Terraform writes it at the target's path."""
    if target.spelling.write:
        return target.spelling.write(value)
    if target.row.same == "policy":
        return to_json(value)
    return _spelled(value, target.kind, target.path)


def _spelled(value: Json, kind: str, path: str) -> Json:
    inside = _children().get((kind, path), ())
    if not inside:
        return value
    if isinstance(value, Mapping) and _wraps(value, inside):
        value = value["Items"]
    if isinstance(value, list):
        return [block for each in value for block in _blocks(each, kind, path, inside)]
    return _blocks(value, kind, path, inside)


def _wraps(value: Mapping[str, Any], inside: Iterable[str]) -> bool:
    """CloudFront's lists are mappings with a count; Terraform has their elements as blocks."""
    return "Items" in value and "items" not in inside


def _blocks(value: Json, kind: str, path: str, inside: tuple[str, ...]) -> list[Json]:
    if not isinstance(value, Mapping):
        return []
    out: dict[str, Json] = {}
    for name, inner in value.items():
        attribute = matching(name, inside)
        if attribute and inner is not None and inner is not ABSENT:
            out[attribute] = _spelled(inner, kind, f"{path}.{attribute}" if path else attribute)
    return [out]


@lru_cache(maxsize=8192)
def matching(name: str, attributes: tuple[str, ...]) -> str:
    """Terraform's attribute for a CloudFormation member; "" where spelling does not tell."""
    renamed = RENAMED.get(name, "")
    if renamed in attributes:
        return renamed
    mine = plain_name(name)
    for ending in ("", "s", "es"):
        for attribute in attributes:
            if plain_name(attribute) + ending == mine:
                return attribute
    return ""


def place(described: ResourceType, own: str, kind: str, attribute: str) -> list[str]:
    """The property paths that say what stands at an attribute; none where our model does not carry it."""
    mine = [target for target in targets(described, own) if target.kind == kind]
    if mine and mine[0].fold and attribute == owner_attribute(described, kind):
        return [mine[0].row.name]
    return [path for target in mine for path in _places(described, target, attribute)]


def owner_attribute(described: ResourceType, fold: str) -> str:
    """The attribute by which a fold names its owner."""
    said = (join.by for join in described.joins if join.fold == fold)
    return next(said, "") or next((each for each in _OWNER if each in attributes_of(fold)), "")


def _places(described: ResourceType, target: Target, attribute: str) -> Iterable[str]:
    steps, top = attribute.split(".") if attribute else [], target.path.split(".") if target.path else []
    if steps == top[: len(steps)]:
        return [target.row.name]  # the property, or all that holds it
    if steps[: len(top)] != top:
        return []
    inner = steps[len(top) :]
    if target.row.secret:
        return []  # names are kept, values are not
    if inner and inner[0] in target.spelling.members:
        return [target.row.name + target.spelling.members[inner[0]]]
    if target.spelling.write or target.row.same == "policy":
        return [target.row.name]
    found = _inside({target.row.name: schema(described.cfn).shape.get(target.row.name, "")}, [target.row.name, *inner])
    return [".".join(found)] if found is not None else []


def _inside(shape: Any, steps: list[str]) -> list[str] | None:
    """The members that Terraform's names lead through, by the schema."""
    if not steps:
        return []
    if isinstance(shape, (list, tuple)):
        return _inside(shape[0], steps) if shape else None
    if not isinstance(shape, Mapping):
        return None
    if _wraps(shape, (steps[0],)):
        rest = _inside(shape["Items"], steps)
        return None if rest is None else ["Items[]", *rest]
    for name, inner in shape.items():
        if name == steps[0] or matching(name, (steps[0],)):
            rest = _inside(inner, steps[1:])
            each = "[]" if rest and isinstance(inner, (list, tuple)) else ""
            return None if rest is None else [name + each, *rest]
    return None
