"""What IAM, KMS, Secrets Manager, EventBridge, CloudWatch and SNS answer, read into CloudFormation's shape.

The answers (answers/identity_watch.json) follow AWS's API references; what they mean was worked out from those by hand.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.aws.fill import fill
from auditor.aws.redact import plain
from auditor.aws.replay import Replay
from auditor.aws.requests import Failure, Request
from auditor.graph.build import build
from auditor.model import ABSENT, Inventory
from auditor.resources import load
from auditor.resources.permissions import permission, permissions
from auditor.sources.live import Place, read

ACCOUNT, REGION, HOME = "123456789012", "ap-northeast-2", "us-east-1"
PLACE = Place(ACCOUNT, "aws", HOME, (REGION,))
CASES = json.loads((Path(__file__).parent / "answers" / "identity_watch.json").read_text())
GLOBAL = ("iam", "sts")
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:cuggu-alarms"


def asked(service: str, operation: str, params: Mapping[str, Any]) -> Request:
    at_home = service in GLOBAL or "dashboard" in operation
    return Request.of(ACCOUNT, HOME if at_home else REGION, service, operation, params)


def answers_of(case: Mapping[str, Any]) -> dict[Request, Any]:
    return {asked(each["service"], each["operation"], each["params"]): plain(each["reply"]) for each in case["answers"]}


def told(name: str) -> dict[Request, Any]:
    return answers_of(next(case for case in CASES if case["case"].startswith(name)))


def account(*types: str, answers: Mapping[Request, Any]) -> Inventory:
    return read(Replay(answers), PLACE, dict.fromkeys(types), load())


@pytest.mark.contract
@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_an_answer_becomes_canonical(case: dict[str, Any]) -> None:
    inventory = account(case["type"], answers=answers_of(case))

    (found,) = inventory.resources
    assert {name: found.properties.get(name, ABSENT) for name in case["expected"]} == case["expected"]
    assert not found.properties.keys() & set(case["absent"])
    assert not inventory.gaps


def test_nearly_all_of_iam_is_one_call() -> None:
    """Instance profiles are a second one: the details of roles do not tell an empty one."""
    types = [f"AWS::IAM::{noun}" for noun in ("User", "Group", "ManagedPolicy")]
    found = account(*types, answers=told("a user"))

    assert len(found.resources) == 3
    assert not found.gaps


def test_tags_in_every_spelling() -> None:
    for name, cfn, tags in (
        ("a user", "AWS::IAM::User", {"team": "platform"}),
        ("a key that rotates", "AWS::KMS::Key", {"team": "platform"}),
        ("a secret", "AWS::SecretsManager::Secret", {"app": "cuggu"}),
        ("a log group that keeps its events", "AWS::Logs::LogGroup", {"app": "cuggu"}),
    ):
        (found,) = account(cfn, answers=told(name)).resources
        assert found.tags == tags, name


def test_an_account_without_a_password_policy_is_still_judged() -> None:
    answers = told("a password policy")
    call = asked("iam", "get_account_password_policy", {})
    (none,) = account(
        "AWS::IAM::AccountPasswordPolicy", answers={**answers, call: Failure("NoSuchEntity", "failed", "none")}
    ).resources
    (denied,) = account(
        "AWS::IAM::AccountPasswordPolicy", answers={**answers, call: Failure("AccessDenied", "denied", "no")}
    ).resources

    assert (none.id, none.properties["RequireSymbols"], none.unknown) == (ACCOUNT, False, {})
    assert "PasswordReusePrevention" not in none.properties
    assert denied.unknown["RequireSymbols"].permission == "iam:GetAccountPasswordPolicy"
    assert "RequireSymbols" not in denied.properties


def test_a_key_that_cannot_rotate_does_not() -> None:
    answers = told("a key that rotates")
    status = next(request for request in answers if request.operation == "get_key_rotation_status")
    refused = Failure("UnsupportedOperationException", "failed", "asymmetric")
    (key,) = account("AWS::KMS::Key", answers={**answers, status: refused}).resources

    assert key.properties["EnableKeyRotation"] is False
    assert not key.unknown


@pytest.mark.parametrize(
    ("name", "cfn", "member", "value", "made"),
    [
        ("a role", "AWS::IAM::Role", "Path", "/aws-service-role/rds.amazonaws.com/", True),
        ("a role", "AWS::IAM::Role", "Path", "/aws-reserved/sso.amazonaws.com/", True),
        ("a role", "AWS::IAM::Role", "Path", "/cuggu/", False),
        ("a managed", "AWS::IAM::ManagedPolicy", "Arn", "arn:aws:iam::aws:policy/AdministratorAccess", True),
        ("an alias", "AWS::KMS::Alias", "AliasName", "alias/aws/rds", True),
        ("a secret", "AWS::SecretsManager::Secret", "OwningService", "rds", True),
        ("a rule on", "AWS::Events::Rule", "ManagedBy", "autoscaling.amazonaws.com", True),
        ("a key that", "AWS::KMS::Key", "KeyManager", "AWS", True),
        ("a key that", "AWS::KMS::Key", "KeyManager", "CUSTOMER", False),
    ],
)
def test_what_aws_made_is_told_apart(name: str, cfn: str, member: str, value: str, made: bool) -> None:
    answers = copy.deepcopy(next(each for each in CASES if each["case"].startswith(name)))
    described = load()[cfn]
    call = "describe_key" if member == "KeyManager" else described.list.operation
    reply = next(each["reply"] for each in answers["answers"] if each["operation"] == call)
    item = reply["KeyMetadata"] if member == "KeyManager" else reply[described.list.out][0]
    item[member] = value

    assert account(cfn, answers=answers_of(answers)).resources[0].aws_made is made


def test_unconfirmed_subscriptions_are_told_apart_and_never_asked_about() -> None:
    waiting = {"SubscriptionArn": "PendingConfirmation", "Owner": ACCOUNT, "Protocol": "email", "TopicArn": TOPIC}
    listed = [{**waiting, "Endpoint": name} for name in ("a@example.com", "b@example.com")]
    gone = {**waiting, "SubscriptionArn": "Deleted", "Endpoint": "c@example.com"}
    answers = {asked("sns", "list_subscriptions", {}): {"Subscriptions": [*listed, gone]}}
    found = account("AWS::SNS::Subscription", answers=answers)

    assert sorted(each.properties["Endpoint"] for each in found.resources) == ["a@example.com", "b@example.com"]
    assert len({each.key for each in found.resources}) == 2
    assert all(each.properties["PendingConfirmation"] and not each.arn for each in found.resources)
    assert not found.gaps


def test_references_become_edges() -> None:
    answers: dict[Request, Any] = {}
    for case in CASES:
        answers = {**answers_of(case), **answers}
    function = {
        "FunctionName": "cuggu-cleanup",
        "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:cuggu-cleanup",
    }
    server = {"FunctionName": "cuggu-server", "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:cuggu-server"}
    answers[asked("lambda", "list_functions", {})] = {"Functions": [function, server]}
    demand = {case["type"]: None for case in CASES}
    graph = build(read(Replay(answers), PLACE, {**demand, "AWS::Lambda::Function": frozenset()}, load()), load())
    label = {each.key: each.label for cfn in (*demand, "AWS::Lambda::Function") for each in graph.of_type(cfn)}
    edges = {
        (label[resource.key], relation, head.label)
        for resource in [each for cfn in demand for each in graph.of_type(cfn)]
        for relation in ("trusts", "holds", "applies", "acts-as", "part-of", "targets", "notifies", "watches")
        for _, head in graph.heads(resource, relation)
    }

    subscription = next(each.id for each in graph.of_type("AWS::SNS::Subscription"))
    assert edges >= {
        ("cuggu-server", "trusts", "deploy"),
        ("cuggu-server", "holds", "deployer"),
        ("cuggu-server", "applies", "deployer"),
        ("bastion", "acts-as", "cuggu-server"),
        ("deploy", "part-of", "ci"),
        ("ci", "holds", "deployer"),
        ("cuggu-cleanup", "targets", "cuggu-cleanup"),
        ("cuggu/db", "targets", "cuggu-cleanup"),
        ("cleanup", "acts-as", "cuggu-server"),
        ("cuggu-server-errors", "notifies", "cuggu-alarms"),
        ("cuggu-server-errors", "watches", "cuggu-server"),
        ("cuggu", "watches", "cuggu-server"),
        ("cuggu", "watches", "cuggu-cleanup"),
        ("cuggu-alarms", "notifies", subscription),
    }


@pytest.mark.contract
@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("rds", "describe_db_instances", "rds:DescribeDBInstances"),
        ("s3", "list_buckets", "s3:ListAllMyBuckets"),
        ("s3", "get_bucket_encryption", "s3:GetEncryptionConfiguration"),
        ("s3", "delete_public_access_block", "s3:PutBucketPublicAccessBlock"),
        ("s3control", "get_public_access_block", "s3:GetAccountPublicAccessBlock"),
        ("s3", "get_bucket_lifecycle_configuration", "s3:GetLifecycleConfiguration"),
        ("elbv2", "describe_ssl_policies", "elasticloadbalancing:DescribeSSLPolicies"),
        ("lambda", "list_function_url_configs", "lambda:ListFunctionUrlConfigs"),
        ("cloudfront", "list_distributions_by_web_acl_id", "cloudfront:ListDistributionsByWebACLId"),
        ("iam", "list_open_id_connect_providers", "iam:ListOpenIDConnectProviders"),
        ("wafv2", "list_web_acls", "wafv2:ListWebACLs"),
    ],
)
def test_the_action_of_a_call(service: str, operation: str, action: str) -> None:
    assert permission(service, operation) == action


def test_handing_on_a_role_is_a_permission_too() -> None:
    assert permissions("events", "put_rule") == ("events:PutRule", "iam:PassRole")


def test_an_edited_alarm_is_written_back_with_all_that_it_said() -> None:
    alarm = load()["AWS::CloudWatch::Alarm"].prop("Threshold")
    assert alarm
    assert alarm.edit
    (case,) = [each for each in CASES if each["type"] == "AWS::CloudWatch::Alarm"]
    document = case["answers"][0]["reply"]["MetricAlarms"][0]
    written = fill(dict(alarm.edit.write.params), {"name": "cuggu-server-errors", "value": document}.get)

    lost = document.keys() - written.keys()
    unwritable = {name for name in lost if name.startswith("State")} | {
        "AlarmArn",
        "AlarmConfigurationUpdatedTimestamp",
    }
    assert lost == unwritable | {"OKActions", "InsufficientDataActions"}  # empty lists are what AWS assumes
