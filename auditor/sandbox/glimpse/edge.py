"""DNS, the load balancer that ends TLS, and CloudFront, which serves the files in Korea only."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.distributions import CACHING_OPTIMIZED, listed
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.glimpse.names import DOMAIN, HOST, REGION, named, part, tag_list

DAY = 86_400
# path, days that it is cached
CACHED = (("profiles", 7), ("groups", 14), ("chat", 1))


def build_zone(built: Built) -> None:
    made = built.client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="glimpse-2025-08-01")
    built.put("zone", made["HostedZone"]["Id"].rpartition("/")[2])


def build_balancer(built: Built, stage: str) -> None:
    """Before the service is made, which registers with its target group."""
    balancing = built.client("elbv2")
    certificate = build_certificate(built, stage)
    made = balancing.create_load_balancer(
        Name=named(stage, "alb"),
        Subnets=[built[part(stage, f"public-subnet-{zone}")] for zone in "ac"],
        SecurityGroups=[built[part(stage, "alb-group")]],
        Scheme="internet-facing",
        Type="application",
        Tags=tag_list(stage),
    )["LoadBalancers"][0]
    alb = built.put(part(stage, "alb"), made["LoadBalancerArn"], made["LoadBalancerArn"])
    targets = balancing.create_target_group(
        Name=named(stage, "api"),
        Protocol="HTTP",
        Port=3001,
        VpcId=built[part(stage, "vpc")],
        TargetType="ip",
        HealthCheckPath="/health",
        Tags=tag_list(stage),
    )["TargetGroups"][0]["TargetGroupArn"]
    built.put(part(stage, "targets"), targets, targets)
    listener = balancing.create_listener(
        LoadBalancerArn=alb,
        Port=443,
        Protocol="HTTPS",
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": targets}],
    )["Listeners"][0]["ListenerArn"]
    built.put(part(stage, "listener"), listener, listener)
    alias = {"HostedZoneId": made["CanonicalHostedZoneId"], "DNSName": made["DNSName"], "EvaluateTargetHealth": True}
    change(built, {"Name": HOST[stage], "Type": "A", "AliasTarget": alias})


def build_certificate(built: Built, stage: str) -> str:
    acm = built.client("acm", REGION)
    found: str = acm.request_certificate(DomainName=HOST[stage], ValidationMethod="DNS", Tags=tag_list(stage))[
        "CertificateArn"
    ]
    options = acm.describe_certificate(CertificateArn=found)["Certificate"]["DomainValidationOptions"]
    proof = options[0]["ResourceRecord"]
    change(built, {"Name": proof["Name"], "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": proof["Value"]}]})
    return built.put(part(stage, "certificate"), found, found)


def change(built: Built, *records: dict[str, Any]) -> None:
    built.client("route53").change_resource_record_sets(
        HostedZoneId=built["zone"],
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record} for record in records]},
    )


def build_cdn(built: Built, stage: str) -> None:
    cloudfront, bucket = built.client("cloudfront"), built[part(stage, "files")]
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": named(stage, "files-oac"),
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    built.put(part(stage, "access"), control)
    for path, days in CACHED:
        built.put(part(stage, f"{path}-cache"), build_cache_policy(cloudfront, named(stage, path), days * DAY))
    config = {
        "CallerReference": named(stage, "files"),
        "Comment": f"glimpse {stage} files",
        "Enabled": True,
        "HttpVersion": "http2and3",
        "IsIPV6Enabled": True,
        "PriceClass": "PriceClass_200",
        "Origins": listed(
            [
                {
                    "Id": "files",
                    "DomainName": f"{bucket}.s3.{REGION}.amazonaws.com",
                    "OriginAccessControlId": control,
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ]
        ),
        "DefaultCacheBehavior": behavior(CACHING_OPTIMIZED),
        "CacheBehaviors": listed(
            [behavior(built[part(stage, f"{path}-cache")]) | {"PathPattern": f"/{path}/*"} for path, _ in CACHED]
        ),
        "Restrictions": {"GeoRestriction": {"RestrictionType": "whitelist", **listed(["KR"])}},
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
    }
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": tag_list(stage)}}
    )["Distribution"]
    built.put(part(stage, "cdn"), made["Id"], made["ARN"])
    let_in(built, stage)


def behavior(cache: str) -> dict[str, Any]:
    return {
        "TargetOriginId": "files",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": listed(["GET", "HEAD"]) | {"CachedMethods": listed(["GET", "HEAD"])},
        "Compress": True,
        "CachePolicyId": cache,
    }


def build_cache_policy(cloudfront: Any, name: str, seconds: int) -> str:
    nothing = {"CookieBehavior": "none"}, {"HeaderBehavior": "none"}, {"QueryStringBehavior": "none"}
    made = cloudfront.create_cache_policy(
        CachePolicyConfig={
            "Name": name,
            "Comment": "",
            "MinTTL": 0,
            "DefaultTTL": seconds,
            "MaxTTL": max(seconds, 31_536_000),
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": True,
                "EnableAcceptEncodingBrotli": True,
                "CookiesConfig": nothing[0],
                "HeadersConfig": nothing[1],
                "QueryStringsConfig": nothing[2],
            },
        }
    )
    return str(made["CachePolicy"]["Id"])


def let_in(built: Built, stage: str) -> None:
    """The bucket admits its distribution, and nobody over an open line."""
    arn = built.arn(part(stage, "files"))
    built.client("s3").put_bucket_policy(
        Bucket=built[part(stage, "files")],
        Policy=policy(
            {
                "Sid": "AllowCloudFront",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": f"{arn}/*",
                "Condition": {"StringEquals": {"AWS:SourceArn": built.arn(part(stage, "cdn"))}},
            },
            {
                "Sid": "EnforceTLS",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ),
    )
