"""A door of its own to a bucket: from where, with which policy, and what public access is blocked there.

What is blocked cannot be changed once the access point is made.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.s3._code import door_block
from auditor.resources.s3._live import read_block
from auditor.resources.terraform import within

_CFN = "AWS::S3::AccessPoint"
_WHICH = {"AccountId": "{account}", "Name": "{id}"}
_GET = Call("get_access_point", _WHICH)
_POLICY = Call("get_access_point_policy", _WHICH, out="Policy", absent=("NoSuchAccessPointPolicy",))
_BLOCKED = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)

TYPE = ResourceType(
    cfn=_CFN,
    service="s3control",
    list=Call("list_access_points", {"AccountId": "{account}"}, out="AccessPointList"),
    id="Name",
    arn="AccessPointArn",
    name="Name",
    names=("{raw.Alias}",),
    tags="",
    terraform=("aws_s3_access_point",),
    folds=("aws_s3control_access_point_policy",),
    props=(
        Prop("Name"),
        Prop("Arn", live="AccessPointArn", tf="arn"),
        Prop("Bucket", absent="unknown"),
        Prop("VpcConfiguration", tf_read=within(_CFN, "VpcConfiguration"), absent="not set"),
        Prop(
            "PublicAccessBlockConfiguration",
            call=_GET,
            live="PublicAccessBlockConfiguration",
            tidy=lambda value: read_block({**_BLOCKED, **value}) if isinstance(value, dict) else value,
            tf_read=door_block,
            default=_BLOCKED,
            absent="unknown",
        ),
        Prop(
            "Policy",
            call=_POLICY,
            live="@",
            kind="json",
            absent="not set",
            tf="policy",
            same="policy",
            set=Call("put_access_point_policy", {**_WHICH, "Policy": "{value}"}),
            unset=Call("delete_access_point_policy", _WHICH),
            exact=_POLICY,
            risk="interrupts",
        ),
    ),
    edges=(
        EdgeTo("targets", "Bucket", ("AWS::S3::Bucket",)),
        EdgeTo("placed-in", "VpcConfiguration.VpcId", ("AWS::EC2::VPC",)),
    ),
)
