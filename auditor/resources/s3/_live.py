"""S3's sub-configurations: what its API says on the left, CloudFormation's shape on the right, and back.

Each pair is lossless for what CloudFormation can say. Beyond it the API knows grants on a log's target and
the ids of notifications; both are named in the notes of their properties.

Lifecycle rules are nested there and flat in a template. A filter's parts (prefix, tags, sizes) stand beside each other
in a template; the API wants one of them alone or several inside `And`. The old form, a prefix outside any filter, reads
the same and is written back as a filter.
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
NOTIFIED = (
    ("LambdaConfigurations", "Function", "LambdaFunctionConfigurations", "LambdaFunctionArn"),
    ("QueueConfigurations", "Queue", "QueueConfigurations", "QueueArn"),
    ("TopicConfigurations", "Topic", "TopicConfigurations", "TopicArn"),
)


def read_notification(value: Json) -> Json:
    """The API groups events; a template has one entry for each."""
    out: dict[str, Json] = {}
    for ours, target, theirs, arn in NOTIFIED:
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


def write_notification(value: Json) -> Json:
    out: dict[str, Json] = {}
    for ours, target, theirs, arn in NOTIFIED:
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


_SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")


_SAME = ("Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")


_EXPIRATION = {"Days": "ExpirationInDays", "Date": "ExpirationDate"}


_MOVE = {"Days": "TransitionInDays", "Date": "TransitionDate"}


_OLD_MOVE = {"NoncurrentDays": "TransitionInDays"}


MINIMUM_SIZE = "TransitionDefaultMinimumObjectSize"


def read_lifecycle(value: Json) -> Json:
    rules = [_rule(each) for each in value.get("Rules") or []]
    if not rules:
        return ABSENT
    return {"Rules": rules, **({MINIMUM_SIZE: value[MINIMUM_SIZE]} if value.get(MINIMUM_SIZE) else {})}


def write_lifecycle(value: Json) -> Json:
    rules = [_api_rule(each) for each in value["Rules"]]
    return {"Rules": rules, **({MINIMUM_SIZE: value[MINIMUM_SIZE]} if MINIMUM_SIZE in value else {})}


def _rule(raw: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: raw[key] for key in _SAME if raw.get(key) is not None}
    if raw.get("ID"):
        out["Id"] = raw["ID"]
    out.update(_conditions(raw))
    out.update(renamed(raw.get("Expiration") or {}, _EXPIRATION))
    if raw.get("Transitions"):
        out["Transitions"] = [renamed(each, _MOVE) for each in raw["Transitions"]]
    if raw.get("NoncurrentVersionTransitions"):
        out["NoncurrentVersionTransitions"] = [renamed(each, _OLD_MOVE) for each in raw["NoncurrentVersionTransitions"]]
    return out


def _conditions(raw: Mapping[str, Json]) -> dict[str, Json]:
    filter_ = raw.get("Filter") or {}
    inner = filter_.get("And") or filter_
    out: dict[str, Json] = {}
    if prefix := inner.get("Prefix") or raw.get("Prefix"):
        out["Prefix"] = prefix
    if tags := inner.get("Tags") or ([inner["Tag"]] if inner.get("Tag") else []):
        out["TagFilters"] = [dict(tag) for tag in tags]
    out.update({size: str(inner[size]) for size in _SIZES if inner.get(size) is not None})
    return out


def _api_rule(rule: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: rule[key] for key in _SAME if key in rule}
    if "Id" in rule:
        out["ID"] = rule["Id"]
    out["Filter"] = _filter(rule)
    expiration = {old: rule[new] for old, new in _EXPIRATION.items() if new in rule}
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = rule["ExpiredObjectDeleteMarker"]
    if expiration:
        out["Expiration"] = expiration
    if "Transitions" in rule:
        out["Transitions"] = [_named_back(each, _MOVE) for each in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        moves = rule["NoncurrentVersionTransitions"]
        out["NoncurrentVersionTransitions"] = [_named_back(each, _OLD_MOVE) for each in moves]
    return out


def _named_back(value: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    return renamed(value, {new: old for old, new in names.items()})


def _filter(rule: Mapping[str, Json]) -> dict[str, Json]:
    parts: dict[str, Json] = {size: int(rule[size]) for size in _SIZES if size in rule}
    if "Prefix" in rule:
        parts["Prefix"] = rule["Prefix"]
    tags = rule.get("TagFilters", [])
    if not tags:
        return {"And": parts} if len(parts) > 1 else parts or {"Prefix": ""}
    if len(tags) == 1 and not parts:
        return {"Tag": tags[0]}
    return {"And": {**parts, "Tags": tags}}
