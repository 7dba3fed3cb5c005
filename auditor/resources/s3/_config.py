"""S3's sub-configurations: what its API says on the left, CloudFormation's shape on the right, and back.

Each pair is lossless for what CloudFormation can say. Beyond it the API knows grants on a log's target and
the ids of notifications; both are named in the notes of their properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json

_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
NOTHING_BLOCKED = dict.fromkeys(_BLOCK, False)
SSE_S3 = {
    "ServerSideEncryptionConfiguration": [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    ]
}


def renamed(value: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """`value` with its members renamed; what is null stays out."""
    return {names.get(key, key): inner for key, inner in value.items() if inner is not None}


def _back(names: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}


def read_block(value: Json) -> Json:
    """The four switches; S3 leaves out those that nobody set."""
    return {name: bool(value.get(name)) for name in _BLOCK}


def tidy_block(value: Json) -> Json:
    return {name: value.get(name, False) for name in _BLOCK}


def tidy_encryption(value: Json) -> Json:
    rules = value.get("ServerSideEncryptionConfiguration") or []
    return {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": False, **rule} for rule in rules]}


def tidy_logging(value: Json) -> Json:
    return {name: inner for name, inner in value.items() if inner != ""}


def read_versioning(value: Json) -> Json:
    """A bucket that never had versioning answers with nothing at all."""
    return {"Status": value["Status"]} if value.get("Status") else ABSENT


_ENCRYPTION = {"ApplyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault"}


def read_encryption(value: Json) -> Json:
    rules = [{"BucketKeyEnabled": False, **renamed(rule, _ENCRYPTION)} for rule in value.get("Rules") or []]
    return {"ServerSideEncryptionConfiguration": rules} if rules else ABSENT


def write_encryption(value: Json) -> Json:
    return {"Rules": [renamed(rule, _back(_ENCRYPTION)) for rule in value["ServerSideEncryptionConfiguration"]]}


_LOGGING = {"TargetBucket": "DestinationBucketName", "TargetPrefix": "LogFilePrefix"}


def read_logging(value: Json) -> Json:
    kept = {key: inner for key, inner in value.items() if key != "TargetGrants" and inner != ""}
    return renamed(kept, _LOGGING)


def write_logging(value: Json) -> Json:
    return {"TargetPrefix": "", **renamed(value, _back(_LOGGING))}


_CORS = {"ID": "Id", "ExposeHeaders": "ExposedHeaders", "MaxAgeSeconds": "MaxAge"}


def read_cors(value: Json) -> Json:
    rules = [renamed(rule, _CORS) for rule in value.get("CORSRules") or []]
    return {"CorsRules": rules} if rules else ABSENT


def write_cors(value: Json) -> Json:
    return {"CORSRules": [renamed(rule, _back(_CORS)) for rule in value["CorsRules"]]}


_ROUTING = {"Condition": "RoutingRuleCondition", "Redirect": "RedirectRule"}


def read_website(value: Json) -> Json:
    out: dict[str, Json] = {}
    if value.get("IndexDocument"):
        out["IndexDocument"] = value["IndexDocument"]["Suffix"]
    if value.get("ErrorDocument"):
        out["ErrorDocument"] = value["ErrorDocument"]["Key"]
    if value.get("RedirectAllRequestsTo"):
        out["RedirectAllRequestsTo"] = dict(value["RedirectAllRequestsTo"])
    if value.get("RoutingRules"):
        out["RoutingRules"] = [renamed(rule, _ROUTING) for rule in value["RoutingRules"]]
    return out or ABSENT


def write_website(value: Json) -> Json:
    out: dict[str, Json] = {}
    if "IndexDocument" in value:
        out["IndexDocument"] = {"Suffix": value["IndexDocument"]}
    if "ErrorDocument" in value:
        out["ErrorDocument"] = {"Key": value["ErrorDocument"]}
    if "RedirectAllRequestsTo" in value:
        out["RedirectAllRequestsTo"] = dict(value["RedirectAllRequestsTo"])
    if "RoutingRules" in value:
        out["RoutingRules"] = [renamed(rule, _back(_ROUTING)) for rule in value["RoutingRules"]]
    return out


# CloudFormation's list, the member that names the target there, the API's list and its member.
_NOTIFIED = (
    ("LambdaConfigurations", "Function", "LambdaFunctionConfigurations", "LambdaFunctionArn"),
    ("QueueConfigurations", "Queue", "QueueConfigurations", "QueueArn"),
    ("TopicConfigurations", "Topic", "TopicConfigurations", "TopicArn"),
)


def read_notification(value: Json) -> Json:
    """The API groups events; a template has one entry for each."""
    out: dict[str, Json] = {}
    for ours, target, theirs, arn in _NOTIFIED:
        entries = [
            {"Event": event, target: each[arn], **_read_filter(each)}
            for each in value.get(theirs) or []
            for event in each.get("Events") or []
        ]
        if entries:
            out[ours] = sorted(entries, key=lambda entry: (entry["Event"], str(entry[target]), str(entry)))
    if value.get("EventBridgeConfiguration") is not None:
        out["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    return out or ABSENT


def tidy_notification(value: Json) -> Json:
    """Notifications have no order, and neither have the two rules of a filter."""
    out = dict(value)
    for ours, target, _, _ in _NOTIFIED:
        entries = [_tidy_filter(each) for each in value.get(ours) or []]
        if entries:
            out[ours] = sorted(entries, key=lambda entry: (entry["Event"], str(entry.get(target)), str(entry)))
    return out


def _tidy_filter(entry: Mapping[str, Json]) -> dict[str, Json]:
    rules = ((entry.get("Filter") or {}).get("S3Key") or {}).get("Rules") or []
    plain = [{"Name": str(rule["Name"]).lower(), "Value": rule["Value"]} for rule in rules]
    rest = {key: inner for key, inner in entry.items() if key != "Filter"}
    return {**rest, "Filter": {"S3Key": {"Rules": sorted(plain, key=lambda rule: rule["Name"])}}} if plain else rest


def write_notification(value: Json) -> Json:
    out: dict[str, Json] = {}
    for ours, target, theirs, arn in _NOTIFIED:
        if value.get(ours):
            out[theirs] = [
                {arn: each[target], "Events": [each["Event"]], **_write_filter(each)} for each in value[ours]
            ]
    if value.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled"):
        out["EventBridgeConfiguration"] = {}
    return out


def _read_filter(entry: Mapping[str, Json]) -> dict[str, Json]:
    rules = ((entry.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []
    plain = [{"Name": str(rule["Name"]).lower(), "Value": rule["Value"]} for rule in rules]
    return {"Filter": {"S3Key": {"Rules": plain}}} if plain else {}


def _write_filter(entry: Mapping[str, Json]) -> dict[str, Json]:
    rules = entry.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}


def grants(value: Json) -> Json:
    """An access control list without display names, which S3 is about to stop telling."""
    kept = [
        {"Grantee": _nameless(each.get("Grantee") or {}), "Permission": each.get("Permission")}
        for each in value.get("Grants") or []
    ]
    return {"Owner": _nameless(value.get("Owner") or {}), "Grants": sorted(kept, key=str)}


def _nameless(who: Mapping[str, Json]) -> dict[str, Json]:
    return dict(_told(who))


def _told(who: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    return ((key, inner) for key, inner in sorted(who.items()) if key != "DisplayName" and inner)
