"""What is made in services that moto knows only in part is read again, as a type's rows read it."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.aws.session import connect
from auditor.resources import load
from auditor.sandbox import Sandbox
from auditor.sources import live
from auditor.sources.live import Place

SEOUL, ACCOUNT = "ap-northeast-2", "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/spare"


def analyzer(box: Sandbox) -> None:
    box.session_client("accessanalyzer").create_analyzer(
        analyzerName="unused",
        type="ACCOUNT_UNUSED_ACCESS",
        configuration={"unusedAccess": {"unusedAccessAge": 30}},
        tags={"team": "platform"},
    )


def budget(box: Sandbox) -> None:
    box.session_client("budgets", "us-east-1").create_budget(
        AccountId=ACCOUNT,
        Budget={
            "BudgetName": "monthly",
            "BudgetLimit": {"Amount": "50", "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
        ResourceTags=[{"Key": "team", "Value": "platform"}],
    )


def hub(box: Sandbox) -> None:
    client = box.session_client("securityhub")
    client.enable_security_hub(Tags={"team": "platform"})
    client.update_security_hub_configuration(AutoEnableControls=False)


def identities(box: Sandbox) -> None:
    client = box.session_client("cognito-identity")
    made = client.create_identity_pool(
        IdentityPoolName="shop",
        AllowUnauthenticatedIdentities=False,
        AllowClassicFlow=True,
        IdentityPoolTags={"team": "platform"},
    )
    client.set_identity_pool_roles(IdentityPoolId=made["IdentityPoolId"], Roles={"authenticated": ROLE})


def authorizer(box: Sandbox) -> None:
    client = box.session_client("apigatewayv2")
    client.create_authorizer(
        ApiId=client.create_api(Name="shop", ProtocolType="HTTP")["ApiId"],
        Name="people",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Audience": ["a"], "Issuer": "https://issuer.example"},
    )


def serverless(box: Sandbox) -> None:
    box.session_client("elasticache").create_serverless_cache(
        ServerlessCacheName="sessions", Engine="valkey", SnapshotRetentionLimit=7
    )


def door(box: Sandbox) -> None:
    where = {"LocationConstraint": SEOUL}
    box.session_client("s3").create_bucket(Bucket="reports-of-the-shop", CreateBucketConfiguration=where)
    client = box.session_client("s3control")
    client.create_access_point(AccountId=ACCOUNT, Name="reports", Bucket="reports-of-the-shop")


CASES = [
    (analyzer, "AccessAnalyzer::Analyzer", {"Type": "ACCOUNT_UNUSED_ACCESS", "Status": "ACTIVE"}, True),
    (budget, "Budgets::Budget", {"NotificationsWithSubscribers": []}, True),
    (hub, "SecurityHub::Hub", {"AutoEnableControls": False}, True),
    (identities, "Cognito::IdentityPool", {"AllowClassicFlow": True, "Roles": {"authenticated": ROLE}}, True),
    (authorizer, "ApiGatewayV2::Authorizer", {"Name": "people", "AuthorizerType": "JWT"}, False),
    (serverless, "ElastiCache::ServerlessCache", {"Engine": "valkey", "SnapshotRetentionLimit": 7}, False),
    (door, "S3::AccessPoint", {"Arn": f"arn:aws:s3:{SEOUL}:{ACCOUNT}:accesspoint/reports"}, False),
]


@pytest.fixture
def read(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    """All resources of a type in the account, after something was made there."""
    for name, value in box.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def inventory(cfn: str) -> Any:
        connection = connect(region=SEOUL)
        place = Place(connection.account, connection.partition, connection.home, (SEOUL,))
        return live.read(connection, place, {cfn: None}, load())

    return inventory


@pytest.mark.parametrize(("make", "noun", "wanted", "tagged"), CASES, ids=[each[1] for each in CASES])
def test_what_is_made_is_read(
    box: Sandbox, read: Any, make: Any, noun: str, wanted: dict[str, Any], tagged: bool
) -> None:
    make(box)
    found = read(f"AWS::{noun}")
    assert found.gaps == []
    (it,) = (each for each in found.resources if each.type == f"AWS::{noun}")
    assert wanted.items() <= it.properties.items()
    assert it.unknown == {}
    assert it.tags == ({"team": "platform"} if tagged else {})


def test_an_account_without_a_hub_has_none(read: Any) -> None:
    found = read("AWS::SecurityHub::Hub")
    assert (found.resources, found.gaps) == ([], [])
