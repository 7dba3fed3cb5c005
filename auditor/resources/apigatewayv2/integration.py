"""What a route of an HTTP or WebSocket API calls: a function, an address, or over a VPC link a listener inside.

Parameters and templates are not read: people keep keys in them.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.arns import BALANCERS, caller_role, host, lambda_function

TYPE = ResourceType(
    cfn="AWS::ApiGatewayV2::Integration",
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_integrations", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.IntegrationId}",
    arn="arn:{partition}:apigateway:{region}::/apis/{parent.id}/integrations/{raw.IntegrationId}",
    name="{raw.IntegrationId}",
    names=("{raw.IntegrationId}",),
    tags="",
    terraform=("aws_apigatewayv2_integration",),
    props=(
        Prop("ApiId", live="{parent.id}", tf="api_id"),
        Prop("IntegrationId", absent="unknown", tf="id"),
        Prop("IntegrationType", absent="unknown"),
        Prop("IntegrationUri", absent="not set"),
        Prop("IntegrationMethod", absent="not set"),
        Prop("IntegrationSubtype", absent="not set"),
        Prop("ConnectionType", default="INTERNET"),
        Prop("ConnectionId", absent="not set"),
        Prop("CredentialsArn", absent="not set"),
        Prop("PayloadFormatVersion", default="1.0"),
        Prop("TlsConfig", absent="not set"),
    ),
    edges=(
        EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),
        EdgeTo("targets", "IntegrationUri", ("AWS::Lambda::Function",), take=lambda_function),
        EdgeTo("targets", "IntegrationUri", ("AWS::ElasticLoadBalancingV2::Listener",)),
        EdgeTo("targets", "IntegrationUri", BALANCERS, take=host),
        EdgeTo("targets", "ConnectionId", ("AWS::ApiGatewayV2::VpcLink",)),
        EdgeTo("acts-as", "CredentialsArn", ("AWS::IAM::Role",), take=caller_role),
    ),
)
