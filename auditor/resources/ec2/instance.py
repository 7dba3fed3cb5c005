"""A virtual machine. Its user data is never asked for: it holds secrets, and no rule needs it."""

from collections.abc import Mapping

from auditor.model import ABSENT, Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.arns import arn_tail
from auditor.resources.ec2._code import images_choice, metadata, terraform_disks

_METADATA = {
    "HttpTokens": "optional",
    "HttpPutResponseHopLimit": 1,
    "HttpEndpoint": "enabled",
    "HttpProtocolIpv6": "disabled",
    "InstanceMetadataTags": "disabled",
}
_DISK = ("DeleteOnTermination", "Encrypted", "Iops", "KmsKeyId", "SnapshotId", "VolumeSize", "VolumeType")


def _attribute(parameter: str, value: Json) -> Call:
    return Call("modify_instance_attribute", {"InstanceId": "{id}", parameter: value})


def _profile(value: str) -> str:
    """CloudFormation names the instance profile, AWS answers with its ARN."""
    return arn_tail(value)[0] if value else value


def _clusters(keys: Json) -> Json:
    """EKS and Karpenter tag a node with the name of its cluster."""
    mark = "kubernetes.io/cluster/"
    return sorted(each.removeprefix(mark) for each in keys or () if isinstance(each, str) and each.startswith(mark))


def _metadata(value: Mapping[str, Json]) -> dict[str, Json]:
    """All five members, so that a changed one is written back with the others as they were."""
    return {name: value[name] if value.get(name) is not None else usual for name, usual in _METADATA.items()}


def _disks(value: list[Mapping[str, Json]]) -> list[Json]:
    """Volumes as the template's block devices; what is in that form already passes."""
    return [each if "DeviceName" in each else _disk(each) for each in value]


def _disk(volume: Mapping[str, Json]) -> dict[str, Json]:
    attachment: Mapping[str, Json] = next(iter(volume.get("Attachments") or ()), {})
    found = {
        **volume,
        "VolumeSize": volume.get("Size"),
        "DeleteOnTermination": attachment.get("DeleteOnTermination"),
    }
    disk = {name: found[name] for name in _DISK if found.get(name) not in (None, "")}
    return {"DeviceName": attachment.get("Device", ""), "Ebs": disk}


def _template_disks(said: Mapping[str, Json]) -> Json:
    return images_choice(said.get("BlockDeviceMappings", ABSENT))


def _first_interface(said: Mapping[str, Json], own: str, inner: str) -> Json:
    """A template says it of the machine, or of its first interface."""
    listed = said.get("NetworkInterfaces")
    found = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    first = [each[inner] for each in found if str(each.get("DeviceIndex")) == "0" and inner in each]
    return said.get(own) or (first[0] if first else ABSENT)


