"""A function URL: a public host in front of a function, or in front of one of its aliases.

AWS identifies it by the function's ARN; the URL itself serves as the id here, so that no text means two
resources.
"""

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.arns import lambda_function
from auditor.resources.lambda_._live import host, qualifier, with_hosts
from auditor.resources.shapes import pick

_CORS = ("AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge")


def _set(parameter: str, value: Json = "{value}") -> Call:
    # The ARN carries the alias where there is one, so that its URL is changed and not the function's own.
    return Call("update_function_url_config", {"FunctionName": "{FunctionArn}", parameter: value})


def _sorted(value: Json) -> Json:
    """Origins, methods and headers mean the same in any order."""
    if not isinstance(value, Mapping):
        return value
    return {name: sorted(each) if isinstance(each, list) else each for name, each in value.items()}


TYPE = ResourceType(
    cfn="AWS::Lambda::Url",
    service="lambda",
    over="AWS::Lambda::Function",
    list=Call("list_function_url_configs", {"FunctionName": "{parent.id}"}, out="FunctionUrlConfigs"),
    items=with_hosts,
    id="FunctionUrl",
    name="{parent.name}",
    names=("{raw.Host}",),
    tags="",
    terraform=("aws_lambda_function_url",),
    props=(
        Prop("FunctionUrl"),
        Prop(
            "Host",
            absent="unknown",
            tf="@",
            tf_read=lambda said: host(said.get("function_url")) or ABSENT,
            ours="read-only attribute: the host in FunctionUrl, which distributions use as origin",
        ),
        Prop("FunctionArn", absent="unknown"),
        Prop(
            "TargetFunctionArn",
            live="FunctionArn",
            tf="function_name",
            read=lambda value: (lambda_function(value) or [value])[0],
            absent="unknown",
        ),
        Prop("Qualifier", live="FunctionArn", tf="qualifier", read=qualifier, absent="unknown"),
        Prop(
            "AuthType",
            always=True,
            tf="authorization_type",
            set=_set("AuthType"),
            risk="interrupts",
            note="with AWS_IAM, unsigned calls are denied: a distribution needs an origin access control",
        ),
        Prop("InvokeMode", default="BUFFERED", set=_set("InvokeMode"), risk="interrupts"),
        Prop(
            "Cors",
            read=lambda value: pick(value, *_CORS) or None,
            absent="not set",
            tidy=_sorted,
            set=_set("Cors"),
            unset=_set("Cors", {}),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("part-of", "TargetFunctionArn", ("AWS::Lambda::Function",), take=lambda_function),),
)
