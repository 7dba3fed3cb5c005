"""The serverless transform, written from its documentation and held against AWS's own translator by tests.

Functions, state machines, layers, connectors, APIs and all that their events and policies make become the resources
that the transform gives them, by their names. GraphQL APIs and the like become the resources that they stand for
without details, so that references to them lead somewhere. What is not carried over is told with the types that it may
hide, and where it would decide a property that property is unresolved: nothing is silently absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.sam.apis import HTTP, REST, http_api, rest_api
from auditor.sources.cloudformation.sam.connectors import connector, embedded
from auditor.sources.cloudformation.sam.functions import function, invoked, layer
from auditor.sources.cloudformation.sam.machines import machine
from auditor.sources.cloudformation.sam.made import Made, Making, Missing, call, kept, resource

_ROLES = ("AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Lambda::Permission")
# What stands for a serverless resource, and the types of which it may make more than its properties say.
_STANDS_FOR: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "AWS::Serverless::GraphQLApi": ("AWS::AppSync::GraphQLApi", _ROLES),
    "AWS::Serverless::CapacityProvider": ("AWS::Lambda::CapacityProvider", _ROLES),
}
# The API that events of a kind belong to when they name none.
_IMPLICIT = {"Api": ("ServerlessRestApi", "RestApiId", rest_api), "HttpApi": ("ServerlessHttpApi", "ApiId", http_api)}
_MAKERS = {REST: rest_api, HTTP: http_api}


def transformed(resources: Lined, shared: Mapping[str, Json]) -> tuple[Lined, list[Missing]]:
    """The resources with the serverless ones written out, and what of them is not."""
    making = Making(resources, shared)
    out = Lined(resources)
    out.clear()
    for name, entry in resources.items():
        for each, body in list(_made(name, entry, making)) if isinstance(entry, dict) else [(name, entry)]:
            if each in out and each != name:
                continue  # what a template declares itself wins
            out[each] = body
            out.lines.setdefault(each, resources.lines.get(name, 1))
    for kind, (name, by, maker) in _IMPLICIT.items():
        if name not in out and any(_implicit(making, each, kind, by) for each in resources):
            for each, body in maker(name, {}, making):
                out.setdefault(each, body)
    _notify(out, making)
    _trigger(out, making)
    return out, making.missing


def _made(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    kind = making.kind(name)
    if kind == "AWS::Serverless::Function":
        yield from function(name, entry, making)
    elif kind == "AWS::Serverless::StateMachine":
        yield from machine(name, entry, making)
    elif kind == "AWS::Serverless::LayerVersion":
        yield from layer(name, entry, making)
    elif kind == "AWS::Serverless::Connector":
        yield from connector(name, entry, making.properties(name), making)
    elif kind == "AWS::Serverless::Application":
        given = making.properties(name)
        said = Lined({"TemplateURL": given.get("Location"), "Parameters": given.get("Parameters", {})})
        yield name, resource(entry, "AWS::CloudFormation::Stack", said)
    elif kind in _MAKERS:
        yield from _MAKERS[kind](name, entry, making)
        if hidden := _beside(making, name):
            making.miss(
                name, f"the domain of {kind}, or the place that defines its authorizers, is not supported", hidden
            )
    elif kind == "AWS::Serverless::SimpleTable":
        yield name, resource(entry, "AWS::DynamoDB::Table", _table(making.properties(name)))
    elif kind in _STANDS_FOR:
        stands, hidden = _STANDS_FOR[kind]
        making.miss(name, f"the resources that {kind} creates are not supported; only its name is known", hidden)
        yield name, resource(entry, stands, Lined({"Fn::Transform": kind}))
    else:
        if kind.startswith("AWS::Serverless::"):
            making.miss(name, f"the resources that {kind[:80]} creates are not supported", _ROLES)
        yield name, entry if isinstance(entry, Lined) else Lined(entry)
    yield from embedded(name, entry, making)


def _table(given: Mapping[str, Json]) -> Lined:
    """A table with one key, paid for by the request unless it says how much it takes."""
    key = given.get("PrimaryKey")
    said = key if isinstance(key, dict) else {"Name": "id", "Type": "String"}
    name, sort = said.get("Name"), said.get("Type")
    out: dict[str, Json] = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": sort[:1] if isinstance(sort, str) else sort}],
        "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
        **kept(given, "TableName", "ProvisionedThroughput", "SSESpecification", "PointInTimeRecoverySpecification"),
    }
    if "ProvisionedThroughput" not in given:
        out["BillingMode"] = "PAY_PER_REQUEST"
    tags = given.get("Tags")
    if isinstance(tags, dict) and not call(tags):
        out["Tags"] = [{"Key": word, "Value": value} for word, value in tags.items()]
    return Lined(out)


def _beside(making: Making, name: str) -> tuple[str, ...]:
    """What an API makes beside itself and is not written out: records of its domain, permissions of authorizers that a
    function of CloudFormation says."""
    given = making.properties(name)
    auth, domain = given.get("Auth"), given.get("Domain")
    asked = auth.get("Authorizers", {}) if isinstance(auth, dict) else auth
    plain = asked is None or (isinstance(asked, dict) and not call(asked) and not any(map(call, asked.values())))
    hidden = () if plain else ("AWS::Lambda::Permission",)
    return (*hidden, *(["AWS::Route53::RecordSet"] if isinstance(domain, dict) and "Route53" in domain else []))


def _events(making: Making, name: str, kind: str) -> list[Mapping[str, Json]]:
    """The properties of a function's events of one kind."""
    events = making.properties(name).get("Events") if making.kind(name).startswith("AWS::Serverless::") else None
    every = [each for each in (events.values() if isinstance(events, dict) else ()) if isinstance(each, dict)]
    found = [each.get("Properties") for each in every if each.get("Type") == kind]
    return [each if isinstance(each, dict) else {} for each in found]


