"""A distribution in Terraform: one flat resource, in a template one nested configuration."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
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
