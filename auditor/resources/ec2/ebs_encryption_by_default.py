"""Whether new disks of a region are encrypted unasked: one setting for each account and region."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EC2::EBSEncryptionByDefault",
    service="ec2",
    list=Call("get_ebs_encryption_by_default"),
    id="{region}",
    name="EBS encryption in {region}",
    tags="",
    terraform=("aws_ebs_encryption_by_default",),
    folds=("aws_ebs_default_kms_key",),
    ours="CloudFormation has no resource for this setting of a region",
    props=(
        Prop(
            "EbsEncryptionByDefault",
            tf="enabled",
            default=False,
            absent="unknown",
            set=Call("enable_ebs_encryption_by_default"),
            unset=Call("disable_ebs_encryption_by_default"),
            ours="the only value of the setting",
            note="applies to new volumes only; existing volumes do not change",
        ),
        Prop(
            "KmsKeyId",
            tf="aws_ebs_default_kms_key.key_arn",
            call=Call("get_ebs_default_kms_key_id", out="KmsKeyId"),
            live="@",
            absent="unknown",
            set=Call("modify_ebs_default_kms_key_id", {"KmsKeyId": "{value}"}),
            unset=Call("reset_ebs_default_kms_key_id"),
            risk="interrupts",
            ours="the key for volumes that name none",
            note="principals that are not allowed to use the key can no longer start instances",
        ),
    ),
    edges=(EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),),
)
