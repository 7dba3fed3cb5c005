"""A user pool: who may sign up, by what they sign in, and what protects them.

Nothing here has a setter. UpdateUserPool puts back to its default whatever it is not told, what DescribeUserPool
answers is refused as a whole (the days of an invitation stand in it twice), and attributes are chosen when a pool is
made.

The messages to users are not read: they are a team's words.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.cognito._code import policies
from auditor.resources.cognito._live import tidy_admin, tidy_policies, tidy_recovery, triggers
from auditor.resources.shapes import pick
from auditor.resources.terraform import within

_POOL = Call("describe_user_pool", {"UserPoolId": "{id}"}, out="UserPool")

TYPE = ResourceType(
    cfn="AWS::Cognito::UserPool",
    service="cognito-idp",
    list=Call("list_user_pools", {"MaxResults": 60}, out="UserPools"),
    id="Id",
    arn="arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}",
    name="Name",
    names=("{id}", "cognito-idp.{region}.amazonaws.com/{id}"),
    tags_call=Call("describe_user_pool", {"UserPoolId": "{id}"}, out="UserPool.UserPoolTags"),
    tags="",
    terraform=("aws_cognito_user_pool",),
    workload=True,
    props=(
        Prop("UserPoolId", live="Id", tf="id"),
        Prop("Arn", call=_POOL, live="Arn", absent="unknown"),
        Prop("UserPoolName", live="Name", tf="name"),
        Prop("UserPoolTier", call=_POOL, live="UserPoolTier", default="ESSENTIALS", absent="unknown"),
        Prop("DeletionProtection", call=_POOL, live="DeletionProtection", default="INACTIVE", absent="unknown"),
        Prop("MfaConfiguration", call=_POOL, live="MfaConfiguration", default="OFF", absent="unknown"),
        Prop(
            "Policies",
            call=_POOL,
            live="Policies",
            tf="@",
            tf_read=policies,
            tidy=tidy_policies,
            default=tidy_policies({}),
            absent="unknown",
        ),
        Prop(
            "AdminCreateUserConfig",
            call=_POOL,
            live="AdminCreateUserConfig",
            tidy=tidy_admin,
            default={"AllowAdminCreateUserOnly": False},
            absent="unknown",
        ),
        Prop("AutoVerifiedAttributes", call=_POOL, live="AutoVerifiedAttributes", same="set", default=[]),
        Prop("UsernameAttributes", call=_POOL, live="UsernameAttributes", same="set", default=[]),
        Prop("AliasAttributes", call=_POOL, live="AliasAttributes", same="set", default=[]),
        Prop(
            "UsernameConfiguration",
            call=_POOL,
            live="UsernameConfiguration",
            read=lambda value: pick(value, "CaseSensitive"),
            absent="not set",
        ),
        Prop(
            "AccountRecoverySetting",
            call=_POOL,
            live="AccountRecoverySetting",
            tidy=tidy_recovery,
            absent="not set",
        ),
        Prop(
            "EmailConfiguration",
            call=_POOL,
            live="EmailConfiguration",
            tf_read=within("AWS::Cognito::UserPool", "EmailConfiguration", from_email_address="From"),
            default={"EmailSendingAccount": "COGNITO_DEFAULT"},
        ),
        Prop(
            "LambdaConfig",
            call=_POOL,
            live="LambdaConfig",
            default={},
        ),
        Prop(
            "UserPoolAddOns",
            call=_POOL,
            live="UserPoolAddOns",
            read=lambda value: pick(value, "AdvancedSecurityMode"),
            default={"AdvancedSecurityMode": "OFF"},
        ),
    ),
    edges=(
        EdgeTo("targets", "LambdaConfig", ("AWS::Lambda::Function",), take=triggers),
        EdgeTo("encrypted-with", "LambdaConfig.KMSKeyID", ("AWS::KMS::Key",)),
    ),
)
