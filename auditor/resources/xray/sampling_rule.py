"""Which share of requests is traced. Every region has a last rule that AWS made, `Default`."""

from collections.abc import Mapping

from auditor.model import Call, Json, Prop, ResourceType
from auditor.resources.shapes import pick
from auditor.resources.terraform import within

_CFN = "AWS::XRay::SamplingRule"
_ASKED = ("ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath", "ResourceARN")
_SAID = ("RuleName", "Priority", "FixedRate", "ReservoirSize", "Version", *_ASKED)


def _rule(value: Json) -> Json:
    """A rule takes in every request, of whatever kind, where nothing is said. The ARN has a row of its own."""
    if not isinstance(value, Mapping):
        return value
    said = pick(value, *_SAID, "Attributes")
    rate = said.get("FixedRate")
    more = {"FixedRate": float(rate)} if isinstance(rate, (int, float)) else {}
    return {
        "Version": 1,
        **dict.fromkeys(_ASKED, "*"),
        **{key: each for key, each in said.items() if each != {}},
        **more,
    }


TYPE = ResourceType(
    cfn=_CFN,
    service="xray",
    list=Call("get_sampling_rules", out="SamplingRuleRecords[].SamplingRule"),
    id="RuleARN",
    arn="RuleARN",
    name="RuleName",
    terraform=("aws_xray_sampling_rule",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="Tags"),
    aws_made="RuleName == 'Default'",
    props=(
        Prop("RuleARN", tf="arn"),
        Prop(
            "SamplingRule",
            live="@",
            tidy=_rule,
            tf="@",
            tf_read=within(_CFN, "SamplingRule"),
            absent="unknown",
        ),
    ),
)
