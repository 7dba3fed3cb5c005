"""What makes up the cache key, and for how long answers are kept. AWS offers managed ones, which nobody
declared.

Another cache key can serve one viewer's answer to another: `interrupts`.
"""

from __future__ import annotations

from auditor.model import Call, Edit, Prop, ResourceType
from auditor.resources.cloudfront import _code
from auditor.resources.cloudfront._live import ETAG, unwrap, wrap

TYPE = ResourceType(
    cfn="AWS::CloudFront::CachePolicy",
    service="cloudfront",
    list=Call("list_cache_policies", out="CachePolicyList.Items"),
    scope="global",
    id="CachePolicy.Id",
    arn="arn:{partition}:cloudfront::{account}:cache-policy/{id}",
    name="CachePolicy.CachePolicyConfig.Name",
    tags="",
    aws_made="Type == 'managed'",
    terraform=("aws_cloudfront_cache_policy",),
    props=(
        Prop("Id", live="CachePolicy.Id"),
        Prop(
            "CachePolicyConfig",
            live="CachePolicy.CachePolicyConfig",
            read=unwrap,
            absent="unknown",
            write=wrap,
            tf="@",
            tidy=_code.plain,
            edit=Edit(
                read=Call("get_cache_policy", {"Id": "{id}"}),
                write=Call(
                    "update_cache_policy",
                    {"Id": "{id}", "IfMatch": "{token}", "CachePolicyConfig": "{value.CachePolicyConfig}"},
                ),
                inside="CachePolicy",
                token=ETAG,
            ),
            risk="interrupts",
            risks={"Comment": "safe"},
        ),
    ),
)
