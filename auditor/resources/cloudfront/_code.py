"""Distributions in code: from Terraform's flat resource to a template's nested configuration, and its one spelling.

CloudFront answers with every member; a template and Terraform leave out what they do not change. What AWS's
documentation says of a member left out is put in here (`with_defaults`). Origins, error responses, custom headers and
associations have no order: CloudFront and Terraform keep them as sets, so they are ordered by what tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.cloudfront._live import unquantified
from auditor.resources.terraform import first, many, shaped, wanted

_RENAMED = {
    "ordered_cache_behavior": "CacheBehaviors",
    "origin_id": "Id",
    "custom_header": "OriginCustomHeaders",
    "is_ipv6_enabled": "IPV6Enabled",
    "logging_config": "Logging",
    "lambda_arn": "LambdaFunctionARN",
    "response_page_path": "ResponsePagePath",
    "name": "HeaderName",
    "value": "HeaderValue",
}
_SETS = ("AllowedMethods", "CachedMethods", "OriginSSLProtocols", "Locations", "Aliases")


def distribution(value: Mapping[str, Json]) -> Json:
    """The configuration as the API would answer it and a template say it."""
    out: dict[str, Json] = shaped(dict(value), wanted("AWS::CloudFront::Distribution", "DistributionConfig"), _RENAMED)
    for origin in out.get("Origins", []):
        if "CustomOriginConfig" not in origin:
            origin.setdefault("S3OriginConfig", {})
    for behavior in (out.get("DefaultCacheBehavior", {}), *out.get("CacheBehaviors", ())):
        if "CachePolicyId" in behavior:
            behavior.pop("MinTTL", None)  # a plan says 0 for what only counts where no cache policy does
    if out.get("Staging") is False:
        del out["Staging"]
    groups = [_group(each) for each in many(value.get("origin_group"))]
    if groups:
        out["OriginGroups"] = {"Quantity": len(groups), "Items": groups}
    return _sorted(out)


def _group(value: Mapping[str, Json]) -> dict[str, Json]:
    codes = many((first(value.get("failover_criteria")) or {}).get("status_codes"))
    members = [{"OriginId": each.get("origin_id")} for each in many(value.get("member"))]
    return {
        "Id": value.get("origin_id"),
        "FailoverCriteria": {"StatusCodes": {"Quantity": len(codes), "Items": codes}},
        "Members": {"Quantity": len(members), "Items": members},
    }


def function(value: Mapping[str, Json]) -> Json:
    """A function's settings; Terraform names the stores by their ARNs alone."""
    stores = [{"KeyValueStoreARN": arn} for arn in many(value.get("key_value_store_associations"))]
    said = {"Comment": value.get("comment"), "Runtime": value.get("runtime"), "KeyValueStoreAssociations": stores}
    return {name: inner for name, inner in said.items() if inner not in (None, "", [])}


def _sorted(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {
            key: sorted(inner, key=str) if key in _SETS and isinstance(inner, list) else _sorted(inner)
            for key, inner in value.items()
        }
    return [_sorted(each) for each in value] if isinstance(value, list) else value


_READ_METHODS = ["GET", "HEAD"]


_CONFIG: Mapping[str, Json] = {
    "PriceClass": "PriceClass_All",
    "Staging": False,
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none"}},
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
}


_ORIGIN: Mapping[str, Json] = {"ConnectionAttempts": 3, "ConnectionTimeout": 10, "OriginShield": {"Enabled": False}}


_CUSTOM: Mapping[str, Json] = {
    "HTTPPort": 80,
    "HTTPSPort": 443,
    "OriginReadTimeout": 30,
    "OriginKeepaliveTimeout": 5,
}


_S3: Mapping[str, Json] = {"OriginReadTimeout": 30}


_BEHAVIOR: Mapping[str, Json] = {
    "AllowedMethods": _READ_METHODS,
    "CachedMethods": _READ_METHODS,
    "Compress": False,
    "SmoothStreaming": False,
    "GrpcConfig": {"Enabled": False},
}


_OLD_CACHING = ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL")  # a cache policy stands instead of these


_DEFAULT_CERTIFICATE = {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"}


def plain(value: Json) -> Json:
    """A value without what is not set, lists of plain values in order."""
    if isinstance(value, Mapping):
        kept = {key: plain(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, "", []) or key == "HeaderValue"}
    if isinstance(value, list):
        out = [plain(each) for each in value]
        return sorted(out, key=str) if all(isinstance(each, (str, int)) for each in out) else out
    return value


def headers(value: Json) -> Json:
    """A response headers policy, where an empty list of items is none."""
    return plain(unquantified(value))


def with_defaults(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    out: dict[str, Json] = {**_CONFIG, **plain(value)}
    if "HttpVersion" in out:
        out["HttpVersion"] = str(out["HttpVersion"]).lower()
    if isinstance(out["ViewerCertificate"], Mapping) and out["ViewerCertificate"].get("CloudFrontDefaultCertificate"):
        # CloudFront's own certificate: whatever else is said, viewers may use any protocol from TLSv1 on.
        out["ViewerCertificate"] = dict(_DEFAULT_CERTIFICATE)
    if isinstance(out.get("Logging"), Mapping):
        out["Logging"] = {"IncludeCookies": False, **out["Logging"]}
    _each(out, "Origins", "Id", _origin)
    _each(out, "CustomErrorResponses", "ErrorCode", dict)
    if isinstance(out.get("DefaultCacheBehavior"), Mapping):
        out["DefaultCacheBehavior"] = _behavior(out["DefaultCacheBehavior"])
    _each(out, "CacheBehaviors", "", _behavior)
    return out


def _each(value: dict[str, Json], name: str, key: str, tidy: Json) -> None:
    """Tidy the elements of a list, where it is one, and order them by a key, where there is one."""
    if not isinstance(value.get(name), list):
        return
    value[name] = [tidy(each) if isinstance(each, Mapping) else each for each in value[name]]
    if key:
        value[name].sort(key=lambda each: str(each.get(key, "")) if isinstance(each, Mapping) else "")


def _origin(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {**_ORIGIN, **value}
    for name, defaults in (("CustomOriginConfig", _CUSTOM), ("S3OriginConfig", _S3)):
        if isinstance(out.get(name), Mapping):
            out[name] = {**defaults, **out[name]}
    _each(out, "OriginCustomHeaders", "HeaderName", dict)
    return out


def _behavior(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {**_BEHAVIOR, **value}
    if out.get("CachePolicyId"):
        out = {key: inner for key, inner in out.items() if key not in _OLD_CACHING}
    _each(out, "FunctionAssociations", "EventType", dict)
    _each(out, "LambdaFunctionAssociations", "EventType", _function)
    return out


def _function(value: Mapping[str, Json]) -> dict[str, Json]:
    return {"IncludeBody": False, **value}
