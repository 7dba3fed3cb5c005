"""Who is asked before a method of a REST API answers: a function, or user pools of Cognito.

It has no setter: what another one would let in is for a person to decide.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.arns import caller_role, lambda_function

TYPE = ResourceType(
    cfn="AWS::ApiGateway::Authorizer",
    service="apigateway",
    over="AWS::ApiGateway::RestApi",
    list=Call("get_authorizers", {"restApiId": "{parent.id}"}, out="items"),
    id="{parent.id}/{raw.id}",
    arn="arn:{partition}:apigateway:{region}::/restapis/{parent.id}/authorizers/{raw.id}",
    name="name",
    names=("{raw.id}",),
    tags="",
    terraform=("aws_api_gateway_authorizer",),
    props=(
        Prop("RestApiId", live="{parent.id}", tf="rest_api_id"),
        Prop("AuthorizerId", live="id", absent="unknown", tf="id"),
        Prop("Name", live="name"),
        Prop("Type", live="type", absent="unknown"),
        Prop("ProviderARNs", live="providerARNs", tf="provider_arns", same="set", default=[]),
        Prop("AuthorizerUri", live="authorizerUri", absent="not set"),
        Prop("AuthorizerCredentials", live="authorizerCredentials", absent="not set"),
        Prop("IdentitySource", live="identitySource", absent="not set"),
        Prop("IdentityValidationExpression", live="identityValidationExpression", absent="not set"),
        Prop("AuthorizerResultTtlInSeconds", live="authorizerResultTtlInSeconds", default=300),
    ),
    edges=(
        EdgeTo("part-of", "RestApiId", ("AWS::ApiGateway::RestApi",)),
        EdgeTo("targets", "AuthorizerUri", ("AWS::Lambda::Function",), take=lambda_function),
        EdgeTo("trusts", "ProviderARNs[]", ("AWS::Cognito::UserPool",)),
        EdgeTo("acts-as", "AuthorizerCredentials", ("AWS::IAM::Role",), take=caller_role),
    ),
)
