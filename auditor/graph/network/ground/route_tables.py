"""Route tables as partitions of the address space: each address belongs to the one route that carries it.

The longest prefix wins; on equal prefixes a static route beats one by prefix list, and that beats a propagated one. A
blackhole keeps its addresses: it does not hand them on to a wider route.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from auditor.graph.boxes import NOTHING, line, remembered
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import Net, elements, hidden, missing, net, prefixes
from auditor.graph.network.ground.owners import of_network
from auditor.graph.network.ground.words import GATEWAY, TABLE, VPC
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_TARGETS = (
    "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId", "VpcPeeringConnectionId",
    "NetworkInterfaceId", "InstanceId", "LocalGatewayId", "CarrierGatewayId", "VpcEndpointId", "CoreNetworkArn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leg:
    """The addresses that one route carries, where to, and whether it is alive."""

    addresses: Ranges
    target: str
    alive: bool
    words: str
    edge: Edge | None = None
    kind: str = ""  # what it leads to, as AWS's ids begin: `igw`, `nat`; `local`; `core` of Cloud WAN

    @property
    def gateway(self) -> bool:
        """Whether it leads to an internet gateway."""
        return self.kind == "igw"

    @property
    def key(self) -> str:
        return self.target

    @property
    def label(self) -> str:
        return self.words

    @property
    def proof(self) -> tuple[Edge, ...]:
        return (self.edge,) if self.edge else ()


@dataclass(frozen=True, slots=True)
class Router:
    """How a subnet routes: its table, how that is known, its legs, and the gaps that leave some of it open."""

    table: Resource | None
    evidence: tuple[Edge, ...]
    legs: tuple[Leg, ...] = ()
    gaps: tuple[Gap, ...] = ()
    vague: tuple[Leg, ...] = ()  # routes by prefix lists that could not be read

    @property
    def place(self) -> str:
        return self.table.key if self.table else ""

    def legs_for(self, addresses: Ranges) -> list[Leg]:
        """The legs that carry any of the addresses, each with its share."""
        return remembered("legs", self.legs, addresses, _shares)


def _shares(legs: tuple[Leg, ...], addresses: Ranges) -> list[Leg]:
    shares = [(leg, leg.addresses & addresses) for leg in legs]
    return [replace(leg, addresses=share) for leg, share in shares if share]


def route_table(graph: Graph, subnet: Resource) -> tuple[Resource | None, tuple[Edge, ...], tuple[Gap, ...]]:
    """The table that routes the subnet: its own association, else the VPC's main table."""
    for edge, table in graph.heads(subnet, "routed-by", TABLE):
        return table, (edge,), ()
    if named := subnet.known("RouteTableId"):  # of a regional NAT gateway
        own_table = net(graph).by_id.get(str(named))
        return (own_table, (), ()) if own_table else (None, (), missing(net(graph), TABLE, str(named)))
    own = _unassociated(graph, subnet, "SubnetIds")
    for placed, vpc in graph.heads(subnet, "placed-in", VPC):
        for edge, table in graph.heads(vpc, "routed-by", TABLE):
            return table, (placed, edge), (*graph.gaps_for(TABLE, subnet.region), *own)
    own += _unassociated(graph, subnet, "MainOf")
    gaps = (*hidden(subnet, "VpcId"), *own, *graph.gaps_for(TABLE, subnet.region), *graph.gaps_for(VPC, subnet.region))
    gaps += of_network(graph, subnet, "its route table")
    return None, (), tuple(dict.fromkeys(gaps))


def _unassociated(graph: Graph, subnet: Resource, name: str) -> tuple[Gap, ...]:
    """The tables that may route the subnet: of its network, and not known whether they are associated with it."""
    network = subnet.known("VpcId")
    tables = graph.once(_half_read)
    return tuple(
        gap
        for table in tables
        if table.known("VpcId") in (None, network) or network is None
        for gap in hidden(table, name)
    )


def _half_read(graph: Graph) -> list[Resource]:
    return [table for table in graph.of_type(TABLE) if hidden(table, "SubnetIds", "MainOf")]


def router(graph: Graph, subnet: Resource) -> Router:
    """The subnet's table as legs; made once a subnet, and the legs once a table."""
    known = graph.once(_routers)
    if subnet.key not in known:
        table, evidence, gaps = route_table(graph, subnet)
        if table is None or gaps:
            known[subnet.key] = Router(table, evidence, gaps=gaps)
        else:
            known[subnet.key] = _of_table(net(graph), table, evidence)
    return known[subnet.key]


def _routers(graph: Graph) -> dict[str, Router]:
    return {}


