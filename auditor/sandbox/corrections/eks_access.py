"""EKS: moto knows neither who gets into a cluster nor which pods get which role."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf

_ENTRY = ("kubernetesGroups", "username", "type", "tags")


def _of(call: Call, subject: str) -> dict[str, Any]:
    kept: dict[str, Any] = shelf(call, subject).setdefault(call.params["clusterName"], {})
    return kept


def _one(call: Call, subject: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] | None = _of(call, subject).get(call.params[name])
    if found is None:
        raise Refusal("ResourceNotFoundException", f"The specified {name} could not be found.", 404)
    return found


@corrects("eks", "CreateAccessEntry")
def create_entry(call: Call, ask: Ask) -> dict[str, Any]:
    cluster, who = call.params["clusterName"], call.params["principalArn"]
    kind, _, name = who.rpartition(":")[2].partition("/")
    place = f"{cluster}/{kind}/{call.account}/{name}"
    entry = {
        "clusterName": cluster,
        "principalArn": who,
        "accessEntryArn": f"arn:aws:eks:{call.region}:{call.account}:access-entry/{place}/1",
        "kubernetesGroups": [],
        "username": who.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/{{SessionName}}",
        "type": "STANDARD",
        "tags": {},
        **{key: call.params[key] for key in _ENTRY if key in call.params},
    }
    _of(call, "entries")[who] = entry
    return {"accessEntry": entry}


@corrects("eks", "ListAccessEntries")
def entries(call: Call, ask: Ask) -> dict[str, Any]:
    return {"accessEntries": sorted(_of(call, "entries"))}


@corrects("eks", "DescribeAccessEntry")
def entry(call: Call, ask: Ask) -> dict[str, Any]:
    return {"accessEntry": _one(call, "entries", "principalArn")}


@corrects("eks", "UpdateAccessEntry")
def change_entry(call: Call, ask: Ask) -> dict[str, Any]:
    found = _one(call, "entries", "principalArn")
    found.update({key: call.params[key] for key in ("kubernetesGroups", "username") if key in call.params})
    return {"accessEntry": found}


@corrects("eks", "AssociateAccessPolicy")
def associate(call: Call, ask: Ask) -> dict[str, Any]:
    _one(call, "entries", "principalArn")
    scope = {"namespaces": [], **call.params["accessScope"]}
    policy = {"policyArn": call.params["policyArn"], "accessScope": scope}
    _policies(call)[policy["policyArn"]] = policy
    return {"associatedAccessPolicy": policy}


@corrects("eks", "DisassociateAccessPolicy")
def disassociate(call: Call, ask: Ask) -> dict[str, Any]:
    if _policies(call).pop(call.params["policyArn"], None) is None:
        raise Refusal("ResourceNotFoundException", "The specified policyArn could not be found.", 404)
    return {}


@corrects("eks", "ListAssociatedAccessPolicies")
def associated(call: Call, ask: Ask) -> dict[str, Any]:
    return {"associatedAccessPolicies": list(_policies(call).values())}


def _policies(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = _of(call, "policies").setdefault(call.params["principalArn"], {})
    return found


@corrects("eks", "CreatePodIdentityAssociation")
def create_association(call: Call, ask: Ask) -> dict[str, Any]:
    cluster, kept = call.params["clusterName"], _of(call, "pods")
    number = f"a-{len(kept):017d}"
    kept[number] = {
        "associationId": number,
        "associationArn": f"arn:aws:eks:{call.region}:{call.account}:podidentityassociation/{cluster}/{number}",
        "tags": {},
        **{key: inner for key, inner in call.params.items() if key != "clientRequestToken"},
    }
    return {"association": kept[number]}


@corrects("eks", "ListPodIdentityAssociations")
def associations(call: Call, ask: Ask) -> dict[str, Any]:
    told = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId")
    return {"associations": [{key: each[key] for key in told} for each in _of(call, "pods").values()]}


@corrects("eks", "DescribePodIdentityAssociation")
def association(call: Call, ask: Ask) -> dict[str, Any]:
    return {"association": _one(call, "pods", "associationId")}


@corrects("eks", "UpdatePodIdentityAssociation")
def change_association(call: Call, ask: Ask) -> dict[str, Any]:
    found = _one(call, "pods", "associationId")
    found.update({key: call.params[key] for key in ("roleArn",) if key in call.params})
    return {"association": found}


@corrects("eks", "DeletePodIdentityAssociation")
def delete_association(call: Call, ask: Ask) -> dict[str, Any]:
    found = _one(call, "pods", "associationId")
    del _of(call, "pods")[found["associationId"]]
    return {"association": found}
