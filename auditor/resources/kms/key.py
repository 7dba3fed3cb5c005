"""KMS keys. A key that AWS manages is told by `KeyManager`, which only the single read knows."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Beside, Call, Join, Json, Prop, Resource, ResourceType
from auditor.resources.shapes import pick
from auditor.resources.terraform import said

_KEY = {"KeyId": "{id}"}
_DESCRIBE = Call("describe_key", _KEY, out="KeyMetadata")
_ROTATION = Call(
    "get_key_rotation_status",
    _KEY,
    # Asymmetric, HMAC and imported keys cannot rotate by themselves; one about to be deleted does not either.
    absent=("UnsupportedOperationException", "KMSInvalidStateException"),
)

_GRANT = (
    "GrantId",
    "Name",
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "RetiringPrincipal",
    "Operations",
    "Constraints",
)


def _grants(value: Json) -> Json:
    """Who may use the key besides those whom its policy lets; when a grant was made says nothing about that."""
    return [pick(each, *_GRANT) for each in value]


def _implied(key: Resource, _: Beside) -> Iterator[tuple[str, Json]]:
    """What code declares is a customer's key: those of AWS come by themselves."""
    if "KeyManager" in key.unknown:
        yield "KeyManager", "CUSTOMER"
    if "KeyState" in key.unknown and "Enabled" not in key.unknown:
        yield "KeyState", "Disabled" if key.properties.get("Enabled") is False else "Enabled"
    rotates = key.properties.get("EnableKeyRotation") is True and "RotationPeriodInDays" not in key.unknown
    if rotates and "RotationPeriodInDays" not in key.properties:
        yield "RotationPeriodInDays", 365  # a year, where nobody says another period


TYPE = ResourceType(
    cfn="AWS::KMS::Key",
    service="kms",
    list=Call("list_keys", out="Keys"),
    id="KeyId",
    arn="KeyArn",
    terraform=("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"),
    folds=("aws_kms_key_policy",),
    joins=(Join("aws_kms_key_policy", "key_id", "KeyPolicy", said("policy")),),
    alone=("KeyPolicy",),
    implied=_implied,
    aws_made="KeyManager == 'AWS'",
    tags_call=Call("list_resource_tags", _KEY, out="Tags[].{Key: TagKey, Value: TagValue}"),
    props=(
        Prop("Arn", "KeyArn"),
        Prop("KeyId"),
        Prop(
            "KeyManager", "KeyManager", _DESCRIBE, absent="unknown", tf="-", ours="read-only attribute: AWS or CUSTOMER"
        ),
        Prop(
            "KeyState",
            "KeyState",
            _DESCRIBE,
            absent="unknown",
            tf="-",
            ours="read-only attribute: pending deletion shows only here",
        ),
        Prop(
            "KeySpec",
            "KeySpec",
            _DESCRIBE,
            tf="customer_master_key_spec",
            default="SYMMETRIC_DEFAULT",
            absent="unknown",
        ),
        Prop("KeyUsage", "KeyUsage", _DESCRIBE, default="ENCRYPT_DECRYPT", absent="unknown"),
        Prop("Origin", "Origin", _DESCRIBE, tf="@", tf_read=said("origin"), default="AWS_KMS", absent="unknown"),
        Prop("MultiRegion", "MultiRegion", _DESCRIBE, default=False, absent="unknown"),
        Prop("Description", "Description", _DESCRIBE, default=""),
        Prop(
            "Enabled",
            "Enabled",
            _DESCRIBE,
            tf="is_enabled",
            default=True,
            absent="unknown",
            set=Call("enable_key", _KEY),
            unset=Call("disable_key", _KEY),
            risk="interrupts",
            note="Data that is encrypted with a disabled key cannot be decrypted.",
        ),
        Prop(
            "EnableKeyRotation",
            call=_ROTATION,
            live="KeyRotationEnabled",
            default=False,
            absent="unknown",
            set=Call("enable_key_rotation", _KEY),
            unset=Call("disable_key_rotation", _KEY),
            note="Earlier key material is kept, so existing data can still be decrypted.",
        ),
        Prop("RotationPeriodInDays", call=_ROTATION, live="RotationPeriodInDays", absent="not set"),
        Prop(
            "Grants",
            call=Call("list_grants", _KEY, out="Grants"),
            read=_grants,
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            ours="read-only attribute: services and programs create and retire them while they run",
        ),
        Prop(
            "KeyPolicy",
            call=Call("get_key_policy", {**_KEY, "PolicyName": "default"}, out="Policy"),
            kind="json",
            tf="policy",
            same="policy",
            always=True,
            set=Call("put_key_policy", {**_KEY, "PolicyName": "default", "Policy": "{value}"}),
            risk="interrupts",
        ),
    ),
)
