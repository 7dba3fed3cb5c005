"""A stage of an HTTP or WebSocket API: the deployment that is called, with its limits and its logs.

Stage variables are not read: people keep keys in them.
"""

from collections.abc import Mapping

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.shapes import pick

_LIMITS = ("DataTraceEnabled", "DetailedMetricsEnabled", "LoggingLevel", "ThrottlingBurstLimit", "ThrottlingRateLimit")
_STAGE = {"ApiId": "{ApiId}", "StageName": "{StageName}"}


def _set(parameter: str) -> Call:
    return Call("update_stage", {**_STAGE, parameter: "{value}"})


def _limits(value: Json) -> Json:
    """The settings of all routes without those that change nothing, which an HTTP API does not even have."""
    if not isinstance(value, Mapping):
        return value
    kept = {key: inner for key, inner in value.items() if key in _LIMITS and inner not in (None, False, "OFF", 0, "")}
    return {key: float(inner) if key == "ThrottlingRateLimit" else inner for key, inner in kept.items()}


TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Stage",
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_stages", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.StageName}",
    arn="arn:{partition}:apigateway:{region}::/apis/{parent.id}/stages/{raw.StageName}",
    name="StageName",
    tags="Tags",
    terraform=("aws_apigatewayv2_stage",),
    props=(
        Prop("ApiId", live="{parent.id}", tf="api_id"),
        Prop("StageName", tf="name"),
        Prop("AutoDeploy", default=False, set=_set("AutoDeploy"), note="changes of routes then take effect at once"),
        Prop(
            "AccessLogSettings",
            read=lambda value: pick(value, "DestinationArn", "Format") or None,
            absent="not set",
            set=_set("AccessLogSettings"),
            unset=Call("delete_access_log_settings", _STAGE),
        ),
        Prop("ClientCertificateId", absent="not set"),
        Prop(
            "DefaultRouteSettings",
            tidy=_limits,
            default={},
            set=_set("DefaultRouteSettings"),
            risk="interrupts",
            note="calls above a limit are refused",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),
        EdgeTo("logs-to", "AccessLogSettings.DestinationArn", ("AWS::Logs::LogGroup",)),
    ),
)
