"""A copy of a disk at one moment, and who may make a disk of it."""

from auditor.model import Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.terraform import listed

_FOLD = "aws_snapshot_create_volume_permission"
_SHARED = Call("describe_snapshot_attribute", {"SnapshotId": "{id}", "Attribute": "createVolumePermission"})


def _share(way: str, **whom: Json) -> Call:
    known = {"SnapshotId": "{id}", "Attribute": "createVolumePermission", "OperationType": way}
    return Call("modify_snapshot_attribute", {**known, **whom})


TYPE = ResourceType(
    cfn="AWS::EC2::Snapshot",
    service="ec2",
    list=Call("describe_snapshots", {"OwnerIds": ["self"]}, out="Snapshots"),
    id="SnapshotId",
    arn="arn:{partition}:ec2:{region}::snapshot/{id}",
    terraform=("aws_ebs_snapshot",),
    folds=(_FOLD,),
    joins=(Join(_FOLD, "snapshot_id", "RestoreAccounts", listed("account_id")),),
    alone=("RestoreAccounts",),
    props=(
        Prop("SnapshotId", tf="id", always=True),
        Prop("VolumeId", absent="unknown"),
        Prop("Description", read=lambda value: value or None, absent="not set"),
        Prop("VolumeSize", absent="unknown", always=True),
        Prop("Encrypted", absent="unknown", always=True),
        Prop("KmsKeyId", absent="not set", always=True),
        Prop("StorageTier", default="standard"),
        Prop(
            "Public",
            call=_SHARED,
            live="CreateVolumePermissions[].Group",
            read=lambda value: "all" in value,
            tf="-",
            default=False,
            absent="unknown",
            set=_share("add", GroupNames=["all"]),
            unset=_share("remove", GroupNames=["all"]),
            risk="interrupts",
            note="while it is public, everybody with an AWS account may copy it",
        ),
        Prop(
            "RestoreAccounts",
            call=_SHARED,
            live="CreateVolumePermissions[].UserId",
            tf="-",
            same="set",
            default=[],
            absent="unknown",
            add=_share("add", UserIds=["{element}"]),
            remove=_share("remove", UserIds=["{element}"]),
            risk="interrupts",
            note="accounts that are taken out can make no more disks of it; copies that they made stay",
        ),
    ),
    edges=(
        EdgeTo("part-of", "VolumeId", ("AWS::EC2::Volume",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
    ),
    ours="CloudFormation makes no snapshots",
)
