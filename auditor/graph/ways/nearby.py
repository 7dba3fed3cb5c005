"""The part of an inventory that a question about two ends is about.

A question is asked again for every element that might be missing, so it is asked of a small graph: what edges join to
the ends, without going on from a network or a group to everything else that stands in it. Whether nothing was lost is
seen by asking both graphs the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.graph.build import Graph
from auditor.graph.network import path_needs
from auditor.graph.network.ground import words as w
from auditor.model import Inventory, Resource

# Names lead to these as well, and no edge does.
_ALWAYS = (w.DISTRIBUTION, w.VPC_ORIGIN, w.PREFIXES, w.RECORD, "AWS::S3::AccountPublicAccessBlock")
# What many things stand in or hold: from one of them only these lead on to what else belongs to it.
_SHARED = {
    w.VPC: (w.GATEWAY, w.EGRESS_ONLY, w.PEERING, w.ATTACHMENT, w.VPN),
    w.SUBNET: (w.ACL,),
    w.GROUP: (),
    w.ACL: (),
    w.TABLE: (),
    **dict.fromkeys(w.SUBNETS, ()),
    w.PREFIXES: (),
    w.GATEWAY: (),
    w.CLASSIC: (w.INTEGRATION,),
    w.BALANCER: (
        w.LISTENER,
        w.INTEGRATION,
        w.ENDPOINT_GROUP,
        w.VPC_ORIGIN,
        w.REST_LINK,
    ),  # its target groups come from the targets
}
_OWN_GROUP = "CloudFront-VPCOrigins-Service-SG"


def nearby(graph: Graph, ends: Iterable[Resource]) -> Inventory:
    """The inventory of what the ends are joined to."""
    relevant = frozenset(path_needs(dict(graph.types)))
    near = {each.key: each for each in (*ends, *graph.of_type(*_ALWAYS))}
    near |= {each.key: each for each in graph.of_type(w.GROUP) if each.known("GroupName") == _OWN_GROUP}
    todo = list(near.values())
    while todo:
        for other in _beside(graph, todo.pop()):
            if other.key not in near and other.type in relevant:
                near[other.key] = other
                todo.append(other)
    return replace(graph.inventory, resources=[near[key] for key in sorted(near)])


def relevant(graph: Graph, ends: Iterable[Resource]) -> Inventory:
    """Everything that any path could meet: where the near part is not enough."""
    kept = {each.key: each for each in (*ends, *graph.of_type(*path_needs(dict(graph.types))))}
    return replace(graph.inventory, resources=[kept[key] for key in sorted(kept)])


def _beside(graph: Graph, resource: Resource) -> Iterator[Resource]:
    for _, head in graph.heads(resource):
        if not (resource.type == w.TARGETS and head.type not in (w.BALANCER, w.VPC)):
            yield head
    onwards = _SHARED.get(resource.type)
    for _, tail in graph.tails(resource):
        if onwards is None or tail.type in onwards:
            yield tail
