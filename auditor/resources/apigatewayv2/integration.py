"""What an HTTP or WebSocket API hands requests to; routes name it."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.apigateway._uris import behind

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Integration",
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_integrations", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.IntegrationId}",
    names=("integrations/{raw.IntegrationId}",),
    tags="",
    terraform=("aws_apigatewayv2_integration",),
    props=(
        Prop("ApiId", live="{parent.id}"),
        Prop("IntegrationId", tf="id"),
        Prop("IntegrationType"),
        Prop("IntegrationUri"),
        Prop("ConnectionType", default="INTERNET"),
        Prop("ConnectionId"),
    ),
    edges=(
        EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),
        EdgeTo(
            "targets",
            "IntegrationUri",
            ("AWS::Lambda::Function", "AWS::ElasticLoadBalancingV2::Listener"),
            take=behind,
        ),
        EdgeTo("targets", "ConnectionId", ("AWS::ApiGatewayV2::VpcLink",)),
    ),
)
