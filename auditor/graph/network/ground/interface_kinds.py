"""What a network interface is for, by what AWS tells of it: its type, who requested it, its description.

Most interfaces that services make take connections or open some of their own, and end what reaches them: they are no
front. Others are described as what they belong to (a load balancer, a VPC link) and are asked there. What is left may
pass on what comes from outside: of a kind that is known to do so the name is told, of any other its description.
"""

from __future__ import annotations

import re
from typing import Literal

from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden
from auditor.graph.network.ground.places import spots
from auditor.model import Gap, Resource

# AWS's types (`DescribeNetworkInterfaces`) of which nothing from outside gets further: own programs, ends of requests,
# ways out of a network, what opens connections for AWS itself, and what is described and asked by itself.
_ENDS = frozenset({
    "efa", "efa-only", "trunk", "branch", "lambda", "efs", "nat_gateway", "transit_gateway", "vpc_endpoint",
    "gateway_load_balancer", "gateway_load_balancer_endpoint", "quicksight", "iot_rules_managed",
    "aws_codestar_connections_managed", "load_balancer", "network_load_balancer", "api_gateway_managed",
    "global_accelerator_managed",
})  # fmt: skip
# What takes connections at an interface that a service made, where that is known of it.
Takes = Literal["programs", "files", "cluster", "proxy", "database", ""]
# The same by the descriptions that services give to what is of no type of its own, and what takes connections there.
_ENDING: tuple[tuple[str, Takes], ...] = (
    (r"RDSNetworkInterface$", "database"),
    (r"Network interface for DBProxy", "proxy"),
    (r"EFS mount target", "files"),
    (r"Amazon EKS\b", "cluster"),
    (r"arn:aws[a-z-]*:ecs:", "programs"),
    (r"aws-k8s-", "programs"),
    (r"RedshiftNetworkInterface", ""),
    (r"DMSNetworkInterface", ""),
    (r"ElastiCache\b", ""),
    (r"DAX\b", ""),
    (r"ES\b", ""),
    (r"AWS Lambda VPC ENI", ""),
    (r"AWS created network interface for (directory|fs-)", ""),
    (r"Interface for NAT Gateway", ""),
    (r"VPC Endpoint Interface", ""),
    (r"Network Interface for Transit Gateway", ""),
    (r"arn:aws[a-z-]*:codebuild:", ""),
    (r"Attached to Glue", ""),
    (r"\[DO NOT DELETE\] ENI managed by SageMaker", ""),
    (r"Route 53 Resolver:", ""),
    (r".*CloudFront", ""),
    (r".*API ?Gateway", ""),
)
# What is known to let somebody outside speak to the network, and is not described.
_NAMED_TYPES = {
    "ec2_instance_connect_endpoint": "an EC2 Instance Connect Endpoint",
}
_NAMED = (
    (r"ClientVPN", "AWS Client VPN"),
    (r"Created By Amazon Workspaces", "Amazon WorkSpaces"),
    (r".*AppStream", "Amazon AppStream 2.0"),
    (r".*VPC Lattice", "Amazon VPC Lattice"),
    (r".*Transfer", "AWS Transfer Family"),
)
_KIND = ("InterfaceType", "Description", "RequesterManaged", "Attachment", "Status")


def passes_on(graph: Graph, interface: Resource) -> tuple[str, tuple[Gap, ...]]:
    """What may pass on requests from outside at an interface, in words, with what of it was not read; empty where
    nothing does.
    """
    kind = str(interface.known("InterfaceType", "interface"))
    said = str(interface.known("Description", ""))
    balancer = re.match("ELB (.+)", said)
    if balancer:
        return ("" if said in graph.once(_balancers) else f"load balancer {balancer[1]}, which was not read"), ()
    if interface.known("Status") == "available" or kind in _ENDS or _ending(said) is not None or _own(graph, interface):
        return "", ()
    if kind in _NAMED_TYPES:
        return _NAMED_TYPES[kind], ()
    for pattern, name in _NAMED:
        if re.match(pattern, said, re.IGNORECASE):
            return name, ()
    gaps = hidden(interface, *_KIND)
    known = said or (kind if kind != "interface" else "") or str(interface.known("RequesterId", ""))
    return (f"'{known}'" if known else "an interface of unknown type"), gaps


