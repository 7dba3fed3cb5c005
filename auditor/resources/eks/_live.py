"""Answers of EKS in CloudFormation's shape, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Json
from auditor.resources.shapes import pick

LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


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


def logging(value: Json) -> Json:
    """AWS answers with two lists, of what is logged and of what is not."""
    on = [kind for each in (value or {}).get("clusterLogging") or () if each.get("enabled") for kind in each["types"]]
    return logged(on)


def logged(kinds: Iterable[str]) -> Json:
    return {"ClusterLogging": {"EnabledTypes": [{"Type": kind} for kind in sorted(kinds)]}}


def raw_logging(value: Mapping[str, Json]) -> Json:
    on = sorted(each["Type"] for each in value["ClusterLogging"]["EnabledTypes"])
    off = [kind for kind in LOGS if kind not in on]
    return {"clusterLogging": [{"types": kinds, "enabled": way} for kinds, way in ((on, True), (off, False)) if kinds]}


def encryption(value: Json) -> Json:
    return [
        {"Provider": {"KeyArn": (each.get("provider") or {}).get("keyArn")}, "Resources": each.get("resources") or []}
        for each in value or ()
    ]


def access(value: Json) -> Json:
    """How people get in; what was done once, when the cluster was made, is left out."""
    return pick(value, AuthenticationMode="authenticationMode")
