"""Which pods run on Fargate, in which subnets, and with whose role AWS fetches their images."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.eks._code import terraform_selectors
from auditor.resources.eks._live import named, selectors, tidy_selectors

_WHICH = {"clusterName": "{parent.id}", "fargateProfileName": "{raw.name}"}
_DESCRIBE = Call("describe_fargate_profile", _WHICH, out="fargateProfile")

TYPE = ResourceType(
    cfn="AWS::EKS::FargateProfile",
    service="eks",
    list=Call("list_fargate_profiles", {"clusterName": "{parent.id}"}, out="fargateProfileNames"),
    items=named,
    over="AWS::EKS::Cluster",
    id="{parent.id}|{raw.name}",
    name="name",
    tags="",
    tags_call=Call("describe_fargate_profile", _WHICH, out="fargateProfile.tags"),
    terraform=("aws_eks_fargate_profile",),
    workload=True,
    props=(
        Prop("FargateProfileName", live="name"),
        Prop("ClusterName", live="{parent.id}"),
        Prop("Arn", live="fargateProfileArn", call=_DESCRIBE, absent="unknown"),
        Prop("PodExecutionRoleArn", live="podExecutionRoleArn", call=_DESCRIBE, absent="unknown"),
        Prop("Subnets", live="subnets", call=_DESCRIBE, tf="subnet_ids", same="set", absent="not set", always=True),
        Prop(
            "Selectors",
            live="selectors",
            call=_DESCRIBE,
            read=selectors,
            tidy=tidy_selectors,
            tf="selector",
            tf_read=terraform_selectors,
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ClusterName", ("AWS::EKS::Cluster",)),
        EdgeTo("placed-in", "Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("acts-as", "PodExecutionRoleArn", ("AWS::IAM::Role",)),
    ),
)
