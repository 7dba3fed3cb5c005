"""The log: which operations came, where, with what, and which came twice."""

from __future__ import annotations

from collections import Counter

from auditor.sandbox import Sandbox


def test_every_call_is_told_as_boto3_says_it(box: Sandbox) -> None:
    box.session_client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    box.session_client("kms").list_aliases(Limit=5)
    box.session_client("lambda").list_functions(MaxItems=10)
    box.session_client("cloudfront", "us-east-1").list_distributions(MaxItems="7")
    s3 = box.session_client("s3")
    s3.create_bucket(Bucket="told", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    s3.get_bucket_versioning(Bucket="told")
    told = [(r.service, r.operation, r.region, r.params) for r in box.requests()]
    assert told == [
        ("ec2", "DescribeVpcs", "ap-northeast-2", {"Filters": [{"Name": "is-default", "Values": ["true"]}]}),
        ("kms", "ListAliases", "ap-northeast-2", {"Limit": 5}),
        ("lambda", "ListFunctions", "ap-northeast-2", {"MaxItems": 10}),
        ("cloudfront", "ListDistributions", "us-east-1", {"MaxItems": "7"}),
        (
            "s3",
            "CreateBucket",
            "ap-northeast-2",
            {"Bucket": "told", "CreateBucketConfiguration": {"LocationConstraint": "ap-northeast-2"}},
        ),
        ("s3", "GetBucketVersioning", "ap-northeast-2", {"Bucket": "told"}),
    ]


def test_services_that_share_a_signature_are_told_apart(box: Sandbox) -> None:
    box.session_client("elb").describe_load_balancers()
    box.session_client("elbv2").describe_load_balancers()
    box.session_client("s3control").list_access_points(AccountId=box.account)
    box.session_client("apigatewayv2").get_apis()
    box.session_client("apigateway").get_rest_apis()
    box.session_client("cloudwatch").list_dashboards()
    told = [(request.service, request.operation) for request in box.requests()]
    assert told == [
        ("elb", "DescribeLoadBalancers"),
        ("elbv2", "DescribeLoadBalancers"),
        ("s3control", "ListAccessPoints"),
        ("apigatewayv2", "GetApis"),
        ("apigateway", "GetRestApis"),
        ("cloudwatch", "ListDashboards"),
    ]


def test_equal_calls_have_equal_keys(box: Sandbox) -> None:
    sns = box.session_client("sns")
    for name in ("a", "b", "a"):
        sns.create_topic(Name=name)
    box.session_client("sns", "us-east-1").create_topic(Name="a")
    assert sorted(Counter(request.key for request in box.requests()).values()) == [1, 1, 2]


def test_denied_calls_are_logged_with_their_status(box: Sandbox) -> None:
    box.deny("sqs:ListQueues")
    try:
        box.session_client("sqs").list_queues()
    except box.session_client("sqs").exceptions.ClientError:
        pass
    assert [request.status for request in box.requests()] == [403]
    box.forget_requests()
    assert box.requests() == []
