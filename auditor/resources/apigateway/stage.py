"""A stage of a REST API: the deployment that is called, with its limits, its logs and what stands in front of it.

Stage variables are not read: people keep keys in them.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.apigateway._code import WEB_ACL_FOLDS, settings_joins
from auditor.resources.apigateway._live import method_settings, tidy_settings
from auditor.resources.shapes import pick


def _patch(*operations: Json) -> Call:
    stage = {"restApiId": "{RestApiId}", "stageName": "{StageName}"}
    return Call("update_stage", {**stage, "patchOperations": list(operations)})


def _replace(path: str, value: str = "{value}") -> dict[str, Json]:
    return {"op": "replace", "path": path, "value": value}


def _access_log(value: Json) -> Json:
    return pick(value, DestinationArn="destinationArn", Format="format") or None


def _raw_log(value: Json) -> Json:
    return {"destinationArn": value["DestinationArn"], "format": value.get("Format", "")}


TYPE = ResourceType(
    cfn="AWS::ApiGateway::Stage",
    service="apigateway",
    over="AWS::ApiGateway::RestApi",
    list=Call("get_stages", {"restApiId": "{parent.id}"}, out="item"),
    id="{parent.id}/{raw.stageName}",
    arn="arn:{partition}:apigateway:{region}::/restapis/{parent.id}/stages/{raw.stageName}",
    name="stageName",
    tags="tags",
    terraform=("aws_api_gateway_stage",),
    folds=("aws_api_gateway_method_settings", *WEB_ACL_FOLDS),
    joins=settings_joins(),
    props=(
        Prop("RestApiId", live="{parent.id}", tf="rest_api_id"),
        Prop("StageName", live="stageName"),
        Prop("DeploymentId", live="deploymentId", absent="unknown"),
        Prop(
            "AccessLogSetting",
            live="accessLogSettings",
            read=_access_log,
            absent="not set",
            write=_raw_log,
            tf="access_log_settings",
            set=_patch(
                _replace("/accessLogSettings/destinationArn", "{value.destinationArn}"),
                _replace("/accessLogSettings/format", "{value.format}"),
            ),
            unset=_patch({"op": "remove", "path": "/accessLogSettings"}),
            note="the account's role for API Gateway must be allowed to write there",
        ),
        Prop("ClientCertificateId", live="clientCertificateId", absent="not set"),
        Prop(
            "TracingEnabled",
            live="tracingEnabled",
            tf="xray_tracing_enabled",
            kind="boolean",
            default=False,
            absent="unknown",
            set=_patch(_replace("/tracingEnabled")),
        ),
        Prop(
            "MethodSettings",
            live="methodSettings",
            read=method_settings,
            tidy=tidy_settings,
            tf="-",
            default=[],
            absent="unknown",
        ),
        Prop(
            "WebAclArn",
            live="webAclArn",
            absent="not set",
            tf="-",
            ours="a part of AWS::WAFv2::WebACLAssociation, which is a part of the stage here",
        ),
    ),
    edges=(
        EdgeTo("part-of", "RestApiId", ("AWS::ApiGateway::RestApi",)),
        EdgeTo("logs-to", "AccessLogSetting.DestinationArn", ("AWS::Logs::LogGroup",)),
    ),
)
