"""Any operation can be made to fail, and botocore reads exactly the code that was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.sandbox import Sandbox

# Every protocol AWS's services speak: service, operation as boto3 calls it, its name, parameters.
CALLS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("rds", "describe_db_instances", "DescribeDBInstances", {}),  # query
    ("iam", "get_account_authorization_details", "GetAccountAuthorizationDetails", {}),  # query, global
    ("sns", "list_topics", "ListTopics", {}),
    ("ec2", "describe_vpcs", "DescribeVpcs", {}),  # ec2
    ("kms", "list_keys", "ListKeys", {}),  # json 1.1
    ("secretsmanager", "list_secrets", "ListSecrets", {}),
    ("events", "list_rules", "ListRules", {}),
    ("logs", "describe_log_groups", "DescribeLogGroups", {}),
    ("acm", "list_certificates", "ListCertificates", {}),
    ("dynamodb", "list_tables", "ListTables", {}),  # json 1.0
    ("cloudwatch", "describe_alarms", "DescribeAlarms", {}),  # query in old boto3, json with query errors in new
    ("sqs", "list_queues", "ListQueues", {}),
    ("lambda", "list_functions", "ListFunctions", {}),  # rest-json
    ("lambda", "get_function_url_config", "GetFunctionUrlConfig", {"FunctionName": "f"}),
    ("scheduler", "list_schedules", "ListSchedules", {}),
    ("s3", "list_buckets", "ListBuckets", {}),  # rest-xml without an envelope
    ("s3", "get_bucket_policy", "GetBucketPolicy", {"Bucket": "some-bucket"}),
    ("s3", "get_bucket_encryption", "GetBucketEncryption", {"Bucket": "some-bucket"}),
    ("s3", "get_object", "GetObject", {"Bucket": "some-bucket", "Key": "a/b"}),
    ("s3control", "get_public_access_block", "GetPublicAccessBlock", {"AccountId": "123456789012"}),  # rest-xml
    ("cloudfront", "list_distributions", "ListDistributions", {}),
    ("cloudfront", "get_distribution_config", "GetDistributionConfig", {"Id": "E1"}),
    ("route53", "list_resource_record_sets", "ListResourceRecordSets", {"HostedZoneId": "Z1"}),
]


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling", "InternalError", "ExpiredToken", "SomethingOdd<&>"])
@pytest.mark.parametrize(("service", "method", "operation", "params"), CALLS)
def test_the_code_arrives(
    running: Sandbox, service: str, method: str, operation: str, params: dict[str, Any], code: str
) -> None:
    running.allow_all()
    running.deny((service, operation), code, message="not today")
    try:
        with pytest.raises(ClientError) as caught:
            getattr(running.session_client(service), method)(**params)
        error = caught.value.response["Error"]
        assert (error["Code"], error["Message"]) == (code, "not today")
        assert caught.value.operation_name == operation
    finally:
        running.allow_all()


def test_other_operations_and_services_go_on(box: Sandbox) -> None:
    box.deny("rds:DescribeDBInstances")
    assert box.session_client("rds").describe_db_subnet_groups()["DBSubnetGroups"] == []
    box.deny(("s3", "GetBucketPolicy"))
    box.session_client("s3").list_buckets()


def test_status_follows_the_code(box: Sandbox) -> None:
    for code, status in (("AccessDenied", 403), ("Throttling", 400), ("InternalError", 500), ("SlowDown", 503)):
        box.deny("ec2:DescribeVpcs", code)
        with pytest.raises(ClientError) as caught:
            box.session_client("ec2").describe_vpcs()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        box.allow_all()


def test_a_request_without_an_answer_body_tells_the_status_only(box: Sandbox) -> None:
    box.deny("s3:HeadBucket")
    with pytest.raises(ClientError) as caught:
        box.session_client("s3").head_bucket(Bucket="x")
    assert caught.value.response["Error"]["Code"] == "403"


def test_a_denial_can_wear_off(box: Sandbox) -> None:
    box.deny("kms:ListKeys", "ThrottlingException", times=2)
    kms = box.session_client("kms")
    for _ in range(2):
        with pytest.raises(ClientError):
            kms.list_keys()
    assert kms.list_keys()["Keys"] == []


def test_a_denial_can_be_for_a_region(box: Sandbox) -> None:
    box.deny("ec2:DescribeVpcs", region="us-east-1")
    assert box.session_client("ec2").describe_vpcs()["Vpcs"]
    with pytest.raises(ClientError):
        box.session_client("ec2", "us-east-1").describe_vpcs()


@pytest.mark.parametrize("which", ["*", ("*", "*"), "rds:*"])
def test_stars_stand_for_all(box: Sandbox, which: Any) -> None:
    box.deny(which, "ExpiredToken")
    with pytest.raises(ClientError) as caught:
        box.session_client("rds").describe_db_clusters()
    assert caught.value.response["Error"]["Code"] == "ExpiredToken"


def test_what_moto_has_not_got_is_said_once(box: Sandbox) -> None:
    """A client that retries as boto3 does by default asks a single time."""
    import boto3

    rds = boto3.session.Session("testing", "testing").client("rds", endpoint_url=box.url, region_name="ap-northeast-2")
    with pytest.raises(ClientError) as caught:
        rds.describe_db_engine_versions()
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert [request.operation for request in box.requests()] == ["DescribeDBEngineVersions"]


def test_a_part_of_a_bucket_that_moto_lacks_does_not_cost_the_bucket(box: Sandbox) -> None:
    s3 = box.session_client("s3")
    s3.create_bucket(Bucket="precious", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    for delete in (s3.delete_bucket_analytics_configuration, s3.delete_bucket_metrics_configuration):
        with pytest.raises(ClientError) as caught:
            delete(Bucket="precious", Id="x")
        assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["precious"]
