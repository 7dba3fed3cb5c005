"""CloudFront, ACM and Route 53 keep what AWS keeps."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built


def listed(*items: Any) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": list(items)}


def control(box: Sandbox, kind: str = "s3") -> str:
    made = box.session_client("cloudfront").create_origin_access_control(
        OriginAccessControlConfig={
            "Name": f"access-{kind}",
            "Description": "d",
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": kind,
        }
    )
    return str(made["OriginAccessControl"]["Id"])


def config(box: Sandbox) -> dict[str, Any]:
    """A distribution that uses what moto forgets."""
    cloudfront = box.session_client("cloudfront")
    made = cloudfront.create_function(
        Name="router",
        FunctionConfig={"Comment": "c", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(){}",
    )
    function = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    cloudfront.publish_function(Name="router", IfMatch=made["ETag"])
    identity = cloudfront.create_cloud_front_origin_access_identity(
        CloudFrontOriginAccessIdentityConfig={"CallerReference": "1", "Comment": "old"}
    )["CloudFrontOriginAccessIdentity"]["Id"]
    cache = cloudfront.create_cache_policy(CachePolicyConfig={"Name": "c", "MinTTL": 1})["CachePolicy"]["Id"]
    headers = cloudfront.create_response_headers_policy(
        ResponseHeadersPolicyConfig={
            "Name": "h",
            "SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}},
        }
    )["ResponseHeadersPolicy"]["Id"]
    edge = "arn:aws:lambda:us-east-1:123456789012:function:edge:1"
    return {
        "CallerReference": "ref",
        "Comment": "everything",
        "Enabled": False,
        "Aliases": listed("a.example.com", "b.example.com"),
        "DefaultRootObject": "index.html",
        "HttpVersion": "http2and3",
        "IsIPV6Enabled": True,
        "PriceClass": "PriceClass_200",
        "WebACLId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/1",
        "Origins": listed(
            {
                "Id": "bucket",
                "DomainName": "b.s3.ap-northeast-2.amazonaws.com",
                "OriginPath": "/p",
                "OriginAccessControlId": control(box),
                "S3OriginConfig": {"OriginAccessIdentity": ""},
                "OriginShield": {"Enabled": True, "OriginShieldRegion": "ap-northeast-2"},
            },
            {
                "Id": "old-bucket",
                "DomainName": "o.s3.ap-northeast-2.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": f"origin-access-identity/cloudfront/{identity}"},
            },
            {
                "Id": "function",
                "DomainName": "x.lambda-url.ap-northeast-2.on.aws",
                "OriginAccessControlId": control(box, "lambda"),
                "CustomHeaders": listed({"HeaderName": "x-key", "HeaderValue": "v"}),
                "ConnectionAttempts": 2,
                "ConnectionTimeout": 5,
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSslProtocols": listed("TLSv1.2"),
                    "OriginReadTimeout": 60,
                    "OriginKeepaliveTimeout": 10,
                },
            },
        ),
        "DefaultCacheBehavior": {
            "TargetOriginId": "function",
            "ViewerProtocolPolicy": "redirect-to-https",
            "AllowedMethods": listed("GET", "HEAD", "OPTIONS") | {"CachedMethods": listed("GET", "HEAD")},
            "Compress": True,
            "CachePolicyId": cache,
            "OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
            "ResponseHeadersPolicyId": headers,
            "FunctionAssociations": listed({"EventType": "viewer-request", "FunctionARN": function}),
        },
        "CacheBehaviors": listed(
            {
                "PathPattern": "old/*",
                "TargetOriginId": "old-bucket",
                "ViewerProtocolPolicy": "https-only",
                "MinTTL": 3,
                "ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "none"}},
                "LambdaFunctionAssociations": listed(
                    {"EventType": "origin-request", "LambdaFunctionARN": edge, "IncludeBody": True}
                ),
            }
        ),
        "CustomErrorResponses": listed(
            {"ErrorCode": 404, "ResponsePagePath": "/404", "ResponseCode": "404", "ErrorCachingMinTTL": 5}
        ),
        "Logging": {"Enabled": True, "IncludeCookies": True, "Bucket": "l.s3.amazonaws.com", "Prefix": "p/"},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "whitelist"} | listed("KR")},
        "ViewerCertificate": {
            "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x",
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
    }


def test_a_distribution_comes_back_as_it_was_sent(box: Sandbox, kept: Any) -> None:
    cloudfront = box.session_client("cloudfront")
    sent = config(box)
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": sent, "Tags": {"Items": [{"Key": "k", "Value": "v"}]}}
    )
    distribution = made["Distribution"]
    kept(sent, distribution["DistributionConfig"])
    read = cloudfront.get_distribution(Id=distribution["Id"])
    kept(sent, read["Distribution"]["DistributionConfig"])
    assert read["Distribution"]["Status"] == "Deployed"
    assert read["ETag"] == made["ETag"]
    kept(sent, cloudfront.get_distribution_config(Id=distribution["Id"])["DistributionConfig"])
    summary = cloudfront.list_distributions()["DistributionList"]["Items"][0]
    hidden = ("CallerReference", "DefaultRootObject", "Logging")
    kept({key: value for key, value in sent.items() if key not in hidden}, summary)
    assert "CallerReference" not in summary
    tags = cloudfront.list_tags_for_resource(Resource=distribution["ARN"])["Tags"]["Items"]
    assert tags == [{"Key": "k", "Value": "v"}]


def test_what_was_not_sent_has_the_defaults_of_aws(box: Sandbox, kept: Any) -> None:
    cloudfront = box.session_client("cloudfront")
    sent = {
        "CallerReference": "r",
        "Comment": "",
        "Enabled": True,
        "Origins": listed(
            {"Id": "o", "DomainName": "b.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        ),
        "DefaultCacheBehavior": {
            "TargetOriginId": "o",
            "ViewerProtocolPolicy": "allow-all",
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            "MinTTL": 0,
        },
    }
    made = cloudfront.create_distribution(DistributionConfig=sent)["Distribution"]["DistributionConfig"]
    expected = {
        "PriceClass": "PriceClass_All",
        "HttpVersion": "http2",
        "IsIPV6Enabled": False,
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
        "Logging": {"Enabled": False},
        "WebACLId": "",
        "CacheBehaviors": {"Quantity": 0},
    }
    kept(expected, made)
    assert made["Origins"]["Items"][0]["OriginAccessControlId"] == ""
    assert made["DefaultCacheBehavior"]["FunctionAssociations"] == {"Quantity": 0}


def test_an_update_needs_the_latest_reading(box: Sandbox) -> None:
    cloudfront = box.session_client("cloudfront")
    made = cloudfront.create_distribution(DistributionConfig=config(box))
    identifier, first = made["Distribution"]["Id"], made["ETag"]
    changed = cloudfront.get_distribution_config(Id=identifier)["DistributionConfig"]
    changed["Origins"]["Items"][0]["OriginAccessControlId"] = ""
    second = cloudfront.update_distribution(Id=identifier, IfMatch=first, DistributionConfig=changed)["ETag"]
    assert second != first
    read = cloudfront.get_distribution(Id=identifier)["Distribution"]["DistributionConfig"]
    assert read["Origins"]["Items"][0]["OriginAccessControlId"] == ""
    with pytest.raises(ClientError) as caught:
        cloudfront.update_distribution(Id=identifier, IfMatch=first, DistributionConfig=changed)
    assert caught.value.response["Error"]["Code"] == "PreconditionFailed"
    cloudfront.delete_distribution(Id=identifier, IfMatch=second)
    with pytest.raises(cloudfront.exceptions.NoSuchDistribution):
        cloudfront.get_distribution(Id=identifier)
    assert cloudfront.list_distributions()["DistributionList"]["Quantity"] == 0


def test_a_distribution_cannot_name_what_is_not_there(box: Sandbox) -> None:
    cloudfront = box.session_client("cloudfront")
    sent = config(box)
    sent["DefaultCacheBehavior"]["CachePolicyId"] = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(cloudfront.exceptions.NoSuchCachePolicy):
        cloudfront.create_distribution(DistributionConfig=sent)


def test_documents_have_readings_changes_and_ends(box: Sandbox) -> None:
    cloudfront = box.session_client("cloudfront")
    identifier = control(box)
    read = cloudfront.get_origin_access_control_config(Id=identifier)
    changed = read["OriginAccessControlConfig"] | {"SigningBehavior": "never"}
    new = cloudfront.update_origin_access_control(
        Id=identifier, IfMatch=read["ETag"], OriginAccessControlConfig=changed
    )["ETag"]
    listed_now = cloudfront.list_origin_access_controls()["OriginAccessControlList"]
    assert listed_now["Items"][0]["SigningBehavior"] == "never"
    cloudfront.delete_origin_access_control(Id=identifier, IfMatch=new)
    with pytest.raises(cloudfront.exceptions.NoSuchOriginAccessControl):
        cloudfront.get_origin_access_control(Id=identifier)


def test_a_document_in_use_stays(box: Sandbox) -> None:
    cloudfront = box.session_client("cloudfront")
    sent = config(box)
    cloudfront.create_distribution(DistributionConfig=sent)
    used = sent["DefaultCacheBehavior"]["CachePolicyId"]
    etag = cloudfront.get_cache_policy(Id=used)["ETag"]
    with pytest.raises(cloudfront.exceptions.CachePolicyInUse):
        cloudfront.delete_cache_policy(Id=used, IfMatch=etag)
    function = cloudfront.describe_function(Name="router")
    with pytest.raises(cloudfront.exceptions.FunctionInUse):
        cloudfront.delete_function(Name="router", IfMatch=function["ETag"])


def test_policies_of_aws_are_listed_beside_ones_own(box: Sandbox) -> None:
    cloudfront = box.session_client("cloudfront")
    cloudfront.create_cache_policy(CachePolicyConfig={"Name": "mine", "MinTTL": 1, "Comment": "c"})
    everything = cloudfront.list_cache_policies()["CachePolicyList"]
    assert [item["Type"] for item in everything["Items"]].count("custom") == 1
    mine = cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]["Items"][0]["CachePolicy"]
    assert mine["CachePolicyConfig"]["Name"] == "mine"
    known = cloudfront.get_cache_policy(Id="658327ea-f89d-4fab-a63d-7e88639e58f6")["CachePolicy"]
    assert known["CachePolicyConfig"]["Name"] == "Managed-CachingOptimized"
    assert cloudfront.list_response_headers_policies(Type="managed")["ResponseHeadersPolicyList"]["Quantity"] == 5
    assert cloudfront.list_origin_request_policies()["OriginRequestPolicyList"]["Quantity"] == 6


def test_only_a_published_function_is_live(box: Sandbox) -> None:
    cloudfront = box.session_client("cloudfront")
    settings = {"Comment": "c", "Runtime": "cloudfront-js-2.0"}
    made = cloudfront.create_function(Name="f", FunctionConfig=settings, FunctionCode=b"one")
    with pytest.raises(cloudfront.exceptions.NoSuchFunctionExists):
        cloudfront.describe_function(Name="f", Stage="LIVE")
    cloudfront.publish_function(Name="f", IfMatch=made["ETag"])
    draft = cloudfront.describe_function(Name="f", Stage="DEVELOPMENT")["ETag"]
    cloudfront.update_function(Name="f", IfMatch=draft, FunctionConfig=settings, FunctionCode=b"two")
    assert cloudfront.get_function(Name="f", Stage="LIVE")["FunctionCode"].read() == b"one"
    assert cloudfront.get_function(Name="f")["FunctionCode"].read() == b"two"
    stages = [f["FunctionMetadata"]["Stage"] for f in cloudfront.list_functions()["FunctionList"]["Items"]]
    assert stages == ["DEVELOPMENT", "LIVE"]


def test_a_certificate_is_issued_keeps_its_key_and_knows_its_users(box: Sandbox) -> None:
    acm = box.session_client("acm", "us-east-1")
    arn = acm.request_certificate(
        DomainName="example.com",
        SubjectAlternativeNames=["*.example.com"],
        ValidationMethod="DNS",
        KeyAlgorithm="EC_prime256v1",
    )["CertificateArn"]
    read = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert (read["Status"], read["KeyAlgorithm"], read["InUseBy"]) == ("ISSUED", "EC_prime256v1", [])
    assert acm.list_certificates()["CertificateSummaryList"] == []
    every = acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"]
    assert [summary["CertificateArn"] for summary in every] == [arn]


def test_a_distribution_is_a_user_of_its_certificate(cuggu: Built) -> None:
    read = cuggu.client("acm").describe_certificate(CertificateArn=cuggu["certificate"])["Certificate"]
    assert read["InUseBy"] == [cuggu.arn("cdn"), cuggu.arn("image-cdn")]


def test_the_start_of_authority_is_a_record(box: Sandbox) -> None:
    route53 = box.session_client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    records = {r["Type"]: r for r in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]}
    assert records["SOA"]["ResourceRecords"][0]["Value"].startswith("ns-")
