"""Plans and selections of AWS Backup in CloudFormation's shape, and the one spelling of what all sources say."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.shapes import pick

# AWS: a backup starts within eight hours of its time and is done within a week, where a rule says nothing else.
_RULE: Mapping[str, Json] = {
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10080,
    "EnableContinuousBackup": False,
    "ScheduleExpressionTimezone": "Etc/UTC",
}
_SAID = ("RuleName", "ScheduleExpression", "Lifecycle", "CopyActions", *_RULE)


def plan(value: Json) -> Json:
    """The plan as a template writes it; what AWS numbers its rules by is left out."""
    rules = [pick(each, *_SAID, TargetBackupVault="TargetBackupVaultName") for each in value.get("Rules") or ()]
    return {"BackupPlanName": value.get("BackupPlanName"), "BackupPlanRule": rules}


def tidy_plan(value: Json) -> Json:
    """Rules by their names, with AWS's choices said."""
    if not isinstance(value, Mapping) or not isinstance(value.get("BackupPlanRule"), list):
        return value
    rules = [_tidy_rule(each) for each in value["BackupPlanRule"]]
    rules.sort(key=lambda each: str(each.get("RuleName")) if isinstance(each, Mapping) else "")
    return {**pick(value, "BackupPlanName"), "BackupPlanRule": rules}


def _tidy_rule(rule: Json) -> Json:
    if not isinstance(rule, Mapping):
        return rule
    said = {**pick(rule, *_SAID, "TargetBackupVault")}
    return {**_RULE, **{key: each for key, each in said.items() if each not in (None, [], {})}}


def tidy_selection(value: Json) -> Json:
    """What is empty says nothing."""
    if not isinstance(value, Mapping):
        return value
    out = {name: each for name, each in value.items() if each not in (None, [], {})}
    conditions = out.get("Conditions")
    if isinstance(conditions, Mapping):
        out["Conditions"] = {name: each for name, each in conditions.items() if each}
    return {name: each for name, each in out.items() if each != {}}
