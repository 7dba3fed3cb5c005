"""Lifecycle rules: the API nests days and filters, CloudFormation writes them flat.

A filter's parts (prefix, tags, sizes) stand beside each other in a template; the API wants one of them alone
or several inside `And`. The old form, a prefix outside any filter, reads the same and is written back as a
filter.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.s3._config import renamed

_SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")
_SAME = ("Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")
_EXPIRATION = {"Days": "ExpirationInDays", "Date": "ExpirationDate"}
_MOVE = {"Days": "TransitionInDays", "Date": "TransitionDate"}
_OLD_MOVE = {"NoncurrentDays": "TransitionInDays"}
_MINIMUM = "TransitionDefaultMinimumObjectSize"


def read(value: Json) -> Json:
    rules = [_rule(each) for each in value.get("Rules") or []]
    if not rules:
        return ABSENT
    return {"Rules": rules, **({_MINIMUM: value[_MINIMUM]} if value.get(_MINIMUM) else {})}


def tidy(value: Json) -> Json:
    """The plural forms of what a template may also say in the singular, and S3's own choice of the smallest object."""
    return {_MINIMUM: "all_storage_classes_128K", **value, "Rules": [_tidy_rule(each) for each in value["Rules"]]}


def _tidy_rule(rule: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: inner for key, inner in rule.items() if inner not in ("", [])}
    for old, new in (("Transition", "Transitions"), ("NoncurrentVersionTransition", "NoncurrentVersionTransitions")):
        if old in out:
            out[new] = [*out.get(new, []), out.pop(old)]
    if "NoncurrentVersionExpirationInDays" in out:
        out["NoncurrentVersionExpiration"] = {"NoncurrentDays": out.pop("NoncurrentVersionExpirationInDays")}
    return out


def write(value: Json) -> Json:
    rules = [_api_rule(each) for each in value["Rules"]]
    return {"Rules": rules, **({_MINIMUM: value[_MINIMUM]} if _MINIMUM in value else {})}


def _rule(raw: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: raw[key] for key in _SAME if raw.get(key) is not None}
    if raw.get("ID"):
        out["Id"] = raw["ID"]
    out.update(_conditions(raw))
    out.update(renamed(raw.get("Expiration") or {}, _EXPIRATION))
    if raw.get("Transitions"):
        out["Transitions"] = [renamed(each, _MOVE) for each in raw["Transitions"]]
    if raw.get("NoncurrentVersionTransitions"):
        out["NoncurrentVersionTransitions"] = [renamed(each, _OLD_MOVE) for each in raw["NoncurrentVersionTransitions"]]
    return out


def _conditions(raw: Mapping[str, Json]) -> dict[str, Json]:
    filter_ = raw.get("Filter") or {}
    inner = filter_.get("And") or filter_
    out: dict[str, Json] = {}
    if prefix := inner.get("Prefix") or raw.get("Prefix"):
        out["Prefix"] = prefix
    if tags := inner.get("Tags") or ([inner["Tag"]] if inner.get("Tag") else []):
        out["TagFilters"] = [dict(tag) for tag in tags]
    out.update({size: str(inner[size]) for size in _SIZES if inner.get(size) is not None})
    return out


def _api_rule(rule: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: rule[key] for key in _SAME if key in rule}
    if "Id" in rule:
        out["ID"] = rule["Id"]
    out["Filter"] = _filter(rule)
    expiration = {old: rule[new] for old, new in _EXPIRATION.items() if new in rule}
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = rule["ExpiredObjectDeleteMarker"]
    if expiration:
        out["Expiration"] = expiration
    if "Transitions" in rule:
        out["Transitions"] = [_named_back(each, _MOVE) for each in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        moves = rule["NoncurrentVersionTransitions"]
        out["NoncurrentVersionTransitions"] = [_named_back(each, _OLD_MOVE) for each in moves]
    return out


def _named_back(value: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    return renamed(value, {new: old for old, new in names.items()})


def _filter(rule: Mapping[str, Json]) -> dict[str, Json]:
    parts: dict[str, Json] = {size: int(rule[size]) for size in _SIZES if size in rule}
    if "Prefix" in rule:
        parts["Prefix"] = rule["Prefix"]
    tags = rule.get("TagFilters", [])
    if not tags:
        return {"And": parts} if len(parts) > 1 else parts or {"Prefix": ""}
    if len(tags) == 1 and not parts:
        return {"Tag": tags[0]}
    return {"And": {**parts, "Tags": tags}}
