"""A program that AWS installs and keeps up to date in a cluster."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.eks._live import named

_DESCRIBE = Call("describe_addon", {"clusterName": "{parent.id}", "addonName": "{raw.name}"}, out="addon")

TYPE = ResourceType(
    cfn="AWS::EKS::Addon",
    service="eks",
    list=Call("list_addons", {"clusterName": "{parent.id}"}, out="addons"),
    items=named,
    over="AWS::EKS::Cluster",
    id="{parent.id}|{raw.name}",
    arn="",
    name="name",
    tags="",
    tags_call=Call("describe_addon", {"clusterName": "{parent.id}", "addonName": "{raw.name}"}, out="addon.tags"),
    terraform=("aws_eks_addon",),
    props=(
        Prop("AddonName", live="name"),
        Prop("ClusterName", call=_DESCRIBE, live="clusterName", absent="unknown"),
        Prop("Arn", call=_DESCRIBE, live="addonArn", absent="unknown"),
        Prop("AddonVersion", call=_DESCRIBE, live="addonVersion", absent="unknown"),
        Prop("ServiceAccountRoleArn", call=_DESCRIBE, live="serviceAccountRoleArn", absent="not set"),
    ),
    edges=(
        EdgeTo("part-of", "ClusterName", ("AWS::EKS::Cluster",)),
        EdgeTo("acts-as", "ServiceAccountRoleArn", ("AWS::IAM::Role",)),
    ),
)
