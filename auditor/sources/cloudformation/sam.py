"""The serverless transform, as far as described types go: functions with role, URL, permissions and events; layers.

Written from the documented shape of what the transform makes, names of generated resources included. Apis, tables and
state machines become the resources that they stand for without details, so that references to them lead somewhere. What
is not carried over is told (`missing`), and where it would decide a property, that property is unresolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.bounded import Lined
from auditor.model import Json
from auditor.resources import load
from auditor.resources.schema import schema
from auditor.sources.cloudformation.sam_events import event

Missing = list[tuple[str, str]]

_BASIC = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_IN_VPC = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
_XRAY = "arn:${AWS::Partition}:iam::aws:policy/AWSXrayWriteOnlyAccess"

# Properties of AWS::Lambda::Function that AWS::Serverless::Function has under the same name.
_SAME = (
    "Architectures", "CodeSigningConfigArn", "Description", "Environment", "EphemeralStorage", "FileSystemConfigs",
    "FunctionName", "Handler", "ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "PackageType",
    "RecursiveLoop", "ReservedConcurrentExecutions", "Role", "Runtime", "RuntimeManagementConfig", "SnapStart",
    "Timeout", "VpcConfig",
)  # fmt: skip
_STANDS_FOR = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::GraphQLApi": "AWS::AppSync::GraphQLApi",
    "AWS::Serverless::Connector": "AWS::Serverless::Connector",
}


def transformed(resources: Lined, shared: Mapping[str, Json]) -> tuple[Lined, Missing]:
    """The resources with the serverless ones written out, and what of them is not."""
    out = Lined(resources)
    out.clear()
    missing: Missing = []
    for name, entry in resources.items():
        made = dict(_made(name, entry, shared, missing)) if isinstance(entry, dict) else {name: entry}
        for each, body in made.items():
            if each in out and each != name:
                continue
            out[each] = body
            out.lines.setdefault(each, resources.lines.get(name, 1))
    for kind, name in (("Api", "ServerlessRestApi"), ("HttpApi", "ServerlessHttpApi")):
        if name not in out and any(_has_event(entry, kind) for entry in resources.values()):
            stands_for = _STANDS_FOR[f"AWS::Serverless::{kind}"]
            out[name] = _extra({}, stands_for, _unsaid(stands_for))
    return out, missing


def _has_event(entry: Json, kind: str) -> bool:
    properties = entry.get("Properties") if isinstance(entry, dict) else None
    events = properties.get("Events") if isinstance(properties, dict) else None
    each = events.values() if isinstance(events, dict) else ()
    return any(isinstance(one, dict) and one.get("Type") == kind for one in each)


def _made(
    name: str, entry: Mapping[str, Json], shared: Mapping[str, Json], missing: Missing
) -> Iterator[tuple[str, Any]]:
    kind = entry.get("Type")
    if kind == "AWS::Serverless::Function":
        yield from _function(name, entry, _with_shared(entry, shared.get("Function")), missing)
    elif kind == "AWS::Serverless::LayerVersion":
        yield (
            name,
            _resource(entry, "AWS::Lambda::LayerVersion", _layer(_with_shared(entry, shared.get("LayerVersion")))),
        )
    elif kind == "AWS::Serverless::Application":
        properties = entry.get("Properties") or {}
        location = {"TemplateURL": properties.get("Location"), "Parameters": properties.get("Parameters", {})}
        yield name, _resource(entry, "AWS::CloudFormation::Stack", Lined(location))
    elif kind in _STANDS_FOR:
        missing.append((name, f"what {kind} makes is not described; only its name is known"))
        yield name, _resource(entry, _STANDS_FOR[str(kind)], _unsaid(_STANDS_FOR[str(kind)]))
    else:
        yield name, entry


def _unsaid(kind: str) -> Lined:
    """A resource that is not written out here: every property that would be judged is unresolved, and none at its
    default."""
    described, known = load().get(kind), schema(kind)
    names = [row.name for row in described.props if row.name in known.properties] if described else []
    return Lined({name: {"Fn::Transform": "AWS::Serverless"} for name in names if name not in known.read_only})


def _with_shared(entry: Mapping[str, Json], shared: Json) -> Lined:
    """Properties over the template's Globals: mappings are merged, lists appended, the rest replaced."""
    given = entry.get("Properties")
    own = Lined(given) if isinstance(given, dict) else Lined()
    for key, common in (shared if isinstance(shared, dict) else {}).items():
        own[key] = _merged(common, own[key], 0) if key in own else common
    return own


def _merged(common: Json, own: Json, depth: int) -> Json:
    if isinstance(common, dict) and isinstance(own, dict) and depth < 10 and not _call(common) and not _call(own):
        out = Lined(own)
        for key, inner in common.items():
            out[key] = _merged(inner, own[key], depth + 1) if key in own else inner
        return out
    if isinstance(common, list) and isinstance(own, list):
        return [*common, *own]
    return own