TYPE = ResourceType(
    cfn="AWS::EC2::Instance",
    service="ec2",
    list=Call(
        "describe_instances",
        out="Reservations[].Instances[?State.Name!='terminated' && State.Name!='shutting-down'][]",
    ),
    id="InstanceId",
    arn="arn:{partition}:ec2:{region}:{account}:instance/{id}",
    names=("{raw.PublicIpAddress}",),
    terraform=("aws_instance",),
    workload=True,
    props=(
        Prop("InstanceId", tf="id"),
        Prop("ImageId", absent="unknown", tf="ami"),
        Prop("InstanceType", absent="unknown"),
        Prop("KeyName", absent="not set"),
        Prop("SubnetId", absent="unknown", cfn_read=lambda said: _first_interface(said, "SubnetId", "SubnetId")),
        Prop("VpcId", absent="unknown", tf="-"),
        Prop("AvailabilityZone", live="Placement.AvailabilityZone", absent="unknown"),
        Prop(
            "SecurityGroupIds",
            # Those of the first interface, which AWS repeats here; other interfaces speak for themselves.
            live="SecurityGroups[].GroupId || NetworkInterfaces[?Attachment.DeviceIndex==`0`][].Groups[].GroupId",
            tf="vpc_security_group_ids",
            cfn_read=lambda said: _first_interface(said, "SecurityGroupIds", "GroupSet"),
            same="set",
            default=[],
            absent="unknown",
            set=_attribute("Groups", "{value}"),
            risk="interrupts",
        ),
        Prop("IamInstanceProfile", live="IamInstanceProfile.Arn", read=_profile, absent="not set"),
        Prop(
            "PrivateIp",
            live="PrivateIpAddress",
            absent="unknown",
            cfn_read=lambda said: said.get("PrivateIpAddress", ABSENT),
        ),
        Prop("PublicIp", live="PublicIpAddress", absent="not set"),
        Prop("Ipv6Addresses", live="NetworkInterfaces[].Ipv6Addresses[].{Ipv6Address: Ipv6Address}", default=[]),
        Prop("State", live="State.{Code: Code, Name: Name}", absent="unknown", tf="instance_state"),
        Prop(
            "MetadataOptions",
            read=_metadata,
            tidy=_metadata,
            tf_read=metadata(_METADATA),
            default=_METADATA,
            absent="unknown",
            set=Call(
                "modify_instance_metadata_options",
                {"InstanceId": "{id}", **{name: f"{{value.{name}}}" for name in _METADATA}},
            ),
            risk="interrupts",
            note="programs on the instance that use IMDSv1 lose access to the metadata",
        ),
        Prop(
            "SourceDestCheck",
            default=True,
            absent="unknown",
            set=_attribute("SourceDestCheck", {"Value": "{value}"}),
            risk="interrupts",
        ),
        Prop(
            "DisableApiTermination",
            live="Value",
            call=Call(
                "describe_instance_attribute",
                {"InstanceId": "{id}", "Attribute": "disableApiTermination"},
                out="DisableApiTermination",
            ),
            default=False,
            absent="unknown",
            set=_attribute("DisableApiTermination", {"Value": "{value}"}),
        ),
        Prop(
            "Monitoring",
            live="Monitoring.State == 'enabled'",
            default=False,
            set=Call("monitor_instances", {"InstanceIds": ["{id}"]}),
            unset=Call("unmonitor_instances", {"InstanceIds": ["{id}"]}),
        ),
        Prop(
            "AutoRecovery",
            live="MaintenanceOptions.AutoRecovery",
            tf="maintenance_options.auto_recovery",
            default="default",
            ours="CloudFormation says it in launch templates alone: whether EC2 recovers the instance by itself",
        ),
        Prop(
            "KubernetesClusters",
            live="Tags[?starts_with(Key, 'kubernetes.io/cluster/')].Key",
            read=_clusters,
            tf="tags",
            tf_read=lambda value: _clusters(list(value or ())),
            cfn_read=lambda said: _clusters([each.get("Key") for each in said.get("Tags") or ()]),
            default=[],
            ours="the clusters of which it is a node, by the tags with which nodes are started",
        ),
        Prop("EbsOptimized", default=False, absent="unknown"),
        Prop("Tenancy", live="Placement.Tenancy", default="default", absent="unknown"),
        Prop(
            "BlockDeviceMappings",
            live="Volumes",
            call=Call(
                "describe_volumes",
                {"Filters": [{"Name": "attachment.instance-id", "Values": ["{id}"]}]},
            ),
            tf="@",
            tf_read=terraform_disks,
            cfn_read=_template_disks,
            read=_disks,
            same="set",
            default=[],
            absent="unknown",
            note="read from the volumes: the instance does not show what is encrypted",
        ),
    ),
    edges=(
        EdgeTo("part-of", "KubernetesClusters[]", ("AWS::EKS::Cluster",)),
        EdgeTo("placed-in", "SubnetId", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("acts-as", "IamInstanceProfile", ("AWS::IAM::InstanceProfile",)),
        EdgeTo("encrypted-with", "BlockDeviceMappings[].Ebs.KmsKeyId", ("AWS::KMS::Key",)),
    ),
)
