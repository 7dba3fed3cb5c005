"""The policy of a bucket. A bucket without one has no such resource.

It is written whole: S3 knows no statements of their own. Who uses a statement cannot be seen from here, so a
change may interrupt somebody even when it only narrows.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::S3::BucketPolicy",
    service="s3",
    list=Call("get_bucket_policy", {"Bucket": "{parent.id}"}, absent=("NoSuchBucketPolicy",)),
    over="AWS::S3::Bucket",
    id="{parent.id}",
    name="{parent.id}",
    tags="",
    terraform=("aws_s3_bucket_policy",),
    props=(
        Prop("Bucket", live="{parent.id}"),
        Prop(
            "PolicyDocument",
            live="Policy",
            kind="json",
            absent="unknown",
            tf="policy",
            same="policy",
            set=Call("put_bucket_policy", {"Bucket": "{id}", "Policy": "{value}"}),
            unset=Call("delete_bucket_policy", {"Bucket": "{id}"}),
            exact=Call("get_bucket_policy", {"Bucket": "{id}"}, out="Policy"),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("attached-to", "Bucket", ("AWS::S3::Bucket",)),),
)
