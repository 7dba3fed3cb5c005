"""Every page is read, whether botocore knows how or the answer only hints at it."""

import boto3
import pytest
from botocore.stub import Stubber

from auditor.aws import paging


def client(service):
    return boto3.client(service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


def functions(names, marker=None):
    items = [{"Name": name, "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"}, "FunctionMetadata": {
        "FunctionARN": f"arn:aws:cloudfront::1:function/{name}", "LastModifiedTime": "2026-01-01T00:00:00Z"}} for name in names]  # fmt: skip
    out = {"MaxItems": 100, "Quantity": len(items), "Items": items}
    return {"FunctionList": {**out, **({"NextMarker": marker} if marker else {})}}


def test_a_list_without_a_paginator_is_read_to_its_end():
    cloudfront = client("cloudfront")
    assert not cloudfront.can_paginate("list_functions")
    with Stubber(cloudfront) as stub:
        stub.add_response("list_functions", functions(["a", "b"], "m1"), {})
        stub.add_response("list_functions", functions(["c"], "m2"), {"Marker": "m1"})
        stub.add_response("list_functions", functions(["d"]), {"Marker": "m2"})
        answer = paging.whole(cloudfront, "list_functions", {})
    assert [item["Name"] for item in answer["FunctionList"]["Items"]] == ["a", "b", "c", "d"]
    assert "NextMarker" not in answer["FunctionList"]


def test_a_service_that_never_ends_is_a_failure():
    cloudfront = client("cloudfront")
    with Stubber(cloudfront) as stub:
        stub.add_response("list_functions", functions(["a"], "m1"), {})
        stub.add_response("list_functions", functions(["a"], "m1"), {"Marker": "m1"})
        with pytest.raises(paging.Endless):
            paging.whole(cloudfront, "list_functions", {})


def test_what_botocore_pages_is_left_to_it():
    logs = client("logs")
    with Stubber(logs) as stub:
        stub.add_response("describe_log_groups", {"logGroups": [{"logGroupName": "a"}], "nextToken": "t"}, {})
        stub.add_response("describe_log_groups", {"logGroups": [{"logGroupName": "b"}]}, {"nextToken": "t"})
        answer = paging.whole(logs, "describe_log_groups", {})
    assert [group["logGroupName"] for group in answer["logGroups"]] == ["a", "b"]
