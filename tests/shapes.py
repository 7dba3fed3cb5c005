"""Where a JMESPath leads inside an answer of AWS, by the shapes that botocore has of it.

A place is a botocore shape, `Many` (what a projection makes), a mapping (a multi-select), or None: not known, so
nothing is said against it. Every name that is asked of a structure must be a member of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
import jmespath.parser
from botocore import xform_name


@dataclass(frozen=True)
class Many:
    of: Any


@dataclass(frozen=True)
class Nothing:
    """The answer of an operation that says nothing."""


Place = Any


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@cache
def method_names(service: str) -> dict[str, str]:
    """boto3's method names of a service with the API's names."""
    return {xform_name(name): name for name in _model(service).operation_names}


def input_shape(service: str, operation: str) -> Any:
    return _model(service).operation_model(method_names(service)[operation]).input_shape


def output_place(service: str, operation: str) -> Place:
    name = method_names(service).get(operation)
    if name is None:
        return None
    return _model(service).operation_model(name).output_shape or Nothing()


def element_of(place: Place) -> Place:
    """One item of a list; what is no list is an item itself."""
    if isinstance(place, Many):
        return place.of
    return place.member if getattr(place, "type_name", "") == "list" else place


def search_shape(path: str, place: Place) -> tuple[Place, list[str]]:
    """The place that `path` names from `place`, and what is wrong with it."""
    faults: list[str] = []
    if path in ("", "@"):
        return place, faults
    return _walk(jmespath.parser.Parser().parse(path).parsed, place, faults), faults


def _walk(node: Any, place: Place, faults: list[str]) -> Place:
    kind, children = node["type"], node.get("children", [])
    if kind == "field":
        return _field(node["value"], place, faults)
    if kind in ("subexpression", "index_expression", "pipe"):
        for child in children:
            place = _walk(child, place, faults)
        return place
    if kind in ("current", "identity"):
        return place
    if kind == "index":
        return element_of(place)
    if kind == "flatten":
        inner = _walk(children[0], place, faults)
        one = element_of(inner)
        return Many(element_of(one)) if inner is not None else None
    if kind in ("projection", "filter_projection"):
        one = element_of(_walk(children[0], place, faults))
        for condition in children[2:]:
            _walk(condition, one, faults)
        return Many(_walk(children[1], one, faults))
    if kind == "multi_select_dict":
        return {child["value"]: _walk(child["children"][0], place, faults) for child in children}
    if kind == "function_expression":
        for child in children:
            _walk(child, place, faults)
        return None
    if kind == "expref":
        return None
    for child in children:  # comparisons, logic, lists of paths: each side must exist, the result is open
        _walk(child, place, faults)
    return None


def _field(name: str, place: Place, faults: list[str]) -> Place:
    if place is None:
        return None
    if isinstance(place, dict):
        if name not in place:
            faults.append(f"`{name}` is not among {sorted(place)}")
        return place.get(name)
    kind = getattr(place, "type_name", "")
    if kind == "map":
        return place.value
    if kind == "structure" and name in place.members:
        return place.members[name]
    inside = f"{place.name} {sorted(place.members)}" if kind == "structure" else f"a {kind or 'list'}"
    faults.append(f"`{name}` is not in {inside}")
    return None
