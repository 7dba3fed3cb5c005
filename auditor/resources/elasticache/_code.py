"""Caches in Terraform and CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json, Resource
from auditor.model.described import Beside, Unsaid
from auditor.resources.terraform import first, many

_WHERE = {
    "cloudwatch-logs": ("CloudWatchLogsDetails", "LogGroup"),
    "kinesis-firehose": ("KinesisFirehoseDetails", "DeliveryStream"),
}
_SIZES = ("NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup")


def token(value: Mapping[str, Json]) -> Json:
    """Whether a password is asked for, never which."""
    return True if value.get("auth_token") or value.get("AuthToken") else ABSENT


def logs(value: Json) -> Json:
    """Terraform writes the destination as one text."""
    return [_log(each) for each in many(value) if isinstance(each, Mapping)]


def _log(block: Mapping[str, Json]) -> dict[str, Json]:
    kind = str(block.get("destination_type"))
    outer, inner = _WHERE.get(kind, ("CloudWatchLogsDetails", "LogGroup"))
    return {
        "LogType": block.get("log_type"),
        "DestinationType": kind,
        "DestinationDetails": {outer: {inner: block.get("destination")}},
        "LogFormat": block.get("log_format"),
    }


def left_out(group: Resource, _: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    yield from _sizes(group)
    yield from _at_rest(group)


def _at_rest(group: Resource) -> Iterator[tuple[str, Json | Unsaid]]:
    """AWS encrypts what Valkey keeps where code is silent, and not what Redis does."""
    name = "AtRestEncryptionEnabled"
    if name in group.properties or name in group.unknown:
        return
    engine = group.properties.get("Engine")
    yield (
        name,
        engine == "valkey" if isinstance(engine, str) else Unsaid("it depends on the engine, which is not known"),
    )


def _sizes(group: Resource) -> Iterator[tuple[str, Json]]:
    """Code says how many nodes there are, or how many shards with how many replicas; one tells the other."""
    if any(name in group.unknown for name in _SIZES):
        return
    nodes, shards, replicas = (group.properties.get(name) for name in _SIZES)
    if not all(each is None or isinstance(each, int) for each in (nodes, shards, replicas)):
        return
    if nodes is None:
        shards, replicas = shards or 1, replicas or 0
        yield "NumCacheClusters", shards * (1 + replicas)
    else:
        shards = shards or 1
        replicas = nodes // shards - 1
    yield "NumNodeGroups", shards
    yield "ReplicasPerNodeGroup", replicas


def authentication(value: Json) -> Json:
    """How a user signs in: a block of its own, or the older two attributes."""
    if not isinstance(value, Mapping):
        return value
    mode = first(value.get("authentication_mode"))
    kind = mode.get("type") if isinstance(mode, Mapping) else None
    return _signing(kind, value.get("no_password_required"), value.get("passwords"))


def template_authentication(values: Mapping[str, Json]) -> Json:
    mode = values.get("AuthenticationMode")
    kind = mode.get("Type") if isinstance(mode, Mapping) else None
    return _signing(kind, values.get("NoPasswordRequired"), values.get("Passwords"))


def _signing(kind: Json, without: Json, passwords: Json) -> Json:
    said = kind or ("no-password-required" if without is True else "password" if passwords else None)
    return {"Type": said} if said else ABSENT