def _ending(said: str) -> Takes | None:
    return next((takes for pattern, takes in _ENDING if re.match(pattern, said, re.IGNORECASE)), None)


def takes(interface: Resource) -> Takes:
    """What takes connections at an interface, by its description; nothing where that is not known."""
    return _ending(str(interface.known("Description", ""))) or ""


def _balancers(graph: Graph) -> frozenset[str]:
    return frozenset(text for each in graph.of_type(*w.BALANCERS) for text in _descriptions(each))


def _own(graph: Graph, interface: Resource) -> bool:
    """Whether a machine of the account has it: what runs there is a program, and an end as every program is."""
    attachment = interface.known("Attachment", {})
    if attachment.get("InstanceId") or interface.known("RequesterManaged"):
        return bool(attachment.get("InstanceId")) and not interface.known("RequesterManaged")
    owner = str(attachment.get("InstanceOwnerId", ""))
    return owner in ("", interface.account) and not hidden(interface, *_KIND)


# ---- what an interface belongs to


def interfaces_of(graph: Graph, resource: Resource) -> list[tuple[Resource, bool]]:
    """The interfaces under which a thing is met that AWS placed, and whether it is certain that they are its own.

    AWS names a load balancer or a proxy in the description of its interfaces. Of a database's it says only that they
    are RDS's: they are those of the one database that has these groups and may stand in that subnet, where it is one.
    """
    if resource.type == w.DATABASE:
        return _of_database(graph, resource)
    told = graph.once(_described)
    return [(each, True) for text in _descriptions(resource) for each in told.get((resource.region, text), ())]


def _descriptions(resource: Resource) -> list[str]:
    if resource.type == w.BALANCER:
        return [f"ELB {resource.arn.partition(':loadbalancer/')[2]}"]
    if resource.type == w.CLASSIC:
        return [f"ELB {resource.id}"]
    if resource.type == w.PROXY:
        return [f"Network interface for DBProxy {resource.name or resource.id}"]
    return []


def _described(graph: Graph) -> dict[tuple[str, str], list[Resource]]:
    out: dict[tuple[str, str], list[Resource]] = {}
    for each in graph.of_type(w.INTERFACE):
        out.setdefault((each.region, str(each.known("Description", ""))), []).append(each)
    return out


def _of_database(graph: Graph, database: Resource) -> list[tuple[Resource, bool]]:
    made = graph.once(_described).get((database.region, "RDSNetworkInterface"), ())
    mine = [each for each in made if _may_be(graph, each, database)]
    others = [each for each in graph.of_type(w.DATABASE) if each.key != database.key]
    unread = graph.gaps_for(w.DATABASE, database.region)
    return [(each, not unread and not any(_may_be(graph, each, other) for other in others)) for each in mine]


def _may_be(graph: Graph, interface: Resource, database: Resource) -> bool:
    """A subnet and groups in which the database may stand, as far as both were read."""
    places = spots(graph, database)[0]
    subnet, groups = interface.known("SubnetId"), frozenset(interface.known("GroupSet", ()))
    vague = hidden(interface, "SubnetId", "GroupSet")
    return any(
        bool(vague or place.unread or place.subnet.id == subnet)
        and bool(vague or place.gaps or frozenset(place.groups) == groups)
        for place in places
    )


def machine_of(interface: Resource) -> str:
    """The machine of which it is the primary interface: who names that as a target means this interface."""
    attachment = interface.known("Attachment", {}) if interface.type == w.INTERFACE else {}
    return str(attachment.get("InstanceId") or "") if attachment.get("DeviceIndex") in (0, None) else ""
