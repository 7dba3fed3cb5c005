"""Section 2, DNS and CDN: Route 53, the certificate, the middleware, and who may read from what.

cuggu.com serves the server's function URL, the image optimizer's, and the static files; img.cuggu.com serves the
cuggu-images bucket. Every origin is signed for (origin access control), and lets only its distribution in.
"""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.distributions import build_cdn, build_image_cdn
from auditor.sandbox.cuggu.names import DOMAIN, named, policy, tag_list, tls_only

CDN_ZONE = "Z2FDTNDATAQYW2"  # the hosted zone of every distribution's name
CODE = b"""function handler(event) {
  var request = event.request;
  var host = request.headers.host.value;
  if (host === 'www.cuggu.com') {
    return { statusCode: 308, headers: { location: { value: 'https://cuggu.com' + request.uri } } };
  }
  request.headers['x-forwarded-host'] = { value: host };
  return request;
}
"""


def build(built: Built) -> None:
    build_zone(built)
    build_documents(built)
    build_cdn(built)
    build_image_cdn(built)
    let_in(built)
    build_records(built)


def build_zone(built: Built) -> None:
    """The zone, and a certificate for the domain and all below it, proven by a record of the zone."""
    route53, acm = built.client("route53"), built.client("acm")
    made = route53.create_hosted_zone(
        Name=DOMAIN, CallerReference="cuggu-2023-05-02", HostedZoneConfig={"Comment": "registered at Gabia"}
    )
    zone = built.put("zone", made["HostedZone"]["Id"].rpartition("/")[2])
    certificate = acm.request_certificate(
        DomainName=DOMAIN, SubjectAlternativeNames=[f"*.{DOMAIN}"], ValidationMethod="DNS", Tags=tag_list()
    )["CertificateArn"]
    built.put("certificate", certificate, certificate)
    options = acm.describe_certificate(CertificateArn=certificate)["Certificate"]["DomainValidationOptions"]
    proof = options[0]["ResourceRecord"]
    change(
        built,
        zone,
        {"Name": proof["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": proof["Value"]}]},
    )


def change(built: Built, zone: str, *records: dict[str, Any]) -> None:
    built.client("route53").change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record} for record in records]},
    )


def build_documents(built: Built) -> None:
    """The function at the edge, the access controls, the cache and headers policies."""
    cloudfront = built.client("cloudfront")
    name = named("WebRouter", "nfhsxvbt")
    made = cloudfront.create_function(
        Name=name,
        FunctionConfig={"Comment": "host, redirects, session", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=CODE,
    )
    cloudfront.publish_function(Name=name, IfMatch=made["ETag"])
    built.put("middleware", name, made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"])
    for role, label, kind in (
        ("static-access", named("WebAssetsAccess", "rzumdkfe"), "s3"),
        ("images-access", "cuggu-images-oac", "s3"),
        ("function-access", named("WebLambdaAccess", "wfrmbvzk"), "lambda"),
    ):
        control = {
            "Name": label,
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": kind,
        }
        made = cloudfront.create_origin_access_control(OriginAccessControlConfig=control)
        built.put(role, made["OriginAccessControl"]["Id"])
    made = cloudfront.create_cache_policy(
        CachePolicyConfig={
            "Name": named("WebServerCachePolicy", "knrvuwbd"),
            "Comment": "SST server response cache policy",
            "MinTTL": 0,
            "DefaultTTL": 0,
            "MaxTTL": 31_536_000,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": True,
                "EnableAcceptEncodingBrotli": True,
                "HeadersConfig": {
                    "HeaderBehavior": "whitelist",
                    "Headers": {"Quantity": 1, "Items": ["x-open-next-cache-key"]},
                },
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            },
        }
    )
    built.put("server-cache", made["CachePolicy"]["Id"])
    made = cloudfront.create_response_headers_policy(
        ResponseHeadersPolicyConfig={
            "Name": "cuggu-prod-security-headers",
            "Comment": "",
            "SecurityHeadersConfig": {
                "StrictTransportSecurity": {
                    "Override": True,
                    "AccessControlMaxAgeSec": 31_536_000,
                    "IncludeSubdomains": True,
                },
                "ContentTypeOptions": {"Override": True},
            },
        }
    )
    built.put("headers", made["ResponseHeadersPolicy"]["Id"])


def let_in(built: Built) -> None:
    """Each origin admits its own distribution, and no other reader."""
    s3, functions = built.client("s3"), built.client("lambda")
    for bucket, distribution in (("static-bucket", "cdn"), ("images-bucket", "image-cdn")):
        arn = built.arn(bucket)
        s3.put_bucket_policy(
            Bucket=built[bucket],
            Policy=policy(
                {
                    "Sid": "AllowCloudFrontServicePrincipal",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Action": "s3:GetObject",
                    "Resource": f"{arn}/*",
                    "Condition": {"StringEquals": {"AWS:SourceArn": built.arn(distribution)}},
                },
                tls_only(built[bucket], "EnforceHTTPS"),
            ),
        )
    for function, action in (
        (function, action)
        for function in ("server", "image-optimizer")
        for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
    ):
        functions.add_permission(
            FunctionName=built[function],
            StatementId=f"AllowCloudFront{action.partition(':')[2]}",
            Action=action,
            Principal="cloudfront.amazonaws.com",
            SourceArn=built.arn("cdn"),
        )


def build_records(built: Built) -> None:
    names = {f"{DOMAIN}.": "cdn", f"www.{DOMAIN}.": "cdn", f"img.{DOMAIN}.": "image-cdn"}
    cloudfront = built.client("cloudfront")
    hosts = {
        role: cloudfront.get_distribution(Id=built[role])["Distribution"]["DomainName"] for role in ("cdn", "image-cdn")
    }
    change(
        built,
        built["zone"],
        *(
            {
                "Name": name,
                "Type": kind,
                "AliasTarget": {
                    "HostedZoneId": CDN_ZONE,
                    "DNSName": f"{hosts[role]}.",
                    "EvaluateTargetHealth": False,
                },
            }
            for name, role in names.items()
            for kind in ("A", "AAAA")
        ),
    )
    built.put("alias-record", f"{DOMAIN}.")
    built.put("image-alias-record", f"img.{DOMAIN}.")
