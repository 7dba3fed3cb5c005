"""Which pods of a cluster (by their service account) get which role, and that without a provider in IAM."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

_WHICH = {"clusterName": "{parent.id}", "associationId": "{raw.associationId}"}
_DESCRIBE = Call("describe_pod_identity_association", _WHICH, out="association")

TYPE = ResourceType(
    cfn="AWS::EKS::PodIdentityAssociation",
    service="eks",
    list=Call("list_pod_identity_associations", {"clusterName": "{parent.id}"}, out="associations"),
    over="AWS::EKS::Cluster",
    id="associationId",
    arn="associationArn",
    name="{raw.namespace}/{raw.serviceAccount}",
    tags="",
    tags_call=Call("describe_pod_identity_association", _WHICH, out="association.tags"),
    terraform=("aws_eks_pod_identity_association",),
    props=(
        Prop("AssociationArn", live="associationArn"),
        Prop("AssociationId", live="associationId"),
        Prop("ClusterName", live="{parent.id}"),
        Prop("Namespace", live="namespace", absent="unknown"),
        Prop("ServiceAccount", live="serviceAccount", absent="unknown"),
        Prop(
            "RoleArn",
            live="roleArn",
            call=_DESCRIBE,
            absent="unknown",
            set=Call(
                "update_pod_identity_association",
                {"clusterName": "{ClusterName}", "associationId": "{AssociationId}", "roleArn": "{value}"},
            ),
            risk="interrupts",
            note="pods get the new role when their credentials are renewed",
        ),
    ),
    edges=(
        EdgeTo("part-of", "ClusterName", ("AWS::EKS::Cluster",)),
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
    ),
)
