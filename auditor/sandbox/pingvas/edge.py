"""Storage and edge layer: the buckets, which CloudFront alone reads, the distribution, its web ACL and the domain."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.cuggu.distributions import ALL_BUT_HOST, CACHING_OPTIMIZED, listed
from auditor.sandbox.cuggu.edge import CDN_ZONE
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.pingvas.names import REGION, Team

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
VIRGINIA = "us-east-1"
BUCKETS = ("images-dev", "images-prod", "assets", "backups")
# part, what of its objects is done after how many days
AGES: dict[str, dict[str, Any]] = {
    "images-dev": {"Transitions": [{"Days": 90, "StorageClass": "GLACIER"}]},
    "images-prod": {"Transitions": [{"Days": 90, "StorageClass": "GLACIER"}]},
    "backups": {"Expiration": {"Days": 30}},
}


def build_buckets(team: Team) -> None:
    s3 = team.client("s3")
    for noun in BUCKETS:
        name = team.called(noun)
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(blocked, True))
        keys = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [keys]})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": team.tag_list()})
        if noun in AGES:
            rule = {"ID": "age", "Status": "Enabled", "Filter": {"Prefix": ""}, **AGES[noun]}
            s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
        team.put(noun, name, f"arn:aws:s3:::{name}")


def build(team: Team) -> None:
    build_web_acl(team)
    made = team.client("cloudfront").create_cloud_front_origin_access_identity(
        CloudFrontOriginAccessIdentityConfig={"CallerReference": team.name, "Comment": team.called("buckets")}
    )["CloudFrontOriginAccessIdentity"]
    team.put("identity", made["Id"])
    for noun in ("images-dev", "images-prod", "assets"):
        let_in(team, noun)
    build_names(team)
    build_distribution(team)
    build_record(team, team.domain, "record", alias(team, team["cdn-host"], CDN_ZONE))


def let_in(team: Team, noun: str) -> None:
    arn = team.arn(noun)
    reader = f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {team['identity']}"
    statement = {"Sid": "CloudFront", "Principal": {"AWS": reader}, "Action": "s3:GetObject", "Resource": f"{arn}/*"}
    plain = {
        "Sid": "TransportByTLS",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    team.client("s3").put_bucket_policy(Bucket=team[noun], Policy=policy(statement, plain))


def seen(name: str) -> dict[str, Any]:
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def rules() -> list[dict[str, Any]]:
    limit = {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}}
    managed = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesSQLiRuleSet"}}
    return [
        {
            "Name": "rate",
            "Priority": 1,
            "Statement": limit,
            "Action": {"Block": {}},
            "VisibilityConfig": seen("rate"),
        },
        {
            "Name": "sqli",
            "Priority": 2,
            "Statement": managed,
            "OverrideAction": {"None": {}},
            "VisibilityConfig": seen("sqli"),
        },
    ]


def build_web_acl(team: Team) -> None:
    made = team.client("wafv2", VIRGINIA).create_web_acl(
        Name=team.called("edge"),
        Scope="CLOUDFRONT",
        DefaultAction={"Allow": {}},
        Rules=rules(),
        VisibilityConfig=seen("edge"),
        Tags=team.tag_list(),
    )["Summary"]
    team.put("web-acl", made["Id"], made["ARN"])


def build_names(team: Team) -> None:
    """The zone, the certificate, and the name under which CloudFront calls the load balancer."""
    made = team.client("route53").create_hosted_zone(Name=team.domain, CallerReference=team.name)
    team.put("zone", made["HostedZone"]["Id"].rpartition("/")[2])
    certificate = team.client("acm").request_certificate(DomainName=team.domain, ValidationMethod="DNS")
    team.put("certificate", certificate["CertificateArn"], certificate["CertificateArn"])
    (balancer,) = team.client("elbv2").describe_load_balancers(LoadBalancerArns=[team["alb"]])["LoadBalancers"]
    way = alias(team, balancer["DNSName"], balancer["CanonicalHostedZoneId"])
    build_record(team, f"origin.{team.domain}", "origin-record", way)


def alias(team: Team, host: str, zone: str) -> dict[str, Any]:
    return {"HostedZoneId": zone, "DNSName": host, "EvaluateTargetHealth": False}


def build_record(team: Team, name: str, part: str, way: dict[str, Any]) -> None:
    record = {"Name": name, "Type": "A", "AliasTarget": way}
    team.client("route53").change_resource_record_sets(
        HostedZoneId=team["zone"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )
    team.put(part, f"{team['zone']}_{name}_A")


def origins(team: Team) -> list[dict[str, Any]]:
    identity = f"origin-access-identity/cloudfront/{team['identity']}"
    balancer = {
        "Id": "alb",
        "DomainName": f"origin.{team.domain}",
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": listed(["TLSv1.2"]),
        },
    }
    buckets = [
        {
            "Id": noun,
            "DomainName": f"{team[noun]}.s3.{REGION}.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": identity},
        }
        for noun in ("assets", "images-prod", "images-dev")
    ]
    return [balancer, *buckets]


def behavior(origin: str, path: str = "", cache: str = CACHING_OPTIMIZED, **more: Any) -> dict[str, Any]:
    told = {"TargetOriginId": origin, "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": cache, **more}
    return {"PathPattern": path, **told} if path else told


def build_distribution(team: Team) -> None:
    every = listed(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"])
    api = behavior("alb", "/api/*", CACHING_DISABLED, AllowedMethods=every, OriginRequestPolicyId=ALL_BUT_HOST)
    pictures = [behavior("images-prod", "/images/*"), behavior("images-dev", "/images-dev/*")]
    config = {
        "CallerReference": team.name,
        "Comment": team.called("studio"),
        "Enabled": True,
        "DefaultRootObject": "index.html",
        "Aliases": listed([team.domain]),
        "WebACLId": team.arn("web-acl"),
        "ViewerCertificate": {
            "ACMCertificateArn": team["certificate"],
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "Origins": listed(origins(team)),
        "DefaultCacheBehavior": behavior("assets"),
        "CacheBehaviors": listed([api, *pictures]),
    }
    made = team.client("cloudfront").create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": team.tag_list()}}
    )["Distribution"]
    team.put("cdn", made["Id"], made["ARN"])
    team.put("cdn-host", made["DomainName"])
