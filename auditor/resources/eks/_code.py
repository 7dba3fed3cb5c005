"""Clusters in code, and the one spelling of what code and EKS say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model import Json
from auditor.resources.eks._live import logged, selectors
from auditor.resources.shapes import pick
from auditor.resources.terraform import first, many

_DOORS: Mapping[str, Json] = {
    "EndpointPublicAccess": True,
    "EndpointPrivateAccess": False,
    "PublicAccessCidrs": ["0.0.0.0/0"],
}


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


def tidy_logging(value: Json) -> Json:
    found = ((value or {}).get("ClusterLogging") or {}).get("EnabledTypes") or []
    return logged(each["Type"] for each in found)


def terraform_logging(value: Json) -> Json:
    return logged(value or [])


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


def tidy_access(value: Json) -> Json:
    return {"AuthenticationMode": "CONFIG_MAP", **pick(value, "AuthenticationMode")}


def association(fold: Mapping[str, Json]) -> Json:
    """An access policy that Terraform gives to a principal by a resource of its own."""
    scope = first(fold.get("access_scope")) or {}
    spaces = {"Namespaces": scope["namespaces"]} if scope.get("namespaces") else {}
    return [{"PolicyArn": fold.get("policy_arn"), "AccessScope": {"Type": scope.get("type"), **spaces}}]


def terraform_selectors(value: Json) -> Json:
    return selectors(many(value))
