"""Where things stand: subnets, groups and addresses of whatever can be an end of a path.

An interface says exactly where it stands. What AWS places by itself (a database in a subnet group, a function) may have
any address of its subnets: its `Spot` is then not `exact`, and an answer that hangs on the address is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.graph.boxes import NOTHING, SIX, internet, lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import blocks, hidden, missing, net, private_addresses
from auditor.graph.network.ground.security_groups import guards
from auditor.graph.space import Ranges
from auditor.model import ABSENT, Edge, Gap, Resource

# Made by AWS for itself, with no security group in front.
_UNGUARDED = {"nat_gateway", "transit_gateway", "gateway_load_balancer", "gateway_load_balancer_endpoint"}


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a resource stands in the network. Of its `gaps` those that hide subnets are `unread`."""

    subnets: tuple[Resource, ...]
    groups: tuple[Resource, ...]
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]
    unread: tuple[Gap, ...] = ()


def stand(graph: Graph, resource: Resource) -> Stand:
    """The subnets and security groups of anything placed in a VPC, through a subnet group where there is one."""
    placed = graph.heads(resource, "placed-in", w.SUBNET)
    gaps = list(graph.blind(resource, "placed-in"))
    for edge, group in graph.heads(resource, "placed-in", *w.SUBNETS):
        placed += [(edge, group), *graph.heads(group, "placed-in", w.SUBNET)]
        gaps += graph.blind(group, "placed-in")
    guarded, unread = guards(graph, resource)
    gaps += unread
    subnets = tuple(head for _, head in placed if head.type == w.SUBNET)
    edges = tuple(edge for edge, _ in (*placed, *guarded))
    groups = tuple(head for _, head in guarded)
    return Stand(subnets, groups, edges, tuple(dict.fromkeys(gaps)), _unread_subnets(graph, resource))


