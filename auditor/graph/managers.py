"""Who owns a resource, as tools say that make and change things: by the tags that they leave, which are read anyhow.

Where stacks of CloudFormation were read as well, an edge leads there (`stacks`), and what the last drift detection
found is told. Tags that begin with `aws:` nobody else
can set; those of Kubernetes and of Karpenter are theirs by convention, and so are told as what the tag says.
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
_FOUND = {
    "IN_SYNC": "in sync when drift was looked for last",
    "DRIFTED": "drifted when drift was looked for last",
    "NOT_CHECKED": "never looked at for drift",
}


def manager_of(graph: Graph, resource: Resource) -> str:
    """Who manages it, in words; nothing where nobody says so."""
    stacks = [head for _, head in graph.heads(resource, MANAGED, STACK)]
    if stacks:
        found = _FOUND.get(str(stacks[0].known("StackDriftStatus")), "")
        return f"the CloudFormation stack {stacks[0].label}" + (f" ({found})" if found else "")
    return next((words.format(resource.tags[tag]) for tag, words in _TAGS.items() if resource.tags.get(tag)), "")
