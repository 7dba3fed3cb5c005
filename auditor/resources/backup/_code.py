"""A plan of AWS Backup in Terraform, whose provider writes down windows of its own where code is silent."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.terraform import many, shaped, wanted

_WINDOWS: Mapping[str, Json] = {"start_window": 60, "completion_window": 180}
_RENAMED = {
    "name": "BackupPlanName",
    "rule": "BackupPlanRule",
    "schedule": "ScheduleExpression",
    "target_vault_name": "TargetBackupVault",
    "destination_vault_arn": "DestinationBackupVaultArn",
    "start_window": "StartWindowMinutes",
    "completion_window": "CompletionWindowMinutes",
    "delete_after": "DeleteAfterDays",
    "cold_storage_after": "MoveToColdStorageAfterDays",
}


def plan(value: Json) -> Json:
    """The plan in CloudFormation's shape; a lifecycle of nothing but zeros says nothing."""
    if not isinstance(value, Mapping):
        return value
    rules = [_rule(each) if isinstance(each, Mapping) else each for each in many(value.get("rule"))]
    return shaped({**value, "rule": rules}, wanted("AWS::Backup::BackupPlan", "BackupPlan"), _RENAMED)


def _rule(rule: Mapping[str, Json]) -> Mapping[str, Json]:
    said = {name: each for name, each in rule.items() if each is not None}
    copies = [{**each, "lifecycle": _ages(each.get("lifecycle"))} for each in many(said.get("copy_action"))]
    return {**_WINDOWS, **said, "lifecycle": _ages(said.get("lifecycle")), "copy_action": copies}


def _ages(value: Json) -> Json:
    """Terraform writes 0 for an age that is not set."""
    return [{name: age for name, age in each.items() if age not in (0, None)} for each in many(value)]
