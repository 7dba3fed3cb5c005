"""The public access block that an account lays over all of its buckets.

The account always has this setting, if only as "nothing blocked", so that a rule can judge it: it is found
by asking who we are, and read by its own call. Setting it reaches every bucket of the account at once, also
those nobody looked at, and is therefore not called safe, unlike the block of a single bucket.
"""

from __future__ import annotations

from auditor.model import Call, Prop, ResourceType
from auditor.resources.s3 import _code
from auditor.resources.s3._live import NOTHING_BLOCKED, read_block

TYPE = ResourceType(
    cfn="AWS::S3::AccountPublicAccessBlock",
    service="s3control",
    list=Call("get_caller_identity", service="sts"),
    scope="account",
    id="Account",
    name="{account}",
    tags="",
    terraform=("aws_s3_account_public_access_block",),
    props=(
        Prop(
            "PublicAccessBlockConfiguration",
            call=Call(
                "get_public_access_block",
                {"AccountId": "{account}"},
                absent=("NoSuchPublicAccessBlockConfiguration",),
            ),
            read=read_block,
            tf="@",
            tf_read=_code.block,
            default=NOTHING_BLOCKED,
            absent="unknown",
            set=Call(
                "put_public_access_block",
                {"AccountId": "{account}", "PublicAccessBlockConfiguration": "{value}"},
            ),
            unset=Call("delete_public_access_block", {"AccountId": "{account}"}),
            risk="interrupts",
        ),
    ),
    ours="CloudFormation has the block of a bucket, not the account's",
)
