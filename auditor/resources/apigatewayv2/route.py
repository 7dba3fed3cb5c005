"""A route of an HTTP or WebSocket API: which requests it takes, who may make them, and the integration they go to."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Route",
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_routes", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.RouteId}",
    name="RouteKey",
    tags="",
    terraform=("aws_apigatewayv2_route",),
    props=(
        Prop("ApiId", live="{parent.id}"),
        Prop("RouteId", tf="id"),
        Prop("RouteKey"),
        Prop("Target"),
        Prop("AuthorizationType", default="NONE"),
        Prop("ApiKeyRequired", default=False),
    ),
    edges=(
        EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),
        EdgeTo("targets", "Target", ("AWS::ApiGatewayV2::Integration",)),
    ),
)
