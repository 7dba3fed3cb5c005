"""A program that may sign users of a pool in: how they sign in, where they are sent back to, how long tokens hold.

Its secret is redacted where answers enter the program; only whether there is one is a property. Nothing here has a
setter: UpdateUserPoolClient puts back to its default whatever it is not told, also what an SDK does not know yet.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType

_GET = Call("describe_user_pool_client", {"UserPoolId": "{parent.id}", "ClientId": "{id}"}, out="UserPoolClient")
# By what a client may sign users in where nobody says.
_FLOWS = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]

TYPE = ResourceType(
    cfn="AWS::Cognito::UserPoolClient",
    service="cognito-idp",
    list=Call("list_user_pool_clients", {"UserPoolId": "{parent.id}", "MaxResults": 60}, out="UserPoolClients"),
    over="AWS::Cognito::UserPool",
    id="ClientId",
    name="ClientName",
    tags="",
    terraform=("aws_cognito_user_pool_client",),
    props=(
        Prop("ClientId", tf="id"),
        Prop("ClientName", tf="name"),
        Prop("UserPoolId", absent="unknown"),
        Prop("GenerateSecret", live="ClientSecret", call=_GET, read=bool, default=False),
        Prop("ExplicitAuthFlows", live="ExplicitAuthFlows", call=_GET, same="set", default=_FLOWS),
        Prop("SupportedIdentityProviders", live="SupportedIdentityProviders", call=_GET, same="set", default=[]),
        Prop(
            "AllowedOAuthFlowsUserPoolClient",
            live="AllowedOAuthFlowsUserPoolClient",
            call=_GET,
            tf="allowed_oauth_flows_user_pool_client",
            default=False,
        ),
        Prop(
            "AllowedOAuthFlows", live="AllowedOAuthFlows", call=_GET, tf="allowed_oauth_flows", same="set", default=[]
        ),
        Prop(
            "AllowedOAuthScopes",
            live="AllowedOAuthScopes",
            call=_GET,
            tf="allowed_oauth_scopes",
            same="set",
            default=[],
        ),
        Prop("CallbackURLs", live="CallbackURLs", call=_GET, tf="callback_urls", same="set", default=[]),
        Prop("LogoutURLs", live="LogoutURLs", call=_GET, tf="logout_urls", same="set", default=[]),
        Prop("DefaultRedirectURI", live="DefaultRedirectURI", call=_GET, tf="default_redirect_uri", absent="not set"),
        Prop(
            "PreventUserExistenceErrors",
            live="PreventUserExistenceErrors",
            call=_GET,
            default="LEGACY",
        ),
        Prop(
            "EnableTokenRevocation",
            live="EnableTokenRevocation",
            call=_GET,
            default=True,
            absent="unknown",
        ),
        Prop("RefreshTokenValidity", live="RefreshTokenValidity", call=_GET, default=30),
        Prop("AccessTokenValidity", live="AccessTokenValidity", call=_GET, absent="not set"),
        Prop("IdTokenValidity", live="IdTokenValidity", call=_GET, absent="not set"),
        Prop("TokenValidityUnits", live="TokenValidityUnits", call=_GET, absent="not set"),
        Prop("AuthSessionValidity", live="AuthSessionValidity", call=_GET, default=3),
    ),
    edges=(EdgeTo("part-of", "UserPoolId", ("AWS::Cognito::UserPool",)),),
)
