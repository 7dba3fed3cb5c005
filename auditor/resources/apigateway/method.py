"""A method of a REST API: who may call it, and what it calls.

AWS answers methods inside the resources, so that all methods of an API take one call. Who is asked has no setter: an
authorizer made elsewhere belongs to it, and what would be undone could not be told from what the method had before.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.apigateway._code import path_of, template_headers, terraform_integration
from auditor.resources.apigateway._live import cors_headers, integration, methods, tidy_headers, tidy_integration
from auditor.resources.arns import BALANCERS, caller_role, host, lambda_function

TYPE = ResourceType(
    cfn="AWS::ApiGateway::Method",
    service="apigateway",
    over="AWS::ApiGateway::RestApi",
    list=Call("get_resources", {"restApiId": "{parent.id}", "embed": ["methods"]}, out="items"),
    items=methods,
    id="{parent.id}/{raw.resourceId}/{raw.httpMethod}",
    arn="arn:{partition}:apigateway:{region}::/restapis/{parent.id}/resources/{raw.resourceId}/methods/{raw.httpMethod}",
    name="{raw.httpMethod} {raw.path}",
    tags="",
    terraform=("aws_api_gateway_method",),
    folds=("aws_api_gateway_integration", "aws_api_gateway_integration_response"),
    joins=terraform_integration(),
    implied=path_of,
    props=(
        Prop("RestApiId", live="{parent.id}", tf="rest_api_id"),
        Prop("ResourceId", live="resourceId", absent="unknown"),
        Prop("HttpMethod", live="httpMethod", absent="unknown"),
        Prop(
            "Path",
            live="path",
            absent="unknown",
            tf="-",
            ours="read-only attribute: the path of its resource",
        ),
        Prop("AuthorizationType", live="authorizationType", tf="authorization", default="NONE", absent="unknown"),
        Prop("AuthorizerId", live="authorizerId", absent="not set"),
        Prop("AuthorizationScopes", live="authorizationScopes", same="set", default=[]),
        Prop("ApiKeyRequired", live="apiKeyRequired", default=False, absent="unknown"),
        Prop(
            "Integration", live="methodIntegration", read=integration, absent="not set", tidy=tidy_integration, tf="-"
        ),
        Prop(
            "CorsHeaders",
            live="methodIntegration.integrationResponses",
            read=cors_headers,
            tidy=tidy_headers,
            tf="-",
            cfn_read=template_headers,
            default=[],
            ours="the Access-Control headers of Integration.IntegrationResponses, their values as sets",
        ),
    ),
    edges=(
        EdgeTo("part-of", "RestApiId", ("AWS::ApiGateway::RestApi",)),
        EdgeTo("part-of", "ResourceId", ("AWS::ApiGateway::Resource",)),
        EdgeTo("guarded-by", "AuthorizerId", ("AWS::ApiGateway::Authorizer",)),
        EdgeTo("targets", "Integration.Uri", ("AWS::Lambda::Function",), take=lambda_function),
        EdgeTo("targets", "Integration.Uri", BALANCERS, take=host),
        EdgeTo(
            "targets",
            "Integration.IntegrationTarget",
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener"),
        ),
        EdgeTo("targets", "Integration.ConnectionId", ("AWS::ApiGateway::VpcLink", "AWS::ApiGatewayV2::VpcLink")),
        EdgeTo("acts-as", "Integration.Credentials", ("AWS::IAM::Role",), take=caller_role),
    ),
)
