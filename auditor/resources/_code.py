"""What several types say in Terraform in a way that spelling alone does not lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.model import ABSENT, Json
from auditor.resources._terraform import camel, first, many, shaped, wanted

HIDDEN = "[redacted]"


def said(name: str) -> Callable[[Mapping[str, Json]], Json]:
    """A fold's attribute as it stands."""
    return lambda values: values.get(name)


def dimensions(value: Json) -> Json:
    """An alarm's dimensions, in Terraform one object."""
    return [{"Name": name, "Value": text} for name, text in sorted((value or {}).items())]


def metrics(value: Json) -> Json:
    """The metric queries of an alarm."""
    out = []
    for each in many(value):
        query = {
            key: inner
            for key, inner in camel(each).items()
            if key in ("Id", "Expression", "Label", "Period", "ReturnData")
        }
        metric = first(each.get("metric"))
        if metric:
            inner = {key: text for key, text in camel(metric).items() if key in ("MetricName", "Namespace")}
            inner["Dimensions"] = dimensions(metric.get("dimensions"))
            rest = {key: text for key, text in camel(metric).items() if key in ("Period", "Stat", "Unit")}
            query["MetricStat"] = {"Metric": inner, **rest}
        out.append(query)
    return out or ABSENT


def environment(value: Json) -> Json:
    """The names of a function's variables; what they hold is never taken over."""
    held = (first(value) or {}).get("variables")
    if not held:
        return ABSENT
    if not isinstance(held, Mapping):
        raise TypeError("the names of the variables are known only after apply")
    return {"Variables": dict.fromkeys(sorted(held), HIDDEN)}


def inside(value: Json) -> Json:
    """A function's place in a network; an empty block is none."""
    found = shaped(value, wanted("AWS::Lambda::Function", "VpcConfig"))
    if found is ABSENT or not found.get("SubnetIds"):
        return ABSENT
    return {key: inner for key, inner in found.items() if inner is not False}


def logging(value: Mapping[str, Json]) -> Json:
    """Where a function writes, with AWS's own choice where the code makes none."""
    found = shaped(value.get("logging_config") or None, wanted("AWS::Lambda::Function", "LoggingConfig"))
    group = f"/aws/lambda/{value.get('function_name')}"
    return {"LogFormat": "Text", "LogGroup": group, **(found if isinstance(found, Mapping) else {})}


def not_negative(value: Json) -> Json:
    """A number, of which Terraform writes -1 for "not set"."""
    return ABSENT if str(value) == "-1" else value


def not_zero(value: Json) -> Json:
    """A number, of which Terraform writes 0 for "not set"."""
    return value or ABSENT


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
    said = {**values, "ecs_target": _task(values.get("ecs_target"), "AwsVpcConfiguration")}
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


def schedule_target(value: Json) -> Json:
    """What a schedule starts."""
    said = first(value)
    if not isinstance(said, Mapping):
        return ABSENT
    said = {**said, "ecs_parameters": _task(said.get("ecs_parameters"), "AwsvpcConfiguration")}
    return shaped(said, wanted("AWS::Scheduler::Schedule", "Target"), {"pipeline_parameter": "PipelineParameterList"})


def _task(value: Json, network: str) -> Json:
    """A container's settings; Terraform leaves out the level `network` and writes its public address as a switch."""
    said = first(value)
    place = first(said.get("network_configuration")) if isinstance(said, Mapping) else None
    if not isinstance(place, Mapping):
        return said
    public = place.get("assign_public_ip")
    words = {True: "ENABLED", False: "DISABLED", "true": "ENABLED", "false": "DISABLED"}
    return {**said, "network_configuration": {network: {**place, "assign_public_ip": words.get(public, public)}}}


def switched(value: Mapping[str, Json]) -> Json:
    """A rule's state, which older code says as a switch."""
    if value.get("state"):
        return value["state"]
    return "DISABLED" if value.get("is_enabled") is False else "ENABLED"


def parameters(value: Json) -> Json:
    """A parameter group's settings by name."""
    return {each["name"]: str(each.get("value", "")) for each in many(value) if each.get("name")}


def alias(value: Json) -> Json:
    """What an alias record leads to."""
    found = first(value)
    if not found:
        return ABSENT
    out = {
        "DNSName": found.get("name"),
        "HostedZoneId": found.get("zone_id"),
        "EvaluateTargetHealth": bool(found.get("evaluate_target_health")),
    }
    return {key: inner for key, inner in out.items() if inner is not None}


def records(value: Mapping[str, Json]) -> Json:
    """A record's values; Terraform puts the quotation marks around texts itself."""
    found = many(value.get("records"))
    if value.get("type") in ("TXT", "SPF"):
        found = [f'"{text}"' for text in found]
    return found or ABSENT


def place(value: Json) -> Json:
    """From where a record is asked for."""
    said = first(value)
    if not said:
        return ABSENT
    names = {"continent": "ContinentCode", "country": "CountryCode", "subdivision": "SubdivisionCode"}
    return {name: said[key] for key, name in names.items() if said.get(key)}


def comment(value: Mapping[str, Json]) -> Json:
    """A zone's comment; Terraform writes its own where the code gives none."""
    return {"Comment": value["comment"]} if value.get("comment") else ABSENT


def private(value: Mapping[str, Json]) -> Json:
    """A zone is private when it names networks."""
    return bool(value.get("vpc"))


def rotation(values: Mapping[str, Json]) -> Json:
    """When a secret is renewed."""
    return camel(first(values.get("rotation_rules")) or {}) or None
