"""A distribution's configuration between CloudFront's API and CloudFormation.

`read` goes from the API's form to a template's, `write` back. What differs: lists come in `{Quantity,
Items}` (templates keep that for origin groups only), a few names are spelled differently, cached methods sit
inside the allowed ones, country codes inside the restriction, logging that is off is said in words, and an
error's response code is text. Empty texts and empty lists mean "not set" and vanish. Members that this file
has never heard of pass both ways untouched, so that an edit does not lose what AWS adds next year. Lists of
plain values mean sets and are sorted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from auditor.model import Json

ETAG = "ETag"  # where an answer carries the tag that an update must show

RENAMES = {
    "OriginCustomHeaders": "CustomHeaders",
    "OriginSSLProtocols": "OriginSslProtocols",
    "AcmCertificateArn": "ACMCertificateArn",
    "IamCertificateId": "IAMCertificateId",
    "SslSupportMethod": "SSLSupportMethod",
    "IPV6Enabled": "IsIPV6Enabled",
}
_CANONICAL = {live: name for name, live in RENAMES.items()}
_DROPPED = {"CallerReference", "Certificate", "CertificateSource"}  # not configuration, or said again elsewhere
_PLAIN_LISTS = {"ParameterDefinitions"}  # the one list that the API does not wrap

_NONE: dict[str, Json] = {"Quantity": 0}
_NO_SIGNERS: dict[str, Json] = {"Enabled": False, "Quantity": 0}
_NO_LOGGING: dict[str, Json] = {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""}
# How the API says "not set", for what an update must repeat or lose.
_UNSET: dict[str, Json] = {
    "Aliases": _NONE,
    "CacheBehaviors": _NONE,
    "CustomErrorResponses": _NONE,
    "OriginGroups": _NONE,
    "Comment": "",
    "DefaultRootObject": "",
    "WebACLId": "",
    "Logging": _NO_LOGGING,
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
}
_UNSET_BEHAVIOR: dict[str, Json] = {
    "TrustedSigners": _NO_SIGNERS,
    "TrustedKeyGroups": _NO_SIGNERS,
    "LambdaFunctionAssociations": _NONE,
    "FunctionAssociations": _NONE,
    "FieldLevelEncryptionId": "",
}
_UNSET_ORIGIN: dict[str, Json] = {"OriginPath": "", "CustomHeaders": _NONE, "OriginAccessControlId": ""}

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d+"
_S3_HOST = re.compile(
    rf"(?P<bucket>.+)\.s3(?:(?:-website)?[.-]{_REGION}|\.dualstack\.{_REGION}|-accelerate(?:\.dualstack)?)?"
    r"\.amazonaws\.com(?:\.cn)?"
)


def origin(domain: Json) -> list[str]:
    """What an origin's host name refers to: the bucket when it is one of S3's names for a bucket, else the host."""
    if not isinstance(domain, str) or not domain:
        return []
    host = domain.lower().rstrip(".")
    bucket = _S3_HOST.fullmatch(host)
    return [bucket["bucket"]] if bucket else [host]


def written_as(domain: Json) -> list[str]:
    """An origin's host name as zones write it, and as people do."""
    return [spelt for host in origin(domain) if "." in host for spelt in (host, f"{host}.")]


def unwrap(value: Json) -> Json:
    """A value of the API in a template's form: wrapped lists become lists, what is not set is left out."""
    if isinstance(value, Mapping):
        if "Quantity" in value and value.keys() <= {"Quantity", "Items", "Enabled"}:
            return _list(value.get("Items"))
        out: dict[str, Json] = {}
        for key, inner in value.items():
            out.update(_members(key, inner))
        return out
    return _list(value) if isinstance(value, (list, tuple)) else value


def _list(items: Json) -> list[Json]:
    out = [unwrap(item) for item in items or []]
    return sorted(out) if all(isinstance(item, (str, int)) for item in out) else out


def _members(key: str, value: Json) -> dict[str, Json]:
    """What a member of an API object becomes: nothing, itself, or several members."""
    if key in _DROPPED or value is None:
        return {}
    if key in _READERS and isinstance(value, Mapping):
        return _READERS[key](value)
    plain = unwrap(value)
    if plain == "" and key != "HeaderValue":
        return {}
    if isinstance(plain, list) and not plain:
        return {}
    return {_CANONICAL.get(key, key): plain}


def _allowed_methods(value: Mapping[str, Json]) -> dict[str, Json]:
    both = {"AllowedMethods": _list(value.get("Items")), "CachedMethods": unwrap(value.get("CachedMethods") or {})}
    return {key: methods for key, methods in both.items() if methods}


