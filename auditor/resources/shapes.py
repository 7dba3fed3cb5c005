"""Readers and writers that several services share: answers of AWS on the left, CloudFormation's shape on the right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from auditor.model import ABSENT, Json


def parse_json(value: Json) -> Json:
    """A JSON text (also URL-encoded, as IAM sends it) as its value; what is parsed already stays as it is."""
    if not isinstance(value, str):
        return value
    text = value if value.lstrip()[:1] in ("{", "[") else unquote(value)
    try:
        return json.loads(text)
    except ValueError:
        return value


def to_json(value: Json) -> str:
    """The inverse of `parse_json`, for setters that take a document as text."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))


def named_tags(tags: Iterable[Mapping[str, Any]] | Mapping[str, str] | None) -> dict[str, str]:
    """Tags in any of AWS's spellings as one mapping."""
    if not tags:
        return {}
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    return {str(tag.get("Key", tag.get("key", ""))): str(tag.get("Value", tag.get("value", ""))) for tag in tags}


def pick(value: Json, *names: str, **renamed: str) -> Json:
    """An object with only the members named (`renamed` maps the new name to the live one); absent ones are left out."""
    if not isinstance(value, Mapping):
        return ABSENT
    out = {name: value[name] for name in names if value.get(name) is not None}
    out.update({new: value[old] for new, old in renamed.items() if value.get(old) is not None})
    return out


def by_name(value: Json) -> Json:
    """The parameters of a parameter group as a mapping, as templates write them."""
    return {each["ParameterName"]: each.get("ParameterValue", "") for each in value}


def texts(value: Json) -> Json:
    """A mapping whose values are all text, also where a template writes a number or a truth."""
    if not isinstance(value, Mapping):
        return value
    return {name: str(each).lower() if isinstance(each, bool) else str(each) for name, each in value.items()}


def uncapitalised(value: Json) -> Json:
    """A value of CloudFormation's as an API takes it whose members begin in lower case, at every depth."""
    if isinstance(value, Mapping):
        return {key[:1].lower() + key[1:]: uncapitalised(inner) for key, inner in value.items()}
    return [uncapitalised(each) for each in value] if isinstance(value, list) else value


def decided(value: Json) -> Json:
    """A value by which a reader decides, truths as such; one that is not known lets him decide nothing."""
    if isinstance(value, str) and "${" in value:
        raise ValueError(f"it depends on {value}")
    return {"true": True, "false": False}.get(str(value).lower(), value)


def whole_numbers(value: Json) -> Json:
    """45 for the 45.0 that AWS answers with where a number may have a fraction; code says 45 of the same thing."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: whole_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole_numbers(each) for each in value]
    return value
