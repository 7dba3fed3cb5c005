"""The eight ways in which the demo lets dualtetrax drift: what a small team does in a hurry, in dev and in prod."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.drifts import Drift
from auditor.sandbox.dualtetrax.names import REGION


def _database(built: Built, role: str, **settings: Any) -> None:
    built.client("rds").modify_db_instance(DBInstanceIdentifier=built[role], ApplyImmediately=True, **settings)


def shorten_backups(built: Built) -> None:
    _database(built, "prod/database", BackupRetentionPeriod=7)


def publish_database(built: Built) -> None:
    _database(built, "dev/database", PubliclyAccessible=True)


def add_nat(built: Built) -> None:
    ec2 = built.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=built["dev/public-subnet-a"], AllocationId=address)
    built.put("nat", made["NatGateway"]["NatGatewayId"])


def read_every_secret(built: Built) -> None:
    iam, role = built.client("iam"), built["prod/function-role"]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    every = policy({"Action": "secretsmanager:GetSecretValue", "Resource": "*"})
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=every)


def lift_limits(built: Built) -> None:
    api, stage = built["prod/stage"].split("/")
    change = {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "10000"}
    built.client("apigateway").update_stage(restApiId=api, stageName=stage, patchOperations=[change])


def cross_environments(built: Built) -> None:
    api, resource, verb = built["dev/post-devices"].split("/")
    function = built.arn("prod/function")
    built.client("apigateway").put_integration(
        restApiId=api,
        resourceId=resource,
        httpMethod=verb,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
    )


def shorten_timeout(built: Built) -> None:
    built.client("lambda").update_function_configuration(FunctionName=built["dev/function"], Timeout=3)


def keep_logs(built: Built) -> None:
    built.client("logs").delete_retention_policy(logGroupName=built["dev/function-logs"])


DRIFTS = (
    Drift("backups-shortened", "prod/database", "prod keeps its backups for a week, as dev does.", shorten_backups),
    Drift("database-public", "dev/database", "The database of dev was made publicly accessible.", publish_database),
    Drift("nat-added", "nat", "A NAT gateway was added to the VPC of dev, for 32 USD a month.", add_nat),
    Drift("secrets-opened", "prod/function-role", "The API of prod may now read every secret.", read_every_secret),
    Drift("limits-lifted", "prod/stage", "The API of prod lets 10,000 requests a second through.", lift_limits),
    Drift("environments-crossed", "dev/post-devices", "A route of dev calls the function of prod.", cross_environments),
    Drift("timeout-shortened", "dev/function", "The function of dev gives up after 3 seconds.", shorten_timeout),
    Drift("retention-lost", "dev/function-logs", "The logs of dev are now kept, and paid for, forever.", keep_logs),
)
