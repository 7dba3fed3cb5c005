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


def access_policies(value: Json) -> Json:
    return [
        {
            "PolicyArn": each.get("policyArn"),
            "AccessScope": pick(each.get("accessScope"), Type="type", Namespaces="namespaces"),
        }
        for each in value or ()
    ]


def tidy_policies(value: Json) -> Json:
    """By their ARNs; namespaces are named only where a policy is for some of them."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    return sorted(map(_policy, value), key=lambda each: str(each["PolicyArn"]))


def _policy(value: Mapping[str, Json]) -> Mapping[str, Json]:
    scope = pick(value.get("AccessScope"), "Type", "Namespaces") or {}
    spaces = {"Namespaces": sorted(scope["Namespaces"], key=str)} if scope.get("Namespaces") else {}
    return {"PolicyArn": value.get("PolicyArn"), "AccessScope": {**pick(scope, "Type"), **spaces}}


def selectors(value: Json) -> Json:
    """Which pods: those of a namespace, with some labels."""
    return [{"Namespace": each.get("namespace"), "Labels": _labels(each.get("labels"))} for each in value or ()]


def tidy_selectors(value: Json) -> Json:
    """In one order; without labels it is all pods of the namespace."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return value
    found = [
        {
            **pick(each, "Namespace"),
            "Labels": sorted(each.get("Labels") or [], key=lambda label: str(label.get("Key"))),
        }
        for each in value
    ]
    return sorted(found, key=str)


def _labels(value: Json) -> Json:
    return [{"Key": key, "Value": each} for key, each in (value or {}).items()]


def issuer_host(value: Json) -> Iterable[str]:
    """A cluster's issuer as the provider of IAM is called by."""
    return [value.removeprefix("https://")] if isinstance(value, str) else []
