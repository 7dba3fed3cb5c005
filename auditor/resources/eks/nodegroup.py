"""A managed group of nodes: how many machines of which kind, in which subnets, with which role."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.eks._live import named
from auditor.resources.terraform import within

_CFN = "AWS::EKS::Nodegroup"
_DESCRIBE = Call("describe_nodegroup", {"clusterName": "{parent.id}", "nodegroupName": "{raw.name}"}, out="nodegroup")

TYPE = ResourceType(
    cfn=_CFN,
    service="eks",
    list=Call("list_nodegroups", {"clusterName": "{parent.id}"}, out="nodegroups"),
    items=named,
    over="AWS::EKS::Cluster",
    id="{parent.id}/{raw.name}",
    arn="",
    name="name",
    tags="",
    tags_call=Call(
        "describe_nodegroup", {"clusterName": "{parent.id}", "nodegroupName": "{raw.name}"}, out="nodegroup.tags"
    ),
    terraform=("aws_eks_node_group",),
    workload=True,
    props=(
        Prop("NodegroupName", live="name", tf="node_group_name"),
        Prop("Arn", call=_DESCRIBE, live="nodegroupArn", absent="unknown"),
        Prop("ClusterName", call=_DESCRIBE, live="clusterName", absent="unknown"),
        Prop("Subnets", call=_DESCRIBE, live="subnets", tf="subnet_ids", same="set", absent="unknown"),
        Prop("NodeRole", call=_DESCRIBE, live="nodeRole", tf="node_role_arn", absent="unknown"),
        Prop("InstanceTypes", call=_DESCRIBE, live="instanceTypes", absent="not set", always=True),
        Prop("CapacityType", call=_DESCRIBE, live="capacityType", default="ON_DEMAND"),
        Prop("AmiType", call=_DESCRIBE, live="amiType", absent="not set"),
        Prop("DiskSize", call=_DESCRIBE, live="diskSize", absent="not set"),
        Prop("Version", call=_DESCRIBE, live="version", absent="unknown"),
        Prop(
            "ScalingConfig",
            call=_DESCRIBE,
            live="scalingConfig",
            read=within(_CFN, "ScalingConfig"),
            tf_read=within(_CFN, "ScalingConfig"),
            always=True,
        ),
        Prop(
            "LaunchTemplate",
            call=_DESCRIBE,
            live="launchTemplate",
            read=within(_CFN, "LaunchTemplate"),
            absent="not set",
        ),
        Prop("Labels", call=_DESCRIBE, live="labels", default={}),
        Prop(
            "AutoScalingGroups",
            call=_DESCRIBE,
            live="resources.autoScalingGroups[].name",
            same="set",
            absent="unknown",
            tf="-",
            ours="read-only attribute: the group by which EKS starts the nodes",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ClusterName", ("AWS::EKS::Cluster",)),
        EdgeTo("placed-in", "Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("acts-as", "NodeRole", ("AWS::IAM::Role",)),
        EdgeTo("applies", "LaunchTemplate.Id", ("AWS::EC2::LaunchTemplate",)),
        EdgeTo("applies", "LaunchTemplate.Name", ("AWS::EC2::LaunchTemplate",)),
        EdgeTo("part-of", "AutoScalingGroups[]", ("AWS::AutoScaling::AutoScalingGroup",), back=True),
    ),
)
