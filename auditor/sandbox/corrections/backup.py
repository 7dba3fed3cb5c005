"""AWS Backup: moto has no selections, which say what a plan makes backups of."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf


def _kept(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = shelf(call, "selections").setdefault(call.params["BackupPlanId"], {})
    return found


def _one(call: Call) -> dict[str, Any]:
    found: dict[str, Any] | None = _kept(call).get(call.params["SelectionId"])
    if found is None:
        raise Refusal("ResourceNotFoundException", "Cannot find backup selection", 400)
    return found


@corrects("backup", "CreateBackupSelection")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    plan, kept = call.params["BackupPlanId"], _kept(call)
    name = f"{plan[:-4]}{len(kept):04d}"
    kept[name] = call.params["BackupSelection"]
    return {"SelectionId": name, "BackupPlanId": plan, "CreationDate": 1767225600}


@corrects("backup", "ListBackupSelections")
def listed(call: Call, ask: Ask) -> dict[str, Any]:
    plan = call.params["BackupPlanId"]
    rows = [
        {
            "SelectionId": name,
            "SelectionName": each["SelectionName"],
            "BackupPlanId": plan,
            "IamRoleArn": each["IamRoleArn"],
            "CreationDate": 1767225600,
        }
        for name, each in _kept(call).items()
    ]
    return {"BackupSelectionsList": rows}


@corrects("backup", "GetBackupSelection")
def one(call: Call, ask: Ask) -> dict[str, Any]:
    return {
        "BackupSelection": _one(call),
        "SelectionId": call.params["SelectionId"],
        "BackupPlanId": call.params["BackupPlanId"],
    }


@corrects("backup", "DeleteBackupSelection")
def delete(call: Call, ask: Ask) -> dict[str, Any]:
    _one(call)
    del _kept(call)[call.params["SelectionId"]]
    return {}
