"""A distribution. CloudFormation puts all of it into one property, `DistributionConfig`, and so do we.

The list call tells origins, behaviours and certificates, but neither logging nor the default root object, so
the configuration is read by a call of its own for each distribution: one that every use shares, and the same
that an edit starts from.

Settings cannot be changed one by one: UpdateDistribution takes the whole configuration and the entity tag of
what was read. Anything in there may cut off viewers (origins, protocols, certificates, behaviours), so the
risk is `interrupts` except for a few places. Attaching an origin access control is one of them: what an
origin lets in unsigned it also lets in signed. Taking it away, or another in its place, is not.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model import Call, EdgeTo, Edit, Json, Prop, ResourceType
from auditor.resources.arns import arn_tail
from auditor.resources.cloudfront import _code, _live

_READ = Call("get_distribution_config", {"Id": "{id}"})
_BEHAVIORS = ("DistributionConfig.DefaultCacheBehavior", "DistributionConfig.CacheBehaviors[]")


def unversioned(arn: Json) -> Iterable[str]:
    """A function at the edge is named with its version; the function itself is named without."""
    return [":".join(arn.split(":")[:7])] if isinstance(arn, str) else []


def _of_behaviors(relation: str, place: str, *to: str) -> tuple[EdgeTo, ...]:
    return tuple(EdgeTo(relation, f"{behavior}.{place}", to) for behavior in _BEHAVIORS)


TYPE = ResourceType(
    cfn="AWS::CloudFront::Distribution",
    service="cloudfront",
    list=Call("list_distributions", out="DistributionList.Items"),
    scope="global",
    id="Id",
    arn="ARN",
    name="Id",
    names=("{raw.DomainName}",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"Resource": "{arn}"}, out="Tags.Items"),
    workload=True,
    terraform=("aws_cloudfront_distribution",),
    props=(
        Prop("Id"),
        Prop("DomainName", absent="unknown"),
        Prop(
            "Status",
            absent="unknown",
            ours="read-only attribute: whether the last change is deployed everywhere",
        ),
        Prop(
            "DistributionConfig",
            call=_READ,
            read=_live.read,
            absent="unknown",
            write=_live.write,
            tf="@",
            tf_read=_code.distribution,
            tidy=_code.with_defaults,
            required=(
                "Enabled",
                "DefaultCacheBehavior.TargetOriginId",
                "DefaultCacheBehavior.ViewerProtocolPolicy",
                "CacheBehaviors[].ViewerProtocolPolicy",
                "Origins[].DomainName",
                "Origins[].CustomOriginConfig.OriginProtocolPolicy",
            ),
            edit=Edit(
                read=_READ,
                write=Call(
                    "update_distribution",
                    {
                        "Id": "{id}",
                        "IfMatch": "{token}",
                        "DistributionConfig": "{value.DistributionConfig}",
                    },
                ),
                inside="@",
                token=_live.ETAG,
                renames=_live.RENAMES,
            ),
            risk="interrupts",
            risks={
                "Origins.OriginAccessControlId+": "safe",
                "Comment": "safe",
                "HttpVersion": "safe",
                "Logging": "safe",
                "DefaultCacheBehavior.Compress": "safe",
                "CacheBehaviors.Compress": "safe",
            },
        ),
    ),
    edges=(
        EdgeTo(
            "draws-from",
            "DistributionConfig.Origins[].DomainName",
            ("AWS::S3::Bucket", "AWS::Lambda::Url", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
            take=_live.origin,
        ),
        # A host name of one's own, which a record leads on from there.
        EdgeTo(
            "draws-from", "DistributionConfig.Origins[].DomainName", ("AWS::Route53::RecordSet",), take=_live.written_as
        ),
        EdgeTo(
            "draws-from",
            "DistributionConfig.Origins[].VpcOriginConfig.VpcOriginId",
            ("AWS::CloudFront::VpcOrigin",),
        ),
        EdgeTo(
            "signs-with",
            "DistributionConfig.Origins[].OriginAccessControlId",
            ("AWS::CloudFront::OriginAccessControl",),
        ),
        EdgeTo(
            "signs-with",
            "DistributionConfig.Origins[].S3OriginConfig.OriginAccessIdentity",
            ("AWS::CloudFront::CloudFrontOriginAccessIdentity",),
            take=arn_tail,
        ),
        EdgeTo(
            "presents",
            "DistributionConfig.ViewerCertificate.AcmCertificateArn",
            ("AWS::CertificateManager::Certificate",),
        ),
        EdgeTo("guarded-by", "DistributionConfig.WebACLId", ("AWS::WAFv2::WebACL",)),
        EdgeTo("logs-to", "DistributionConfig.Logging.Bucket", ("AWS::S3::Bucket",), take=_live.origin),
        *_of_behaviors("runs", "FunctionAssociations[].FunctionARN", "AWS::CloudFront::Function"),
        *(
            EdgeTo(
                "runs",
                f"{behavior}.LambdaFunctionAssociations[].LambdaFunctionARN",
                ("AWS::Lambda::Function",),
                take=unversioned,
            )
            for behavior in _BEHAVIORS
        ),
        *_of_behaviors("applies", "CachePolicyId", "AWS::CloudFront::CachePolicy"),
        *_of_behaviors("applies", "ResponseHeadersPolicyId", "AWS::CloudFront::ResponseHeadersPolicy"),
    ),
)
