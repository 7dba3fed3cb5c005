"""What CloudFormation itself says of the described types: read from schema.json, which `make schema` writes.

The types' own files say how a property is read and set; this says what no setter can change. It is loaded
when first asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class TypeSchema:
    """One CloudFormation type. Places are paths like `Endpoint.Address` or `Origins[].Id`."""

    properties: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()
    create_only: frozenset[str] = frozenset()
    sometimes_create_only: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    identifier: tuple[str, ...] = ()
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shape: Mapping[str, Any] = field(default_factory=dict)  # members by name, [element], or b, i, n, s, "" (any)
    _fixed: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)  # asked of every resource of code

    def replaces(self, path: str) -> bool:
        """Whether another value at `path` takes a new resource instead of a change to this one."""
        return _within(path, self.create_only)

    def fixed(self, path: str) -> bool:
        """Whether only AWS says what stands at `path`."""
        known = self._fixed.get(path)
        if known is None:
            known = self._fixed[path] = self._is_fixed(path)
        return known

    def _is_fixed(self, path: str) -> bool:
        if _within(path, self.read_only):
            return True
        members = self.shape.get(path)
        return isinstance(members, dict) and bool(members) and all(self.fixed(f"{path}.{name}") for name in members)


@cache
def schema(cfn: str) -> TypeSchema:
    """The schema of a type; one without properties for a type that CloudFormation does not have."""
    raw = _all().get(cfn)
    if not raw:
        return TypeSchema()
    return TypeSchema(
        properties=frozenset(raw["properties"]),
        required=frozenset(raw["required"]),
        read_only=frozenset(raw["readOnly"]),
        create_only=frozenset(raw["createOnly"]),
        sometimes_create_only=frozenset(raw["sometimesCreateOnly"]),
        write_only=frozenset(raw["writeOnly"]),
        identifier=tuple(raw["identifier"]),
        references={path: tuple(kinds) for path, kinds in raw["references"].items()},
        permissions={name: tuple(actions) for name, actions in raw["permissions"].items()},
        shape=raw.get("shape", {}),
    )


def terraform_attributes() -> Mapping[str, frozenset[str]]:
    """The attributes of Terraform's AWS provider for the types named by ours."""
    return {name: frozenset(paths) for name, paths in _read("terraform.json").items()}


def _within(path: str, places: frozenset[str]) -> bool:
    plain = re.sub(r"\[[^\]]*\]", "", path)
    bare = {each.replace("[]", "") for each in places}
    return any(plain == each or plain.startswith(each + ".") for each in bare)


@cache
def _all() -> dict[str, Any]:
    return _read("schema.json")


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("auditor.resources").joinpath(name).read_text(encoding="utf-8"))
    return loaded
