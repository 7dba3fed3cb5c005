"""The one spelling of a distribution's configuration, whatever source said it.

CloudFront answers with every member; a template and Terraform leave out what they do not change. What AWS's
documentation says of a member left out is put in here. Origins, error responses, custom headers and associations have
no order: CloudFront and Terraform keep them as sets, so they are ordered by what tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.cloudfront._config import unquantified

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


def distribution(value: Json) -> Json:
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
