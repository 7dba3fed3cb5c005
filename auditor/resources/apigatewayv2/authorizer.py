"""Who is asked before a route of an HTTP or WebSocket API answers: a function, or the issuer of a token.

It has no setter: what another one would let in is for a person to decide.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.arns import caller_role, lambda_function
from auditor.resources.terraform import within

_CFN = "AWS::ApiGatewayV2::Authorizer"


def _pool(issuer: Json) -> list[str]:
    """`https://cognito-idp.REGION.amazonaws.com/POOL`"""
    return [issuer.removeprefix("https://")] if isinstance(issuer, str) else []


TYPE = ResourceType(
    cfn=_CFN,
    service="apigatewayv2",
    over="AWS::ApiGatewayV2::Api",
    list=Call("get_authorizers", {"ApiId": "{parent.id}"}, out="Items"),
    id="{parent.id}/{raw.AuthorizerId}",
    arn="arn:{partition}:apigateway:{region}::/apis/{parent.id}/authorizers/{raw.AuthorizerId}",
    name="Name",
    names=("{raw.AuthorizerId}",),
    tags="",
    terraform=("aws_apigatewayv2_authorizer",),
    props=(
        Prop("ApiId", live="{parent.id}", tf="api_id"),
        Prop("AuthorizerId", absent="unknown", tf="id"),
        Prop("Name"),
        Prop("AuthorizerType", absent="unknown"),
        Prop("AuthorizerUri", absent="not set"),
        Prop("AuthorizerCredentialsArn", absent="not set"),
        Prop("AuthorizerPayloadFormatVersion", absent="not set"),
        Prop("AuthorizerResultTtlInSeconds", absent="not set"),
        Prop("EnableSimpleResponses", default=False),
        Prop("IdentitySource", tf="identity_sources", same="set", default=[]),
        Prop("IdentityValidationExpression", tf="-", absent="not set"),
        Prop("JwtConfiguration", tf_read=within(_CFN, "JwtConfiguration"), absent="not set"),
    ),
    edges=(
        EdgeTo("part-of", "ApiId", ("AWS::ApiGatewayV2::Api",)),
        EdgeTo("targets", "AuthorizerUri", ("AWS::Lambda::Function",), take=lambda_function),
        EdgeTo("trusts", "JwtConfiguration.Issuer", ("AWS::Cognito::UserPool",), take=_pool),
        EdgeTo("acts-as", "AuthorizerCredentialsArn", ("AWS::IAM::Role",), take=caller_role),
    ),
)
