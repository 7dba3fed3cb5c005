"""How often a secret is changed, and by which function. A secret that is not rotated has no such resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.shapes import pick
from auditor.resources.terraform import first, shaped, wanted

_CFN = "AWS::SecretsManager::RotationSchedule"


def _rotated(value: Json) -> Iterator[Mapping[str, Json]]:
    for each in value or ():
        if each.get("RotationEnabled"):
            yield each


def _rules(value: Json) -> Json:
    """A schedule in days, or as an expression: AWS tells the days beside an expression of days too."""
    found = pick(value, "AutomaticallyAfterDays", "Duration", "ScheduleExpression")
    if isinstance(found, dict) and found.get("ScheduleExpression"):
        found.pop("AutomaticallyAfterDays", None)
    return found


def _of_terraform(value: Json) -> Json:
    said = first(value)
    kept = {key: inner for key, inner in said.items() if inner not in (None, "", 0)} if isinstance(said, dict) else said
    return shaped(kept, wanted(_CFN, "RotationRules"))


TYPE = ResourceType(
    cfn=_CFN,
    service="secretsmanager",
    list=Call("list_secrets", out="SecretList"),
    items=_rotated,
    id="ARN",
    arn="",
    name="Name",
    tags="",
    terraform=("aws_secretsmanager_secret_rotation",),
    props=(
        Prop("SecretId", live="ARN"),
        Prop(
            "RotationLambdaARN",
            tf="rotation_lambda_arn",
            absent="not set",
        ),
        Prop(
            "RotationRules",
            read=_rules,
            tidy=_rules,
            tf_read=_of_terraform,
            always=True,
        ),
    ),
    edges=(
        EdgeTo("part-of", "SecretId", ("AWS::SecretsManager::Secret",)),
        EdgeTo("targets", "RotationLambdaARN", ("AWS::Lambda::Function",)),
    ),
)
