"""An identity pool: whose tokens it takes, whether strangers get credentials too, and which roles it hands out.

Which roles are handed out is a type of its own in code, and a part of the pool here.
"""

from auditor.model import Call, EdgeTo, Edit, Join, Prop, ResourceType
from auditor.resources.cognito._code import mappings
from auditor.resources.cognito._live import handed_out, tidy_mappings, tidy_providers
from auditor.resources.terraform import said, within

_CFN = "AWS::Cognito::IdentityPool"
_GET = Call("describe_identity_pool", {"IdentityPoolId": "{id}"})
_ROLES = Call("get_identity_pool_roles", {"IdentityPoolId": "{id}"})
_ATTACHED = "belongs to AWS::Cognito::IdentityPoolRoleAttachment, which is a part of its pool here"
_SENT = (
    "AllowClassicFlow",
    "SupportedLoginProviders",
    "DeveloperProviderName",
    "OpenIdConnectProviderARNs",
    "CognitoIdentityProviders",
    "SamlProviderARNs",
    "IdentityPoolTags",
)
# What the call is not told is taken away, so every member is sent as it was read.
_EDIT = Edit(
    read=_GET,
    write=Call(
        "update_identity_pool",
        {
            "IdentityPoolId": "{id}",
            "IdentityPoolName": "{value.IdentityPoolName}",
            "AllowUnauthenticatedIdentities": "{value.AllowUnauthenticatedIdentities}",
            **{name: f"{{value.{name}?}}" for name in _SENT},
        },
    ),
    inside="@",
)
_CODE, _TEMPLATE = "aws_cognito_identity_pool_roles_attachment", "AWS::Cognito::IdentityPoolRoleAttachment"

TYPE = ResourceType(
    cfn=_CFN,
    service="cognito-identity",
    list=Call("list_identity_pools", {"MaxResults": 60}, out="IdentityPools"),
    id="IdentityPoolId",
    arn="arn:{partition}:cognito-identity:{region}:{account}:identitypool/{id}",
    name="IdentityPoolName",
    tags="",
    tags_call=Call("describe_identity_pool", {"IdentityPoolId": "{id}"}, out="IdentityPoolTags"),
    terraform=("aws_cognito_identity_pool",),
    folds=(_TEMPLATE, _CODE),
    joins=(
        Join(_TEMPLATE, "IdentityPoolId", "Roles", said("Roles")),
        Join(_TEMPLATE, "IdentityPoolId", "RoleMappings", said("RoleMappings")),
        Join(_CODE, "identity_pool_id", "Roles", said("roles")),
        Join(_CODE, "identity_pool_id", "RoleMappings", mappings),
    ),
    props=(
        Prop("Id", live="IdentityPoolId", tf="id"),
        Prop("IdentityPoolName"),
        Prop(
            "AllowUnauthenticatedIdentities",
            live="AllowUnauthenticatedIdentities",
            call=_GET,
            default=False,
            absent="unknown",
            edit=_EDIT,
            risk="interrupts",
            note="who uses the application without signing in gets no credentials of AWS any more",
        ),
        Prop(
            "AllowClassicFlow",
            live="AllowClassicFlow",
            call=_GET,
            default=False,
            edit=_EDIT,
            risk="interrupts",
            note="clients that choose the role themselves get no credentials any more",
        ),
        Prop(
            "CognitoIdentityProviders",
            live="CognitoIdentityProviders",
            call=_GET,
            tidy=tidy_providers,
            tf_read=within(_CFN, "CognitoIdentityProviders"),
            default=[],
        ),
        Prop(
            "OpenIdConnectProviderARNs",
            live="OpenIdConnectProviderARNs",
            call=_GET,
            tf="openid_connect_provider_arns",
            same="set",
            default=[],
        ),
        Prop("SamlProviderARNs", live="SamlProviderARNs", call=_GET, tf="saml_provider_arns", same="set", default=[]),
        Prop("SupportedLoginProviders", live="SupportedLoginProviders", call=_GET, default={}),
        Prop("DeveloperProviderName", live="DeveloperProviderName", call=_GET, absent="not set"),
        Prop("Roles", live="Roles", call=_ROLES, tf="-", default={}, ours=_ATTACHED),
        Prop("RoleMappings", live="RoleMappings", call=_ROLES, tidy=tidy_mappings, tf="-", default={}, ours=_ATTACHED),
    ),
    edges=(
        EdgeTo(
            "trusts",
            "CognitoIdentityProviders[].ProviderName",
            ("AWS::Cognito::UserPool",),
        ),
        EdgeTo("trusts", "CognitoIdentityProviders[].ClientId", ("AWS::Cognito::UserPoolClient",)),
        EdgeTo("acts-as", "Roles", ("AWS::IAM::Role",), take=handed_out),
        EdgeTo("acts-as", "RoleMappings", ("AWS::IAM::Role",), take=handed_out),
    ),
)
