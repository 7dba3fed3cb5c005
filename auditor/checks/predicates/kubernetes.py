"""Questions about what a Kubernetes cluster may do in AWS: programs in it act as the roles of their pods or nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.checks.kleene import some
from auditor.checks.predicates import predicate
from auditor.graph.access import may, principals, statements
from auditor.graph.access.held.acting import acted_on
from auditor.graph.build import Graph
from auditor.model import Answer, Gap, Resource

CLUSTER, NODES, ROLE = "AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::IAM::Role"
PROVIDER, ASSOCIATION = "AWS::IAM::OIDCProvider", "AWS::EKS::PodIdentityAssociation"
TRUST = "AssumeRolePolicyDocument"
_RIGHTS = {ROLE: (TRUST, "Policies", "ManagedPolicyArns", "PermissionsBoundary"),
           "AWS::IAM::ManagedPolicy": ("PolicyDocument",)}  # fmt: skip
_GPU = re.compile(r"(g|p|trn|inf)\d.*")  # families of instances with accelerators
# A cluster's own identity provider; other providers are GitHub's and the like. Code may name one by a reference.
_ISSUED_BY_CLUSTER = re.compile(r"arn:[^:]*:iam::\d*:oidc-provider/oidc\.eks\..*")
_PROVIDER = re.compile(r"arn:[^:]*:iam::[^:]*:(oidc-provider|saml-provider)/.*|[\w.-]+")
_REFERRED = "code names the identity provider of a role by a reference"


@predicate("used-from-cluster", needs={CLUSTER: (), NODES: ("NodeRole",), **_RIGHTS})
def used_from_cluster(graph: Graph, target: Resource, action: str) -> Answer:
    """A role that pods of an EKS cluster take (by Pod Identity or its identity provider), or the role of its nodes, is
    allowed to do this action on the resource."""
    expected = f"a role of the cluster may {action} on {target.label}"
    gaps: list[Gap] = list(graph.gaps_for(ROLE))
    doubted: Answer | None = None
    for role, sure in _roles(graph):
        for text in acted_on(target, action):
            found = may(graph, role, action, text)
            if found.verdict == "kept" and not sure:
                doubted = Answer.unseen("action", expected, because=_REFERRED)
            elif found.verdict == "kept":
                return replace(found, property="action", expected=expected, actual=role.label, changes=())
            doubted = found if found.verdict == "unknown" else doubted
    gaps += [gap for role in graph.of_type(ROLE) if (gap := role.gap(TRUST))]
    if doubted or gaps:
        because = doubted.because if doubted else ""
        return Answer.unseen("action", expected, *(doubted.gaps if doubted else ()), *gaps, because=because)
    return Answer("broken", "action", expected, "no role", "no role of the cluster's pods or nodes is allowed to")


def _roles(graph: Graph) -> Iterator[tuple[Resource, bool]]:
    """The roles that programs in clusters act as, or may, and whether that is certain."""
    for role in graph.of_type(ROLE):
        taken = True if graph.tails(role, "acts-as", NODES, ASSOCIATION) else _taken_by_pods(graph, role)
        if taken is not False:
            yield role, taken is True


def _taken_by_pods(graph: Graph, role: Resource) -> bool | None:
    named = [
        pair for each in statements(role.known(TRUST, {})) if each.get("Effect") == "Allow" for pair in principals(each)
    ]
    return some(_of_cluster(graph, role, kind, text) for kind, text in named)


def _of_cluster(graph: Graph, role: Resource, kind: str, text: str) -> bool | None:
    if kind != "Federated":
        return (kind, text) == ("Service", "pods.eks.amazonaws.com")
    if _ISSUED_BY_CLUSTER.fullmatch(text) or _PROVIDER.fullmatch(text):
        return bool(_ISSUED_BY_CLUSTER.fullmatch(text))
    # Only code names a provider by a reference, and where it makes the provider too, the edge leads there.
    meant = (each for _, each in graph.heads(role, "trusts", PROVIDER) if text in each.names)
    return next((_issued_by_cluster(graph, each) for each in meant), None)


def _issued_by_cluster(graph: Graph, provider: Resource) -> bool | None:
    """Whether a provider takes tokens of a cluster: its address is one of EKS, or code takes it from a cluster."""
    if graph.heads(provider, "trusts", CLUSTER):
        return True
    url = str(provider.known("Url", ""))
    return None if not url or "${" in url else url.startswith("oidc.eks.")


@predicate("has-gpu-nodes", needs={NODES: ("ClusterName", "InstanceTypes", "AmiType"), **_RIGHTS}, on=(CLUSTER,))
def has_gpu_nodes(graph: Graph, cluster: Resource) -> Answer:
    """A node group has instances with GPUs, or a role that pods take may start instances, as Karpenter does."""
    place, expected = "nodes", "a node group with GPUs, or a role with which Karpenter starts nodes"
    groups = graph.tails(cluster, "part-of", NODES)
    for edge, group in groups:
        image, kinds = str(group.known("AmiType", "")), group.known("InstanceTypes", ())
        if "GPU" in image or "NVIDIA" in image or any(_GPU.fullmatch(str(each)) for each in kinds):
            return Answer("kept", place, expected, group.label, evidence=(edge,))
    starters = [each for each in _roles(graph) if not graph.tails(each[0], "acts-as", NODES)]
    answers = [(role, sure, may(graph, role, action, "*")) for role, sure in starters for action in _STARTING]
    for role, sure, answer in answers:
        if answer.verdict == "kept" and sure:
            return Answer("kept", place, expected, role.label, "Karpenter starts them", answer.evidence)
    gaps = [*graph.blind_tails("part-of", (NODES,)), *graph.gaps_for(ROLE)]
    gaps += [gap for _, group in groups for name in ("AmiType", "InstanceTypes") if (gap := group.gap(name))]
    gaps += [gap for _, _, answer in answers if answer.verdict == "unknown" for gap in answer.gaps]
    referred = any(answer.verdict == "kept" for _, _, answer in answers)
    if gaps or referred:
        return Answer.unseen(place, expected, *dict.fromkeys(gaps), because=_REFERRED if referred else "")
    return Answer("broken", place, expected, None, f"nothing starts nodes with GPUs for {cluster.label}")


_STARTING = ("ec2:RunInstances", "ec2:CreateFleet")
