"""A stage of an HTTP or WebSocket API: without one nothing answers. Its variables are not kept."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Stage",
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_stages", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.StageName}",
    arn="arn:{partition}:apigateway:{region}::/apis/{parent.id}/stages/{raw.StageName}",
    name="StageName",
    terraform=("aws_apigatewayv2_stage",),
    props=(
        Prop("ApiId", live="{parent.id}"),
        Prop("StageName", tf="name"),
        Prop("AutoDeploy", default=False),
    ),
    edges=(EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),),
)
