"""Secrets Manager secrets: how they are kept, never what they hold (no call here reads a value)."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.arns import function_arn
from auditor.resources.secretsmanager import _code
from auditor.resources.terraform import said

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
    alone=("ResourcePolicy",),
    joins=(
        Join("aws_secretsmanager_secret_policy", "secret_arn", "ResourcePolicy", said("policy")),
        Join("aws_secretsmanager_secret_rotation", "secret_id", "RotationRules", _code.rotation),
        Join("aws_secretsmanager_secret_rotation", "secret_id", "RotationLambdaARN", said("rotation_lambda_arn")),
        Join("aws_secretsmanager_secret_rotation", "secret_id", "RotationEnabled", lambda fold: True),
        Join(
            "AWS::SecretsManager::ResourcePolicy",
            "SecretId",
            "ResourcePolicy",
            lambda fold: fold.get("ResourcePolicy"),
        ),
        Join("AWS::SecretsManager::RotationSchedule", "SecretId", "RotationEnabled", lambda fold: True),
        Join(
            "AWS::SecretsManager::RotationSchedule",
            "SecretId",
            "RotationLambdaARN",
            lambda fold: fold.get("RotationLambdaARN"),
        ),
        Join(
            "AWS::SecretsManager::RotationSchedule",
            "SecretId",
            "RotationRules",
            lambda fold: fold.get("RotationRules"),
        ),
    ),
    aws_made="OwningService",
    workload=True,
    props=(
        Prop("Id", "ARN", tf="arn"),
        Prop("Name"),
        Prop("Description", absent="not set"),
        Prop(
            "KmsKeyId",
            absent="not set",
            set=Call("update_secret", {**_SECRET, "KmsKeyId": "{value}"}),
            unset=Call("update_secret", {**_SECRET, "KmsKeyId": "alias/aws/secretsmanager"}),
            risk="interrupts",
            note="Without a value, the key is aws/secretsmanager. Readers must be allowed to decrypt with a new key.",
        ),
        Prop(
            "RotationEnabled",
            tf="-",
            default=False,
            ours=_ROTATION,
        ),
        Prop("RotationLambdaARN", absent="not set", tf="-", ours=_ROTATION),
        Prop("RotationRules", absent="not set", tf="-", ours=_ROTATION),
        Prop(
            "ResourcePolicy",
            call=Call("get_resource_policy", _SECRET),
            live="ResourcePolicy",
            kind="json",
            absent="not set",
            tf="policy",
            same="policy",
            set=Call("put_resource_policy", {**_SECRET, "ResourcePolicy": "{value}"}),
            unset=Call("delete_resource_policy", _SECRET),
            risk="interrupts",
            ours="belongs to AWS::SecretsManager::ResourcePolicy, which is a part of its secret here",
        ),
    ),
    edges=(
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key", "AWS::KMS::Alias")),
        EdgeTo("targets", "RotationLambdaARN", ("AWS::Lambda::Function",), take=function_arn),
    ),
)
