"""Network file systems. Where one has no policy, whoever reaches a mount target may do everything.

Mount targets, which stand in subnets, are resources of their own; replication is not described.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.terraform import camel, first, many, not_zero, said

_SYSTEM = {"FileSystemId": "{id}"}
_SETTLED = {"ENABLING": "ENABLED", "DISABLING": "DISABLED"}


def _backup(value: Json) -> Json:
    """Whether backups are made; on the way there counts as there."""
    status = value.get("Status") if isinstance(value, Mapping) else None
    return {"Status": _SETTLED.get(status, status)} if status else ABSENT


def _backup_of(fold: Mapping[str, Json]) -> Json:
    return camel(first(fold.get("backup_policy")) or {})


def _ages(value: Json) -> Json:
    """When files move to cheaper storage, one step an element, in no order that means something."""
    names = {"TransitionToIa": "TransitionToIA"}
    found = [{names.get(key, key): text for key, text in camel(each).items()} for each in many(value)]
    return [{key: text} for each in found for key, text in each.items()]


def _protection(value: Json) -> Json:
    said = (first(value) or {}).get("replication_overwrite")
    return {"ReplicationOverwriteProtection": said} if said else ABSENT


TYPE = ResourceType(
    cfn="AWS::EFS::FileSystem",
    service="efs",
    list=Call("describe_file_systems", out="FileSystems"),
    id="FileSystemId",
    arn="FileSystemArn",
    name="Name",
    names=("{id}.efs.{region}.amazonaws.com",),
    terraform=("aws_efs_file_system",),
    folds=("aws_efs_file_system_policy", "aws_efs_backup_policy"),
    alone=("FileSystemPolicy",),
    joins=(
        Join("aws_efs_file_system_policy", "file_system_id", "FileSystemPolicy", said("policy")),
        Join("aws_efs_backup_policy", "file_system_id", "BackupPolicy", _backup_of),
    ),
    workload=True,
    props=(
        Prop("FileSystemId", tf="id"),
        Prop("Arn", "FileSystemArn"),
        Prop("Encrypted", default=False, absent="unknown"),
        Prop("KmsKeyId", absent="not set"),
        Prop("PerformanceMode", default="generalPurpose", absent="unknown"),
        Prop("AvailabilityZoneName", absent="not set"),
        Prop(
            "ThroughputMode",
            default="bursting",
            absent="unknown",
            set=Call("update_file_system", {**_SYSTEM, "ThroughputMode": "{value}"}),
            risk="interrupts",
            note="After a change, AWS accepts no other change for a day.",
        ),
        Prop("ProvisionedThroughputInMibps", absent="not set", tf_read=not_zero),
        Prop(
            "LifecyclePolicies",
            call=Call("describe_lifecycle_configuration", _SYSTEM, out="LifecyclePolicies"),
            tf="lifecycle_policy",
            tf_read=_ages,
            same="set",
            default=[],
            absent="unknown",
            set=Call("put_lifecycle_configuration", {**_SYSTEM, "LifecyclePolicies": "{value}"}),
        ),
        Prop(
            "BackupPolicy",
            call=Call("describe_backup_policy", _SYSTEM, "BackupPolicy", ("PolicyNotFound",)),
            read=_backup,
            absent="not set",
            tf="-",
            set=Call("put_backup_policy", {**_SYSTEM, "BackupPolicy": {"Status": "{value.Status}"}}),
            unset=Call("put_backup_policy", {**_SYSTEM, "BackupPolicy": {"Status": "DISABLED"}}),
        ),
        Prop(
            "FileSystemProtection",
            tf="protection",
            tf_read=_protection,
            default={"ReplicationOverwriteProtection": "ENABLED"},
        ),
        Prop(
            "FileSystemPolicy",
            call=Call("describe_file_system_policy", _SYSTEM, "Policy", ("PolicyNotFound",)),
            kind="json",
            absent="not set",
            tf="-",
            same="policy",
            set=Call("put_file_system_policy", {**_SYSTEM, "Policy": "{value}"}),
            unset=Call("delete_file_system_policy", _SYSTEM),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),),
)
