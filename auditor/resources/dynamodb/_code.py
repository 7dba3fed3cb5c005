"""Tables in Terraform, which says keys and capacity by plain attributes."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import first, many


def keys(value: Json) -> Json:
    """The key by which rows are spread, and the one by which they are sorted."""
    if not isinstance(value, Mapping) or value.get("hash_key") is None:
        return ABSENT
    named = (("hash_key", "HASH"), ("range_key", "RANGE"))
    return [{"AttributeName": value[name], "KeyType": kind} for name, kind in named if value.get(name) is not None]


def attributes(value: Json) -> Json:
    return [{"AttributeName": each.get("name"), "AttributeType": each.get("type")} for each in many(value)]


def throughput(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    said = {"ReadCapacityUnits": value.get("read_capacity"), "WriteCapacityUnits": value.get("write_capacity")}
    return {key: each for key, each in said.items() if each is not None} or ABSENT


def encryption(value: Json) -> Json:
    said = first(value)
    if not isinstance(said, Mapping):
        return ABSENT
    key = {"KMSMasterKeyId": said["kms_key_arn"]} if said.get("kms_key_arn") else {}
    return {"SSEEnabled": said.get("enabled"), **key}


def backups(value: Json) -> Json:
    said = first(value)
    return {"PointInTimeRecoveryEnabled": said.get("enabled")} if isinstance(said, Mapping) else ABSENT


def expiry(value: Json) -> Json:
    said = first(value)
    if not isinstance(said, Mapping):
        return ABSENT
    return {"AttributeName": said.get("attribute_name"), "Enabled": said.get("enabled") or False}


def stream(kind: Json) -> Json:
    return {"StreamViewType": kind} if kind else ABSENT


def policy(values: Mapping[str, Json]) -> Json:
    """The document out of what a template writes around it."""
    said = values.get("ResourcePolicy")
    return said.get("PolicyDocument") if isinstance(said, Mapping) else said
