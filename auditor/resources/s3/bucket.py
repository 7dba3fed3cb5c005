"""A bucket. Each sub-configuration is a call of its own, made only when something judges it.

Defaults are what AWS does for a bucket that has no such configuration: nothing is blocked, every object is
encrypted with S3's own keys, object ACLs count. (Buckets made since 2023 get a full public access block and
no ACLs as explicit configuration; a template that leaves these out is read by the stricter meaning, since it
may describe an older bucket.) Never versioned and suspended are one value: neither keeps versions, and AWS
cannot go back to the former.

Risks: the public access block lets identities of the account, service principals and a distribution's origin
access go on, but whoever reads a public bucket on purpose, a website's visitors, is a client too. Encryption
with a KMS key can lock out writers without rights on the key, ACLs and notifications have users we do not
see, and lifecycle rules delete objects.

Terraform splits a bucket into side resources: a `tf` path that begins with one of `folds` starts in that
resource. Referred to by name, by ARN and by host name in every form that S3 answers to.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.s3 import _code, _live

_NAMES = (
    "{id}.s3.amazonaws.com",
    "{id}.s3.{region}.amazonaws.com",
    "{id}.s3-{region}.amazonaws.com",
    "{id}.s3.dualstack.{region}.amazonaws.com",
    "{id}.s3-website.{region}.amazonaws.com",
    "{id}.s3-website-{region}.amazonaws.com",
)


def _call(operation: str, *absent: str, **params: Json) -> Call:
    return Call(operation, {"Bucket": "{id}", **params}, absent=absent)


TYPE = ResourceType(
    cfn="AWS::S3::Bucket",
    service="s3",
    # A list call without any parameter leaves the regions of the buckets out.
    list=Call("list_buckets", {"MaxBuckets": 1000}, out="Buckets"),
    scope="global",
    region="BucketRegion",
    region_call=Call("get_bucket_location", {"Bucket": "{id}"}, out="LocationConstraint"),
    id="Name",
    arn="arn:{partition}:s3:::{id}",
    name="Name",
    names=_NAMES,
    tags="",
    tags_call=Call("get_bucket_tagging", {"Bucket": "{id}"}, out="TagSet", absent=("NoSuchTagSet",)),
    workload=True,
    terraform=("aws_s3_bucket",),
    folds=(
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
        "aws_s3_bucket_logging",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_website_configuration",
        "aws_s3_bucket_notification",
        "aws_s3_bucket_cors_configuration",
        "aws_s3_bucket_acl",
    ),
    alone=("PublicAccessBlockConfiguration",),
    props=(
        Prop("BucketName", live="Name", tf="bucket"),
        Prop("Arn", live="{arn}", tf="arn"),
        Prop("DomainName", live="join('', [Name, '.s3.amazonaws.com'])", absent="unknown", tf="bucket_domain_name"),
        Prop(
            "RegionalDomainName",
            live="BucketRegion && join('', [Name, '.s3.', BucketRegion, '.amazonaws.com'])",
            absent="unknown",
            tf="bucket_regional_domain_name",
        ),
        Prop(
            "PublicAccessBlockConfiguration",
            call=_call("get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
            read=_live.read_block,
            tf="aws_s3_bucket_public_access_block",
            tf_read=_code.block,
            tidy=_code.tidy_block,
            default=_live.NOTHING_BLOCKED,
            absent="unknown",
            set=_call("put_public_access_block", PublicAccessBlockConfiguration="{value}"),
            unset=_call("delete_public_access_block"),
            risk="interrupts",
        ),
        Prop(
            "BucketEncryption",
            call=_call("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError"),
            live="ServerSideEncryptionConfiguration",
            read=_live.read_encryption,
            write=_live.write_encryption,
            tf="aws_s3_bucket_server_side_encryption_configuration.rule",
            tf_read=_code.encryption,
            tidy=_code.tidy_encryption,
            default=_live.SSE_S3,
            absent="unknown",
            set=_call("put_bucket_encryption", ServerSideEncryptionConfiguration="{value}"),
            unset=_call("delete_bucket_encryption"),
            risk="interrupts",
        ),
        Prop(
            "VersioningConfiguration",
            call=_call("get_bucket_versioning"),
            live="@",
            read=_live.read_versioning,
            tf="aws_s3_bucket_versioning.versioning_configuration",
            tf_read=_code.versioning,
            default={"Status": "Suspended"},
            set=_call("put_bucket_versioning", VersioningConfiguration="{value}"),
        ),
        Prop(
            "LoggingConfiguration",
            call=_call("get_bucket_logging"),
            live="LoggingEnabled",
            read=_live.read_logging,
            absent="not set",
            write=_live.write_logging,
            tf="aws_s3_bucket_logging",
            tf_read=_code.logging,
            tidy=_code.tidy_logging,
            set=_call("put_bucket_logging", BucketLoggingStatus={"LoggingEnabled": "{value}"}),
            unset=_call("put_bucket_logging", BucketLoggingStatus={}),
            note="grants on the target bucket are not in CloudFormation and are not restored",
        ),
        Prop(
            "OwnershipControls",
            call=_call("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
            tf="aws_s3_bucket_ownership_controls",
            tf_read=_code.ownership,
            default={"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
            absent="unknown",
            set=_call("put_bucket_ownership_controls", OwnershipControls="{value}"),
            unset=_call("delete_bucket_ownership_controls"),
            risk="interrupts",
        ),
        Prop(
            "LifecycleConfiguration",
            call=_call("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
            live="@",
            read=_live.read_lifecycle,
            absent="not set",
            write=_live.write_lifecycle,
            tf="aws_s3_bucket_lifecycle_configuration",
            tf_read=_code.lifecycle,
            tidy=_code.tidy_lifecycle,
            set=_call(
                "put_bucket_lifecycle_configuration",
                LifecycleConfiguration={"Rules": "{value.Rules}"},
                TransitionDefaultMinimumObjectSize="{value.TransitionDefaultMinimumObjectSize?}",
            ),
            unset=_call("delete_bucket_lifecycle"),
            risk="destroys",
        ),
        Prop(
            "WebsiteConfiguration",
            call=_call("get_bucket_website", "NoSuchWebsiteConfiguration"),
            live="@",
            read=_live.read_website,
            absent="not set",
            write=_live.write_website,
            tf="aws_s3_bucket_website_configuration",
            tf_read=_code.website,
            set=_call("put_bucket_website", WebsiteConfiguration="{value}"),
            unset=_call("delete_bucket_website"),
            risk="interrupts",
        ),
        Prop(
            "NotificationConfiguration",
            call=_call("get_bucket_notification_configuration"),
            live="@",
            read=_live.read_notification,
            absent="not set",
            write=_live.write_notification,
            tf="aws_s3_bucket_notification",
            tf_read=_code.notification,
            tidy=_code.tidy_notification,
            set=_call("put_bucket_notification_configuration", NotificationConfiguration="{value}"),
            unset=_call("put_bucket_notification_configuration", NotificationConfiguration={}),
            risk="interrupts",
            note="IDs of notifications are not in CloudFormation; S3 assigns new ones",
        ),
        Prop(
            "CorsConfiguration",
            call=_call("get_bucket_cors", "NoSuchCORSConfiguration"),
            live="@",
            read=_live.read_cors,
            absent="not set",
            write=_live.write_cors,
            tf="aws_s3_bucket_cors_configuration",
            tf_read=_code.cors,
            set=_call("put_bucket_cors", CORSConfiguration="{value}"),
            unset=_call("delete_bucket_cors"),
            risk="interrupts",
        ),
        Prop(
            "AccessControlPolicy",
            call=_call("get_bucket_acl"),
            live="@",
            read=_live.grants,
            tf="aws_s3_bucket_acl",
            tf_read=_code.acl,
            cfn_read=_code.canned,
            set=_call("put_bucket_acl", AccessControlPolicy="{value}"),
            always=True,
            risk="interrupts",
            ours="the grants in force; CloudFormation only knows the canned list given at creation",
        ),
    ),
    edges=(
        EdgeTo(
            "encrypted-with",
            "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID",
            ("AWS::KMS::Key",),
        ),
        EdgeTo("logs-to", "LoggingConfiguration.DestinationBucketName", ("AWS::S3::Bucket",)),
        EdgeTo("notifies", "NotificationConfiguration.LambdaConfigurations[].Function", ("AWS::Lambda::Function",)),
        EdgeTo("notifies", "NotificationConfiguration.TopicConfigurations[].Topic", ("AWS::SNS::Topic",)),
        EdgeTo("notifies", "NotificationConfiguration.QueueConfigurations[].Queue", ("AWS::SQS::Queue",)),
    ),
)
