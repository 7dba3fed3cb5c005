"""A stage of a REST API: without one nothing answers. Its variables may hold anything and are not kept."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

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
    props=(
        Prop("RestApiId", live="{parent.id}"),
        Prop("StageName", live="stageName"),
        Prop("DeploymentId", live="deploymentId"),
        Prop("WebAclArn", live="webAclArn", tf="-", ours="read-only attribute: the web ACL associated with it"),
    ),
    edges=(EdgeTo("part-of", "RestApiId", ("AWS::ApiGateway::RestApi",)),),
)
