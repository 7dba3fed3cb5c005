"""Serverless APIs: the API with its definition, its stage, and what lets it call its authorizers."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.sam.definitions import definition, permissions
from auditor.sources.cloudformation.sam.made import Made, Making, extra, kept, resource
from auditor.sources.cloudformation.texts import Unresolved

REST, HTTP = "AWS::Serverless::Api", "AWS::Serverless::HttpApi"
_DEPLOYED = "the transform generates a new name for each deployment"
# What is said of the API and becomes a property of its stage.
_OF_STAGE = (
    "AccessLogSetting",
    "CacheClusterEnabled",
    "CacheClusterSize",
    "CanarySetting",
    "MethodSettings",
    "TracingEnabled",
    "Variables",
)
_OF_HTTP_STAGE = ("AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables")


def rest_api(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    given = making.properties(name) if making.kind(name) == REST else Lined({"StageName": "Prod"})
    said = {**_body(name, given, making, "Api"), **kept(given, "Name", "DisableExecuteApiEndpoint")}
    if "EndpointConfiguration" in given:
        said["EndpointConfiguration"] = _endpoints(given["EndpointConfiguration"])
    auth = given.get("Auth")
    if isinstance(auth, dict) and "ResourcePolicy" in auth:
        said["Policy"] = Unresolved("the transform generates its resource policy")
    yield name, resource(entry, "AWS::ApiGateway::RestApi", Lined(said))
    yield from permissions(entry, name, given, "Api")
    stage = given.get("StageName")
    called = f"{name}{stage if isinstance(stage, str) and stage.isalnum() else ''}Stage"
    of = {"RestApiId": {"Ref": name}, "StageName": stage, "DeploymentId": Unresolved(_DEPLOYED)}
    yield called, extra(entry, "AWS::ApiGateway::Stage", {**of, **kept(given, *_OF_STAGE)})


def http_api(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    given = making.properties(name) if making.kind(name) == HTTP else Lined()
    said = {**_body(name, given, making, "HttpApi"), **kept(given, "Name", "DisableExecuteApiEndpoint")}
    yield name, resource(entry, "AWS::ApiGatewayV2::Api", Lined(said))
    yield from permissions(entry, name, given, "HttpApi")
    stage = given.get("StageName", "$default")
    called = f"{name}{stage if isinstance(stage, str) and stage.isalnum() else ''}Stage"
    called = f"{name}ApiGatewayDefaultStage" if stage == "$default" else called
    of = {"ApiId": {"Ref": name}, "StageName": stage, "AutoDeploy": True, "Tags": {"httpapi:createdBy": "SAM"}}
    yield (
        f"{name}ApiGatewayDefaultStage" if stage == "$default" else called,
        extra(entry, "AWS::ApiGatewayV2::Stage", {**of, **kept(given, *_OF_HTTP_STAGE)}),
    )


def _body(name: str, given: Mapping[str, Json], making: Making, kind: str) -> dict[str, Json]:
    """The definition, or the file that holds it; an API that no template declares is the one of events that name
    none."""
    if "DefinitionUri" in given:
        return {"BodyS3Location": given["DefinitionUri"]}
    return {"Body": definition(making, name, kind, given, implicit=name not in making.resources)}


def _endpoints(given: Json) -> Json:
    """One kind of endpoint, alone or with the endpoints of a private API."""
    if not isinstance(given, dict) or "Type" not in given:
        return {"Types": [given]}
    ends = given.get("VPCEndpointIds")
    return {"Types": [given["Type"]], **({"VpcEndpointIds": ends} if ends is not None else {})}
