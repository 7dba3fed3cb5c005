"""EKS: moto makes no security group for a cluster, and takes a change of the network for the whole network."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects

_NETWORK = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}


@corrects("eks", "CreateCluster")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    cluster = _cluster(call)
    subnets = cluster.resources_vpc_config.get("subnetIds", [])
    network = _network_of(call, subnets)
    given = {"vpcId": network, "clusterSecurityGroupId": _group(call, network)} if network else {}
    cluster.resources_vpc_config = {**_NETWORK, "securityGroupIds": [], **cluster.resources_vpc_config, **given}
    answer["cluster"]["resourcesVpcConfig"] = dict(cluster.resources_vpc_config)
    return answer


@corrects("eks", "DescribeCluster")
def describe(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    answer["cluster"].setdefault("accessConfig", {"authenticationMode": "CONFIG_MAP"})
    return answer


@corrects("eks", "UpdateClusterConfig")
def update(call: Call, ask: Ask) -> dict[str, Any]:
    before = dict(_cluster(call).resources_vpc_config)
    answer = ask(call)
    _cluster(call).resources_vpc_config = {**before, **call.params.get("resourcesVpcConfig", {})}
    return answer


def _cluster(call: Call) -> Any:
    from moto.eks.models import eks_backends

    return eks_backends[call.account][call.region].clusters[call.params["name"]]


def _network_of(call: Call, subnets: list[str]) -> str:
    from moto.ec2.models import ec2_backends

    found = ec2_backends[call.account][call.region].describe_subnets(subnet_ids=subnets) if subnets else []
    return str(found[0].vpc_id) if found else ""


def _group(call: Call, network: str) -> str:
    """The group that EKS makes for the control plane and the nodes, which admits its own members."""
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[call.account][call.region]
    name = f"eks-cluster-sg-{call.params['name']}"
    group = backend.create_security_group(name, "EKS created security group", vpc_id=network)
    backend.authorize_security_group_ingress(
        group.id, "-1", None, None, ip_ranges=[], source_groups=[{"GroupId": group.id}], vpc_id=network
    )
    return str(group.id)