def _implicit(making: Making, name: str, kind: str, by: str) -> bool:
    return any(by not in each for each in _events(making, name, kind))


def _notify(out: Lined, making: Making) -> None:
    """Buckets of the template tell the functions that listen to them."""
    for named, function_arn, given in _heard(out, making, "S3", "Bucket"):
        events = given.get("Events")
        told = [
            {"Event": each, "Function": function_arn, **kept(given, "Filter")}
            for each in (events if isinstance(events, list) else [events])
        ]
        config = out[named].get("Properties", {}).get("NotificationConfiguration", {})
        if isinstance(config, dict) and isinstance(config.get("LambdaConfigurations", []), list):
            told = [*config.get("LambdaConfigurations", []), *told]
            out[named] = _with(out[named], "NotificationConfiguration", {**config, "LambdaConfigurations": told})


def _trigger(out: Lined, making: Making) -> None:
    """User pools of the template call the functions that are their triggers."""
    for named, function_arn, given in _heard(out, making, "Cognito", "UserPool"):
        triggers = given.get("Trigger")
        told = {each: function_arn for each in (triggers if isinstance(triggers, list) else [triggers]) if each}
        config = out[named].get("Properties", {}).get("LambdaConfig", {})
        if isinstance(config, dict):
            out[named] = _with(out[named], "LambdaConfig", {**config, **told})


def _heard(out: Lined, making: Making, kind: str, owner: str) -> Iterator[tuple[str, Json, Mapping[str, Json]]]:
    """Events of one kind whose owner this template makes: its name, the ARN of the function, what the event says."""
    for name in making.resources:
        for given in _events(making, name, kind):
            referred = given.get(owner)
            named = str(referred.get("Ref")) if isinstance(referred, dict) else ""
            entry = out.get(named)
            if isinstance(entry, Lined) and isinstance(entry.get("Properties", {}), dict):
                yield named, invoked(name, {}, making.properties(name)).arn, given


def _with(entry: Lined, name: str, value: Json) -> Lined:
    properties, out = Lined(entry.get("Properties", {})), Lined(entry)
    properties[name] = value
    out["Properties"] = properties
    return out
