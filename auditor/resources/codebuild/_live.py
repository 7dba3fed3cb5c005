"""Build projects in the one spelling that is compared."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json

_ENVIRONMENT = ("Type", "ComputeType", "Image", "PrivilegedMode", "ImagePullCredentialsType", "EnvironmentVariables")
_SOURCE = ("Type", "Location")


def environment(value: Json) -> Json:
    """The machine of a build. It is not privileged, CodeBuild fetches its image, and a variable is plain text where
    nothing is said."""
    if not isinstance(value, Mapping):
        return value
    kept = {key: value[key] for key in _ENVIRONMENT if value.get(key) not in (None, [])}
    if isinstance(kept.get("EnvironmentVariables"), list):
        kept["EnvironmentVariables"] = sorted(map(_variable, kept["EnvironmentVariables"]), key=_name)
    return {"PrivilegedMode": False, "ImagePullCredentialsType": "CODEBUILD", **kept}


def _variable(value: Json) -> Json:
    return {"Type": "PLAINTEXT", **value} if isinstance(value, Mapping) else value


def _name(value: Json) -> str:
    return str(value.get("Name", "")) if isinstance(value, Mapping) else str(value)


def source(value: Json) -> Json:
    """Where the code comes from. What is done with it is left out: people write passwords into a build's commands."""
    if not isinstance(value, Mapping):
        return value
    return {key: value[key] for key in _SOURCE if value.get(key)}


def logs(value: Json) -> Json:
    """Logs go to CloudWatch and not to a bucket where nothing is said."""
    if not isinstance(value, Mapping):
        return value
    watched, stored = value.get("CloudWatchLogs") or {}, value.get("S3Logs") or {}
    kept = {key: inner for key, inner in stored.items() if inner not in (None, "", False)}
    return {"CloudWatchLogs": {"Status": "ENABLED", **watched}, "S3Logs": {"Status": "DISABLED", **kept}}


def network(value: Json) -> Json:
    """Where a build stands; an empty one is what AWS answers for one outside any VPC."""
    if not isinstance(value, Mapping) or not value.get("VpcId"):
        return None
    sets = {name: sorted(value.get(name) or [], key=str) for name in ("SecurityGroupIds", "Subnets")}
    return {"VpcId": value["VpcId"], **sets}