def _geo_restriction(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {key: inner for key, inner in value.items() if key not in ("Quantity", "Items")}
    if value.get("Items"):
        out["Locations"] = _list(value["Items"])
    return {"GeoRestriction": out}


def _logging(value: Mapping[str, Json]) -> dict[str, Json]:
    if not value.get("Enabled"):
        return {}
    return {"Logging": {key: inner for key, inner in value.items() if key != "Enabled" and inner != ""}}


def _origin_groups(value: Mapping[str, Json]) -> dict[str, Json]:
    return {"OriginGroups": dict(value)} if value.get("Quantity") else {}


def _certificate(value: Mapping[str, Json]) -> dict[str, Json]:
    out: dict[str, Json] = unwrap({**value})
    if not out.get("CloudFrontDefaultCertificate"):
        out.pop("CloudFrontDefaultCertificate", None)
    return {"ViewerCertificate": out}


def _errors(value: Mapping[str, Json]) -> dict[str, Json]:
    out = []
    for each in value.get("Items") or []:
        plain = unwrap(each)
        if "ResponseCode" in plain:
            plain["ResponseCode"] = int(plain["ResponseCode"])
        out.append(plain)
    return {"CustomErrorResponses": out} if out else {}


_READERS: dict[str, Callable[[Mapping[str, Json]], dict[str, Json]]] = {
    "AllowedMethods": _allowed_methods,
    "GeoRestriction": _geo_restriction,
    "Logging": _logging,
    "OriginGroups": _origin_groups,
    "ViewerCertificate": _certificate,
    "CustomErrorResponses": _errors,
}


def read(config: Json) -> Json:
    """A distribution's configuration as a template would say it."""
    out: dict[str, Json] = unwrap(config)
    if "HttpVersion" in out:
        out["HttpVersion"] = str(out["HttpVersion"]).lower()
    return out


def wrap(value: Json) -> Json:
    """The inverse of `unwrap` for values without names or places of their own."""
    if isinstance(value, Mapping):
        return {RENAMES.get(key, key): _wrapped(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        items = [wrap(item) for item in value]
        return {"Quantity": len(items), "Items": items} if items else dict(_NONE)
    return value


def _wrapped(key: str, value: Json) -> Json:
    if key in _PLAIN_LISTS and isinstance(value, list):
        return [wrap(item) for item in value]
    return wrap(value)


def write(config: Json) -> Json:
    """The API's form of a template's configuration, to be laid over the configuration that stands there."""
    special = {"Origins", "DefaultCacheBehavior", "CacheBehaviors", "CustomErrorResponses", "OriginGroups"}
    out = {**_UNSET, **wrap({key: inner for key, inner in config.items() if key not in special})}
    out["Origins"] = _many([_origin(each) for each in config.get("Origins", [])])
    out["DefaultCacheBehavior"] = _behavior(config["DefaultCacheBehavior"])
    out["CacheBehaviors"] = _many([_behavior(each) for each in config.get("CacheBehaviors", [])])
    out["CustomErrorResponses"] = _many([_error(each) for each in config.get("CustomErrorResponses", [])])
    if "OriginGroups" in config:
        out["OriginGroups"] = config["OriginGroups"]
    if "Logging" in config:
        out["Logging"] = {**_NO_LOGGING, **config["Logging"], "Enabled": True}
    if "Restrictions" in config:
        out["Restrictions"] = {"GeoRestriction": _geo(config["Restrictions"]["GeoRestriction"])}
    return out


def _many(items: list[Json]) -> dict[str, Json]:
    return {"Quantity": len(items), "Items": items} if items else dict(_NONE)


def _geo(value: Mapping[str, Json]) -> dict[str, Json]:
    rest = {key: inner for key, inner in value.items() if key != "Locations"}
    return {**rest, **_many(list(value.get("Locations", [])))}


def _origin(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {**_UNSET_ORIGIN, **wrap(value)}
    if "S3OriginConfig" in out:
        out["S3OriginConfig"] = {"OriginAccessIdentity": "", **out["S3OriginConfig"]}
    return out


def _behavior(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {**_UNSET_BEHAVIOR, **wrap({key: inner for key, inner in value.items() if key != "CachedMethods"})}
    for key in ("TrustedSigners", "TrustedKeyGroups"):
        out[key] = {**out[key], "Enabled": bool(out[key]["Quantity"])}
    if "CachedMethods" in value and "AllowedMethods" in out:
        out["AllowedMethods"] = {**out["AllowedMethods"], "CachedMethods": wrap(value["CachedMethods"])}
    return out


def _error(value: Mapping[str, Json]) -> dict[str, Json]:
    out = {"ResponsePagePath": "", "ResponseCode": "", **value}
    return {**out, "ResponseCode": str(out["ResponseCode"])}


def unquantified(value: Json) -> Json:
    """Response headers policies keep `Items` in a template and lose only the count; an empty list is not set."""
    if isinstance(value, Mapping):
        out = {key: unquantified(inner) for key, inner in value.items() if key != "Quantity" and inner is not None}
        return {key: inner for key, inner in out.items() if inner not in ("", {}) and inner != {"Items": []}}
    return [unquantified(item) for item in value] if isinstance(value, (list, tuple)) else value


def quantified(value: Json) -> Json:
    """The inverse of `unquantified`: every list is counted again."""
    if isinstance(value, Mapping):
        out = {key: quantified(inner) for key, inner in value.items()}
        return {"Quantity": len(value["Items"]), **out} if isinstance(value.get("Items"), list) else out
    return [quantified(item) for item in value] if isinstance(value, (list, tuple)) else value
