"""Answers of ElastiCache in CloudFormation's shape."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json

_SWITCHES = {"enabled": True, "enabling": True, "disabled": False, "disabling": False}


def switched(value: Json) -> Json:
    """Whether something is on; on the way there counts as there."""
    return _SWITCHES.get(value, value) if isinstance(value, str) else value


def replicas(groups: Json) -> Json:
    """How many replicas a shard has besides its primary node."""
    most = max((len(each.get("NodeGroupMembers") or ()) for each in groups or ()), default=0)
    return most - 1 if most else None


def version(value: Json) -> Json:
    """A version as it is asked for: since Redis 6 AWS chooses the patch, and tells it."""
    parts = value.split(".") if isinstance(value, str) else []
    return ".".join(parts[:2]) if len(parts) == 3 and parts[0].isdecimal() and int(parts[0]) >= 6 else value


def logs(value: Json) -> Json:
    """Where logs go, without whether that works at the moment."""
    if not isinstance(value, list):
        return value
    return [
        {key: inner for key, inner in each.items() if key not in ("Status", "Message")}
        if isinstance(each, Mapping)
        else each
        for each in value
    ]


def authentication(value: Json) -> Json:
    """How a user signs in, in AWS's three words; templates call the second one otherwise than answers do."""
    kind = value.get("Type") if isinstance(value, Mapping) else None
    return {"Type": {"no-password": "no-password-required"}.get(str(kind), kind)} if kind else None
