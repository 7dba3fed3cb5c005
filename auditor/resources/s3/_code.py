"""A bucket in code: Terraform's side resources in CloudFormation's shape, and what code leaves out."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.s3 import _live
from auditor.resources.shapes import parse_json
from auditor.resources.terraform import camel, first, many, shaped, wanted

_BUCKET = "AWS::S3::Bucket"
_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def block(value: Mapping[str, Json]) -> Json:
    """The four switches, off where the block leaves them out."""
    said = camel(value)
    return {name: said.get(name, False) for name in _BLOCK}


def door_block(value: Json) -> Json:
    """The four switches of an access point, on where the block leaves them out."""
    said = camel(first(value) or {})
    return {name: said.get(name, True) for name in _BLOCK}


def encryption(value: Json) -> Json:
    rules = []
    for each in many(value):
        said = first(each.get("apply_server_side_encryption_by_default")) or {}
        inner = {"SSEAlgorithm": said.get("sse_algorithm"), "KMSMasterKeyID": said.get("kms_master_key_id")}
        rules.append(
            {
                "BucketKeyEnabled": bool(each.get("bucket_key_enabled")),
                "ServerSideEncryptionByDefault": {key: text for key, text in inner.items() if text},
            }
        )
    return {"ServerSideEncryptionConfiguration": rules} if rules else ABSENT


def versioning(value: Json) -> Json:
    """Never versioned and suspended are one value, as for a live bucket."""
    status = (first(value) or {}).get("status")
    return {"Status": "Suspended" if status == "Disabled" else status} if status else ABSENT


def logging(value: Mapping[str, Json]) -> Json:
    found = {"DestinationBucketName": value.get("target_bucket"), "LogFilePrefix": value.get("target_prefix")}
    return {key: text for key, text in found.items() if text}


def cors(value: Mapping[str, Json]) -> Json:
    rules = {"CorsRules": value.get("cors_rule")}
    return shaped(
        rules, wanted(_BUCKET, "CorsConfiguration"), {"expose_headers": "ExposedHeaders", "max_age_seconds": "MaxAge"}
    )


def ownership(value: Mapping[str, Json]) -> Json:
    return {"Rules": [camel(each) for each in many(value.get("rule"))]}


def website(value: Mapping[str, Json]) -> Json:
    out: dict[str, Json] = {}
    if value.get("index_document"):
        out["IndexDocument"] = (first(value["index_document"]) or {}).get("suffix")
    if value.get("error_document"):
        out["ErrorDocument"] = (first(value["error_document"]) or {}).get("key")
    if value.get("redirect_all_requests_to"):
        out["RedirectAllRequestsTo"] = camel(first(value["redirect_all_requests_to"]) or {})
    rules = [_route(each) for each in many(value.get("routing_rule"))]
    text = parse_json(value.get("routing_rules") or "")
    if isinstance(text, list):
        rules += _live.read_website({"RoutingRules": text})["RoutingRules"]
    return {**out, "RoutingRules": rules} if rules else out or ABSENT


def _route(value: Mapping[str, Json]) -> dict[str, Json]:
    parts = {"RoutingRuleCondition": value.get("condition"), "RedirectRule": value.get("redirect")}
    return {name: camel(first(each)) for name, each in parts.items() if first(each)}


_NOTIFIED = (
    ("lambda_function", "lambda_function_arn", "LambdaConfigurations", "Function"),
    ("queue", "queue_arn", "QueueConfigurations", "Queue"),
    ("topic", "topic_arn", "TopicConfigurations", "Topic"),
)


def notification(value: Mapping[str, Json]) -> Json:
    """One entry for each event, as templates have it."""
    out: dict[str, Json] = {}
    for name, arn, ours, target in _NOTIFIED:
        entries = [
            {"Event": event, target: each.get(arn), **_filter(each)}
            for each in many(value.get(name))
            for event in many(each.get("events"))
        ]
        if entries:
            out[ours] = sorted(entries, key=str)
    if value.get("eventbridge"):
        out["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    return out or ABSENT


def _filter(each: Mapping[str, Json]) -> dict[str, Json]:
    rules = [
        {"Name": name, "Value": each[f"filter_{name}"]} for name in ("prefix", "suffix") if each.get(f"filter_{name}")
    ]
    return {"Filter": {"S3Key": {"Rules": rules}}} if rules else {}


def lifecycle(value: Mapping[str, Json]) -> Json:
    """Terraform's rules nest as the API's do, so they are read as those are."""
    smallest = value.get("transition_default_minimum_object_size")
    rules = [_rule(each) for each in many(value.get("rule"))]
    return _live.read_lifecycle({"Rules": rules, "TransitionDefaultMinimumObjectSize": smallest})


def _rule(each: Mapping[str, Json]) -> dict[str, Json]:
    ending, abort = first(each.get("expiration")) or {}, first(each.get("abort_incomplete_multipart_upload")) or {}
    days, marker = ending.get("days") or None, ending.get("expired_object_delete_marker") or None
    found = {
        "ID": each.get("id"),
        "Status": each.get("status"),
        "Prefix": each.get("prefix"),
        "Filter": _scope(first(each.get("filter")) or {}),
        "Expiration": {"Days": days, "Date": ending.get("date"), "ExpiredObjectDeleteMarker": marker},
        "Transitions": [camel(one) for one in many(each.get("transition"))],
        "NoncurrentVersionTransitions": [camel(one) for one in many(each.get("noncurrent_version_transition"))],
        "NoncurrentVersionExpiration": camel(first(each.get("noncurrent_version_expiration")) or {}) or None,
        "AbortIncompleteMultipartUpload": camel(abort) or None,
    }
    return {name: inner for name, inner in found.items() if inner not in (None, [])}


def _scope(said: Mapping[str, Json]) -> dict[str, Json]:
    """Prefix, tags and sizes, beside each other or inside `and`."""
    inner = first(said.get("and")) or said
    tags = inner.get("tags") or {}
    tag = first(inner.get("tag"))
    # The provider plans 0 for a size that is not said.
    sizes = camel({name: inner.get(name) or None for name in ("object_size_greater_than", "object_size_less_than")})
    pairs = [{"Key": key, "Value": text} for key, text in sorted(tags.items())]
    if tag:
        pairs.append({"Key": tag.get("key"), "Value": tag.get("value")})
    return {"Prefix": inner.get("prefix"), "Tags": pairs, **sizes}


def acl(value: Mapping[str, Json]) -> Json:
    """The grants that a block says, one by one or by the name of a canned list."""
    said = first(value.get("access_control_policy"))
    if not said:
        return canned({"AccessControl": value.get("acl")})
    owner = first(said.get("owner")) or {}
    grants = [
        {
            "Grantee": {
                name: text
                for name, text in (
                    ("ID", who.get("id")),
                    ("Type", who.get("type")),
                    ("URI", who.get("uri")),
                    ("EmailAddress", who.get("email_address")),
                )
                if text
            },
            "Permission": each.get("permission"),
        }
        for each in many(said.get("grant"))
        for who in many(each.get("grantee"))
    ]
    return {"Owner": {"ID": owner.get("id")}, "Grants": sorted(grants, key=str)}


def tidy_lifecycle(value: Json) -> Json:
    """The plural forms of what a template may also say in the singular, and S3's own choice of the smallest object."""
    return {
        _live.MINIMUM_SIZE: "all_storage_classes_128K",
        **value,
        "Rules": [_tidy_rule(each) for each in value["Rules"]],
    }


