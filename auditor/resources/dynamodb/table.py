"""DynamoDB tables: keys, capacity, encryption, backups and who may use them. Indexes and replicas are not read.

The list gives names only. A table is always encrypted; `SSESpecification` says whether with a key of KMS. How many days
continuous backups go back is not read: an older SDK does not tell it. The resource policy is the document itself.
"""

from auditor.model import Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.dynamodb import _code
from auditor.resources.dynamodb._live import (
    backups,
    capacity,
    encryption,
    tidy_backups,
    tidy_encryption,
    tidy_expiry,
)
from auditor.resources.shapes import pick
from auditor.resources.terraform import said

_CFN = "AWS::DynamoDB::Table"
_TABLE = Call("describe_table", {"TableName": "{id}"}, out="Table")
_FOLD = "aws_dynamodb_resource_policy"


def _update(**params: Json) -> Call:
    return Call("update_table", {"TableName": "{id}", **params})


TYPE = ResourceType(
    cfn=_CFN,
    service="dynamodb",
    list=Call("list_tables", out="TableNames[].{TableName: @}"),
    id="TableName",
    arn="arn:{partition}:dynamodb:{region}:{account}:table/{id}",
    name="TableName",
    tags="",
    tags_call=Call("list_tags_of_resource", {"ResourceArn": "{arn}"}, out="Tags"),
    terraform=("aws_dynamodb_table",),
    folds=(_FOLD,),
    alone=("ResourcePolicy",),
    joins=(Join(_FOLD, "resource_arn", "ResourcePolicy", said("policy")),),
    workload=True,
    props=(
        Prop("TableName", tf="name"),
        Prop("Arn", call=_TABLE, live="TableArn", absent="unknown"),
        Prop("BillingMode", call=_TABLE, live="BillingModeSummary.BillingMode", default="PROVISIONED"),
        Prop("TableClass", call=_TABLE, live="TableClassSummary.TableClass", default="STANDARD"),
        Prop(
            "DeletionProtectionEnabled",
            call=_TABLE,
            live="DeletionProtectionEnabled",
            default=False,
            set=_update(DeletionProtectionEnabled="{value}"),
            risk="interrupts",
            note="a pipeline that replaces the table is refused from then on",
        ),
        Prop("KeySchema", call=_TABLE, live="KeySchema", tf="@", tf_read=_code.keys, absent="unknown"),
        Prop(
            "AttributeDefinitions",
            call=_TABLE,
            live="AttributeDefinitions",
            same="set",
            tf="attribute",
            tf_read=_code.attributes,
            absent="unknown",
        ),
        Prop(
            "ProvisionedThroughput",
            call=_TABLE,
            live="ProvisionedThroughput",
            read=capacity,
            tidy=capacity,
            tf="@",
            tf_read=_code.throughput,
            absent="not set",
        ),
        Prop(
            "SSESpecification",
            call=_TABLE,
            live="SSEDescription",
            read=encryption,
            tidy=tidy_encryption,
            tf="server_side_encryption",
            tf_read=_code.encryption,
            default={"SSEEnabled": False},
        ),
        Prop(
            "PointInTimeRecoverySpecification",
            call=Call(
                "describe_continuous_backups",
                {"TableName": "{id}"},
                out="ContinuousBackupsDescription.PointInTimeRecoveryDescription",
            ),
            live="@",
            read=backups,
            tidy=tidy_backups,
            tf="point_in_time_recovery",
            tf_read=_code.backups,
            default={"PointInTimeRecoveryEnabled": False},
            absent="unknown",
            set=Call("update_continuous_backups", {"TableName": "{id}", "PointInTimeRecoverySpecification": "{value}"}),
            note="each gigabyte of the table is charged for; while it is off, nothing can be restored",
        ),
        Prop(
            "TimeToLiveSpecification",
            call=Call("describe_time_to_live", {"TableName": "{id}"}, out="TimeToLiveDescription"),
            live="@",
            read=lambda value: {
                **pick(value, "AttributeName"),
                "Enabled": value.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"),
            },
            tidy=tidy_expiry,
            tf="ttl",
            tf_read=_code.expiry,
            default={"Enabled": False},
            absent="unknown",
        ),
        Prop(
            "StreamSpecification",
            call=_TABLE,
            live="StreamSpecification",
            read=lambda value: pick(value, "StreamViewType") if value.get("StreamEnabled") else None,
            tidy=lambda value: pick(value, "StreamViewType") or None,
            tf="stream_view_type",
            tf_read=_code.stream,
            absent="not set",
        ),
        Prop(
            "ResourcePolicy",
            call=Call(
                "get_resource_policy", {"ResourceArn": "{arn}"}, out="Policy", absent=("PolicyNotFoundException",)
            ),
            live="@",
            kind="json",
            absent="not set",
            tf="-",
            cfn_read=_code.policy,
            same="policy",
            set=Call("put_resource_policy", {"ResourceArn": "{arn}", "Policy": "{value}"}),
            unset=Call("delete_resource_policy", {"ResourceArn": "{arn}"}),
            exact=Call("get_resource_policy", {"ResourceArn": "{arn}"}, out="Policy"),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("encrypted-with", "SSESpecification.KMSMasterKeyId", ("AWS::KMS::Key", "AWS::KMS::Alias")),),
)
