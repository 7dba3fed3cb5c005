"""Tables in the one spelling that is compared."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.shapes import pick

_OFF: Mapping[str, Json] = {"SSEEnabled": False}


def capacity(value: Json) -> Json:
    """What is provisioned; AWS answers with noughts for a table that is paid by request."""
    if not isinstance(value, Mapping):
        return value
    return {key: each for key, each in pick(value, "ReadCapacityUnits", "WriteCapacityUnits").items() if each} or None


def encryption(value: Json) -> Json:
    """Without a description the table has AWS's own key, which is nobody's in KMS."""
    if value.get("Status") not in ("ENABLED", "ENABLING", "UPDATING"):
        return _OFF
    return {"SSEEnabled": True, **pick(value, "SSEType", KMSMasterKeyId="KMSMasterKeyArn")}


def tidy_encryption(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    if value.get("SSEEnabled") is False:
        return _OFF
    return {"SSEType": "KMS", **{key: each for key, each in value.items() if each is not None}}


def backups(value: Json) -> Json:
    status = value.get("PointInTimeRecoveryStatus")
    return {"PointInTimeRecoveryEnabled": status == "ENABLED"} if status else ABSENT


def tidy_backups(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    return {"PointInTimeRecoveryEnabled": value.get("PointInTimeRecoveryEnabled") or False}


def tidy_expiry(value: Json) -> Json:
    """By which attribute rows expire; where they do not, its name says nothing."""
    if not isinstance(value, Mapping):
        return value
    return pick(value, "AttributeName", "Enabled") if value.get("Enabled") is not False else {"Enabled": False}
