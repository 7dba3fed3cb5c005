"""What the serverless transform makes of the events of a function: rules, schedules, subscriptions and permissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.model import Json

Made = Iterator[tuple[str, dict[str, Any]]]


def event(function: str, word: str, source: Json, missing: list[tuple[str, str]]) -> Made:
    """The resources of one event, by the names that the transform gives them."""
    kind = source.get("Type") if isinstance(source, dict) else None
    given = source.get("Properties") if isinstance(source, dict) else None
    properties: Mapping[str, Json] = given if isinstance(given, dict) else {}
    maker = _MAKERS.get(str(kind))
    if maker:
        yield from maker(function, f"{function}{word}", properties)
    elif kind in _SILENT:
        return
    else:
        missing.append((function, f"what its event {word} ({kind}) makes is not described"))


def _permission(function: str, principal: str, source: Json = None) -> dict[str, Any]:
    properties: dict[str, Json] = {
        "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": function}, "Principal": principal,
    }  # fmt: skip
    if source is not None:
        properties["SourceArn"] = source
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def _rule(function: str, name: str, given: Mapping[str, Json], said: Mapping[str, Json]) -> Made:
    target = {"Arn": {"Fn::GetAtt": [function, "Arn"]}, "Id": f"{name}LambdaTarget"}
    for key in ("Input", "InputPath", "RetryPolicy"):
        if key in given:
            target[key] = given[key]
    properties: dict[str, Json] = {**said, "Targets": [target]}
    if "Enabled" in given:
        properties["State"] = "DISABLED" if given["Enabled"] in (False, "false") else "ENABLED"
    for key in ("Name", "Description", "State"):
        if key in given:
            properties[key] = given[key]
    yield name, {"Type": "AWS::Events::Rule", "Properties": properties}
    yield f"{name}Permission", _permission(function, "events.amazonaws.com", {"Fn::GetAtt": [name, "Arn"]})


def _schedule(function: str, name: str, given: Mapping[str, Json]) -> Made:
    yield from _rule(function, name, given, {"ScheduleExpression": given.get("Schedule")})


def _pattern(function: str, name: str, given: Mapping[str, Json]) -> Made:
    said = {"EventPattern": given.get("Pattern")}
    if "EventBusName" in given:
        said["EventBusName"] = given["EventBusName"]
    yield from _rule(function, name, given, said)


def _scheduler(function: str, name: str, given: Mapping[str, Json]) -> Made:
    kept = ("Description", "EndDate", "FlexibleTimeWindow", "GroupName", "KmsKeyArn", "Name", "ScheduleExpression",
            "ScheduleExpressionTimezone", "StartDate", "State")  # fmt: skip
    properties = {key: given[key] for key in kept if key in given}
    properties.setdefault("FlexibleTimeWindow", {"Mode": "OFF"})
    properties.setdefault("Name", name)
    role = given.get("RoleArn") or {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    properties["Target"] = {"Arn": {"Fn::GetAtt": [function, "Arn"]}, "RoleArn": role}
    yield name, {"Type": "AWS::Scheduler::Schedule", "Properties": properties}
    if "RoleArn" not in given:
        yield f"{name}Role", {"Type": "AWS::IAM::Role", "Properties": _scheduler_role(function, name)}


def _scheduler_role(function: str, name: str) -> dict[str, Json]:
    trust = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": ["scheduler.amazonaws.com"]}}
    may = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": {"Fn::GetAtt": [function, "Arn"]}}
    document = {"Version": "2012-10-17", "Statement": [may]}
    return {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": f"{name}LambdaPolicy", "PolicyDocument": document}],
    }


def _topic(function: str, name: str, given: Mapping[str, Json]) -> Made:
    topic = given.get("Topic")
    endpoint = {"Fn::GetAtt": [function, "Arn"]}
    yield (
        name,
        {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"TopicArn": topic, "Protocol": "lambda", "Endpoint": endpoint},
        },
    )
    yield f"{name}Permission", _permission(function, "sns.amazonaws.com", topic)


def _bucket(function: str, name: str, given: Mapping[str, Json]) -> Made:
    yield f"{name}Permission", _permission(function, "s3.amazonaws.com")


def _log(function: str, name: str, given: Mapping[str, Json]) -> Made:
    yield f"{name}Permission", _permission(function, "logs.amazonaws.com")


def _api(function: str, name: str, given: Mapping[str, Json]) -> Made:
    source = {"Fn::Transform": "the ARN of the API's stage"}
    yield f"{name}PermissionProd", _permission(function, "apigateway.amazonaws.com", source)


_MAKERS = {
    "Schedule": _schedule,
    "ScheduleV2": _scheduler,
    "CloudWatchEvent": _pattern,
    "EventBridgeRule": _pattern,
    "SNS": _topic,
    "S3": _bucket,
    "CloudWatchLogs": _log,
    "Api": _api,
    "HttpApi": _api,
}
_SILENT = (
    "SQS",
    "Kinesis",
    "DynamoDB",
    "MSK",
    "MQ",
    "SelfManagedKafka",
    "DocumentDB",
)  # the function fetches by itself
