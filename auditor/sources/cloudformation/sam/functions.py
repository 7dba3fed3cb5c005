"""A serverless function: the function itself, its role, its URL, and what its events and failures need."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.sam.events import Target, event
from auditor.sources.cloudformation.sam.made import (
    Made,
    Making,
    allow,
    attribute,
    extra,
    kept,
    policy,
    resource,
    trust,
)
from auditor.sources.cloudformation.sam.pulled import pulled
from auditor.sources.cloudformation.sam.roles import Policies, role
from auditor.sources.cloudformation.texts import Unresolved

# Properties of AWS::Lambda::Function that AWS::Serverless::Function has under the same name.
_SAME = (
    "Architectures", "CodeSigningConfigArn", "Description", "Environment", "EphemeralStorage", "FileSystemConfigs",
    "FunctionName", "Handler", "ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "PackageType",
    "RecursiveLoop", "ReservedConcurrentExecutions", "Role", "Runtime", "RuntimeManagementConfig", "SnapStart",
    "Timeout", "VpcConfig",
)  # fmt: skip
_DEAD = {"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}
# What a function may do to where it sends its results.
_SENDS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:publish",
    "Lambda": "lambda:InvokeFunction",
    "EventBridge": "events:PutEvents",
}
_S3 = re.compile(r"s3://([^/]+)/([^?]+)(?:\?versionId=(.+))?")


def function(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    given = making.properties(name)
    properties = Lined(given)
    properties.clear()
    properties.update({key: given[key] for key in _SAME if key in given})
    properties["Code"] = _code(given)
    properties["Tags"] = tags = tags_of(given, "lambda:createdBy")
    if "Tracing" in given:
        properties["TracingConfig"] = {"Mode": given["Tracing"]}
    queue = given.get("DeadLetterQueue")
    if isinstance(queue, dict):
        properties["DeadLetterConfig"] = {"TargetArn": queue.get("TargetArn")}
    target = invoked(name, entry, given)
    policies = _policies(given)
    yield from _results(name, entry, given, policies)
    events = given.get("Events")
    for word, source in (events if isinstance(events, dict) else {}).items():
        yield from event(target, str(word), source, making)
        pulled(name, str(word), source, policies, making)
    if "Role" not in given:
        properties["Role"] = attribute(f"{name}Role")
        said = role(given, f"{name}Role", trust("lambda.amazonaws.com"), policies, tags)
        yield f"{name}Role", extra(entry, "AWS::IAM::Role", said)
    yield name, resource(entry, "AWS::Lambda::Function", properties)
    if isinstance(given.get("AutoPublishAlias"), str):
        yield f"{name}Alias{given['AutoPublishAlias']}", extra(entry, "AWS::Lambda::Alias", {})
    yield from _url(name, entry, given.get("FunctionUrlConfig"), target)


def tags_of(given: Mapping[str, Json], mark: str) -> list[Json]:
    """A resource's tags as a list, with the transform's own unless they are to be handed on as they are."""
    tags = given.get("Tags")
    own: list[Json] = [{"Key": key, "Value": each} for key, each in tags.items()] if isinstance(tags, dict) else []
    return own if own and given.get("PropagateTags") in (True, "true") else [{"Key": mark, "Value": "SAM"}, *own]


def _code(given: Mapping[str, Json]) -> dict[str, Json]:
    if "InlineCode" in given:
        return {"ZipFile": given["InlineCode"]}
    if "ImageUri" in given:
        return {"ImageUri": given["ImageUri"]}
    return stored(given.get("CodeUri"))


def stored(uri: Json) -> dict[str, Json]:
    """Where code lies in S3; a folder of this machine has no place there yet."""
    found = _S3.fullmatch(uri) if isinstance(uri, str) else None
    words = dict(zip(("Bucket", "Key", "Version"), found.groups(), strict=True)) if found else uri
    if not isinstance(words, dict):
        return {}
    names = {"Bucket": "S3Bucket", "Key": "S3Key", "Version": "S3ObjectVersion"}
    return {names[key]: each for key, each in words.items() if key in names and each is not None}


def invoked(name: str, entry: Mapping[str, Json], given: Mapping[str, Json]) -> Target:
    """What events invoke: the function, or the alias that always names its newest version."""
    alias = given.get("AutoPublishAlias")
    if alias is None:
        return Target(name, entry, {"Ref": name}, attribute(name))
    if not isinstance(alias, str):
        other = Unresolved(f"an intrinsic function sets the alias of {name}")
        return Target(name, entry, other, other)
    return Target(name, entry, {"Ref": f"{name}Alias{alias}"}, {"Ref": f"{name}Alias{alias}"})


def _policies(given: Mapping[str, Json]) -> Policies:
    policies = Policies()
    durable = "DurableConfig" in given
    policies.attach("AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole")
    tracing = given.get("Tracing")
    if isinstance(tracing, dict):
        policies.managed.append(Unresolved("an intrinsic function decides whether it is traced"))
    elif tracing not in (None, "Disabled"):
        policies.attach("AWSXrayWriteOnlyAccess")
    if given.get("VpcConfig"):
        policies.attach("AWSLambdaVPCAccessExecutionRole")
    queue = given.get("DeadLetterQueue")
    if isinstance(queue, dict):
        action = _DEAD.get(str(queue.get("Type")))
        said = policy("DeadLetterQueuePolicy", allow(action, queue.get("TargetArn")), version=True)
        policies.inline.append(said if action else Unresolved("the type of its dead-letter queue is not supported"))
    return policies


def _results(name: str, entry: Mapping[str, Json], given: Mapping[str, Json], policies: Policies) -> Made:
    """Where asynchronous results go: a permission each, and a queue or topic where none is named."""
    config = given.get("EventInvokeConfig")
    sent = config.get("DestinationConfig") if isinstance(config, dict) else None
    for side in ("OnSuccess", "OnFailure"):
        to = sent.get(side) if isinstance(sent, dict) else None
        if not isinstance(to, dict):
            continue
        kind, where, called = str(to.get("Type")), to.get("Destination"), f"{name}EventInvokeConfig{side}"
        if where is None and kind in ("SQS", "SNS"):
            made = f"{called}{'Queue' if kind == 'SQS' else 'Topic'}"
            where = attribute(made) if kind == "SQS" else {"Ref": made}
            yield made, extra(entry, "AWS::SQS::Queue" if kind == "SQS" else "AWS::SNS::Topic", {})
        action = _SENDS.get(kind)
        said = policy(f"{called}{kind}Policy", allow(action, where))
        policies.inline.append(
            said if action else Unresolved(f"the permissions for sending to {kind[:40]} are not supported")
        )


def _url(name: str, entry: Mapping[str, Json], config: Json, target: Target) -> Made:
    if not isinstance(config, dict):
        return
    said = {"TargetFunctionArn": target.name, **kept(config, "AuthType", "Cors", "InvokeMode")}
    yield f"{name}Url", extra(entry, "AWS::Lambda::Url", said)
    if config.get("AuthType") == "NONE":
        # A URL that is made since October 2025 needs both actions to be open to everybody.
        every: dict[str, Json] = {"FunctionName": target.name, "Principal": "*"}
        open_url = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE", **every}
        yield f"{name}UrlPublicPermissions", extra(entry, "AWS::Lambda::Permission", open_url)
        invoked = {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True, **every}
        yield f"{name}URLInvokeAllowPublicAccess", extra(entry, "AWS::Lambda::Permission", invoked)


def layer(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    """A layer. The transform adds a digest to its name, so that every version is another resource."""
    given = making.properties(name)
    said = kept(given, "CompatibleArchitectures", "CompatibleRuntimes", "Description", "LayerName", "LicenseInfo")
    said.setdefault("LayerName", name)
    yield (
        name,
        resource(entry, "AWS::Lambda::LayerVersion", Lined({"Content": stored(given.get("ContentUri")), **said})),
    )
