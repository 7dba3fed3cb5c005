"""A trail: which calls are recorded, into which bucket, and whether that goes on at the moment.

A trail of all regions is told in each of them, as the shadow of the one in its home region; only that one is listed
here. Nothing of a trail is changed: what was not recorded meanwhile is lost.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.arns import log_group
from auditor.resources.cloudtrail._live import advanced, selectors

_SELECTORS = Call("get_event_selectors", {"TrailName": "{arn}"})


TYPE = ResourceType(
    cfn="AWS::CloudTrail::Trail",
    service="cloudtrail",
    list=Call("describe_trails", {"includeShadowTrails": False}, out="trailList"),
    id="Name",
    arn="TrailARN",
    name="Name",
    tags="",
    tags_call=Call("list_tags", {"ResourceIdList": ["{arn}"]}, out="ResourceTagList[0].TagsList"),
    terraform=("aws_cloudtrail",),
    props=(
        Prop("TrailName", live="Name", tf="name"),
        Prop("Arn", live="TrailARN"),
        Prop(
            "S3BucketName",
            always=True,
        ),
        Prop("S3KeyPrefix", absent="not set"),
        Prop("SnsTopicArn", live="SnsTopicARN", absent="not set", tf="sns_topic_arn"),
        Prop(
            "IncludeGlobalServiceEvents",
            default=True,
            absent="unknown",
        ),
        Prop(
            "IsMultiRegionTrail",
            default=False,
            absent="unknown",
        ),
        Prop("IsOrganizationTrail", default=False, absent="unknown"),
        Prop(
            "EnableLogFileValidation",
            live="LogFileValidationEnabled",
            default=False,
            absent="unknown",
        ),
        Prop(
            "KMSKeyId",
            live="KmsKeyId",
            tf="kms_key_id",
            absent="not set",
        ),
        Prop("CloudWatchLogsLogGroupArn", tf="cloud_watch_logs_group_arn", absent="not set"),
        Prop("CloudWatchLogsRoleArn", tf="cloud_watch_logs_role_arn", absent="not set"),
        Prop(
            "IsLogging",
            call=Call("get_trail_status", {"Name": "{arn}"}),
            live="IsLogging",
            tf="enable_logging",
            tf_read=lambda value: True if value is None else value,
            default=True,
            absent="unknown",
        ),
        Prop(
            "EventSelectors",
            call=_SELECTORS,
            live="EventSelectors",
            tidy=selectors,
            tf="event_selector",
            tf_read=selectors,
            default=[],
        ),
        Prop(
            "AdvancedEventSelectors",
            call=_SELECTORS,
            live="AdvancedEventSelectors",
            tidy=advanced,
            tf="advanced_event_selector",
            tf_read=advanced,
            default=[],
        ),
    ),
    edges=(
        EdgeTo("logs-to", "S3BucketName", ("AWS::S3::Bucket",)),
        EdgeTo(
            "logs-to",
            "CloudWatchLogsLogGroupArn",
            ("AWS::Logs::LogGroup",),
            take=log_group,
        ),
        EdgeTo("acts-as", "CloudWatchLogsRoleArn", ("AWS::IAM::Role",)),
        EdgeTo("encrypted-with", "KMSKeyId", ("AWS::KMS::Key",)),
        EdgeTo("notifies", "SnsTopicArn", ("AWS::SNS::Topic",)),
    ),
)
