"""What people meet first: CloudFront and the load balancer, each behind a firewall of its own."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.couple.names import REGION, host, named, part, tag_list
from auditor.sandbox.couple.network import APP, subnets
from auditor.sandbox.cuggu.distributions import CACHING_OPTIMIZED, READ, WRITE, listed
from auditor.sandbox.cuggu.edge import CDN_ZONE
from auditor.sandbox.cuggu.names import policy

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
HOME = "us-east-1"


def build(built: Built, environment: str) -> None:
    build_balancer(built, environment)
    for role, scope, region in (("edge-acl", "CLOUDFRONT", HOME), ("regional-acl", "REGIONAL", REGION)):
        build_acl(built, environment, role, scope, region)
    built.client("wafv2").associate_web_acl(
        WebACLArn=built.arn(part(environment, "regional-acl")),
        ResourceArn=built.arn(part(environment, "balancer")),
    )
    build_distribution(built, environment)


def build_balancer(built: Built, environment: str) -> None:
    elb = built.client("elbv2")
    made = elb.create_load_balancer(
        Name=named(environment, "alb"),
        Type="application",
        Scheme="internet-facing",
        Subnets=subnets(built, environment, "public"),
        SecurityGroups=[built[part(environment, "front-group")]],
        Tags=tag_list(environment),
    )["LoadBalancers"][0]
    balancer = built.put(part(environment, "balancer"), made["LoadBalancerArn"], made["LoadBalancerArn"])
    built.put(part(environment, "balancer-host"), made["DNSName"])
    certificate = built.client("acm", REGION).request_certificate(
        DomainName=f"origin.{host(environment)}", ValidationMethod="DNS", Tags=tag_list(environment)
    )["CertificateArn"]
    built.put(part(environment, "certificate"), certificate, certificate)
    group = elb.create_target_group(
        Name=named(environment, "web"),
        Protocol="HTTP",
        Port=APP,
        VpcId=built[part(environment, "vpc")],
        TargetType="ip",
        HealthCheckPath="/healthz",
        Tags=tag_list(environment),
    )["TargetGroups"][0]["TargetGroupArn"]
    built.put(part(environment, "target-group"), group, group)
    listeners: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            "https",
            {
                "Port": 443,
                "Protocol": "HTTPS",
                "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "Certificates": [{"CertificateArn": certificate}],
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
            },
        ),
        ("http", {"Port": 80, "Protocol": "HTTP", "DefaultActions": [to_https()]}),
    )
    for role, settings in listeners:
        made = elb.create_listener(LoadBalancerArn=balancer, **settings)["Listeners"][0]
        built.put(part(environment, role), made["ListenerArn"], made["ListenerArn"])


def to_https() -> dict[str, Any]:
    return {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}


def build_acl(built: Built, environment: str, role: str, scope: str, region: str) -> None:
    def seen(name: str) -> dict[str, Any]:
        return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}

    managed = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesSQLiRuleSet")
    rules = [
        {
            "Name": name,
            "Priority": number,
            "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}},
            "OverrideAction": {"None": {}},
            "VisibilityConfig": seen(name),
        }
        for number, name in enumerate(managed)
    ]
    made = built.client("wafv2", region).create_web_acl(
        Name=named(environment, role),
        Scope=scope,
        DefaultAction={"Allow": {}},
        Rules=rules,
        VisibilityConfig=seen(role),
        Tags=tag_list(environment),
    )["Summary"]
    built.put(part(environment, role), f"{made['Name']}|{made['Id']}|{scope}", made["ARN"])


def build_distribution(built: Built, environment: str) -> None:
    """Pages from the load balancer; static files and photos from their buckets, cached at the edge."""
    cloudfront = built.client("cloudfront")
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": named(environment, "buckets"),
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    built.put(part(environment, "access"), control)
    presented = built.client("acm").request_certificate(
        DomainName=host(environment), ValidationMethod="DNS", Tags=tag_list(environment)
    )["CertificateArn"]
    built.put(part(environment, "edge-certificate"), presented, presented)
    config = {
        "CallerReference": named(environment, "cdn"),
        "Comment": f"{host(environment)}",
        "Enabled": True,
        "HttpVersion": "http2and3",
        "PriceClass": "PriceClass_All",
        "WebACLId": built.arn(part(environment, "edge-acl")),
        "Aliases": listed([host(environment)]),
        "ViewerCertificate": {
            "ACMCertificateArn": presented,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "Origins": listed(
            [
                pages(built, environment),
                bucket_origin(built, environment, "static", "static-bucket"),
                bucket_origin(built, environment, "memories", "uploads-bucket"),
            ]
        ),
        "DefaultCacheBehavior": behavior("pages", CACHING_DISABLED, WRITE),
        "CacheBehaviors": listed(
            [
                behavior("static", CACHING_OPTIMIZED, READ) | {"PathPattern": "/static/*"},
                behavior("memories", CACHING_OPTIMIZED, READ) | {"PathPattern": "/memories/*"},
            ]
        ),
    }
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": tag_list(environment)}}
    )["Distribution"]
    built.put(part(environment, "cdn"), made["Id"], made["ARN"])
    for role in ("static-bucket", "uploads-bucket"):
        let_in(built, part(environment, role), made["ARN"])
    build_zone(built, environment, made["DomainName"])


def pages(built: Built, environment: str) -> dict[str, Any]:
    return {
        "Id": "pages",
        "DomainName": built[part(environment, "balancer-host")],
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": listed(["TLSv1.2"]),
        },
    }


def bucket_origin(built: Built, environment: str, name: str, role: str) -> dict[str, Any]:
    return {
        "Id": name,
        "DomainName": f"{built[part(environment, role)]}.s3.{REGION}.amazonaws.com",
        "OriginAccessControlId": built[part(environment, "access")],
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def behavior(origin: str, cache: str, methods: list[str]) -> dict[str, Any]:
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": listed(methods) | {"CachedMethods": listed(["GET", "HEAD"])},
        "Compress": True,
        "CachePolicyId": cache,
    }


def let_in(built: Built, role: str, distribution: str) -> None:
    read = {
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"{built.arn(role)}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
    }
    built.client("s3").put_bucket_policy(Bucket=built[role], Policy=policy(read))


def build_zone(built: Built, environment: str, domain: str) -> None:
    dns = built.client("route53")
    made = dns.create_hosted_zone(Name=host(environment), CallerReference=named(environment, "zone"))
    zone = built.put(part(environment, "zone"), made["HostedZone"]["Id"].rpartition("/")[2])
    alias = {"HostedZoneId": CDN_ZONE, "DNSName": domain, "EvaluateTargetHealth": False}
    record = {"Name": host(environment), "Type": "A", "AliasTarget": alias}
    dns.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )
