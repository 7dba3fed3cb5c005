"""REST APIs in code: integrations, settings of methods and web ACLs stand in blocks of their own there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Beside, Join, Json, Resource
from auditor.resources.apigateway._live import cors_headers
from auditor.resources.shapes import decided
from auditor.resources.terraform import camel, first, said, shaped, wanted

WEB_ACL_FOLDS = ("aws_wafv2_web_acl_association", "AWS::WAFv2::WebACLAssociation")
_ROOT = re.compile(r"\.(RootResourceId|root_resource_id)\}$")
_RENAMED = {"integration_http_method": "IntegrationHttpMethod", "timeout_milliseconds": "TimeoutInMillis"}


POLICY_JOINS = (Join("aws_api_gateway_rest_api_policy", "rest_api_id", "Policy", said("policy")),)


def terraform_integration() -> tuple[Join, ...]:
    """An integration and its responses name their method by the path and the verb."""
    return (
        Join(
            "aws_api_gateway_integration",
            "rest_api_id,resource_id,http_method",
            "Integration",
            _integration,
            of="RestApiId,ResourceId,HttpMethod",
        ),
        Join(
            "aws_api_gateway_integration_response",
            "rest_api_id,resource_id,http_method",
            "CorsHeaders",
            lambda values: cors_headers([{"responseParameters": values.get("response_parameters")}]) or ABSENT,
            of="RestApiId,ResourceId,HttpMethod",
        ),
    )


def template_headers(values: Mapping[str, Json]) -> Json:
    """The access-control headers, which a template says inside of the integration."""
    integration = values.get("Integration")
    responses = integration.get("IntegrationResponses") if isinstance(integration, Mapping) else None
    return cors_headers(responses) if responses else ABSENT


def _integration(values: Mapping[str, Json]) -> Json:
    said = {key: inner for key, inner in values.items() if key not in ("http_method", "id", "region")}
    return shaped(said, wanted("AWS::ApiGateway::Method", "Integration"), _RENAMED)


def settings_joins() -> tuple[Join, ...]:
    return (
        Join(
            "aws_api_gateway_method_settings",
            "rest_api_id,stage_name",
            "MethodSettings",
            _settings,
            of="RestApiId,StageName",
        ),
        Join("aws_wafv2_web_acl_association", "resource_arn", "WebAclArn", said("web_acl_arn")),
        Join("AWS::WAFv2::WebACLAssociation", "ResourceArn", "WebAclArn", said("WebACLArn")),
    )


_LIMITS = ("ThrottlingBurstLimit", "ThrottlingRateLimit")


def _settings(values: Mapping[str, Json]) -> Json:
    """Settings of one place; a plan writes -1 for a limit that is not set."""
    path, _, method = str(decided(values.get("method_path", "*/*"))).rpartition("/")
    block = camel(first(values.get("settings")) or {})
    kept = {key: inner for key, inner in block.items() if not (key in _LIMITS and str(inner) in ("-1", "-1.0"))}
    kept.pop("RequireAuthorizationForCacheControl", None)
    kept.pop("UnauthorizedCacheControlHeaderStrategy", None)
    return [{"ResourcePath": path, "HttpMethod": method, **kept}]


def path_of(method: Resource, beside: Beside) -> Iterator[tuple[str, Json]]:
    """The path of a method of code, put together from the parts that its resources say, up to the API's root."""
    resources = {each.id: each for each in beside.get("AWS::ApiGateway::Resource", ())}
    words: list[str] = []
    place = method.properties.get("ResourceId")
    while isinstance(place, str) and place in resources and len(words) < len(resources):
        word = resources[place].properties.get("PathPart")
        if not isinstance(word, str):
            return
        words.insert(0, word)
        place = resources[place].properties.get("ParentId")
    if isinstance(place, str) and _ROOT.search(place):
        yield "Path", "/" + "/".join(words)
