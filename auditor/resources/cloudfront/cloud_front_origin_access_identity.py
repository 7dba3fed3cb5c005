"""The older way for a distribution to sign its requests to a bucket, replaced by origin access control.

Bucket policies name it by an ARN under IAM or by its canonical user, both of which are among its names.
"""

from __future__ import annotations

from auditor.model import Call, Prop, ResourceType
from auditor.resources.shapes import pick

TYPE = ResourceType(
    cfn="AWS::CloudFront::CloudFrontOriginAccessIdentity",
    service="cloudfront",
    list=Call("list_cloud_front_origin_access_identities", out="CloudFrontOriginAccessIdentityList.Items"),
    scope="global",
    id="Id",
    arn="arn:{partition}:cloudfront::{account}:origin-access-identity/{id}",
    name="Id",
    names=(
        "origin-access-identity/cloudfront/{id}",
        "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity {id}",
        "{raw.S3CanonicalUserId}",
    ),
    tags="",
    terraform=("aws_cloudfront_origin_access_identity",),
    props=(
        Prop("Id"),
        Prop("S3CanonicalUserId", absent="unknown", tf="s3_canonical_user_id"),
        Prop(
            "CloudFrontOriginAccessIdentityConfig",
            live="@",
            read=lambda value: pick(value, "Comment"),
            absent="unknown",
            tf="@",
            note="its only setting is a comment",
        ),
    ),
)
