"""What is written back to buckets and distributions is what was read from them.

The distribution's configuration is tried with made-up ones too, with members that nobody has heard of yet: an edit that
changes nothing must change nothing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.remedy.document import place_in, with_place
from auditor.resources import load
from auditor.resources.cloudfront import _live as cdn
from auditor.resources.s3 import _live as s3

CASES = json.loads((Path(__file__).parent / "answers" / "data_edge.json").read_text())


def reply(name: str, operation: str) -> Any:
    (case,) = [case for case in CASES if case["case"] == name]
    return next(each["reply"] for each in case["answers"] if each["operation"] == operation)


CONFIG = reply("a distribution with nearly everything set", "get_distribution_config")["DistributionConfig"]
LIFECYCLE = reply("LifecycleConfiguration, set", "get_bucket_lifecycle_configuration")
WEBSITE = reply("WebsiteConfiguration, set", "get_bucket_website")
NOTIFICATION = reply("NotificationConfiguration, set", "get_bucket_notification_configuration")
CORS = reply("CorsConfiguration, set", "get_bucket_cors")
ENCRYPTION = reply("BucketEncryption, set", "get_bucket_encryption")["ServerSideEncryptionConfiguration"]


@pytest.mark.parametrize(
    ("there", "back", "live"),
    [
        (s3.read_lifecycle, s3.write_lifecycle, LIFECYCLE),
        (s3.read_website, s3.write_website, WEBSITE),
        (s3.read_encryption, s3.write_encryption, ENCRYPTION),
        (s3.read_logging, s3.write_logging, {"TargetBucket": "cuggu-logs", "TargetPrefix": ""}),
    ],
)
def test_bucket_settings_are_written_as_they_were_read(there: Any, back: Any, live: Any) -> None:
    assert back(there(live)) == live


def test_cors_and_notifications_are_written_as_they_were_read() -> None:
    assert s3.write_cors(s3.read_cors(CORS)) == {"CORSRules": CORS["CORSRules"]}
    written = s3.write_notification(s3.read_notification(NOTIFICATION))
    assert [each["Events"] for each in written["LambdaFunctionConfigurations"]] == [
        ["s3:ObjectCreated:*"],
        ["s3:ObjectRemoved:*"],
    ]
    assert s3.read_notification(written) == s3.read_notification(NOTIFICATION)


def meaning(value: Any) -> Any:
    """An API value without what only says "nothing here": counts, empty texts and lists, switches that follow."""
    if isinstance(value, dict):
        if value.get("Quantity") == 0 and value.keys() <= {"Quantity", "Items", "Enabled"}:
            return None
        out = {key: meaning(inner) for key, inner in value.items()}
        drop = {"Quantity", "Certificate", "CertificateSource"}
        out = {key: inner for key, inner in out.items() if key not in drop and inner not in (None, "", [])}
        if out.get("CloudFrontDefaultCertificate") is False:
            del out["CloudFrontDefaultCertificate"]
        return (
            None if value.keys() == {"Enabled", "IncludeCookies", "Bucket", "Prefix"} and not value["Enabled"] else out
        )
    if isinstance(value, list):
        items = [meaning(item) for item in value]
        return sorted(items) if all(isinstance(item, (str, int)) for item in items) else items
    return value


def many(items: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    def counted(found: list[Any]) -> dict[str, Any]:
        return {"Quantity": len(found), "Items": found} if found else {"Quantity": 0}

    return st.lists(items, min_size=least, max_size=3).map(counted)


words = st.text("abcxyz019-", min_size=1, max_size=6)
maybe = st.one_of(st.just(""), words)
signers = many(words).map(lambda value: {"Enabled": bool(value["Quantity"]), **value})
methods = st.builds(
    lambda allowed, cached: {**allowed, "CachedMethods": cached},
    many(st.sampled_from(["GET", "HEAD", "POST"]), 1),
    many(st.sampled_from(["GET", "HEAD"]), 1),
)
functions = many(st.fixed_dictionaries({"FunctionARN": words, "EventType": st.sampled_from(["viewer-request"])}))
forwarded = st.fixed_dictionaries(
    {
        "QueryString": st.booleans(),
        "Cookies": st.fixed_dictionaries({"Forward": st.just("whitelist"), "WhitelistedNames": many(words, 1)}),
        "Headers": many(words),
    }
)
behaviors = st.fixed_dictionaries(
    {
        "TargetOriginId": words,
        "TrustedSigners": signers,
        "TrustedKeyGroups": signers,
        "ViewerProtocolPolicy": st.sampled_from(["allow-all", "redirect-to-https"]),
        "AllowedMethods": methods,
        "Compress": st.booleans(),
        "LambdaFunctionAssociations": st.just({"Quantity": 0}),
        "FunctionAssociations": functions,
        "FieldLevelEncryptionId": maybe,
    },
    optional={"CachePolicyId": words, "ForwardedValues": forwarded, "DefaultTTL": st.integers(0, 9), "NewThing": words},
)
origins = st.fixed_dictionaries(
    {
        "Id": words,
        "DomainName": words,
        "OriginPath": maybe,
        "OriginAccessControlId": maybe,
        "CustomHeaders": many(st.fixed_dictionaries({"HeaderName": words, "HeaderValue": words})),
    },
    optional={
        "S3OriginConfig": st.fixed_dictionaries({"OriginAccessIdentity": maybe}),
        "CustomOriginConfig": st.fixed_dictionaries(
            {"HTTPPort": st.integers(1, 9), "OriginSslProtocols": many(words, 1)}
        ),
    },
)
error_responses = st.fixed_dictionaries(
    {
        "ErrorCode": st.sampled_from([403, 404]),
        "ResponseCode": st.sampled_from(["", "200"]),
        "ResponsePagePath": maybe,
        "ErrorCachingMinTTL": st.integers(0, 9),
    }
)
configs = st.fixed_dictionaries(
    {
        "CallerReference": words,
        "Aliases": many(words),
        "DefaultRootObject": maybe,
        "Origins": many(origins, 1),
        "OriginGroups": st.just({"Quantity": 0}),
        "DefaultCacheBehavior": behaviors,
        "CacheBehaviors": many(behaviors),
        "CustomErrorResponses": many(error_responses),
        "Comment": maybe,
        "Logging": st.one_of(
            st.just({"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""}),
            st.fixed_dictionaries(
                {"Enabled": st.just(True), "IncludeCookies": st.booleans(), "Bucket": words, "Prefix": maybe}
            ),
        ),
        "Enabled": st.booleans(),
        "ViewerCertificate": st.sampled_from([{"CloudFrontDefaultCertificate": True}, CONFIG["ViewerCertificate"]]),
        "Restrictions": many(words).map(lambda value: {"GeoRestriction": {"RestrictionType": "none", **value}}),
        "WebACLId": maybe,
        "HttpVersion": st.sampled_from(["http2", "http3"]),
        "IsIPV6Enabled": st.booleans(),
    },
    optional={"AnycastIpListId": words, "SomethingNew": st.fixed_dictionaries({"Mode": words})},
)


@settings(max_examples=150, deadline=None)
@given(configs)
def test_an_edit_without_a_change_changes_nothing(config: dict[str, Any]) -> None:
    before = copy.deepcopy(config)
    canonical = cdn.read(config)
    written = {**config, **cdn.write(canonical)}
    assert config == before
    assert meaning(written) == meaning(config)
    assert cdn.read(written) == canonical


def test_the_documented_configuration_survives_an_edit() -> None:
    written = {**CONFIG, **cdn.write(cdn.read(CONFIG))}
    assert meaning(written) == meaning(CONFIG)


@pytest.mark.parametrize(
    ("place", "value", "found"),
    [
        (
            "Origins[Id=web].OriginAccessControlId",
            "E9",
            lambda config: config["Origins"]["Items"][0]["OriginAccessControlId"],
        ),
        ("IPV6Enabled", False, lambda config: config["IsIPV6Enabled"]),
        (
            "ViewerCertificate.MinimumProtocolVersion",
            "TLSv1.2_2025",
            lambda config: config["ViewerCertificate"]["MinimumProtocolVersion"],
        ),
        (
            "CacheBehaviors[PathPattern=/old/*].ViewerProtocolPolicy",
            "https-only",
            lambda config: config["CacheBehaviors"]["Items"][0]["ViewerProtocolPolicy"],
        ),
    ],
)
def test_an_edit_reaches_one_place_of_the_document(place: str, value: Any, found: Callable[[Any], Any]) -> None:
    row = load()["AWS::CloudFront::Distribution"].prop("DistributionConfig")
    assert row
    document = {"DistributionConfig": CONFIG, "ETag": "E2QWRUHEXAMPLE"}
    there = with_place(document, row, f"DistributionConfig.{place}", value)
    assert found(there["DistributionConfig"]) == value
    before = place_in(document, row, f"DistributionConfig.{place}")
    back = with_place(there, row, f"DistributionConfig.{place}", before)
    assert meaning(back) == meaning(document)
    assert back["DistributionConfig"]["CallerReference"] == CONFIG["CallerReference"]


def test_what_a_template_leaves_out_is_said_as_nothing() -> None:
    canonical = cdn.read(CONFIG)
    for name in ("Aliases", "Logging", "CacheBehaviors", "CustomErrorResponses", "Restrictions"):
        canonical.pop(name)
    written = {**CONFIG, **cdn.write(canonical)}
    assert written["CallerReference"] == "cuggu-1"
    assert written["Aliases"] == written["CacheBehaviors"] == written["CustomErrorResponses"] == {"Quantity": 0}
    assert written["Logging"] == {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""}
    assert written["Restrictions"] == {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}}


def test_response_headers_are_counted_again() -> None:
    live = {"Name": "n", "CorsConfig": {"AccessControlAllowOrigins": {"Quantity": 1, "Items": ["*"]}}}
    assert cdn.quantified(cdn.unquantified(live)) == live
