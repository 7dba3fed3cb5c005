"""A REST API: where it can be called, and the policy that says by whom.

What is changed here holds for calls only once the API is deployed again, which no setter does: a deployment would bring
along whatever else was changed since the last one.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.api_definitions import in_template, in_terraform
from auditor.resources.apigateway._code import POLICY_JOINS
from auditor.resources.apigateway._live import endpoint, policy, tidy_endpoint

_LATER = "it takes effect when the API is deployed again"


def _replace(path: str, value: Json = "{value}") -> Call:
    operation = {"op": "replace", "path": path, "value": value}
    return Call("update_rest_api", {"restApiId": "{id}", "patchOperations": [operation]})


TYPE = ResourceType(
    cfn="AWS::ApiGateway::RestApi",
    service="apigateway",
    list=Call("get_rest_apis", out="items"),
    id="id",
    arn="arn:{partition}:apigateway:{region}::/restapis/{id}",
    name="name",
    names=(
        "arn:{partition}:execute-api:{region}:{account}:{id}",
        "{id}.execute-api.{region}.amazonaws.com",
    ),
    tags="tags",
    terraform=("aws_api_gateway_rest_api",),
    folds=("aws_api_gateway_rest_api_policy",),
    alone=("Policy",),
    joins=POLICY_JOINS,
    workload=True,
    holds=dict.fromkeys(("Body", "BodyS3Location", "body"), ("AWS::ApiGateway::Method",)),
    props=(
        Prop("RestApiId", live="id", tf="id"),
        Prop("Name", live="name"),
        Prop("RootResourceId", live="rootResourceId", absent="unknown"),
        Prop(
            "EndpointConfiguration",
            live="endpointConfiguration",
            read=endpoint,
            tidy=tidy_endpoint,
            tf="@",
            tf_read=in_terraform("EndpointConfiguration", "endpoint_configuration"),
            cfn_read=in_template("EndpointConfiguration"),
            default={"Types": ["EDGE"], "IpAddressType": "ipv4"},
            absent="unknown",
        ),
        Prop(
            "Policy",
            live="policy",
            read=policy,
            kind="json",
            absent="not set",
            tf="@",
            tf_read=in_terraform("Policy", "policy"),
            cfn_read=in_template("Policy"),
            same="policy",
            set=_replace("/policy"),
            unset=_replace("/policy", ""),
            exact=Call("get_rest_api", {"restApiId": "{id}"}, out="policy"),
            risk="interrupts",
            note=_LATER,
        ),
        Prop(
            "DisableExecuteApiEndpoint",
            live="disableExecuteApiEndpoint",
            tf="@",
            tf_read=in_terraform("DisableExecuteApiEndpoint", "disable_execute_api_endpoint"),
            cfn_read=in_template("DisableExecuteApiEndpoint"),
            kind="boolean",
            default=False,
            absent="unknown",
            set=_replace("/disableExecuteApiEndpoint"),
            risk="interrupts",
            note=f"clients that use the default endpoint of the API lose access; {_LATER}",
        ),
        Prop(
            "ApiKeySourceType",
            live="apiKeySource",
            tf="@",
            tf_read=in_terraform("ApiKeySourceType", "api_key_source"),
            cfn_read=in_template("ApiKeySourceType"),
            default="HEADER",
            absent="unknown",
            set=_replace("/apiKeySource"),
            risk="interrupts",
            note=_LATER,
        ),
    ),
    edges=(EdgeTo("attached-to", "EndpointConfiguration.VpcEndpointIds[]", ("AWS::EC2::VPCEndpoint",)),),
)
