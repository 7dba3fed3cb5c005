"""What kind a subnet is, by the routes of its table and never by its name; IPv4 and IPv6 apart."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.graph.boxes import FOUR, SIX, internet
from auditor.graph.build import Graph
from auditor.graph.network.ground.index import blocks, hidden
from auditor.graph.network.ground.route_tables import Leg, Router, router, to_gateway
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

# "Leads out" and "open to the world" are about sets: at least one 256th of the family's Internet addresses.
WORLDLY = 256


@dataclass(frozen=True, slots=True)
class Kind:
    """What a subnet is by its routes; `evidence` ends with the route that decides. `six` is the kind over IPv6."""

    kind: str  # public, private (egress only), isolated, or "" when it could not be seen
    table: str
    evidence: tuple[Edge, ...] = ()
    because: str = ""
    gaps: tuple[Gap, ...] = ()
    four: str = ""
    six: str = ""  # "none" where the subnet has no IPv6 addresses


def subnet_kind(graph: Graph, subnet: Resource) -> Kind:
    """Public when a route leads to an internet gateway, private when one leads out another way, else isolated."""
    known = graph.once(_kinds)
    if subnet.key not in known:
        known[subnet.key] = _judge(graph, subnet)
    return known[subnet.key]


def _kinds(graph: Graph) -> dict[str, Kind]:
    return {}


def _judge(graph: Graph, subnet: Resource) -> Kind:
    found = router(graph, subnet)
    table = found.table.key if found.table else ""
    if found.table is None or (found.gaps and not found.legs):
        return _unread(graph, found)
    four, by_four = _kind(found.legs, found.vague, FOUR)
    six, by_six = _kind(found.legs, found.vague, SIX)
    if six != "public" and not blocks(subnet) & SIX and not hidden(subnet, "Ipv6CidrBlock"):
        six = "none"
    kind, leg = min(((four, by_four), (six, by_six)), key=lambda each: _ORDER.index(each[0]))
    if kind != "public" and found.gaps:
        return Kind("", table, found.evidence, found.gaps[0].message, found.gaps)
    if leg is None or leg.edge is None:
        return Kind(kind, table, found.evidence, "no route leads out of the VPC", four=four, six=six)
    return Kind(kind, table, (*found.evidence, leg.edge), leg.words, four=four, six=six)


def _unread(graph: Graph, found: Router) -> Kind:
    """A table of which not all was read: public where what was read of it leads to an internet gateway."""
    if found.table is None or not hidden(found.table, "Routes"):
        return Kind("", found.place, found.evidence, "its route table could not be read", found.gaps)
    leg = to_gateway(graph, found.table) if found.gaps == hidden(found.table, "Routes") else None
    if leg:
        return Kind("public", found.place, (*found.evidence, *leg.proof), leg.words)
    return Kind("", found.place, found.evidence, found.gaps[0].message, found.gaps)


_ORDER = ("public", "private", "isolated", "none")


def _kind(legs: tuple[Leg, ...], vague: tuple[Leg, ...], family: Ranges) -> tuple[str, Leg | None]:
    alive = [leg for leg in legs if leg.alive]
    world = internet() & family
    for leg in (*alive, *(each for each in vague if each.alive and family is FOUR)):
        if leg.gateway and (leg in vague or leg.addresses & family):
            return "public", leg
    for leg in sorted(alive, key=lambda each: -(each.addresses & world).size):
        # An endpoint with a prefix list leads to one service and not out.
        inside = leg.target in ("local", "") or (leg.kind == "vpce" and " pl-" in leg.words)
        if not inside and (leg.addresses & world).size * WORLDLY >= world.size:
            return "private", leg
    return "isolated", None
