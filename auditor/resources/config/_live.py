"""What AWS Config records, in the one spelling that is compared."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json

_ALL, _SOME, _BUT = "ALL_SUPPORTED_RESOURCE_TYPES", "INCLUSION_BY_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES"


def tidy_group(value: Json) -> Json:
    """Which types of resources are recorded: all that are supported, some, or all but some. IAM's, which are the same
    in every region, only where that is asked for."""
    if not isinstance(value, Mapping):
        return value
    some, but = value.get("ResourceTypes"), (value.get("ExclusionByResourceTypes") or {}).get("ResourceTypes")
    way = (value.get("RecordingStrategy") or {}).get("UseOnly") or (_SOME if some else _BUT if but else _ALL)
    out: dict[str, Json] = {
        "AllSupported": way == _ALL,
        "IncludeGlobalResourceTypes": value.get("IncludeGlobalResourceTypes") or False,
        "RecordingStrategy": {"UseOnly": way},
    }
    if some:
        out["ResourceTypes"] = sorted(some, key=str)
    return {**out, "ExclusionByResourceTypes": {"ResourceTypes": sorted(but, key=str)}} if but else out


def tidy_mode(value: Json) -> Json:
    """How often: each change at once where nothing is said."""
    if not isinstance(value, Mapping):
        return value
    overrides = value.get("RecordingModeOverrides")
    often = {"RecordingFrequency": value.get("RecordingFrequency") or "CONTINUOUS"}
    return {**often, "RecordingModeOverrides": overrides} if overrides else often
