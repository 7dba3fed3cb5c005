"""Network ACLs: the first entry by number that fits decides, in each direction, for packets and for their answers."""

from __future__ import annotations

from typing import Any

from auditor.graph.boxes import (
    EVERYTHING,
    EVERYWHERE,
    FOUR,
    ICMP,
    ICMPV6,
    SERVICES,
    SIX,
    TCP,
    UDP,
    Traffic,
    line,
    protocol_services,
    service,
)
from auditor.graph.build import Graph
from auditor.graph.network.ground.index import Net, hidden
from auditor.graph.network.ground.words import ACL
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

# The ports to which answers come back. Machines differ (Linux 32768-60999, Windows 49152-65535), gateways and load
# balancers use all of these.
EPHEMERAL = (1024, 65535)


def acl_of(graph: Graph, subnet: Resource) -> Resource | None:
    """The network ACL of a subnet."""
    return next((head for _, head in graph.heads(subnet, "guarded-by", ACL)), None)


def guard(graph: Graph, subnet: Resource) -> tuple[Resource | None, tuple[Edge, ...], tuple[Gap, ...]]:
    """The subnet's ACL with its edge, or the gaps that hide it; a subnet with neither is described without one and
    open.
    """
    for edge, acl in graph.heads(subnet, "guarded-by", ACL):
        return acl, (edge,), hidden(acl, "Entries")
    return None, (), graph.gaps_for(ACL, subnet.region)


def entry_services(rule: dict[str, Any]) -> Ranges:
    protocol = str(rule.get("Protocol", "-1"))
    if protocol in (str(TCP), str(UDP)):
        between = rule.get("PortRange") or {}
        if between.get("From") in (None, -1):
            return service(protocol)
        return service(protocol, int(between["From"]), int(between.get("To", between["From"])))
    if protocol in (str(ICMP), str(ICMPV6)):
        said = rule.get("Icmp") or {}
        kind, code = said.get("Type", -1), said.get("Code", -1)
        if kind in (None, -1):
            return service(protocol)
        first = int(kind) * 256
        return service(protocol, first + max(int(code), 0), first + (int(code) if int(code) >= 0 else 255))
    return service(protocol)


def acl_traffic(index: Net, acl: Resource, egress: bool) -> Traffic:
    """What an ACL lets through in one direction, with the far end's addresses."""
    key = (acl.key, egress)
    if key not in index.acls:
        rules = [rule for rule in acl.properties.get("Entries", []) if bool(rule.get("Egress")) == egress]
        index.acls[key] = first_fits(rules)
    return index.acls[key]


def first_fits(rules: list[dict[str, Any]]) -> Traffic:
    """Entries in the order of their numbers; what none of them fits is denied."""
    let, left = Traffic(), EVERYTHING
    for rule in sorted(rules, key=lambda each: int(each.get("RuleNumber", 32767))):
        cidr = rule.get("CidrBlock") or rule.get("Ipv6CidrBlock")
        if not cidr:
            continue
        spoken = Traffic.box(entry_services(rule), line(cidr))
        if rule.get("RuleAction") == "allow":
            let |= left & spoken
        left -= spoken
    return let


def answers(index: Net, acl: Resource, egress: bool) -> tuple[Traffic, Traffic]:
    """The packets whose answers the ACL lets through in this direction: to every ephemeral port, and to at least
    one.
    """
    key = (acl.key, egress)
    if key not in index.answers:
        index.answers[key] = _answers(acl_traffic(index, acl, egress))
    return index.answers[key]


def _answers(let: Traffic) -> tuple[Traffic, Traffic]:
    always: list[tuple[Ranges, Ranges]] = []
    sometimes: list[tuple[Ranges, Ranges]] = []
    for protocol in (TCP, UDP):
        ports = let.on(service(protocol, *EPHEMERAL))
        sometimes.append((protocol_services(protocol), ports.addresses))
        always.append((protocol_services(protocol), _everywhere(ports, service(protocol, *EPHEMERAL))))
    for protocol, reply, family in ((ICMP, 0, FOUR), (ICMPV6, 129, SIX)):
        # The number of the other family's ICMP is a protocol like any other here.
        foreign = let.on(protocol_services(protocol)).addresses - family
        replies = (let.on(service(protocol, reply * 256)).addresses & family) | foreign
        always.append((protocol_services(protocol), replies))
        sometimes.append((protocol_services(protocol), replies))
    rest = Ranges(((0, SERVICES - 1),))
    for protocol in (ICMP, TCP, UDP, ICMPV6):
        rest -= protocol_services(protocol)
    others = let.on(rest)
    return Traffic.of(always) | others, Traffic.of(sometimes) | others


def _everywhere(traffic: Traffic, services: Ranges) -> Ranges:
    """The addresses that have every one of the services."""
    if services - traffic.services:
        return Ranges()
    found = EVERYWHERE
    for _, _, addresses in traffic.slices:
        found &= addresses
    return found
