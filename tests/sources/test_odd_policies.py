"""What has not the form of a policy document is unknown, wherever AWS keeps it: never a resource without a policy."""

import json

import pytest

from auditor.aws.replay import Replay
from auditor.aws.requests import Request
from auditor.model import Hidden
from auditor.resources import load
from auditor.sources import live
from auditor.sources.live import Place

ACCOUNT, REGION = "111122223333", "eu-west-1"
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
ODD = {
    "a page": "<html>guest network</html>",
    "cut": json.dumps({"Version": "2012-10-17", "Statement": [OPEN]})[:-9],
    "a list": "[]",
    "null": "null",
    "no statements": '{"Version": "2012-10-17"}',
    "statements as text": '{"Statement": "x"}',
    "a statement that is none": json.dumps({"Statement": [OPEN, None]}),
    "no effect": json.dumps({"Statement": [{**OPEN, "Effect": None}]}),
    "a principal that is none": json.dumps({"Statement": [{**OPEN, "Principal": ["*"]}]}),
}
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"
# Type, property, the calls before, and the call whose answer holds the policy, with what wraps it.
PLACES = [
    ("AWS::S3::BucketPolicy", "PolicyDocument",
     {("s3", "list_buckets", ("MaxBuckets", 1000)): {"Buckets": [{"Name": "media", "BucketRegion": REGION}]}},
     ("s3", "get_bucket_policy", ("Bucket", "media")), lambda text: {"Policy": text}),
    ("AWS::SQS::Queue", "QueuePolicy", {("sqs", "list_queues", ("MaxResults", 1000)): {"QueueUrls": [QUEUE]}},
     ("sqs", "get_queue_attributes", ("AttributeNames", ("All",)), ("QueueUrl", QUEUE)),
     lambda text: {"Attributes": {"QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders", "Policy": text}}),
    ("AWS::ECR::Repository", "RepositoryPolicyText",
     {("ecr", "describe_repositories"): {"repositories": [
         {"repositoryName": "web", "repositoryArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web"}]}},
     ("ecr", "get_repository_policy", ("repositoryName", "web")), lambda text: {"policyText": text}),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", {}, ("iam", "get_account_authorization_details"),
     lambda text: {"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [
         {"RoleName": "app", "RoleId": "AROA1", "Arn": f"arn:aws:iam::{ACCOUNT}:role/app",
          "AssumeRolePolicyDocument": text, "RolePolicyList": [], "AttachedManagedPolicies": []}]}),
]  # fmt: skip


def read(cfn, name, before, last, wrap, text):
    """The value of a property as it comes out of such answers."""
    asked = {**before, last: wrap(text)}
    replies = {
        Request.of(
            ACCOUNT, REGION, service, operation, {k: list(v) if k == "AttributeNames" else v for k, v in params}
        ): answer
        for (service, operation, *params), answer in asked.items()
    }
    place = Place(ACCOUNT, "aws", REGION, (REGION,))
    over = load()[cfn].over
    demand = {cfn: frozenset({name}), **({over: frozenset()} if over else {})}
    inventory = live.read(Replay(replies), place, demand, load())
    (found,) = [each for each in inventory.resources if each.type == cfn]
    return found.at(name)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_policy_is_unknown(place, odd):
    assert isinstance(read(*place, ODD[odd]), Hidden)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
def test_a_policy_is_read(place):
    (statement,) = read(*place, json.dumps({"Version": "2012-10-17", "Statement": OPEN}))["Statement"]
    assert statement["Principal"] == {"AWS": ["*"]}


def test_permissions_that_are_no_document_are_not_gone():
    """A function whose policy could not be read is not one that nobody may call."""
    function, cfn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:web", "AWS::Lambda::Permission"
    for text in ODD.values():
        replies = {
            Request.of(ACCOUNT, REGION, "lambda", "list_functions", {}): {
                "Functions": [{"FunctionName": "web", "FunctionArn": function}]
            },
            Request.of(ACCOUNT, REGION, "lambda", "get_policy", {"FunctionName": "web"}): {"Policy": text},
        }
        demand = {cfn: None, "AWS::Lambda::Function": frozenset()}
        inventory = live.read(Replay(replies), Place(ACCOUNT, "aws", REGION, (REGION,)), demand, load())
        assert [gap for gap in inventory.gaps if cfn in gap.types], text
