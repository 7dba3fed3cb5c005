"""Serverless APIs: the API and its stage. The methods stay open: the transform puts their definition together."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.sam.made import Made, Making, extra, kept, resource
from auditor.sources.cloudformation.texts import Unresolved

REST, HTTP = "AWS::Serverless::Api", "AWS::Serverless::HttpApi"
_BODY = "the transform generates the definition"
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
    said: dict[str, Json] = {"Body": Unresolved(_BODY), **kept(given, "Name", "DisableExecuteApiEndpoint")}
    if "EndpointConfiguration" in given:
        said["EndpointConfiguration"] = _endpoints(given["EndpointConfiguration"])
    auth = given.get("Auth")
    if isinstance(auth, dict) and "ResourcePolicy" in auth:
        said["Policy"] = Unresolved("the transform generates its resource policy")
    yield name, resource(entry, "AWS::ApiGateway::RestApi", Lined(said))
    stage = given.get("StageName")
    called = f"{name}{stage if isinstance(stage, str) and stage.isalnum() else ''}Stage"
    of = {"RestApiId": {"Ref": name}, "StageName": stage, "DeploymentId": Unresolved(_DEPLOYED)}
    yield called, extra(entry, "AWS::ApiGateway::Stage", {**of, **kept(given, *_OF_STAGE)})


def http_api(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    given = making.properties(name) if making.kind(name) == HTTP else Lined()
    said = {"Body": Unresolved(_BODY), **kept(given, "Name", "DisableExecuteApiEndpoint")}
    yield name, resource(entry, "AWS::ApiGatewayV2::Api", Lined(said))
    stage = given.get("StageName", "$default")
    called = f"{name}{stage if isinstance(stage, str) and stage.isalnum() else ''}Stage"
    called = f"{name}ApiGatewayDefaultStage" if stage == "$default" else called
    of = {"ApiId": {"Ref": name}, "StageName": stage, "AutoDeploy": True, "Tags": {"httpapi:createdBy": "SAM"}}
    yield (
        f"{name}ApiGatewayDefaultStage" if stage == "$default" else called,
        extra(entry, "AWS::ApiGatewayV2::Stage", {**of, **kept(given, *_OF_HTTP_STAGE)}),
    )


def _endpoints(given: Json) -> Json:
    """One kind of endpoint, alone or with the endpoints of a private API."""
    if not isinstance(given, dict) or "Type" not in given:
        return {"Types": [given]}
    ends = given.get("VPCEndpointIds")
    return {"Types": [given["Type"]], **({"VpcEndpointIds": ends} if ends is not None else {})}
