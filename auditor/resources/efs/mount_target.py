"""The address in a subnet at which a file system is mounted, with the groups that guard it."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::EFS::MountTarget",
    service="efs",
    list=Call("describe_mount_targets", {"FileSystemId": "{parent.id}"}, out="MountTargets"),
    over="AWS::EFS::FileSystem",
    id="MountTargetId",
    arn="",
    tags="",
    terraform=("aws_efs_mount_target",),
    props=(
        Prop("Id", live="MountTargetId", tf="id"),
        Prop("FileSystemId", absent="unknown"),
        Prop("SubnetId", absent="unknown"),
        Prop("IpAddress", absent="not set"),
        Prop(
            "SecurityGroups",
            call=Call("describe_mount_target_security_groups", {"MountTargetId": "{id}"}, out="SecurityGroups"),
            same="set",
            always=True,
        ),
    ),
    edges=(
        EdgeTo("part-of", "FileSystemId", ("AWS::EFS::FileSystem",)),
        EdgeTo("placed-in", "SubnetId", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroups[]", ("AWS::EC2::SecurityGroup",)),
    ),
)
