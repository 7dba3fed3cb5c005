"""S3: buckets as AWS has made them since 2023, and the public access block that means what it says.

A new bucket is encrypted (SSE-S3), blocks public access and knows no access control lists; deleting the
encryption falls back to SSE-S3, it never ends it. A public policy is refused while BlockPublicPolicy is on,
of the bucket or of the account. Moto has none of it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf

SSE_S3 = {
    "Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False},
    ]
}
BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
# Conditions which, on a fixed value, keep a policy for everybody from being public.
NARROWING = frozenset(
    f"aws:{key}"
    for key in (
        *("principalaccount", "principalarn", "principalorgid", "principalorgpaths", "sourceaccount", "sourcearn"),
        *("sourceip", "sourceorgid", "sourceowner", "sourcevpc", "sourcevpce", "userid", "vpcsourceip"),
    )
)


def backend(call: Call) -> Any:
    from moto.s3.models import s3_backends

    return s3_backends[call.account]["aws"]


def block(settings: dict[str, Any]) -> Any:
    from moto.s3.models import PublicAccessBlock

    return PublicAccessBlock(*(str(settings.get(name, False)).lower() for name in BLOCKED))


def is_public(policy: str) -> bool:
    """Whether S3 calls a bucket policy public: everybody may, and no condition with a fixed value narrows it."""
    try:
        document = json.loads(policy)
    except ValueError:
        return False
    statements = document.get("Statement") or []
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, dict) else principal
        everybody = "*" in ([named] if isinstance(named, str) else named or [])
        if statement.get("Effect") == "Allow" and everybody and not narrowed(statement.get("Condition") or {}):
            return True
    return False


def narrowed(condition: dict[str, Any]) -> bool:
    for operator, tests in condition.items():
        if "not" in operator.lower() or operator.lower().endswith("ifexists"):
            continue
        for key, values in tests.items():
            fixed = [values] if isinstance(values, str) else values
            if key.lower() in NARROWING and not any(wide(str(value)) for value in fixed):
                return True
    return False


def wide(value: str) -> bool:
    return value in ("*", "0.0.0.0/0", "::/0") or value.startswith("arn:aws:*")


@corrects("s3", "CreateBucket")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    known = call.params["Bucket"] in backend(call).buckets
    answer = ask(call)
    if not known:
        bucket = backend(call).buckets[call.params["Bucket"]]
        bucket.public_access_block = block(dict.fromkeys(BLOCKED, True))
        bucket.ownership_rule = call.params.get("ObjectOwnership", "BucketOwnerEnforced")
    return answer


@corrects("s3", "GetBucketEncryption")
def encryption(call: Call, ask: Ask) -> dict[str, Any]:
    bucket = backend(call).buckets.get(call.params["Bucket"])
    if bucket is not None and not bucket.encryption:
        return {"ServerSideEncryptionConfiguration": SSE_S3}
    return ask(call)


@corrects("s3", "PutBucketPolicy")
def put_policy(call: Call, ask: Ask) -> dict[str, Any]:
    bucket = backend(call).buckets.get(call.params["Bucket"])
    blocks = [bucket.public_access_block if bucket else None, account_block(call)]
    if is_public(call.params["Policy"]) and any(b and on(b.block_public_policy) for b in blocks):
        raise Refusal(
            "AccessDenied",
            f"User: arn:aws:iam::{call.account}:root is not authorized to perform: s3:PutBucketPolicy because "
            "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
            403,
        )
    return ask(call)


def account_block(call: Call) -> Any:
    from moto.s3control.models import s3control_backends

    return s3control_backends[call.account]["aws"].public_access_block


def on(value: Any) -> bool:
    return str(value).lower() == "true"


@corrects("s3", "GetBucketPolicyStatus")
def policy_status(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    bucket = backend(call).buckets[call.params["Bucket"]]
    restricted = any(b and on(b.restrict_public_buckets) for b in (bucket.public_access_block, account_block(call)))
    public = is_public(bucket.policy.decode()) and not restricted
    return answer | {"PolicyStatus": {"IsPublic": public}}


@corrects("s3", "PutBucketNotificationConfiguration")
def put_notification(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    to_events = call.params["NotificationConfiguration"].get("EventBridgeConfiguration") is not None
    shelf(call, "to-events")[call.params["Bucket"]] = to_events
    return answer


@corrects("s3", "GetBucketNotificationConfiguration")
def notification(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto forgets that a bucket tells EventBridge."""
    answer = ask(call)
    if shelf(call, "to-events").get(call.params["Bucket"]):
        answer["EventBridgeConfiguration"] = {}
    return answer


@corrects("s3", "ListBuckets")
def list_buckets(call: Call, ask: Ask) -> dict[str, Any]:
    """Regions are told when the request has any parameter, as AWS does; prefix, region and pages are honoured."""
    params = call.params
    told = any(params.get(name) for name in ("MaxBuckets", "Prefix", "BucketRegion", "ContinuationToken"))
    found = [
        {"Name": name, "CreationDate": bucket.creation_date} | ({"BucketRegion": bucket.region_name} if told else {})
        for name, bucket in sorted(backend(call).buckets.items())
        if name.startswith(params.get("Prefix") or "") and params.get("BucketRegion") in (None, bucket.region_name)
    ]
    start, size = int(params.get("ContinuationToken") or 0), int(params.get("MaxBuckets") or 10_000)
    answer = {"Buckets": found[start : start + size], "Owner": {"ID": canonical(call.account)}}
    return answer | ({"ContinuationToken": str(start + size)} if start + size < len(found) else {})


def canonical(account: str) -> str:
    """The canonical user of an account: the same in every answer."""
    return hashlib.sha256(account.encode()).hexdigest()


# Parts of a bucket that moto has not got. It would take a request for them for one about the bucket itself:
# a list of objects in place of an answer, and a bucket deleted in place of a part of it.
LACKING = ("Analytics", "IntelligentTiering", "Metrics")


def none_of(call: Call, ask: Ask) -> dict[str, Any]:
    return {"IsTruncated": False}


def no_such(call: Call, ask: Ask) -> dict[str, Any]:
    raise Refusal("NoSuchConfiguration", "The specified configuration does not exist.", 404)


def not_here(call: Call, ask: Ask) -> dict[str, Any]:
    raise Refusal("NotImplemented", f"the sandbox has no {call.operation}", 501)


for _part in LACKING:
    corrects("s3", f"ListBucket{_part}Configurations")(none_of)
    corrects("s3", f"GetBucket{_part}Configuration")(no_such)
    corrects("s3", f"PutBucket{_part}Configuration", f"DeleteBucket{_part}Configuration")(not_here)
corrects(
    "s3",
    "CreateBucketMetadataConfiguration",
    "CreateBucketMetadataTableConfiguration",
    "CreateSession",
    "DeleteBucketInventoryConfiguration",
    "DeleteBucketMetadataConfiguration",
    "DeleteBucketMetadataTableConfiguration",
    "PutBucketAbac",
    "PutBucketRequestPayment",
    "UpdateBucketMetadataAnnotationTableConfiguration",
    "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration",
)(not_here)
