"""A route of an HTTP or WebSocket API: what is called, who is asked first, and which integration answers.

Who is asked has no setter: an authorizer made elsewhere belongs to it, and an undo could not put that back.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType


def _integration(value: Json) -> list[str]:
    """`integrations/ID`"""
    return [value.rpartition("/")[2]] if isinstance(value, str) and value.startswith("integrations/") else []


def _reference(value: Json) -> Json:
    """The integration that code refers to stands inside a text there."""
    found = value.removeprefix("integrations/") if isinstance(value, str) else value
    return found if isinstance(found, str) and found.startswith("${") else value


TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Route",
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_routes", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.RouteId}",
    arn="arn:{partition}:apigateway:{region}::/apis/{parent.id}/routes/{raw.RouteId}",
    name="RouteKey",
    tags="",
    terraform=("aws_apigatewayv2_route",),
    props=(
        Prop("ApiId", live="{parent.id}", tf="api_id"),
        Prop("RouteId", absent="unknown", tf="id"),
        Prop("RouteKey"),
        Prop("Target", absent="not set", tidy=_reference),
        Prop("AuthorizationType", default="NONE", absent="unknown"),
        Prop("AuthorizerId", absent="not set"),
        Prop("AuthorizationScopes", same="set", default=[]),
        Prop("ApiKeyRequired", default=False, absent="unknown"),
    ),
    edges=(
        EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),
        EdgeTo("guarded-by", "AuthorizerId", ("AWS::ApiGatewayV2::Authorizer",)),
        EdgeTo("targets", "Target", ("AWS::ApiGatewayV2::Integration",), take=_integration),
    ),
)
