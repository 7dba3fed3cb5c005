"""Answers of EKS in CloudFormation's shape, and the one spelling of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model import Json
from auditor.resources.shapes import pick
from auditor.resources.terraform import first, many

LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_DOORS: Mapping[str, Json] = {
    "EndpointPublicAccess": True,
    "EndpointPrivateAccess": False,
    "PublicAccessCidrs": ["0.0.0.0/0"],
}


def named(value: Json) -> Iterable[Mapping[str, Json]]:
    return [{"name": each} for each in value or ()]


def network(value: Json) -> Json:
    return pick(
        value,
        SubnetIds="subnetIds",
        SecurityGroupIds="securityGroupIds",
        EndpointPublicAccess="endpointPublicAccess",
        EndpointPrivateAccess="endpointPrivateAccess",
        PublicAccessCidrs="publicAccessCidrs",
    )


def tidy_network(value: Json) -> Json:
    """Lists in order and AWS's choices filled in; whom a shut public door would admit says nothing."""
    if not isinstance(value, Mapping):
        return value
    out = {**_DOORS, "SecurityGroupIds": [], **{key: each for key, each in value.items() if each not in (None, [])}}
    out.pop("ControlPlaneEgressMode", None)
    if out["EndpointPublicAccess"] is False:
        del out["PublicAccessCidrs"]
    return {key: sorted(each) if _texts(each) else each for key, each in out.items()}


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def doors(value: Mapping[str, Json]) -> Json:
    """The configuration as `UpdateClusterConfig` takes it."""
    return {key[0].lower() + key[1:]: inner for key, inner in value.items()}


def logging(value: Json) -> Json:
    """AWS answers with two lists, of what is logged and of what is not."""
    on = [kind for each in (value or {}).get("clusterLogging") or () if each.get("enabled") for kind in each["types"]]
    return _logging(on)


def _logging(kinds: Iterable[str]) -> Json:
    return {"ClusterLogging": {"EnabledTypes": [{"Type": kind} for kind in sorted(kinds)]}}


def tidy_logging(value: Json) -> Json:
    found = ((value or {}).get("ClusterLogging") or {}).get("EnabledTypes") or []
    return _logging(each["Type"] for each in found)


def raw_logging(value: Mapping[str, Json]) -> Json:
    on = sorted(each["Type"] for each in value["ClusterLogging"]["EnabledTypes"])
    off = [kind for kind in LOGS if kind not in on]
    return {"clusterLogging": [{"types": kinds, "enabled": way} for kinds, way in ((on, True), (off, False)) if kinds]}


def terraform_logging(value: Json) -> Json:
    return _logging(value or [])


def encryption(value: Json) -> Json:
    return [
        {"Provider": {"KeyArn": (each.get("provider") or {}).get("keyArn")}, "Resources": each.get("resources") or []}
        for each in value or ()
    ]


def tidy_encryption(value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return [pick(each, "Provider", "Resources") for each in value]


def terraform_encryption(value: Json) -> Json:
    return [
        {
            "Provider": {"KeyArn": (first(each.get("provider")) or {}).get("key_arn")},
            "Resources": each.get("resources") or [],
        }
        for each in many(value)
    ]


def access(value: Json) -> Json:
    """How people get in; what was done once, when the cluster was made, is left out."""
    return pick(value, AuthenticationMode="authenticationMode")


def tidy_access(value: Json) -> Json:
    return {"AuthenticationMode": "CONFIG_MAP", **pick(value, "AuthenticationMode")}
