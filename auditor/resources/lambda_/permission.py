"""A permission: one statement of a function's resource policy, in the members of the template that made it.

AWS keeps a policy for the function and one for each alias; the function's own is read, and an alias's is not.
Conditions that no template could have written are kept whole, so that nothing narrower is taken for open.
"""

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.arns import executed
from auditor.resources.lambda_._live import function_name, principal, statements


def _named(value: Json) -> Json:
    """The name in an ARN that code gives; a reference stays, for it leads to the function."""
    return value if not isinstance(value, str) or "${" in value else function_name(value)


TYPE = ResourceType(
    cfn="AWS::Lambda::Permission",
    service="lambda",
    over="AWS::Lambda::Function",
    list=Call("get_policy", {"FunctionName": "{parent.id}"}, out="Policy", absent=("ResourceNotFoundException",)),
    items=statements,
    id="{parent.id}/{raw.Id}",
    name="{raw.Id}",
    tags="",
    terraform=("aws_lambda_permission",),
    props=(
        Prop("Id", absent="unknown", tf="statement_id"),
        Prop("FunctionName", live="FunctionArn", read=function_name, absent="unknown", tidy=_named, tf="function_name"),
        Prop("Action", absent="unknown"),
        Prop("Principal", read=principal, absent="unknown"),
        Prop("PrincipalOrgID", absent="not set", tf="principal_org_id"),
        Prop("SourceArn", absent="not set"),
        Prop("SourceAccount", absent="not set"),
        Prop("FunctionUrlAuthType", absent="not set"),
        Prop("EventSourceToken", absent="not set"),
        Prop("InvokedViaFunctionUrl", tf="-", default=False),
        Prop(
            "Effect",
            tf="-",
            default="Allow",
            absent="unknown",
            ours="a template can only allow; a policy can also deny",
        ),
        Prop(
            "Condition",
            absent="not set",
            tf="@",
            tf_read=lambda _: ABSENT,  # none, as code has no words for it, rather than one that nobody knows
            ours="conditions of the statement that a template cannot express",
        ),
    ),
    edges=(
        EdgeTo("part-of", "FunctionName", ("AWS::Lambda::Function",)),
        EdgeTo(
            "permits",
            "SourceArn",
            (
                "AWS::CloudFront::Distribution",
                "AWS::Events::Rule",
                "AWS::S3::Bucket",
                "AWS::SNS::Topic",
            ),
        ),
        EdgeTo("permits", "SourceArn", ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"), take=executed),
        EdgeTo("permits", "Principal", ("AWS::IAM::Role", "AWS::IAM::User")),
    ),
)