def edge_router(graph: Graph, gateway: Resource) -> tuple[Router | None, tuple[Gap, ...]]:
    """The table associated with a gateway, which routes what comes in through it, or the gaps that may hide one; most
    gateways have none.
    """
    for edge, table in graph.heads(gateway, "routed-by", TABLE):
        return _of_table(net(graph), table, (edge,)), ()
    return None, graph.once(_gateway_gaps).get(gateway.region, ())


def _gateway_gaps(graph: Graph) -> dict[str, tuple[Gap, ...]]:
    """The tables of which it was not read with which gateways they are associated, by region."""
    out: dict[str, tuple[Gap, ...]] = {}
    for table in graph.of_type(TABLE):
        if gaps := hidden(table, "GatewayIds"):
            out[table.region] = out.get(table.region, ()) + gaps
    return out


def _of_table(index: Net, table: Resource, evidence: tuple[Edge, ...]) -> Router:
    unread = hidden(table, "Routes")
    if unread:
        return Router(table, evidence, gaps=unread)
    known = index.graph.once(_tables)
    if table.key not in known:
        known[table.key] = partition(index, table)
    legs, vague, gaps = known[table.key]
    return Router(table, evidence, legs, gaps, vague)


Partition = tuple[tuple[Leg, ...], tuple[Leg, ...], tuple[Gap, ...]]


def _tables(graph: Graph) -> dict[str, Partition]:
    return {}


def partition(index: Net, table: Resource) -> Partition:
    """The legs of a table, the routes whose prefix list could not be read, and the gaps of those."""
    wanted: list[tuple[int, int, Ranges, dict[str, Any]]] = []
    vague: list[Leg] = []
    gaps: list[Gap] = []
    for route in table.known("Routes", ()):
        name = route.get("DestinationPrefixListId")
        if not name:
            text = destination(route)
            if text:
                wanted.append((*_rank(text, route), line(text), route))
            continue
        _, unseen = prefixes(index, name)
        if unseen:
            vague.append(_leg(index.graph, table, route, NOTHING))
            # What an endpoint's list holds are the addresses of its service: no other traffic is diverted.
            gaps += () if vague[-1].kind == "vpce" else unseen
            continue
        entries = [str(entry["Cidr"]) for entry in index.by_id[name].known("Entries", ())]
        wanted += [(*_rank(text, route), line(text), route) for text in entries]
    taken = NOTHING
    legs: dict[int, Leg] = {}
    for _, _, addresses, route in sorted(wanted, key=lambda each: each[:2]):
        mine = addresses - taken
        taken |= addresses
        key = id(route)
        legs[key] = _leg(index.graph, table, route, legs[key].addresses | mine if key in legs else mine)
    return tuple(leg for leg in legs.values() if leg.addresses), tuple(vague), tuple(gaps)


def to_gateway(graph: Graph, table: Resource) -> Leg | None:
    """A live route to an internet gateway among those that were read. An unread route beside it does not undo it: a
    table has one route for a destination.
    """
    for route, unread in elements(table, "Routes")[0]:
        leg = _leg(graph, table, route, NOTHING)
        if leg.alive and leg.gateway and destination(route) and "State" not in unread:
            return leg
    return None


def _rank(text: str, route: dict[str, Any]) -> tuple[int, int]:
    origin = 2 if route.get("Origin") == "EnableVgwRoutePropagation" else 1 if "DestinationPrefixListId" in route else 0
    return -int(text.partition("/")[2] or 128), origin


def destination(route: dict[str, Any]) -> str:
    return str(route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") or "")


def target_of(route: dict[str, Any]) -> str:
    return next((str(route[name]) for name in _TARGETS if route.get(name)), "")


def _leg(graph: Graph, table: Resource, route: dict[str, Any], addresses: Ranges) -> Leg:
    target = target_of(route)
    words = f"route {destination(route) or route.get('DestinationPrefixListId')} -> {target}"
    known = next((edge for edge, head in graph.heads(table, "routes-to") if head.id == target), None)
    edge = known or Edge(table.key, "routes-to", target, words)
    return Leg(addresses, target, route.get("State", "active") == "active", words, edge, _kind(graph, target))


# A target that is only described in code bears the name that it has there instead of AWS's id.
_KINDS = {
    GATEWAY: "igw", w.NAT: "nat", w.EGRESS_ONLY: "eigw", w.TRANSIT: "tgw", w.PEERING: "pcx", w.ENDPOINT: "vpce",
    w.INTERFACE: "eni", w.INSTANCE: "i", w.VPN: "vgw",
}  # fmt: skip


def _kind(graph: Graph, target: str) -> str:
    known = net(graph).by_id.get(target)
    if known is not None and known.type in _KINDS:
        return _KINDS[known.type]
    return "core" if ":networkmanager:" in target else target.partition("-")[0]
