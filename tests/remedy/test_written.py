"""An undo restores what was written, and not only what it means: policies by their text, and what was not set as not
set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from botocore.exceptions import ClientError
from botocore.handlers import json_decode_policies

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


def managed(built: Built) -> str:
    text = odd(
        '{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}', '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
    )
    made = built.client("iam").create_policy(PolicyName=NAME, PolicyDocument=text)
    return str(made["Policy"]["Arn"])


def verbatim(built: Built, operation: str, member: str, **params: str) -> Any:
    """A policy as IAM sends it: URL-encoded, which the SDK would decode and parse."""
    iam = built.client("iam")
    iam.meta.events.unregister("after-call.iam", json_decode_policies)
    found = getattr(iam, operation)(**params)
    return unquote(
        found.get(member, found)["Document"] if member == "PolicyVersion" else found.get("Role", found)[member]
    )


def managed_text(built: Built, arn: str) -> Any:
    version = built.client("iam").get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return verbatim(built, "get_policy_version", "PolicyVersion", PolicyArn=arn, VersionId=version)


def api(built: Built) -> str:
    text = odd(KEEP % ("execute-api:Invoke", "*"), OPEN % ("*", "execute-api:Invoke"))
    return str(built.client("apigateway").create_rest_api(name=NAME, policy=text)["id"])


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
        lambda built, name: verbatim(built, "get_role", "AssumeRolePolicyDocument", RoleName=name),
    ),
    Case(
        "AWS::IAM::User",
        "Policies",
        inline,
        lambda owner: Change(owner.key, "Policies", remove=tuple(owner.properties["Policies"])),
        lambda built, name: verbatim(built, "get_user_policy", "PolicyDocument", UserName=name, PolicyName="all"),
    ),
    Case("AWS::IAM::ManagedPolicy", "PolicyDocument", managed, without_the_last("PolicyDocument"), managed_text),
    Case(
        "AWS::ApiGateway::RestApi",
        "Policy",
        api,
        without_the_last("Policy"),
        lambda built, name: built.client("apigateway").get_rest_api(restApiId=name)["policy"],
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


def test_whatever_writes_a_policy_can_read_how_it_was_written() -> None:
    """Only what is whole in the answer of a call can be put back as a text."""
    rows = [(cfn, row) for cfn, each in TYPES.items() for row in each.props if row.same == "policy" and not row.edit]
    written = [(cfn, row) for cfn, row in rows if row.set or row.add]
    assert len(written) > 10
    assert not [f"{cfn} {row.name}" for cfn, row in written if not (row.exact or row.call)]
