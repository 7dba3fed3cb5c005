"""What an analyzer of unused access counts as unused."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import first

_DAYS = 90  # where nothing is said


def configuration(value: Json) -> Json:
    unused = value.get("unusedAccess") if isinstance(value, Mapping) else None
    return _unused(unused.get("unusedAccessAge")) if isinstance(unused, Mapping) else ABSENT


def of_terraform(value: Json) -> Json:
    said = first(value)
    unused = first(said.get("unused_access")) if isinstance(said, Mapping) else None
    return _unused(unused.get("unused_access_age")) if isinstance(unused, Mapping) else ABSENT


def tidy_configuration(value: Json) -> Json:
    """After how many days. Whom its rules leave out is not read."""
    unused = value.get("UnusedAccessConfiguration") if isinstance(value, Mapping) else None
    return _unused(unused.get("UnusedAccessAge")) if isinstance(unused, Mapping) else ABSENT


def _unused(days: Json) -> Json:
    return {"UnusedAccessConfiguration": {"UnusedAccessAge": days or _DAYS}}
