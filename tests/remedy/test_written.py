"""An undo restores what was written, and not only what it means: policies by their text, and what was not set as not
set."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.model import Change, Resource
from auditor.remedy.apply import apply, rollback
from auditor.sandbox.built import Built
from auditor.sources import live
from tests.remedy.test_setters_live import TYPES, Live, account, planned  # noqa: F401  account is a fixture

pytestmark = pytest.mark.e2e
NAME = "as-written"


def odd(*statements: str) -> str:
    """A policy as a person writes it: line breaks, single values, its own order of members."""
    return '{ "Statement": [\n   ' + ",\n   ".join(statements) + ' ],\n  "Version": "2012-10-17" }\n'


def without_the_last(path: str) -> Callable[[Resource], Change]:
    def change(owner: Resource) -> Change:
        document = owner.properties[path]
        return Change(owner.key, path, {**document, "Statement": document["Statement"][:-1]})

    return change


KEEP = '{"Effect": "Deny", "Action": "%s", "Principal": "*", "Resource": "%s", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}'
OPEN = '{"Resource": "%s", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "%s", "Effect": "Allow"}'


def bucket_policy(built: Built) -> str:
    s3, arn = built.client("s3"), f"arn:aws:s3:::{NAME}/*"
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    s3.put_bucket_policy(Bucket=NAME, Policy=odd(KEEP % ("s3:*", arn), OPEN % (arn, "s3:GetObject")))
    return NAME


def bucket(built: Built) -> str:
    s3, name = built.client("s3"), f"{NAME}-open"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    s3.delete_public_access_block(Bucket=name)
    assert blocks(built, name) == "NoSuchPublicAccessBlockConfiguration"
    return name


def blocks(built: Built, name: str) -> Any:
    try:
        return built.client("s3").get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        return error.response["Error"]["Code"]


def queue(built: Built) -> str:
    sqs = built.client("sqs")
    url = sqs.create_queue(QueueName=NAME)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    text = odd(KEEP % ("sqs:*", arn), OPEN % (arn, "sqs:SendMessage"))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})
    return str(arn)


def queue_policy(built: Built, arn: str) -> Any:
    sqs = built.client("sqs")
    url = sqs.get_queue_url(QueueName=NAME)["QueueUrl"]
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]


def trust(built: Built) -> str:
    names = ('{"Service": "lambda.amazonaws.com"}', '{"AWS": "*"}')
    text = odd(*(f'{{"Action": "sts:AssumeRole", "Principal": {who}, "Effect": "Allow"}}' for who in names))
    built.client("iam").create_role(RoleName=NAME, AssumeRolePolicyDocument=text)
    return NAME


def inline(built: Built) -> str:
    iam, name = built.client("iam"), f"{NAME}-inline"
    text = odd('{"Effect": "Allow", "Action": "*", "Resource": "*"}')
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=text)
    return name


def endpoint(built: Built) -> str:
    ec2 = built.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    text = odd(KEEP % ("s3:*", "*"), OPEN % ("*", "s3:GetObject"))
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.ap-northeast-2.s3", PolicyDocument=text)
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def endpoint_policy(built: Built, name: str) -> Any:
    (found,) = built.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"]
    return found["PolicyDocument"]


@dataclass(frozen=True)
class Case:
    type: str
    property: str
    make: Callable[[Built], str]
    change: Callable[[Resource], Change]
    read: Callable[[Built, str], Any]


BLOCKED = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
CASES = [
    Case(
        "AWS::S3::BucketPolicy",
        "PolicyDocument",
        bucket_policy,
        without_the_last("PolicyDocument"),
        lambda built, name: built.client("s3").get_bucket_policy(Bucket=name)["Policy"],
    ),
    Case(
        "AWS::S3::Bucket",
        "PublicAccessBlockConfiguration",
        bucket,
        lambda owner: Change(owner.key, "PublicAccessBlockConfiguration", BLOCKED),
        blocks,
    ),
    Case("AWS::EC2::VPCEndpoint", "PolicyDocument", endpoint, without_the_last("PolicyDocument"), endpoint_policy),
    Case("AWS::SQS::Queue", "QueuePolicy", queue, without_the_last("QueuePolicy"), queue_policy),
    Case(
        "AWS::IAM::Role",
        "AssumeRolePolicyDocument",
        trust,
        without_the_last("AssumeRolePolicyDocument"),
        lambda built, name: built.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"],
    ),
    Case(
        "AWS::IAM::User",
        "Policies",
        inline,
        lambda owner: Change(owner.key, "Policies", remove=tuple(owner.properties["Policies"])),
        lambda built, name: built.client("iam").get_user_policy(UserName=name, PolicyName="all")["PolicyDocument"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
def test_an_undo_restores_the_very_text(account: Live, case: Case, tmp_path: Path) -> None:  # noqa: F811
    identifier = case.make(account.built)
    before = case.read(account.built, identifier)
    demand = {case.type: frozenset({case.property})}
    found = live.read(account.connection, account.place, demand, TYPES).resources
    owner = next(each for each in found if each.type == case.type and identifier in (each.id, each.name, each.arn))
    plan = planned(owner, case.change(owner))
    hands = account.hands(plan.steps[0].finding)
    assert apply(plan, hands, tmp_path / "journal", allow_risk="destroys").exit_code == 0
    if case.type != "AWS::IAM::User":
        assert case.read(account.built, identifier) != before
    assert rollback(tmp_path / "journal", hands).exit_code == 0
    after = case.read(account.built, identifier)
    assert after == before
    assert json.dumps(after) == json.dumps(before)  # the order of members too
