"""EFS: three operations that moto has not."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects


def system_of(call: Call) -> Any:
    from moto.efs.models import efs_backends

    return efs_backends[call.account][call.region].file_systems_by_id[call.params["FileSystemId"]]


@corrects("efs", "UpdateFileSystem")
def update(call: Call, ask: Ask) -> dict[str, Any]:
    system = system_of(call)
    system.throughput_mode = call.params.get("ThroughputMode", system.throughput_mode)
    system.provisioned_throughput_in_mibps = call.params.get("ProvisionedThroughputInMibps")
    answer: dict[str, Any] = system.info_json()
    return answer


@corrects("efs", "PutBackupPolicy")
def put_backups(call: Call, ask: Ask) -> dict[str, Any]:
    system_of(call)._backup = call.params["BackupPolicy"]["Status"] == "ENABLED"
    return {"BackupPolicy": call.params["BackupPolicy"]}


@corrects("efs", "DeleteFileSystemPolicy")
def delete_policy(call: Call, ask: Ask) -> dict[str, Any]:
    system_of(call).file_system_policy = None
    return {}
