"""Answers of EFS in CloudFormation's shape: numbers of users and groups are texts there."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.kinds import text


def user(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    out: dict[str, Json] = {key: text(value[key]) for key in ("Gid", "Uid") if value.get(key) is not None}
    if value.get("SecondaryGids"):
        out["SecondaryGids"] = sorted(text(each) for each in value["SecondaryGids"])
    return out


def root(value: Json) -> Json:
    """The folder that is shown; the whole file system where none is named."""
    if not isinstance(value, Mapping):
        return value
    made = value.get("CreationInfo")
    told = {"CreationInfo": {key: text(inner) for key, inner in made.items()}} if isinstance(made, Mapping) else {}
    return {"Path": value.get("Path") or "/", **told}
