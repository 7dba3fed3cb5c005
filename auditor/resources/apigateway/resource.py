"""A path of a REST API. Its methods come in the same answer, so that both take one call for each API."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGateway::Resource",
    service="apigateway",
    over="AWS::ApiGateway::RestApi",
    list=Call("get_resources", {"restApiId": "{parent.id}", "embed": ["methods"]}, out="items"),
    id="{parent.id}/{raw.id}",
    arn="arn:{partition}:apigateway:{region}::/restapis/{parent.id}/resources/{raw.id}",
    name="path",
    names=("{raw.id}",),
    tags="",
    terraform=("aws_api_gateway_resource",),
    props=(
        Prop("RestApiId", live="{parent.id}", tf="rest_api_id"),
        Prop("ResourceId", live="id", absent="unknown", tf="id"),
        Prop("ParentId", live="parentId", absent="not set"),
        Prop("PathPart", live="pathPart", absent="not set"),
        Prop("Path", live="path", ours="read-only attribute: the whole path, from the root"),
    ),
    edges=(
        EdgeTo("part-of", "RestApiId", ("AWS::ApiGateway::RestApi",)),
        EdgeTo("part-of", "ParentId", ("AWS::ApiGateway::Resource",)),
    ),
)
