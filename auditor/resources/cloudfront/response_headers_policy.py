"""Headers that CloudFront adds to or takes from answers: CORS, security, custom ones.

AWS offers managed ones, which nobody declared. Browsers obey these headers, so a changed one can break a
page: `interrupts`.
"""

from __future__ import annotations

from auditor.model import Call, Edit, Prop, ResourceType
from auditor.resources.cloudfront import _code
from auditor.resources.cloudfront._live import ETAG, quantified, unquantified

TYPE = ResourceType(
    cfn="AWS::CloudFront::ResponseHeadersPolicy",
    service="cloudfront",
    list=Call("list_response_headers_policies", out="ResponseHeadersPolicyList.Items"),
    scope="global",
    id="ResponseHeadersPolicy.Id",
    arn="arn:{partition}:cloudfront::{account}:response-headers-policy/{id}",
    name="ResponseHeadersPolicy.ResponseHeadersPolicyConfig.Name",
    tags="",
    aws_made="Type == 'managed'",
    terraform=("aws_cloudfront_response_headers_policy",),
    props=(
        Prop("Id", live="ResponseHeadersPolicy.Id"),
        Prop(
            "ResponseHeadersPolicyConfig",
            live="ResponseHeadersPolicy.ResponseHeadersPolicyConfig",
            read=unquantified,
            absent="unknown",
            write=quantified,
            tf="@",
            tidy=_code.headers,
            edit=Edit(
                read=Call("get_response_headers_policy", {"Id": "{id}"}),
                write=Call(
                    "update_response_headers_policy",
                    {
                        "Id": "{id}",
                        "IfMatch": "{token}",
                        "ResponseHeadersPolicyConfig": "{value.ResponseHeadersPolicyConfig}",
                    },
                ),
                inside="ResponseHeadersPolicy",
                token=ETAG,
            ),
            risk="interrupts",
            risks={"Comment": "safe"},
        ),
    ),
)
