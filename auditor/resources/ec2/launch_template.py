"""What instances are made of, as its default version says it: image, size, disks, groups, role, metadata service.

A version is never changed: another one is made and becomes the default, which is left to whoever deploys. User data is
redacted where answers enter the program, and only that there is some is kept.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.arns import arn_tail
from auditor.resources.terraform import first, many, shaped, wanted

_CFN = "AWS::EC2::LaunchTemplate"
_VERSION = Call(
    "describe_launch_template_versions",
    {"LaunchTemplateId": "{id}", "Versions": ["$Default"]},
    out="LaunchTemplateVersions[0]",
)
_TAGGED = ("TagSpecifications",)
_RENAMED = {"image_id": "ImageId", "vpc_security_group_ids": "SecurityGroupIds", "ram_disk_id": "RamDiskId"}
_HIDDEN = "[redacted]"
_BLOCK = {"security_groups": "Groups"}


def _data(value: Json) -> Json:
    """What was said and nothing more: tags that go on with the instances stand apart."""
    if not isinstance(value, Mapping):
        return value
    out = {key: inner for key, inner in value.items() if key not in _TAGGED and inner not in (None, [], {}, "")}
    if out.get("UserData"):
        out["UserData"] = _HIDDEN
    if isinstance(out.get("NetworkInterfaces"), list):
        out["NetworkInterfaces"] = [_interface(each) for each in out["NetworkInterfaces"]]
    if isinstance(out.get("SecurityGroupIds"), list):
        out["SecurityGroupIds"] = sorted(out["SecurityGroupIds"], key=str)
    return out


def _interface(value: Json) -> Json:
    return (
        {key: inner for key, inner in value.items() if inner not in (None, [], "")}
        if isinstance(value, Mapping)
        else value
    )


def _of_terraform(value: Mapping[str, Json]) -> Json:
    said = {**value, "network_interfaces": [_named(each) for each in many(value.get("network_interfaces"))]}
    said["block_device_mappings"] = [_disk(each) for each in many(value.get("block_device_mappings"))]
    said.pop("tag_specifications", None)
    found = shaped(said, wanted(_CFN, "LaunchTemplateData"), _RENAMED)
    return _data(found) if found is not ABSENT else {}


def _named(block: Mapping[str, Json]) -> dict[str, Json]:
    return {_BLOCK.get(key, key): inner for key, inner in block.items() if key == "device_index" or _told(inner)}


def _disk(block: Mapping[str, Json]) -> dict[str, Json]:
    disk = first(block.get("ebs"))
    if not isinstance(disk, Mapping):
        return dict(block)
    return {**block, "ebs": [{key: inner for key, inner in disk.items() if _told(inner)}]}


def _told(value: Json) -> bool:
    """Terraform writes 0 and nothing for what AWS chooses."""
    return value is False or value not in (None, "", [], 0)


def _profile(value: Json) -> list[str]:
    """An instance profile by its name, or by its ARN."""
    return [value, *arn_tail(value)] if isinstance(value, str) and value.startswith("arn:") else [value]


TYPE = ResourceType(
    cfn=_CFN,
    service="ec2",
    list=Call("describe_launch_templates", out="LaunchTemplates"),
    id="LaunchTemplateId",
    arn="arn:{partition}:ec2:{region}:{account}:launch-template/{id}",
    name="LaunchTemplateName",
    names=("{raw.LaunchTemplateName}",),
    terraform=("aws_launch_template",),
    props=(
        Prop("LaunchTemplateId", tf="id"),
        Prop("LaunchTemplateName", tf="name"),
        Prop("DefaultVersionNumber", kind="text", tf="default_version", absent="unknown"),
        Prop("LatestVersionNumber", kind="text", tf="latest_version", absent="unknown"),
        Prop(
            "LaunchTemplateData",
            call=_VERSION,
            live="LaunchTemplateData",
            read=_data,
            tidy=_data,
            tf="@",
            tf_read=_of_terraform,
            absent="unknown",
            secret=True,
        ),
    ),
    edges=(
        EdgeTo("guarded-by", "LaunchTemplateData.SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("guarded-by", "LaunchTemplateData.NetworkInterfaces[].Groups[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("placed-in", "LaunchTemplateData.NetworkInterfaces[].SubnetId", ("AWS::EC2::Subnet",)),
        EdgeTo("acts-as", "LaunchTemplateData.IamInstanceProfile.Arn", ("AWS::IAM::InstanceProfile",), take=_profile),
        EdgeTo("acts-as", "LaunchTemplateData.IamInstanceProfile.Name", ("AWS::IAM::InstanceProfile",)),
        EdgeTo("encrypted-with", "LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId", ("AWS::KMS::Key",)),
    ),
)
