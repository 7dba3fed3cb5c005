"""A disk by itself: whether it is encrypted and with which key, its kind and size, and the instance that has it.

It has no setter: an encrypted disk is another one, made from a snapshot.
"""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.terraform import listed

TYPE = ResourceType(
    cfn="AWS::EC2::Volume",
    service="ec2",
    list=Call("describe_volumes", out="Volumes"),
    id="VolumeId",
    arn="arn:{partition}:ec2:{region}:{account}:volume/{id}",
    terraform=("aws_ebs_volume",),
    folds=("AWS::EC2::VolumeAttachment", "aws_volume_attachment"),
    joins=(
        Join("AWS::EC2::VolumeAttachment", "VolumeId", "InstanceIds", listed("InstanceId")),
        Join("aws_volume_attachment", "volume_id", "InstanceIds", listed("instance_id")),
    ),
    props=(
        Prop("VolumeId", tf="id"),
        Prop("AvailabilityZone", absent="unknown"),
        Prop("Encrypted", absent="unknown", always=True),
        Prop("KmsKeyId", absent="not set"),
        Prop("Size", absent="unknown", always=True),
        Prop("VolumeType", tf="type", default="gp2", absent="unknown"),
        Prop("Iops", absent="not set", always=True),
        Prop("Throughput", absent="not set", always=True),
        Prop("MultiAttachEnabled", default=False),
        Prop("SnapshotId", read=lambda value: value or None, absent="not set"),
        Prop(
            "InstanceIds",
            live="Attachments[].InstanceId",
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            ours="what AWS::EC2::VolumeAttachment says, which is a part of the volume here",
        ),
    ),
    edges=(
        EdgeTo("attached-to", "InstanceIds[]", ("AWS::EC2::Instance",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
    ),
)
