"""An HTTP or a WebSocket API. Neither has a resource policy or can be private: what shuts it is its switch."""

from collections.abc import Mapping

from auditor.model import Call, Json, Prop, ResourceType
from auditor.resources.api_definitions import in_template, in_terraform
from auditor.resources.shapes import pick

_CFN = "AWS::ApiGatewayV2::Api"
_CORS = ("AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge")


def _set(parameter: str, value: Json = "{value}") -> Call:
    return Call("update_api", {"ApiId": "{id}", parameter: value})


def _sorted(value: Json) -> Json:
    """Origins, methods and headers mean the same in any order."""
    if not isinstance(value, Mapping):
        return value
    kept = {name: each for name, each in value.items() if each not in (None, [], 0, False)}
    return {name: sorted(each) if isinstance(each, list) else each for name, each in kept.items()}


TYPE = ResourceType(
    cfn=_CFN,
    service="apigatewayv2",
    list=Call("get_apis", out="Items"),
    id="ApiId",
    arn="arn:{partition}:apigateway:{region}::/apis/{id}",
    name="Name",
    names=(
        "arn:{partition}:execute-api:{region}:{account}:{id}",
        "{id}.execute-api.{region}.amazonaws.com",
    ),
    tags="Tags",
    terraform=("aws_apigatewayv2_api",),
    workload=True,
    holds=dict.fromkeys(
        ("Body", "BodyS3Location", "body"), ("AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration")
    ),
    props=(
        Prop("ApiId", tf="id"),
        Prop("ApiEndpoint", absent="unknown"),
        Prop("Name", cfn_read=in_template("Name")),
        Prop("ProtocolType", absent="unknown"),
        Prop("RouteSelectionExpression", default="$request.method $request.path", absent="unknown"),
        Prop(
            "DisableExecuteApiEndpoint",
            tf="@",
            tf_read=in_terraform("DisableExecuteApiEndpoint", "disable_execute_api_endpoint", _CFN),
            cfn_read=in_template("DisableExecuteApiEndpoint"),
            default=False,
            absent="unknown",
            set=_set("DisableExecuteApiEndpoint"),
            risk="interrupts",
            note="clients that use the default endpoint of the API lose access",
        ),
        Prop(
            "CorsConfiguration",
            tf="@",
            tf_read=in_terraform("CorsConfiguration", "cors_configuration", _CFN),
            cfn_read=in_template("CorsConfiguration"),
            read=lambda value: pick(value, *_CORS) or None,
            absent="not set",
            tidy=_sorted,
            set=_set("CorsConfiguration"),
            unset=Call("delete_cors_configuration", {"ApiId": "{id}"}),
            risk="interrupts",
        ),
    ),
)
