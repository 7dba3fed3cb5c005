"""KMS: rotation periods, and keys of AWS that say so.

`alias/aws/...` names a key of AWS (KeyManager AWS, rotated every year, nobody's to change). Moto makes it a
customer's key, and lists a target for aliases whose key does not exist yet, where AWS lists none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf

YEAR = 365


def patch() -> None:
    from moto.kms.models import KmsBackend

    KmsBackend.create_alias = made_by_aws(KmsBackend.create_alias)


def made_by_aws(original: Any) -> Any:
    """Whoever makes it (KMS itself, EBS on the first encrypted volume), a key named `alias/aws/...` is AWS's."""

    def create_alias(backend: Any, target_key_id: str, alias_name: str) -> Any:
        made = original(backend, target_key_id, alias_name)
        if alias_name.startswith("alias/aws/"):
            key = backend.keys[backend.get_key_id(target_key_id)]
            key.key_manager, key.key_rotation_status = "AWS", True
            service = alias_name.rpartition("/")[2]
            key.description = f"Default key that protects my {service} data when no other key is defined"
        return made

    return create_alias


def key_of(call: Call) -> Any:
    from moto.kms.models import kms_backends

    backend = kms_backends[call.account][call.region]
    return backend.keys[backend.get_key_id(call.params["KeyId"])]


@corrects("kms", "DescribeKey")
def describe(call: Call, ask: Ask) -> dict[str, Any]:
    """A key that another service of moto made has no usage of its own, and does not say that it is of one region."""
    answer = ask(call)
    key = answer["KeyMetadata"]
    key["KeyUsage"] = key.get("KeyUsage") or "ENCRYPT_DECRYPT"
    key["MultiRegion"] = bool(key.get("MultiRegion"))
    return answer


@corrects("kms", "EnableKeyRotation")
def enable(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "rotation")[key_of(call).id] = call.params.get("RotationPeriodInDays", YEAR)
    return answer


@corrects("kms", "DisableKeyRotation")
def disable(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "rotation").pop(key_of(call).id, None)
    return answer


@corrects("kms", "GetKeyRotationStatus")
def status(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    key = key_of(call)
    if answer["KeyRotationEnabled"]:
        days = shelf(call, "rotation").get(key.id, YEAR)
        made = datetime.fromtimestamp(int(key.creation_date), UTC)
        answer |= {"RotationPeriodInDays": days, "NextRotationDate": made + timedelta(days=days)}
    return answer | {"KeyId": key.id}


@corrects("kms", "ListAliases")
def aliases(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.kms.models import kms_backends

    keys = kms_backends[call.account][call.region].keys
    answer = ask(call)
    for alias in answer["Aliases"]:
        if alias.get("TargetKeyId") not in keys:
            alias.pop("TargetKeyId", None)
    return answer
