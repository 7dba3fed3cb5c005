"""A method of a REST API, and what it hands requests to. Paths are read along, for only they tell methods apart."""

from collections.abc import Iterable, Mapping

from auditor.model import Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources._shapes import pick
from auditor.resources._terraform import camel
from auditor.resources.apigateway._uris import behind

_MEMBERS = ("Type", "Uri", "ConnectionType", "ConnectionId", "IntegrationHttpMethod")


def _methods(listed: Json) -> Iterable[Mapping[str, Json]]:
    """One for each method of each path."""
    for path in listed or ():
        for name, method in sorted((path.get("resourceMethods") or {}).items()):
            yield {**method, "httpMethod": name, "resourceId": path.get("id"), "path": path.get("path")}


def _integration(value: Json) -> Json:
    return pick(
        value,
        Type="type",
        Uri="uri",
        ConnectionType="connectionType",
        ConnectionId="connectionId",
        IntegrationHttpMethod="httpMethod",
    )


def _settled(value: Json) -> Json:
    """What a question needs; a connection that nobody names is the Internet's, and a mock has none."""
    found = pick(value, *_MEMBERS)
    if isinstance(found, dict) and found.get("Type") != "MOCK":
        found.setdefault("ConnectionType", "INTERNET")
    elif isinstance(found, dict):
        found = {"Type": "MOCK"}
    return found


def _terraform(values: Mapping[str, Json]) -> Json:
    return camel({name: values.get(name) for name in ("type", "uri", "connection_type", "connection_id",
                                                      "integration_http_method")})  # fmt: skip


TYPE = ResourceType(
    cfn="AWS::ApiGateway::Method",
    service="apigateway",
    over="AWS::ApiGateway::RestApi",
    list=Call("get_resources", {"restApiId": "{parent.id}", "embed": ["methods"]}, out="items"),
    items=_methods,
    id="{parent.id}/{raw.resourceId}/{raw.httpMethod}",
    tags="",
    terraform=("aws_api_gateway_method",),
    folds=("aws_api_gateway_integration",),
    joins=(
        Join(
            "aws_api_gateway_integration",
            "rest_api_id,resource_id,http_method",
            "Integration",
            _terraform,
            of="RestApiId,ResourceId,HttpMethod",
        ),
    ),
    props=(
        Prop("RestApiId", live="{parent.id}"),
        Prop("ResourceId", live="resourceId"),
        Prop("HttpMethod", live="httpMethod"),
        Prop("AuthorizationType", live="authorizationType", tf="authorization", default="NONE"),
        Prop("ApiKeyRequired", live="apiKeyRequired", default=False),
        Prop("Integration", live="methodIntegration", read=_integration, tidy=_settled, tf="-"),
        Prop("Path", live="path", tf="-", ours="read-only attribute: the path of its resource"),
    ),
    edges=(
        EdgeTo("part-of", "RestApiId", ("AWS::ApiGateway::RestApi",)),
        EdgeTo("targets", "Integration.Uri", ("AWS::Lambda::Function",), take=behind),
        EdgeTo("targets", "Integration.ConnectionId", ("AWS::ApiGateway::VpcLink",)),
    ),
)
