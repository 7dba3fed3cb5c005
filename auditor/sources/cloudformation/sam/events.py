"""What the events of a function become: rules, schedules, subscriptions, and permissions to invoke it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from auditor.model import Json
from auditor.sources.cloudformation.sam.made import (
    Made,
    Making,
    allow,
    arn,
    attribute,
    dead_letters,
    extra,
    kept,
    policy,
    queue_for,
    trust,
)  # fmt: skip
from auditor.sources.cloudformation.sam.pulled import PULLED
from auditor.sources.cloudformation.texts import Unresolved


@dataclass(frozen=True, slots=True)
class Target:
    """What is invoked: a function or its alias. `name` and `arn` are how others refer to it."""

    function: str
    entry: Mapping[str, Json]
    name: Json
    arn: Json


# What the event of a kind that nobody has described may make.
OF_EVENTS = ("AWS::Events::Rule", "AWS::IAM::Role", "AWS::Lambda::Permission")
Maker = Callable[[Target, str, Mapping[str, Json], Making], Made]


def event(target: Target, word: str, source: Json, making: Making) -> Made:
    """The resources of one event, by the names that the transform gives them."""
    kind = str(source.get("Type")) if isinstance(source, dict) else ""
    given = source.get("Properties") if isinstance(source, dict) else None
    maker = _MAKERS.get(kind)
    if maker:
        yield from maker(target, f"{target.function}{word}", given if isinstance(given, dict) else {}, making)
    elif kind not in PULLED:
        making.miss(target.function, f"what its event {word} ({kind[:40]}) creates is not supported", OF_EVENTS)


def _permission(target: Target, name: str, principal: str, source: Json = None, **more: Json) -> Made:
    said = {"Action": "lambda:InvokeFunction", "FunctionName": target.name, "Principal": principal, "SourceArn": source}
    yield name, extra(target.entry, "AWS::Lambda::Permission", {**said, **more})


# ---- rules and schedules


def rule_state(given: Mapping[str, Json]) -> Json:
    if "Enabled" in given:
        return "DISABLED" if given["Enabled"] in (False, "false") else "ENABLED"
    return given.get("State")


def _rule(target: Target, name: str, given: Mapping[str, Json], said: Mapping[str, Json]) -> Made:
    letters, queue = dead_letters(target.entry, name, given.get("DeadLetterConfig"), attribute(name))
    wanted = given.get("Target")
    own = wanted.get("Id") if isinstance(wanted, dict) else None
    to = {"Arn": target.arn, "Id": own or f"{name}LambdaTarget"}
    to.update(kept(given, "Input", "InputPath", "InputTransformer", "RetryPolicy"))
    if letters:
        to["DeadLetterConfig"] = letters
    yield name, extra(target.entry, "AWS::Events::Rule", {**said, "State": rule_state(given), "Targets": [to]})
    yield from queue
    yield from _permission(target, f"{name}Permission", "events.amazonaws.com", attribute(name))


def _schedule(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    said = {"ScheduleExpression": given.get("Schedule"), **kept(given, "Name", "Description")}
    yield from _rule(target, name, given, said)


def _pattern(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    said = {"EventPattern": given.get("Pattern"), "Name": given.get("RuleName"), **kept(given, "EventBusName")}
    yield from _rule(target, name, given, said)


_OF_SCHEDULE = (
    "Description", "EndDate", "FlexibleTimeWindow", "GroupName", "KmsKeyArn", "Name", "ScheduleExpression",
    "ScheduleExpressionTimezone", "StartDate", "State",
)  # fmt: skip


def schedule(
    entry: Mapping[str, Json], name: str, given: Mapping[str, Json], to: Json, action: str, called: str
) -> Made:
    """A schedule of EventBridge Scheduler, with the role in which it calls its target."""
    said = kept(given, *_OF_SCHEDULE)
    said.setdefault("FlexibleTimeWindow", {"Mode": "OFF"})
    if given.get("OmitName") not in (True, "true"):
        said.setdefault("Name", name)
    letters, queue = dead_letters(entry, name, given.get("DeadLetterConfig"), attribute(name))
    role = given.get("RoleArn") or attribute(f"{name}Role")
    said["Target"] = {"Arn": to, "RoleArn": role, **kept(given, "Input", "RetryPolicy")}
    if letters:
        said["Target"]["DeadLetterConfig"] = letters
    yield name, extra(entry, "AWS::Scheduler::Schedule", said)
    for each, body in queue:
        if body["Type"] == "AWS::SQS::Queue":  # a schedule sends with its role, and needs no policy of the queue
            yield each, body
    if "RoleArn" not in given:
        inline: list[Json] = [policy(f"{name}{called}", allow(action, to))]
        if letters:
            inline.append(Unresolved("the permissions of a schedule role on its dead-letter queue are not supported"))
        may = {"AssumeRolePolicyDocument": trust("scheduler.amazonaws.com"), "Policies": inline}
        yield f"{name}Role", extra(entry, "AWS::IAM::Role", {**may, **kept(given, "PermissionsBoundary")})


def _scheduler(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    yield from schedule(target.entry, name, given, target.arn, "lambda:InvokeFunction", "LambdaPolicy")


# ---- sources that call


def _topic(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    topic, queued = given.get("Topic"), given.get("SqsSubscription")
    said = {"TopicArn": topic, **kept(given, "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "Region")}
    if not queued:
        yield (
            name,
            extra(target.entry, "AWS::SNS::Subscription", {**said, "Protocol": "lambda", "Endpoint": target.arn}),
        )
        yield from _permission(target, f"{name}Permission", "sns.amazonaws.com", topic)
        return
    own = queued.get("QueueArn") if isinstance(queued, dict) else None
    where = own or attribute(f"{name}Queue")
    yield name, extra(target.entry, "AWS::SNS::Subscription", {**said, "Protocol": "sqs", "Endpoint": where})
    if own is None:
        yield from queue_for(target.entry, f"{name}Queue", f"{name}QueuePolicy", "*", topic)


def _bucket(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    account = {"Ref": "AWS::AccountId"}
    yield from _permission(target, f"{name}Permission", "s3.amazonaws.com", SourceAccount=account)


def _log(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    source = arn("logs", "log-group:${Name}:*", Name=given.get("LogGroupName"))
    yield from _permission(target, f"{name}Permission", "logs.amazonaws.com", source)


def _thing(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    yield name, extra(target.entry, "AWS::IoT::TopicRule", {})
    source = arn("iot", "rule/${Name}", Name={"Ref": name})
    account = {"Ref": "AWS::AccountId"}
    yield from _permission(target, f"{name}Permission", "iot.amazonaws.com", source, SourceAccount=account)


def _skill(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    yield from _permission(
        target, f"{name}Permission", "alexa-appkit.amazon.com", EventSourceToken=given.get("SkillId")
    )


def _pool(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    pool = given.get("UserPool")
    named = pool.get("Ref") if isinstance(pool, dict) else None
    source = attribute(str(named)) if named else Unresolved("the user pool is not in this template")
    yield from _permission(target, f"{target.function}CognitoPermission", "cognito-idp.amazonaws.com", source)


# ---- APIs


def _api(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    api = given.get("RestApiId") or {"Ref": "ServerlessRestApi"}
    named = api.get("Ref") if isinstance(api, dict) else None
    stage = "Prod"
    if making.kind(named) == "AWS::Serverless::Api":
        said = making.properties(str(named)).get("StageName")
        stage = said if isinstance(said, str) and said.isalnum() else "Stage"
    method, path = str(given.get("Method", "")), str(given.get("Path", ""))
    source = _called(api, "*" if method.lower() == "any" else method.upper(), path)
    yield from _permission(target, f"{name}Permission{stage}", "apigateway.amazonaws.com", source)


def _http(target: Target, name: str, given: Mapping[str, Json], making: Making) -> Made:
    api = given.get("ApiId") or {"Ref": "ServerlessHttpApi"}
    path, method = given.get("Path"), str(given.get("Method", "any"))
    if path is None or path == "$default":
        source = _called(api, "", "")
    else:
        source = _called(api, "*" if method.lower() == "any" else method.upper(), str(path))
    yield from _permission(target, f"{name}Permission", "apigateway.amazonaws.com", source)


def _called(api: Json, method: str, path: str) -> Json:
    """The ARN of one method of an API in all its stages; parameters of the path may be anything."""
    where = re.sub(r"\{[^{}]*\}", "*", path if path in ("", "/") else path.rstrip("/"))
    rest = f"{method}{where}".replace("$", "") or "*"
    return arn("execute-api", "${Api}/*/" + rest, Api=api)


_MAKERS: dict[str, Maker] = {
    "Schedule": _schedule,
    "ScheduleV2": _scheduler,
    "CloudWatchEvent": _pattern,
    "EventBridgeRule": _pattern,
    "SNS": _topic,
    "S3": _bucket,
    "CloudWatchLogs": _log,
    "IoTRule": _thing,
    "AlexaSkill": _skill,
    "Cognito": _pool,
    "Api": _api,
    "HttpApi": _http,
}
