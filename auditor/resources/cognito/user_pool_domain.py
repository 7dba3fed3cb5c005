"""Where the sign-in pages of a user pool are: a name below amazoncognito.com, and a domain of one's own.

No operation lists domains: the pool tells its two.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.cognito._code import certificate
from auditor.resources.cognito._live import domains
from auditor.resources.shapes import pick

_GET = Call("describe_user_pool_domain", {"Domain": "{id}"}, out="DomainDescription")

TYPE = ResourceType(
    cfn="AWS::Cognito::UserPoolDomain",
    service="cognito-idp",
    list=Call("describe_user_pool", {"UserPoolId": "{parent.id}"}, out="UserPool"),
    items=domains,
    over="AWS::Cognito::UserPool",
    id="Domain",
    name="Domain",
    tags="",
    terraform=("aws_cognito_user_pool_domain",),
    props=(
        Prop("Domain"),
        Prop("UserPoolId", live="{parent.id}"),
        Prop("ManagedLoginVersion", live="ManagedLoginVersion", call=_GET, default=1),
        Prop(
            "CustomDomainConfig",
            live="CustomDomainConfig",
            call=_GET,
            tidy=lambda value: pick(value, "CertificateArn") or None,
            tf="certificate_arn",
            tf_read=certificate,
            absent="not set",
        ),
        Prop(
            "CloudFrontDistribution",
            live="CloudFrontDistribution",
            call=_GET,
            tf="cloudfront_distribution",
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("part-of", "UserPoolId", ("AWS::Cognito::UserPool",)),
        EdgeTo("presents", "CustomDomainConfig.CertificateArn", ("AWS::CertificateManager::Certificate",)),
    ),
)
