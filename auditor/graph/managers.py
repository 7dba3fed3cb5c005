"""Who owns a resource, as tools say that make and change things: by the tags that they leave, which are read anyhow.

Where stacks of CloudFormation were read as well, an edge leads there (`stacks`), and it is told where the last change
of the stack failed and what the last drift detection found. Tags that begin with `aws:` nobody else can set; those of
Kubernetes and of Karpenter are theirs by convention, and so are told as what the tag says.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.graph.build import Graph
from auditor.graph.stacks import MANAGED, STACK, STACK_NAME
from auditor.model import Resource

_TAGS: Mapping[str, str] = {
    STACK_NAME: "the CloudFormation stack {}",
    "aws:ecs:serviceName": "the ECS service {}",
    "karpenter.sh/nodepool": "Karpenter, by its NodePool {}",
    "eks:nodegroup-name": "the EKS node group {}",
    "aws:eks:cluster-name": "the EKS cluster {}",
    "elbv2.k8s.aws/cluster": "the load balancer controller of the cluster {}",
    "ebs.csi.aws.com/cluster-name": "the volume controller of the cluster {}",
    "elasticbeanstalk:environment-name": "the Elastic Beanstalk environment {}",
    "aws:autoscaling:groupName": "the Auto Scaling group {}",
    "aws:ec2:fleet-id": "the EC2 Fleet {}",
    "aws:ec2spot:fleet-request-id": "the Spot Fleet {}",
    "aws:elasticmapreduce:job-flow-id": "the EMR cluster {}",
    "aws:backup:source-resource": "AWS Backup, which made it of {}",
}
# AWS: how the last change of a stack ended, where that was not well.
_FAILED = {
    "CREATE_FAILED": "its creation failed",
    "ROLLBACK_COMPLETE": "its creation failed and it can only be deleted",
    "ROLLBACK_FAILED": "its creation failed, and so did the rollback",
    "DELETE_FAILED": "its deletion failed",
    "UPDATE_FAILED": "its last update failed",
    "UPDATE_ROLLBACK_COMPLETE": "its last update failed and was rolled back",
    "UPDATE_ROLLBACK_FAILED": "its last update failed, and so did the rollback",
    "IMPORT_ROLLBACK_COMPLETE": "its last import failed and was rolled back",
    "IMPORT_ROLLBACK_FAILED": "its last import failed, and so did the rollback",
}
_FOUND = {
    "IN_SYNC": "in sync when drift was looked for last",
    "DRIFTED": "drifted when drift was looked for last",
    "NOT_CHECKED": "never looked at for drift",
}


def manager_of(graph: Graph, resource: Resource) -> str:
    """Who manages it, in words; nothing where nobody says so."""
    stacks = [head for _, head in graph.heads(resource, MANAGED, STACK)]
    if stacks:
        stack = stacks[0]
        said = _FAILED.get(str(stack.known("StackStatus"))), _FOUND.get(str(stack.known("StackDriftStatus")))
        words = "; ".join(each for each in said if each)
        return f"the CloudFormation stack {stack.label}" + (f" ({words})" if words else "")
    return next((words.format(resource.tags[tag]) for tag, words in _TAGS.items() if resource.tags.get(tag)), "")
