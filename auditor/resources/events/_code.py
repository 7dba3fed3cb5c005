"""Rules and their targets in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.ecs_targets import in_terraform
from auditor.resources.terraform import first, shaped, wanted

_TARGET = {
    "target_id": "Id",
    "appsync_target": "AppSyncParameters",
    "batch_target": "BatchParameters",
    "ecs_target": "EcsParameters",
    "http_target": "HttpParameters",
    "kinesis_target": "KinesisParameters",
    "redshift_target": "RedshiftDataParameters",
    "sagemaker_pipeline_target": "SageMakerPipelineParameters",
    "sqs_target": "SqsParameters",
    "input_paths": "InputPathsMap",
    "ordered_placement_strategy": "PlacementStrategies",
    "secrets_manager_arn": "SecretManagerArn",
}


def target(values: Mapping[str, Json]) -> Json:
    """A rule's target, a block of its own in Terraform."""
    said = {**values, "ecs_target": in_terraform(values.get("ecs_target"), "AwsVpcConfiguration")}
    if values.get("run_command_targets"):
        said["run_command_parameters"] = {"run_command_targets": values["run_command_targets"]}
    job = first(values.get("batch_target"))
    if isinstance(job, Mapping):
        size, attempts = job.get("array_size"), job.get("job_attempts")
        said["batch_target"] = {
            **job,
            "array_properties": {"size": size} if size else None,
            "retry_strategy": {"attempts": attempts} if attempts else None,
        }
    found = shaped(said, wanted("AWS::Events::Rule", "Targets")[0], _TARGET)
    found["Id"] = values.get("target_id") or "target"
    return [found]


def switched(value: Mapping[str, Json]) -> Json:
    """A rule's state, which older code says as a switch."""
    if value.get("state"):
        return value["state"]
    return "DISABLED" if value.get("is_enabled") is False else "ENABLED"