def _tidy_rule(rule: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: inner for key, inner in rule.items() if inner not in ("", [])}
    for old, new in (("Transition", "Transitions"), ("NoncurrentVersionTransition", "NoncurrentVersionTransitions")):
        if old in out:
            out[new] = [*out.get(new, []), out.pop(old)]
    if "NoncurrentVersionExpirationInDays" in out:
        out["NoncurrentVersionExpiration"] = {"NoncurrentDays": out.pop("NoncurrentVersionExpirationInDays")}
    return out


# How `sources/references.py` spells a value that nobody can know.
_OWNER = "${? the owner's canonical ID is known only to AWS}"


_GROUPS = "http://acs.amazonaws.com/groups/"
_EVERYBODY, _ANY_ACCOUNT = "global/AllUsers", "global/AuthenticatedUsers"


_CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "private": (),
    "publicread": ((_EVERYBODY, "READ"),),
    "publicreadwrite": ((_EVERYBODY, "READ"), (_EVERYBODY, "WRITE")),
    "authenticatedread": ((_ANY_ACCOUNT, "READ"),),
    "logdeliverywrite": (("s3/LogDelivery", "READ_ACP"), ("s3/LogDelivery", "WRITE")),
    "bucketownerread": (),
    "bucketownerfullcontrol": (),
}


def canned(values: Mapping[str, Json]) -> Json:
    """The grants of `AccessControl`, in a template's spelling or in the API's."""
    name = values.get("AccessControl")
    if not isinstance(name, str):
        return ABSENT
    if "${" in name:
        return name
    groups = _CANNED.get(name.replace("-", "").lower())
    if groups is None:
        return ABSENT
    owner = {"Grantee": {"ID": _OWNER, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    given = [
        {"Grantee": {"Type": "Group", "URI": _GROUPS + group}, "Permission": permission} for group, permission in groups
    ]
    return {"Owner": {"ID": _OWNER}, "Grants": [owner, *given]}


def tidy_block(value: Json) -> Json:
    return {name: value.get(name, False) for name in _BLOCK}


def tidy_encryption(value: Json) -> Json:
    rules = value.get("ServerSideEncryptionConfiguration") or []
    return {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": False, **rule} for rule in rules]}


def tidy_logging(value: Json) -> Json:
    return {name: inner for name, inner in value.items() if inner != ""}


def tidy_notification(value: Json) -> Json:
    """Notifications have no order, and neither have the two rules of a filter."""
    out = dict(value)
    for ours, target, _, _ in _live.NOTIFIED:
        entries = [_tidy_filter(each) for each in value.get(ours) or []]
        if entries:
            out[ours] = sorted(entries, key=lambda entry: (entry["Event"], str(entry.get(target)), str(entry)))
    return out


def _tidy_filter(entry: Mapping[str, Json]) -> dict[str, Json]:
    rules = ((entry.get("Filter") or {}).get("S3Key") or {}).get("Rules") or []
    plain = [{"Name": str(rule["Name"]).lower(), "Value": rule["Value"]} for rule in rules]
    rest = {key: inner for key, inner in entry.items() if key != "Filter"}
    return {**rest, "Filter": {"S3Key": {"Rules": sorted(plain, key=lambda rule: rule["Name"])}}} if plain else rest
