"""Who gets into a cluster: a principal of IAM, the groups of Kubernetes it stands for, and the access policies it has.

A cluster that knows people by its own map alone has none, and refuses to list them.
"""

from auditor.model import Call, EdgeTo, Join, Prop, ResourceType
from auditor.resources.eks._code import association
from auditor.resources.eks._live import access_policies, named, tidy_policies

_WHICH = {"clusterName": "{parent.id}", "principalArn": "{raw.name}"}
_DESCRIBE = Call("describe_access_entry", _WHICH, out="accessEntry")
_OWN = {"clusterName": "{ClusterName}", "principalArn": "{PrincipalArn}"}
_ASSOCIATION = "aws_eks_access_policy_association"

TYPE = ResourceType(
    cfn="AWS::EKS::AccessEntry",
    service="eks",
    list=Call(
        "list_access_entries", {"clusterName": "{parent.id}"}, out="accessEntries", absent=("InvalidRequestException",)
    ),
    items=named,
    over="AWS::EKS::Cluster",
    id="{parent.id}|{raw.name}",
    name="name",
    tags="",
    tags_call=Call("describe_access_entry", _WHICH, out="accessEntry.tags"),
    terraform=("aws_eks_access_entry",),
    folds=(_ASSOCIATION,),
    joins=(
        Join(_ASSOCIATION, "cluster_name,principal_arn", "AccessPolicies", association, of="ClusterName,PrincipalArn"),
    ),
    props=(
        Prop("PrincipalArn", live="name"),
        Prop("ClusterName", live="{parent.id}"),
        Prop("AccessEntryArn", live="accessEntryArn", call=_DESCRIBE, absent="unknown"),
        Prop("Type", live="type", call=_DESCRIBE, default="STANDARD", absent="unknown"),
        Prop("Username", live="username", call=_DESCRIBE, tf="user_name", absent="unknown", always=True),
        Prop(
            "KubernetesGroups",
            live="kubernetesGroups",
            call=_DESCRIBE,
            same="set",
            default=[],
            set=Call("update_access_entry", {**_OWN, "kubernetesGroups": "{value}"}),
            risk="interrupts",
            note="who signs in as the principal may do in the cluster what its groups may",
        ),
        Prop(
            "AccessPolicies",
            live="associatedAccessPolicies",
            call=Call("list_associated_access_policies", _WHICH),
            read=access_policies,
            tidy=tidy_policies,
            tf="-",
            default=[],
            absent="unknown",
            add=Call(
                "associate_access_policy",
                {
                    **_OWN,
                    "policyArn": "{element.PolicyArn}",
                    "accessScope": {
                        "type": "{element.AccessScope.Type}",
                        "namespaces": "{element.AccessScope.Namespaces?}",
                    },
                },
            ),
            remove=Call("disassociate_access_policy", {**_OWN, "policyArn": "{element.PolicyArn}"}),
            risk="interrupts",
            note="who signs in as the principal loses what the policy allows in the cluster",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ClusterName", ("AWS::EKS::Cluster",)),
        EdgeTo("permits", "PrincipalArn", ("AWS::IAM::Role", "AWS::IAM::User")),
    ),
)
