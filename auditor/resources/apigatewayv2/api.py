"""An HTTP or WebSocket API. Both are always on the Internet; only the host that AWS gives may be turned off."""

from auditor.model import Call, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Api",
    service="apigatewayv2",
    list=Call("get_apis", out="Items"),
    id="ApiId",
    arn="arn:{partition}:apigateway:{region}::/apis/{id}",
    name="Name",
    names=("{id}.execute-api.{region}.amazonaws.com",),
    terraform=("aws_apigatewayv2_api",),
    props=(
        Prop("ApiId", tf="id"),
        Prop("Name"),
        Prop("ProtocolType"),
        Prop("ApiEndpoint"),
        Prop("DisableExecuteApiEndpoint", default=False),
    ),
)
