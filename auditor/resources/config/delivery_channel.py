"""Where AWS Config delivers what it recorded: a region has one at most, and records nothing without it."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.terraform import within

_CFN = "AWS::Config::DeliveryChannel"

TYPE = ResourceType(
    cfn=_CFN,
    service="config",
    list=Call("describe_delivery_channels", out="DeliveryChannels"),
    id="name",
    name="name",
    tags="",
    terraform=("aws_config_delivery_channel",),
    props=(
        Prop("Name", live="name", default="default"),
        Prop("S3BucketName", live="s3BucketName", tf="s3_bucket_name", absent="unknown"),
        Prop("S3KeyPrefix", live="s3KeyPrefix", tf="s3_key_prefix", absent="not set"),
        Prop("S3KmsKeyArn", live="s3KmsKeyArn", tf="s3_kms_key_arn", absent="not set"),
        Prop("SnsTopicARN", live="snsTopicARN", tf="sns_topic_arn", absent="not set"),
        Prop(
            "ConfigSnapshotDeliveryProperties",
            live="configSnapshotDeliveryProperties",
            read=within(_CFN, "ConfigSnapshotDeliveryProperties"),
            tf="snapshot_delivery_properties",
            tf_read=within(_CFN, "ConfigSnapshotDeliveryProperties"),
            absent="not set",
        ),
    ),
    edges=(
        EdgeTo("logs-to", "S3BucketName", ("AWS::S3::Bucket",)),
        EdgeTo("notifies", "SnsTopicARN", ("AWS::SNS::Topic",)),
        EdgeTo("encrypted-with", "S3KmsKeyArn", ("AWS::KMS::Key",)),
    ),
)
