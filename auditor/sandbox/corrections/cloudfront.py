"""CloudFront distributions: moto keeps only the fields it knows; here the whole configuration is kept.

Dropped by moto: OriginAccessControlId, S3OriginConfig, function and Lambda associations, cache and response
headers policies, origin shield, custom headers, gRPC and more. So the configuration is taken as it was sent,
filled with AWS's defaults, and given back by every operation; moto keeps the identifiers and the tags.
ETags change with every update and If-Match is compared, as AWS does: a fix made from an old reading fails.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf
from auditor.sandbox.corrections._cloudfront import behaviors, counted, match, new_etag
from auditor.sandbox.corrections.cloudfront_kept import KINDS, exists

NONE: dict[str, Any] = {"Quantity": 0}
READ_ONLY = ["HEAD", "GET"]


def fill(given: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """`given` with what it lacks from `defaults`, structure by structure."""
    filled = dict(given)
    for name, default in defaults.items():
        if filled.get(name) is None:
            filled[name] = deepcopy(default)
    return filled


def filled(config: dict[str, Any]) -> dict[str, Any]:
    """A configuration as GetDistribution shows it: every field that AWS always returns is there."""
    config = fill(
        config,
        {
            "Aliases": NONE,
            "DefaultRootObject": "",
            "OriginGroups": NONE,
            "CacheBehaviors": NONE,
            "CustomErrorResponses": NONE,
            "Comment": "",
            "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
            "PriceClass": "PriceClass_All",
            "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
            "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
            "WebACLId": "",
            "HttpVersion": "http2",
            "IsIPV6Enabled": False,
            "ContinuousDeploymentPolicyId": "",
            "Staging": False,
        },
    )
    config["Origins"] = counted([filled_origin(origin) for origin in config["Origins"]["Items"]])
    config["DefaultCacheBehavior"] = filled_behavior(config["DefaultCacheBehavior"])
    if config["CacheBehaviors"].get("Items"):
        config["CacheBehaviors"] = counted([filled_behavior(b) for b in config["CacheBehaviors"]["Items"]])
    config["ViewerCertificate"] = filled_certificate(config["ViewerCertificate"])
    return config


def filled_origin(origin: dict[str, Any]) -> dict[str, Any]:
    origin = fill(
        origin,
        {
            "OriginPath": "",
            "CustomHeaders": NONE,
            "ConnectionAttempts": 3,
            "ConnectionTimeout": 10,
            "OriginShield": {"Enabled": False},
            "OriginAccessControlId": "",
        },
    )
    if origin.get("S3OriginConfig") is not None:
        origin["S3OriginConfig"] = fill(origin["S3OriginConfig"], {"OriginAccessIdentity": ""})
    if origin.get("CustomOriginConfig") is not None:
        defaults = {
            "OriginSslProtocols": {"Quantity": 3, "Items": ["TLSv1", "TLSv1.1", "TLSv1.2"]},
            "OriginReadTimeout": 30,
            "OriginKeepaliveTimeout": 5,
        }
        origin["CustomOriginConfig"] = fill(origin["CustomOriginConfig"], defaults)
    return origin


def filled_behavior(behavior: dict[str, Any]) -> dict[str, Any]:
    methods = {"Quantity": 2, "Items": READ_ONLY}
    behavior = fill(
        behavior,
        {
            "TrustedSigners": {"Enabled": False, "Quantity": 0},
            "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
            "AllowedMethods": methods,
            "SmoothStreaming": False,
            "Compress": False,
            "LambdaFunctionAssociations": NONE,
            "FunctionAssociations": NONE,
            "FieldLevelEncryptionId": "",
            "GrpcConfig": {"Enabled": False},
        },
    )
    behavior["AllowedMethods"] = fill(behavior["AllowedMethods"], {"CachedMethods": methods})
    return behavior


def filled_certificate(given: dict[str, Any]) -> dict[str, Any]:
    """The obsolete fields Certificate and CertificateSource are still answered by AWS."""
    if given.get("ACMCertificateArn"):
        source, name = "acm", given["ACMCertificateArn"]
    elif given.get("IAMCertificateId"):
        source, name = "iam", given["IAMCertificateId"]
    else:
        old = {"SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1", "CertificateSource": "cloudfront"}
        return fill(given | {"CloudFrontDefaultCertificate": True}, old)
    own = {
        "CloudFrontDefaultCertificate": False,
        "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1",
        "Certificate": name,
        "CertificateSource": source,
    }
    return fill(given, own)


def check_references(call: Call, config: dict[str, Any]) -> None:
    """AWS refuses a configuration that names an access control or a policy it has not got."""
    named = [("OriginAccessControl", origin["OriginAccessControlId"]) for origin in config["Origins"]["Items"]]
    for behavior in behaviors(config):
        named += [(kind.name, behavior.get(f"{kind.name}Id", "")) for kind in KINDS]
    for name, wanted in named:
        if wanted and not exists(call, name, wanted):
            raise Refusal(f"NoSuch{name}", f"The specified {name} does not exist: {wanted}", 404)


@corrects("cloudfront", "CreateDistribution", "CreateDistributionWithTags")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    given = call.params.get("DistributionConfigWithTags") or call.params
    config = filled(given["DistributionConfig"])
    check_references(call, config)
    answer = ask(call)
    base = answer["Distribution"] | {
        "Status": "Deployed",
        "LastModifiedTime": datetime.now(UTC).replace(microsecond=0),
    }
    kept = {"base": base, "config": config, "etag": new_etag()}
    shelf(call, "distributions")[base["Id"]] = kept
    return shown(kept) | {"Location": answer.get("Location")}


@corrects("cloudfront", "UpdateDistribution")
def update(call: Call, ask: Ask) -> dict[str, Any]:
    kept = one(call)
    match(call, kept["etag"])
    config = filled(call.params["DistributionConfig"])
    if config["CallerReference"] != kept["config"]["CallerReference"]:
        raise Refusal("IllegalUpdate", "The caller reference of a distribution cannot be changed.")
    check_references(call, config)
    ask(call)
    kept["config"], kept["etag"] = config, new_etag()
    kept["base"]["LastModifiedTime"] = datetime.now(UTC).replace(microsecond=0)
    return shown(kept)


@corrects("cloudfront", "DeleteDistribution")
def delete(call: Call, ask: Ask) -> dict[str, Any]:
    match(call, one(call)["etag"])
    answer = ask(call)
    del shelf(call, "distributions")[call.params["Id"]]
    return answer


@corrects("cloudfront", "GetDistribution")
def get(call: Call, ask: Ask) -> dict[str, Any]:
    return shown(one(call))


@corrects("cloudfront", "GetDistributionConfig")
def get_config(call: Call, ask: Ask) -> dict[str, Any]:
    kept = one(call)
    return {"DistributionConfig": kept["config"], "ETag": kept["etag"]}


@corrects("cloudfront", "ListDistributions", "ListDistributionsByWebACLId")
def list_all(call: Call, ask: Ask) -> dict[str, Any]:
    """A summary is the configuration without caller reference, root object, logging."""
    wanted = call.params.get("WebACLId")
    items = [
        kept["config"] | kept["base"]
        for kept in shelf(call, "distributions").values()
        if wanted is None or kept["config"]["WebACLId"] == ("" if wanted == "null" else wanted)
    ]
    return {"DistributionList": {"Marker": "", "MaxItems": 100, "IsTruncated": False} | counted(items)}


def one(call: Call) -> dict[str, Any]:
    kept = shelf(call, "distributions").get(call.params["Id"])
    if kept is None:
        raise Refusal("NoSuchDistribution", "The specified distribution does not exist.", 404)
    found: dict[str, Any] = kept
    return found


def shown(kept: dict[str, Any]) -> dict[str, Any]:
    return {"Distribution": kept["base"] | {"DistributionConfig": kept["config"]}, "ETag": kept["etag"]}
