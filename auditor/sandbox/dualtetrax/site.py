"""Section 1: users, files, and the site that CloudFront serves out of a bucket of its own under the zone's name."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.distributions import CACHING_OPTIMIZED, listed
from auditor.sandbox.cuggu.edge import CDN_ZONE
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.dualtetrax.names import DOMAIN, REGION, made_by_cdk, part, tag_list, tags

HOST = {"dev": f"dev.{DOMAIN}", "prod": f"app.{DOMAIN}"}


def build_zone(built: Built) -> None:
    """One zone and one certificate for both environments."""
    made = built.client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="dualtetrax-2026-02-08")
    built.put("zone", made["HostedZone"]["Id"].rpartition("/")[2])
    certificate = built.client("acm").request_certificate(DomainName=f"*.{DOMAIN}", ValidationMethod="DNS")
    built.put("certificate", certificate["CertificateArn"], certificate["CertificateArn"])


def build(built: Built, environment: str) -> None:
    pool = built.client("cognito-idp").create_user_pool(
        PoolName=f"qp-dualtetrax-{environment}-users",
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UserPoolTags=tags(environment),
    )["UserPool"]
    built.put(part(environment, "user-pool"), pool["Id"], pool["Arn"])
    build_bucket(built, environment, "files", "FirmwareAndImages")
    build_bucket(built, environment, "site-bucket", "Frontend")
    build_distribution(built, environment)


def build_bucket(built: Built, environment: str, role: str, construct: str) -> None:
    s3, name = built.client("s3"), made_by_cdk(environment, "Storage", construct).lower()
    s3.create_bucket(Bucket=name)
    blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(blocked, True))
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(environment)})
    built.put(part(environment, role), name, f"arn:aws:s3:::{name}")


def build_distribution(built: Built, environment: str) -> None:
    cloudfront, bucket = built.client("cloudfront"), built[part(environment, "site-bucket")]
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": made_by_cdk(environment, "Storage", "Frontend"),
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    config = {
        "CallerReference": f"dualtetrax-{environment}",
        "Comment": f"DualTetraX frontend - {environment}",
        "Enabled": True,
        "DefaultRootObject": "index.html",
        "Aliases": listed([HOST[environment]]),
        "ViewerCertificate": {
            "ACMCertificateArn": built["certificate"],
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "Origins": listed(
            [
                {
                    "Id": "frontend",
                    "DomainName": f"{bucket}.s3.{REGION}.amazonaws.com",
                    "OriginAccessControlId": control,
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ]
        ),
        "DefaultCacheBehavior": {
            "TargetOriginId": "frontend",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": CACHING_OPTIMIZED,
            "Compress": True,
        },
    }
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": tag_list(environment)}}
    )["Distribution"]
    built.put(part(environment, "cdn"), made["Id"], made["ARN"])
    built.put(part(environment, "cdn-access"), control)
    let_in = {
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": made["ARN"]}},
    }
    built.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(let_in))
    alias = {"HostedZoneId": CDN_ZONE, "DNSName": made["DomainName"], "EvaluateTargetHealth": False}
    record = {"Name": HOST[environment], "Type": "A", "AliasTarget": alias}
    built.client("route53").change_resource_record_sets(
        HostedZoneId=built["zone"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )
    built.put(part(environment, "record"), f"{HOST[environment]}.")
