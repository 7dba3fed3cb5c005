"""A door to a folder of a file system: who mounts through it is one user and sees one folder. Nothing of it changes."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.efs._live import root, user
from auditor.resources.terraform import within

_CFN = "AWS::EFS::AccessPoint"

TYPE = ResourceType(
    cfn=_CFN,
    service="efs",
    list=Call("describe_access_points", out="AccessPoints"),
    id="AccessPointId",
    arn="AccessPointArn",
    name="Name",
    terraform=("aws_efs_access_point",),
    props=(
        Prop("AccessPointId", tf="id"),
        Prop("Arn", live="AccessPointArn", tf="arn"),
        Prop("FileSystemId", absent="unknown"),
        Prop("PosixUser", read=user, tidy=user, tf_read=within(_CFN, "PosixUser"), absent="not set"),
        Prop(
            "RootDirectory",
            read=root,
            tidy=root,
            tf_read=within(_CFN, "RootDirectory"),
            default={"Path": "/"},
            absent="unknown",
        ),
    ),
    edges=(EdgeTo("part-of", "FileSystemId", ("AWS::EFS::FileSystem",)),),
)
