"""How much callers with an API key may ask of some stages: at once, a second, and in a day, week or month.

Limits of single methods are not read.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.apigateway._live import stages, tidy_stages
from auditor.resources.terraform import within

_CFN = "AWS::ApiGateway::UsagePlan"

TYPE = ResourceType(
    cfn=_CFN,
    service="apigateway",
    list=Call("get_usage_plans", out="items"),
    id="id",
    arn="arn:{partition}:apigateway:{region}::/usageplans/{id}",
    name="name",
    tags="tags",
    terraform=("aws_api_gateway_usage_plan",),
    props=(
        Prop("Id", live="id"),
        Prop("UsagePlanName", live="name", tf="name"),
        Prop("Description", live="description", absent="not set"),
        Prop(
            "ApiStages",
            live="apiStages",
            read=within(_CFN, "ApiStages"),
            tidy=tidy_stages,
            tf_read=within(_CFN, "ApiStages"),
            default=[],
        ),
        Prop(
            "Throttle",
            live="throttle",
            read=within(_CFN, "Throttle"),
            tf="throttle_settings",
            tf_read=within(_CFN, "Throttle"),
            absent="not set",
        ),
        Prop(
            "Quota",
            live="quota",
            read=within(_CFN, "Quota"),
            tidy=lambda value: {"Offset": 0, **value} if isinstance(value, dict) else value,
            tf="quota_settings",
            tf_read=within(_CFN, "Quota"),
            absent="not set",
        ),
    ),
    edges=(EdgeTo("targets", "ApiStages[]", ("AWS::ApiGateway::Stage",), take=stages),),
)