def _call(value: Mapping[str, Json]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))


def _resource(entry: Mapping[str, Json], kind: str, properties: Mapping[str, Json]) -> Lined:
    out = Lined(entry)
    out["Type"] = kind
    out["Properties"] = properties
    return out


def _extra(entry: Mapping[str, Json], kind: str, properties: Mapping[str, Json]) -> Lined:
    """A resource that the transform adds: it is made under the same condition."""
    out = Lined()
    out.update({"Type": kind, "Properties": Lined(properties)})
    if "Condition" in entry:
        out["Condition"] = entry["Condition"]
    return out


def _function(name: str, entry: Mapping[str, Json], given: Lined, missing: Missing) -> Iterator[tuple[str, Any]]:
    properties = Lined(given)
    properties.clear()
    properties.update({key: given[key] for key in _SAME if key in given})
    properties["Code"] = {"ZipFile": given["InlineCode"]} if "InlineCode" in given else {}
    tags = given.get("Tags")
    own = [{"Key": key, "Value": value} for key, value in tags.items()] if isinstance(tags, dict) else []
    properties["Tags"] = [{"Key": "lambda:createdBy", "Value": "SAM"}, *own]
    if "Tracing" in given:
        properties["TracingConfig"] = {"Mode": given["Tracing"]}
    queue = given.get("DeadLetterQueue")
    if isinstance(queue, dict):
        properties["DeadLetterConfig"] = {"TargetArn": queue.get("TargetArn")}
    if "Role" not in given:
        properties["Role"] = {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        yield f"{name}Role", _extra(entry, "AWS::IAM::Role", _role(name, given))
    yield name, _resource(entry, "AWS::Lambda::Function", properties)
    if isinstance(given.get("AutoPublishAlias"), str):
        yield f"{name}Alias{given['AutoPublishAlias']}", _extra(entry, "AWS::Lambda::Alias", {})
    yield from _url(name, entry, given.get("FunctionUrlConfig"))
    events = given.get("Events")
    for word, source in (events if isinstance(events, dict) else {}).items():
        for made, body in event(name, word, source, missing):
            yield made, _extra(entry, body["Type"], body["Properties"])


def _role(name: str, given: Mapping[str, Json]) -> dict[str, Json]:
    managed: list[Json] = [{"Fn::Sub": _IN_VPC if "VpcConfig" in given else _BASIC}]
    if given.get("Tracing") == "Active":
        managed.append({"Fn::Sub": _XRAY})
    out: dict[str, Json] = {"AssumeRolePolicyDocument": given.get("AssumeRolePolicyDocument") or _trust()}
    inline: list[Json] = []
    listed = given.get("Policies", [])
    for index, policy in enumerate(listed if isinstance(listed, list) else [listed]):
        if isinstance(policy, str):
            managed.append(
                policy
                if policy.startswith("arn:")
                else {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}"}
            )
        elif isinstance(policy, dict) and "Statement" in policy:
            inline.append({"PolicyName": f"{name}RolePolicy{index}", "PolicyDocument": policy})
        elif isinstance(policy, dict) and _call(policy):
            managed.append(policy)
        else:
            template = next(iter(policy), "") if isinstance(policy, dict) else policy
            out["Policies"] = {"Fn::Transform": f"policy template {template}"}
    out.setdefault("Policies", inline)
    out["Tags"] = [{"Key": "lambda:createdBy", "Value": "SAM"}]
    out["ManagedPolicyArns"] = managed
    for theirs, ours in (("RolePath", "Path"), ("PermissionsBoundary", "PermissionsBoundary")):
        if theirs in given:
            out[ours] = given[theirs]
    return out


def _trust() -> dict[str, Json]:
    statement = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": ["lambda.amazonaws.com"]}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _url(name: str, entry: Mapping[str, Json], config: Json) -> Iterator[tuple[str, Any]]:
    if not isinstance(config, dict):
        return
    properties = {key: config[key] for key in ("AuthType", "Cors", "InvokeMode") if key in config}
    yield f"{name}Url", _extra(entry, "AWS::Lambda::Url", {"TargetFunctionArn": {"Ref": name}, **properties})
    if config.get("AuthType") == "NONE":
        permission = {"Action": "lambda:InvokeFunctionUrl", "FunctionName": {"Ref": name}, "Principal": "*"}
        permission["FunctionUrlAuthType"] = "NONE"
        yield f"{name}UrlPublicPermissions", _extra(entry, "AWS::Lambda::Permission", permission)


def _layer(given: Mapping[str, Json]) -> dict[str, Json]:
    names = ("CompatibleArchitectures", "CompatibleRuntimes", "Description", "LayerName", "LicenseInfo")
    return {key: given[key] for key in names if key in given}
