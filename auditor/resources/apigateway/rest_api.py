"""A REST API. A private one answers only at interface endpoints; its resource policy says for whom.

AWS answers the policy as a text with its quotation marks escaped once more.
"""

from auditor.model import ABSENT, Call, Join, Json, Prop, ResourceType
from auditor.resources._shapes import pick
from auditor.resources._terraform import within

_EDGE = {"Types": ["EDGE"]}


def _policy(value: Json) -> Json:
    return value.replace('\\"', '"').replace("\\/", "/") if isinstance(value, str) else value


def _endpoints(value: Json) -> Json:
    """Kinds and endpoints mean the same in any order."""
    found = pick(value, "Types", "VpcEndpointIds")
    if found is ABSENT or not found.get("Types"):
        return ABSENT
    return {name: sorted(inner) for name, inner in found.items() if inner}


TYPE = ResourceType(
    cfn="AWS::ApiGateway::RestApi",
    service="apigateway",
    list=Call("get_rest_apis", out="items"),
    id="id",
    arn="arn:{partition}:apigateway:{region}::/restapis/{id}",
    name="name",
    names=("{id}.execute-api.{region}.amazonaws.com",),
    tags="tags",
    terraform=("aws_api_gateway_rest_api",),
    folds=("aws_api_gateway_rest_api_policy",),
    joins=(Join("aws_api_gateway_rest_api_policy", "rest_api_id", "Policy", lambda fold: fold.get("policy")),),
    props=(
        Prop("RestApiId", live="id", tf="id"),
        Prop("Name", live="name"),
        Prop("Policy", live="policy", read=_policy, same="policy"),
        Prop(
            "EndpointConfiguration",
            live="endpointConfiguration.{Types: types, VpcEndpointIds: vpcEndpointIds}",
            tidy=_endpoints,
            tf_read=within("AWS::ApiGateway::RestApi", "EndpointConfiguration"),
            default=_EDGE,
        ),
        Prop("DisableExecuteApiEndpoint", live="disableExecuteApiEndpoint", default=False),
    ),
)
