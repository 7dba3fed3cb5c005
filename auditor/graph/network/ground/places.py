"""Where things stand: subnets, groups and addresses of whatever can be an end of a path.

An interface says exactly where it stands. What AWS places by itself (a database in a subnet group, a function) may have
any address of its subnets: its `Spot` is then not `exact`, and an answer that hangs on the address is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.boxes import NOTHING, SIX, internet, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import blocks, hidden, missing, net, private_addresses
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Edge, Gap, Resource

# Made by AWS for itself, with no security group in front.
_UNGUARDED = {"nat_gateway", "transit_gateway", "gateway_load_balancer", "gateway_load_balancer_endpoint"}


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a resource stands in the network."""

    subnets: tuple[Resource, ...]
    groups: tuple[Resource, ...]
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]


def stand(graph: Graph, resource: Resource) -> Stand:
    """The subnets and security groups of anything placed in a VPC, through a subnet group where there is one."""
    placed = graph.heads(resource, "placed-in", w.SUBNET)
    gaps = list(graph.blind(resource, "placed-in"))
    for edge, group in graph.heads(resource, "placed-in", w.SUBNETS):
        placed += [(edge, group), *graph.heads(group, "placed-in", w.SUBNET)]
        gaps += graph.blind(group, "placed-in")
    guarded = graph.heads(resource, "guarded-by", w.GROUP)
    gaps += graph.blind(resource, "guarded-by", (w.GROUP,))
    subnets = tuple(head for _, head in placed if head.type == w.SUBNET)
    edges = tuple(edge for edge, _ in (*placed, *guarded))
    return Stand(subnets, tuple(head for _, head in guarded), edges, tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class Spot:
    """One place at which packets start or arrive. `public` are its Internet addresses; `published` says that it has
    some, known or not (None: that could not be read). `groups` are ids; `guarded` is false where no group stands in
    front."""

    label: str
    key: str
    subnet: Resource
    groups: tuple[str, ...] = ()
    guarded: bool = True
    addresses: Ranges = NOTHING
    exact: bool = False
    public: Ranges = NOTHING
    published: bool | None = False
    checks: bool = True
    kind: str = "interface"
    evidence: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def network(self) -> str:
        return str(self.subnet.properties.get("VpcId", ""))

    def of(self, label: str, key: str) -> Spot:
        return replace(self, label=label, key=key)


def spots(graph: Graph, resource: Resource) -> tuple[list[Spot], tuple[Gap, ...]]:
    """The places of a resource, and what may hide some; found once, for a gateway is met by everything behind it."""
    known = net(graph).spots
    if resource.key not in known:
        known[resource.key] = _places(graph, resource)
    found: tuple[list[Spot], tuple[Gap, ...]] = known[resource.key]
    return found


def _places(graph: Graph, resource: Resource) -> tuple[list[Spot], tuple[Gap, ...]]:
    index = net(graph)
    if resource.type == w.INTERFACE:
        return _interface(graph, resource)
    if resource.type == w.INSTANCE:
        own = sorted(index.of_instance.get(resource.id, ()), key=lambda each: each.key)
        if own:
            found = [_interface(graph, each) for each in own]
            named = [spot.of(resource.label, resource.key) for many, _ in found for spot in many]
            return named, tuple(gap for _, gaps in found for gap in gaps)
    if resource.type == w.NAT:
        return _nat(graph, resource)
    if resource.type == w.SUBNET:
        return [Spot(resource.label, resource.key, resource, (), False, blocks(resource), published=None)], ()
    if resource.type == w.ADDRESS:
        holder = index.by_id.get(str(resource.properties.get("NetworkInterfaceId")))
        return _interface(graph, holder) if holder else ([], ())
    return _standing(graph, resource)


def _interface(graph: Graph, interface: Resource) -> tuple[list[Spot], tuple[Gap, ...]]:
    index = net(graph)
    said = interface.properties
    subnet = index.by_id.get(str(said.get("SubnetId")))
    if subnet is None:
        return [], missing(index, w.SUBNET, str(said.get("SubnetId")))
    addresses = private_addresses(interface)
    public = lines(said.get("PublicIps", ())) | (addresses & SIX & internet())
    kind = str(said.get("InterfaceType", "interface"))
    groups = tuple(said.get("GroupSet", ()))
    guarded = bool(groups) or not (kind in _UNGUARDED or kind == "network_load_balancer")
    edges = tuple(
        edge
        for edge, _ in (*graph.heads(interface, "placed-in", w.SUBNET), *graph.heads(interface, "guarded-by", w.GROUP))
    )
    gaps = hidden(interface, "GroupSet", "SubnetId")
    owner = index.nat_of.get(interface.id, interface)
    return [
        Spot(owner.label, owner.key, subnet, groups, guarded, addresses, True, public, bool(public),
             bool(said.get("SourceDestCheck", True)), kind, edges, gaps)
    ], ()  # fmt: skip


def _nat(graph: Graph, gateway: Resource) -> tuple[list[Spot], tuple[Gap, ...]]:
    index = net(graph)
    said = gateway.properties
    subnet = index.by_id.get(str(said.get("SubnetId")))
    if subnet is None:
        return [], missing(index, w.SUBNET, str(said.get("SubnetId")))
    own = lines([said.get("PrivateIpAddress")])
    public = lines(said.get("PublicIps", ()))
    open_way = said.get("ConnectivityType", "public") == "public"
    edges = tuple(edge for edge, _ in graph.heads(gateway, "placed-in", w.SUBNET))
    return [
        Spot(gateway.label, gateway.key, subnet, (), False, own or blocks(subnet), bool(own), public, open_way, False,
             "nat_gateway", edges)
    ], ()  # fmt: skip


def _standing(graph: Graph, resource: Resource) -> tuple[list[Spot], tuple[Gap, ...]]:
    where = stand(graph, resource)
    chosen = where.subnets
    zone = resource.properties.get("AvailabilityZone")
    if resource.type == w.DATABASE and zone:
        here = tuple(subnet for subnet in chosen if subnet.properties.get("AvailabilityZone") == zone)
        chosen = here or chosen
    said = resource.properties
    own = lines([said.get("PrivateIp"), *_sixes(said.get("Ipv6Addresses"))]) if resource.type == w.INSTANCE else NOTHING
    public = lines([said.get("PublicIp")]) if resource.type == w.INSTANCE else NOTHING
    public |= own & SIX & internet()
    published = bool(public) if resource.type == w.INSTANCE else _published(resource)
    kind = {w.FUNCTION: "lambda", w.BALANCER: str(said.get("Type", "application")) + "_load_balancer"}.get(
        resource.type, "service"
    )
    groups = tuple(group.id for group in where.groups)
    guarded = bool(groups) or kind != "network_load_balancer"
    return [
        Spot(resource.label, resource.key, subnet, groups, guarded, own or blocks(subnet), bool(own), public, published,
             bool(said.get("SourceDestCheck", True)), kind, where.evidence, where.gaps)
        for subnet in chosen
    ], where.gaps  # fmt: skip


def _sixes(value: Any) -> list[Any]:
    return [each.get("Ipv6Address") for each in value or ()]


def _published(resource: Resource) -> bool | None:
    """Whether AWS gives it an Internet address; a resource that has no such switch has none."""
    if resource.type == w.BALANCER:
        return bool(resource.properties.get("Scheme", "internet-facing") == "internet-facing")
    if hidden(resource, "PubliclyAccessible"):
        return None
    flag = resource.properties.get("PubliclyAccessible", ABSENT)
    return bool(flag) if flag is not ABSENT else False
