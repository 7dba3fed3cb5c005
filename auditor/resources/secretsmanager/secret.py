"""Secrets Manager secrets: how they are kept, never what they hold (no call here reads a value)."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources._shapes import function_arn, parse_json, to_json

_SECRET = {"SecretId": "{arn}"}
_ROTATION = "belongs to AWS::SecretsManager::RotationSchedule, which is a part of its secret here"

TYPE = ResourceType(
    cfn="AWS::SecretsManager::Secret",
    service="secretsmanager",
    list=Call("list_secrets", out="SecretList"),
    id="ARN",
    arn="ARN",
    name="Name",
    names=("{name}",),
    terraform=("aws_secretsmanager_secret",),
    folds=(
        "aws_secretsmanager_secret_rotation",
        "aws_secretsmanager_secret_policy",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::SecretsManager::ResourcePolicy",
    ),
    aws_made="OwningService",
    workload=True,
    props=(
        Prop("Id", "ARN", tf="arn"),
        Prop("Name"),
        Prop("Description"),
        Prop(
            "KmsKeyId",
            set=Call("update_secret", {**_SECRET, "KmsKeyId": "{value}"}),
            unset=Call("update_secret", {**_SECRET, "KmsKeyId": "alias/aws/secretsmanager"}),
            risk="interrupts",
            note="Absent means the key aws/secretsmanager. Readers must be let decrypt with a new key.",
        ),
        Prop(
            "RotationEnabled",
            tf="aws_secretsmanager_secret_rotation.rotation_enabled",
            default=False,
            ours=_ROTATION,
        ),
        Prop("RotationLambdaARN", tf="aws_secretsmanager_secret_rotation.rotation_lambda_arn", ours=_ROTATION),
        Prop("RotationRules", tf="aws_secretsmanager_secret_rotation.rotation_rules", ours=_ROTATION),
        Prop(
            "ResourcePolicy",
            call=Call("get_resource_policy", _SECRET),
            live="ResourcePolicy",
            read=parse_json,
            tf="policy",
            same="policy",
            set=Call("put_resource_policy", {**_SECRET, "ResourcePolicy": "{value}"}),
            unset=Call("delete_resource_policy", _SECRET),
            write=to_json,
            risk="interrupts",
            ours="belongs to AWS::SecretsManager::ResourcePolicy, which is a part of its secret here",
        ),
    ),
    edges=(
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key", "AWS::KMS::Alias")),
        EdgeTo("targets", "RotationLambdaARN", ("AWS::Lambda::Function",), take=function_arn),
    ),
)
