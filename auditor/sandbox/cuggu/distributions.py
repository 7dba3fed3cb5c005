"""Section 2, both CloudFront distributions: cuggu.com with its three origins, img.cuggu.com with the photos."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import DOMAIN, TAGS

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
READ = ["GET", "HEAD", "OPTIONS"]
WRITE = [*READ, "PUT", "POST", "PATCH", "DELETE"]


def listed(items: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": items}


def behavior(built: Built, origin: str, cache: str, methods: list[str], **more: Any) -> dict[str, Any]:
    """Visitors are sent to https; the middleware sees every request of the site."""
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": listed(methods) | {"CachedMethods": listed(["GET", "HEAD"])},
        "Compress": True,
        "CachePolicyId": cache,
        "ResponseHeadersPolicyId": built["headers"],
    } | more


def routed(built: Built) -> dict[str, Any]:
    association = {"FunctionARN": built.arn("middleware"), "EventType": "viewer-request"}
    return {"FunctionAssociations": listed([association])}


def function_origin(built: Built, name: str, url: str, timeout: int) -> dict[str, Any]:
    return {
        "Id": name,
        "DomainName": urlsplit(built[url]).netloc,
        "OriginAccessControlId": built["function-access"],
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": listed(["TLSv1.2"]),
            "OriginReadTimeout": timeout,
            "OriginKeepaliveTimeout": 5,
        },
    }


def bucket_origin(built: Built, name: str, bucket: str, control: str, path: str = "") -> dict[str, Any]:
    return {
        "Id": name,
        "DomainName": f"{built[bucket]}.s3.ap-northeast-2.amazonaws.com",
        "OriginPath": path,
        "OriginAccessControlId": built[control],
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def presented(built: Built) -> dict[str, Any]:
    return {
        "ACMCertificateArn": built["certificate"],
        "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }


def build_cdn(built: Built) -> None:
    config = {
        "CallerReference": "cuggu-prod-Web-20260224",
        "Comment": "cuggu prod site",
        "Enabled": True,
        "HttpVersion": "http2and3",
        "IsIPV6Enabled": True,
        "PriceClass": "PriceClass_200",
        "Aliases": listed([DOMAIN, f"www.{DOMAIN}"]),
        "ViewerCertificate": presented(built),
        "Origins": listed(
            [
                function_origin(built, "server", "server-url", 60),
                function_origin(built, "imageOptimizer", "image-url", 25),
                bucket_origin(built, "s3", "static-bucket", "static-access", "/_assets"),
            ]
        ),
        "DefaultCacheBehavior": behavior(
            built,
            "server",
            built["server-cache"],
            WRITE,
            OriginRequestPolicyId=ALL_BUT_HOST,
            **routed(built),
        ),
        "CacheBehaviors": listed(
            [
                behavior(built, "s3", CACHING_OPTIMIZED, READ, PathPattern="_next/static/*"),
                behavior(
                    built,
                    "imageOptimizer",
                    built["server-cache"],
                    READ,
                    PathPattern="_next/image*",
                    OriginRequestPolicyId=ALL_BUT_HOST,
                    **routed(built),
                ),
                behavior(built, "s3", CACHING_OPTIMIZED, READ, PathPattern="favicon.ico"),
            ]
        ),
    }
    create(built, "cdn", config)


def build_image_cdn(built: Built) -> None:
    config = {
        "CallerReference": "cuggu-images-2024",
        "Comment": "photos",
        "Enabled": True,
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "PriceClass": "PriceClass_200",
        "Aliases": listed([f"img.{DOMAIN}"]),
        "ViewerCertificate": presented(built),
        "Origins": listed([bucket_origin(built, "cuggu-images", "images-bucket", "images-access")]),
        "DefaultCacheBehavior": behavior(built, "cuggu-images", CACHING_OPTIMIZED, ["GET", "HEAD"]),
    }
    create(built, "image-cdn", config)


def create(built: Built, role: str, config: dict[str, Any]) -> None:
    made = built.client("cloudfront").create_distribution_with_tags(
        DistributionConfigWithTags={
            "DistributionConfig": config,
            "Tags": {"Items": [{"Key": key, "Value": value} for key, value in TAGS.items()]},
        }
    )["Distribution"]
    built.put(role, made["Id"], made["ARN"])