@dataclass(frozen=True, slots=True)
class Spot:
    """One place at which packets start or arrive. `public` are its Internet addresses; `published` says that it has
    some, known or not (None: that is not known, for `unpublished`). `groups` are ids; `guarded` is false where no group
    stands in front, and `gaps` hide some of them. `unread` hides where it stands: then its groups alone are certain."""

    label: str
    key: str
    subnet: Resource
    groups: tuple[str, ...] = ()
    guarded: bool = True
    addresses: Ranges = NOTHING
    exact: bool = False
    public: Ranges = NOTHING
    published: bool | None = False
    checks: bool | None = True  # of source and destination; None: that could not be read
    kind: str = "interface"
    evidence: tuple[Edge, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unread: tuple[Gap, ...] = ()
    unpublished: tuple[Gap, ...] = ()

    @property
    def network(self) -> str:
        return str(self.subnet.known("VpcId", ""))

    @property
    def unread_six(self) -> tuple[Gap, ...]:
        """Why it may have an IPv6 address that was not read."""
        return () if self.exact or self.addresses.meets(SIX) else hidden(self.subnet, "Ipv6CidrBlock")

    def of(self, label: str, key: str) -> Spot:
        return replace(self, label=label, key=key)


Spots = tuple[list[Spot], tuple[Gap, ...]]


def spots(graph: Graph, resource: Resource) -> Spots:
    """The places of a resource, and what hides them all; found once, for a gateway is met by everything behind it."""
    known = graph.once(_found)
    if resource.key not in known:
        known[resource.key] = _places(graph, resource)
    return known[resource.key]


def _found(graph: Graph) -> dict[str, Spots]:
    return {}


def _places(graph: Graph, resource: Resource) -> Spots:
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
        unread = hidden(resource, "VpcId", *_BLOCKS)
        return [
            Spot(resource.label, resource.key, resource, (), False, blocks(resource), published=None, unread=unread)
        ], ()
    if resource.type == w.ADDRESS:
        holder = index.by_id.get(str(resource.known("NetworkInterfaceId")))
        return _interface(graph, holder) if holder else ([], hidden(resource, "NetworkInterfaceId"))
    return _standing(graph, resource)


_BLOCKS = ("CidrBlock", "Ipv6CidrBlock")
_ADDRESSES = ("PrivateIpAddress", "PrivateIpAddresses", "Ipv6Addresses")


def somewhere(resource: Resource) -> Resource:
    """What stands for a subnet that was not read."""
    return Resource(w.SUBNET, "?", resource.account, resource.region, name=f"the subnet of {resource.label}")


def _of_subnet(graph: Graph, resource: Resource) -> tuple[Resource | None, tuple[Gap, ...]]:
    """The subnet of what stands in one, with the gaps that leave it or its network open; none that was not read."""
    unread = hidden(resource, "SubnetId")
    if unread:
        return somewhere(resource), unread
    name = str(resource.known("SubnetId"))
    subnet = net(graph).by_id.get(name)
    return (subnet, hidden(subnet, "VpcId")) if subnet else (None, missing(net(graph), w.SUBNET, name))


def _interface(graph: Graph, interface: Resource) -> Spots:
    subnet, unread = _of_subnet(graph, interface)
    if subnet is None:
        return [], unread
    own = private_addresses(interface)
    vague = hidden(interface, *_ADDRESSES)
    unread += hidden(interface, "InterfaceType") + (hidden(subnet, *_BLOCKS) if vague else ())
    public = lines(interface.known("PublicIps", ())) | (own & SIX & internet())
    kind = str(interface.known("InterfaceType", "interface")).replace("natGateway", "nat_gateway")
    groups, gaps = tuple(interface.known("GroupSet", ())), hidden(interface, "GroupSet")
    guarded = bool(groups or gaps) or not (kind in _UNGUARDED or kind == "network_load_balancer")
    edges = tuple(
        edge
        for edge, _ in (*graph.heads(interface, "placed-in", w.SUBNET), *graph.heads(interface, "guarded-by", w.GROUP))
    )
    owner = net(graph).nat_of.get(interface.id, interface)
    checks = None if hidden(interface, "SourceDestCheck") else bool(interface.known("SourceDestCheck", True))
    unpublished = () if public else hidden(interface, "PublicIps", "Ipv6Addresses")
    published = None if unpublished else bool(public)
    return [
        Spot(owner.label, owner.key, subnet, groups, guarded, own | blocks(subnet) if vague else own, not vague, public,
             published, checks, kind, edges, gaps, unread, unpublished)
    ], ()  # fmt: skip


def _nat(graph: Graph, gateway: Resource) -> Spots:
    subnet, unread = _regional(gateway) or _of_subnet(graph, gateway)
    if subnet is None:
        return [], unread
    own = lines([gateway.known("PrivateIpAddress")])
    public = lines(gateway.known("PublicIps", ()))
    kind = hidden(gateway, "ConnectivityType")
    open_way = None if kind else gateway.known("ConnectivityType", "public") == "public"
    edges = tuple(edge for edge, _ in graph.heads(gateway, "placed-in", w.SUBNET))
    return [
        Spot(gateway.label, gateway.key, subnet, (), False, own or blocks(subnet), bool(own), public, open_way, False,
             "nat_gateway", edges, unread=unread, unpublished=kind)
    ], ()  # fmt: skip


def _regional(gateway: Resource) -> tuple[Resource, tuple[Gap, ...]] | None:
    """What stands for the subnet of a regional NAT gateway: it has none, no network ACL either, and a route table of
    its own. None for a zonal one.
    """
    unread = hidden(gateway, "AvailabilityMode")
    if gateway.known("SubnetId") or (gateway.known("AvailabilityMode", "zonal") != "regional" and not unread):
        return None
    told = {name: gateway.known(name) for name in ("VpcId", "RouteTableId") if gateway.known(name)}
    place = Resource(w.SUBNET, gateway.id, gateway.account, gateway.region, f"{gateway.key}/network",
                     name=f"the network of {gateway.label}", properties=told)  # fmt: skip
    unread += hidden(gateway, "VpcId", "RouteTableId")
    if not unread and not gateway.known("RouteTableId"):
        words = f"which route table {gateway.label} has of its own was not read"
        unread = (Gap(gateway.account, gateway.region, "", "", "", "unsaid", (w.NAT,), words, gateway.key),)
    return place, unread


def _standing(graph: Graph, resource: Resource) -> Spots:
    """What names its subnets, or a group of them. Where some of them were not read, there is one more place."""
    where = stand(graph, resource)
    chosen = _in_zone(resource, where.subnets)
    machine = resource.type == w.INSTANCE
    own = lines([resource.known("PrivateIp"), *_sixes(resource)]) if machine else NOTHING
    public = lines([resource.known("PublicIp")]) if machine else NOTHING
    public |= own & SIX & internet()
    balancer = f"{resource.known('Type', 'application')}_load_balancer"
    kinds = {w.FUNCTION: "lambda", w.BALANCER: balancer, w.CLASSIC: "classic_load_balancer"}
    kind = kinds.get(resource.type, "service")
    unread = hidden(resource, "Type") if resource.type == w.BALANCER else ()
    others = (each.value for each in graph.dangling(resource, "guarded-by"))  # groups that were not read
    groups, gaps = (*(group.id for group in where.groups), *others), _unread_groups(graph, resource)
    first = Spot(
        resource.label, resource.key, somewhere(resource), groups,
        bool(groups or gaps) or kind != "network_load_balancer", public=public, published=published(resource, public),
        checks=_checks(resource), kind=kind, evidence=where.evidence, gaps=gaps,
        unpublished=_unpublished(resource, public),
    )  # fmt: skip
    found = [
        replace(first, subnet=subnet, addresses=own or blocks(subnet), exact=bool(own),
                unread=unread + hidden(subnet, "VpcId", *(() if own else ("CidrBlock",))))
        for subnet in chosen
    ]  # fmt: skip
    placed = _unread_subnets(graph, resource)
    more = [replace(first, addresses=own, exact=bool(own), unread=placed)] if placed else []
    return found + more, where.gaps or (() if found or more else _elsewhere(graph, resource))


def _elsewhere(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    """In a network that no code here makes, or in the default VPC, as AWS does it with what is given no subnet."""
    name = {w.INSTANCE: "SubnetId", w.DATABASE: "DBSubnetGroupName"}.get(resource.type)
    if name is None or resource.at(name) is not ABSENT:
        return graph.outside(resource, "placed-in")
    message = f"code names no subnet of {resource.label}: AWS puts it into the default VPC"
    where = (resource.account, resource.region)
    return (Gap(*where, "", "", "", "unresolved", (resource.type,), message, resource.key),)


def _in_zone(resource: Resource, subnets: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """Of the subnets of a group those that may be in the zone of a database, as far as zones were read."""
    if resource.type != w.DATABASE:
        return subnets
    zone = resource.known("AvailabilityZone")
    here = tuple(each for each in subnets if each.known("AvailabilityZone") == zone)
    vague = tuple(each for each in subnets if hidden(each, "AvailabilityZone"))
    return ((*here, *vague) if zone else ()) or subnets


def _unread_subnets(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    """What hides in which subnets a resource stands: of its own, or of the group that it names."""
    groups = [group for _, group in graph.heads(resource, "placed-in", *w.SUBNETS)]
    return tuple(dict.fromkeys(gap for each in (resource, *groups) for gap in _own_gaps(graph, each, "placed-in")))


def _unread_groups(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    own = guards(graph, resource)[1] if resource.type == w.NODES else _own_gaps(graph, resource, "guarded-by")
    return own + graph.gaps_for(w.GROUP)


def _own_gaps(graph: Graph, resource: Resource, relation: str) -> tuple[Gap, ...]:
    if not resource.unknown:
        return ()
    rows = (row for row in graph.types[resource.type].edges if row.relation == relation and not row.back)
    return hidden(resource, *(row.via for row in rows))


def _sixes(resource: Resource) -> list[object]:
    return [each.get("Ipv6Address") for each in resource.known("Ipv6Addresses", ())]


def _checks(resource: Resource) -> bool | None:
    return None if hidden(resource, "SourceDestCheck") else bool(resource.known("SourceDestCheck", True))


# What says whether AWS gives something an Internet address; a resource that has no such switch has none.
_ASSIGNED = "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"
_PUBLISHING = {
    w.INSTANCE: ("PublicIp", "Ipv6Addresses"),
    **dict.fromkeys(w.BALANCERS, ("Scheme",)),
    w.TASKS: (_ASSIGNED,),
}


def _unpublished(resource: Resource, public: Ranges) -> tuple[Gap, ...]:
    """What hides whether AWS gives it an Internet address: one that was read is enough."""
    if resource.type == w.INSTANCE and public:
        return ()
    return hidden(resource, *_PUBLISHING.get(resource.type, ("PubliclyAccessible",)))


def published(resource: Resource, public: Ranges = NOTHING) -> bool | None:
    """Whether AWS gives it an Internet address."""
    if _unpublished(resource, public):
        return None
    if resource.type == w.INSTANCE:
        return bool(public)
    if resource.type in w.BALANCERS:
        return bool(resource.known("Scheme", "internet-facing") == "internet-facing")
    if resource.type == w.TASKS:
        return bool(resource.known(_ASSIGNED, "DISABLED") == "ENABLED")
    return bool(resource.known("PubliclyAccessible", False))
