"""API Gateway: moto takes every text for true, loses the link of an integration, and cannot change a stage of its
second API."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf

_LINKED = ("connectionId", "integrationTarget")
_STAGE = {
    "AccessLogSettings": "access_log_settings",
    "AutoDeploy": "auto_deploy",
    "DefaultRouteSettings": "default_route_settings",
    "Description": "description",
}


@corrects("apigateway", "UpdateRestApi")
def update_api(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.apigateway.models import apigateway_backends

    answer = ask(call)
    api = apigateway_backends[call.account][call.region].get_rest_api(call.params["restApiId"])
    for operation in call.params.get("patchOperations", []):
        value = operation.get("value", "")
        if operation["path"] == "/disableExecuteApiEndpoint":
            api.disableExecuteApiEndpoint = answer["disableExecuteApiEndpoint"] = value == "true"
        if operation["path"] == "/policy" and not value:
            api.policy = None
            answer.pop("policy", None)
    return answer


@corrects("apigateway", "PutIntegration")
def put_integration(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    place = "/".join(call.params[name] for name in ("restApiId", "resourceId", "httpMethod"))
    kept = {name: call.params[name] for name in _LINKED if name in call.params}
    shelf(call, "links")[place] = kept
    return answer | kept


@corrects("apigateway", "GetResources")
def get_resources(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    for resource in answer.get("items", []):
        for verb, method in (resource.get("resourceMethods") or {}).items():
            place = f"{call.params['restApiId']}/{resource['id']}/{verb}"
            if method.get("methodIntegration"):
                method["methodIntegration"] |= shelf(call, "links").get(place, {})
    return answer


@corrects("apigateway", "GetStage", "GetStages")
def stages(call: Call, ask: Ask) -> dict[str, Any]:
    """AWS says of every stage whether it is traced; moto of those for which somebody asked for it."""
    answer = ask(call)
    for stage in answer.get("item", [answer]):
        stage.setdefault("tracingEnabled", False)
    return answer


@corrects("apigatewayv2", "UpdateStage")
def update_stage(call: Call, ask: Ask) -> dict[str, Any]:
    stage = _stage(call)
    for name, attribute in _STAGE.items():
        if name in call.params:
            value = call.params[name]
            setattr(stage, attribute, _camel(value) if isinstance(value, dict) else value)
    return {"StageName": stage.name, **{name: call.params[name] for name in _STAGE if name in call.params}}


@corrects("apigatewayv2", "DeleteAccessLogSettings")
def delete_log(call: Call, ask: Ask) -> None:
    _stage(call).access_log_settings = None


def _stage(call: Call) -> Any:
    from moto.apigatewayv2.models import apigatewayv2_backends

    api = apigatewayv2_backends[call.account][call.region].apis.get(call.params["ApiId"])
    found = api.stages.get(call.params["StageName"]) if api else None
    if found is None:
        raise Refusal("NotFoundException", "Invalid stage identifier specified", 404)
    return found


def _camel(value: dict[str, Any]) -> dict[str, Any]:
    """The members as they are called in the body of a call."""
    return {name[0].lower() + name[1:]: inner for name, inner in value.items()}


@corrects("apigatewayv2", "GetAuthorizers")
def authorizers(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto tells them one by one only."""
    from moto.apigatewayv2.models import apigatewayv2_backends

    api = apigatewayv2_backends[call.account][call.region].get_api(call.params["ApiId"])
    return {"Items": [_capitalised(each.to_json()) for each in api.authorizers.values()]}


def _capitalised(value: dict[str, Any]) -> dict[str, Any]:
    """As boto3 spells it; what is not set is left out."""
    said = {key: inner for key, inner in value.items() if inner not in (None, "")}
    return {
        key[:1].upper() + key[1:]: _capitalised(inner) if isinstance(inner, dict) else inner
        for key, inner in said.items()
    }
