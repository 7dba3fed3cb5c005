"""Network ACLs: the first entry by number that fits decides, in each direction, for packets and for their answers."""

from __future__ import annotations

from typing import Any

from auditor.graph.boxes import (
    ALL_SERVICES,
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
from auditor.graph.network.ground.index import elements, hidden, unread_links
from auditor.graph.network.ground.owners import of_network
from auditor.graph.network.ground.words import ACL
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

# The ports to which answers come back. Machines differ (Linux 32768-60999, Windows 49152-65535), gateways and load
# balancers use all of these.
EPHEMERAL = (1024, 65535)


# What an entry may be about where the member that says it was not read.
_MEMBERS = {
    "Protocol": "services", "PortRange": "services", "Icmp": "services", "CidrBlock": "addresses",
    "Ipv6CidrBlock": "addresses", "RuleAction": "action", "RuleNumber": "number", "Egress": "direction",
}  # fmt: skip
Both = tuple[Traffic, Traffic]  # what certainly and what possibly gets through


def guard(graph: Graph, subnet: Resource) -> tuple[Resource | None, tuple[Edge, ...], tuple[Gap, ...]]:
    """The subnet's ACL with its edge, or the gaps that hide it; a subnet with neither is described without one and
    open.
    """
    for edge, acl in graph.heads(subnet, "guarded-by", ACL):
        return acl, (edge,), hidden(acl, "Entries")
    gaps = unread_links(graph, ACL, "guarded-by", subnet.region)
    return None, (), gaps + of_network(graph, subnet, "its network ACL")


def entry_services(rule: dict[str, Any]) -> Ranges:
    protocol = str(rule.get("Protocol", "-1"))
    if protocol in (str(TCP), str(UDP)):
        between = rule.get("PortRange") or {}
        if between.get("From") in (None, -1):
            return service(protocol)
        return service(protocol, int(between["From"]), int(between.get("To", between["From"])))
    if protocol in (str(ICMP), str(ICMPV6)):
        icmp = rule.get("Icmp") or {}
        kind, code = icmp.get("Type", -1), icmp.get("Code", -1)
        if kind in (None, -1):
            return service(protocol)
        first = int(kind) * 256
        return service(protocol, first + max(int(code), 0), first + (int(code) if int(code) >= 0 else 255))
    return service(protocol)


def acl_traffic(graph: Graph, acl: Resource, egress: bool) -> Both:
    """What an ACL certainly and possibly lets through in one direction, with the far end's addresses."""
    known = graph.once(_let)
    key = (acl.key, egress)
    if key not in known:
        known[key] = _judged(acl, egress) if acl.unknown else _whole(acl, egress)
    return known[key]


def _let(graph: Graph) -> dict[tuple[str, bool], Both]:
    return {}


def _whole(acl: Resource, egress: bool) -> Both:
    let = first_fits([rule for rule in acl.known("Entries", ()) if bool(rule.get("Egress")) == egress])
    return let, let


def first_fits(rules: list[dict[str, Any]]) -> Traffic:
    """Entries in the order of their numbers; what none of them fits is denied."""
    let, left = Traffic(), EVERYTHING
    for rule in sorted(rules, key=_number):
        cidr = rule.get("CidrBlock") or rule.get("Ipv6CidrBlock")
        if not cidr:
            continue
        spoken = Traffic.box(entry_services(rule), line(cidr))
        if rule.get("RuleAction") == "allow":
            let |= left & spoken
        left -= spoken
    return let


def _number(rule: dict[str, Any]) -> int:
    return int(rule.get("RuleNumber", 32767))


def _judged(acl: Resource, egress: bool) -> Both:
    """The same where something of it was not read: certain is what no entry before may deny, possible what none does.

    An entry that was not read at all may stand before all others, so then nothing is certain.
    """
    entries, more = elements(acl, "Entries")
    if more:
        return Traffic(), EVERYTHING
    rules = []
    for rule, members in entries:
        unread = {_MEMBERS[each] for each in members if each in _MEMBERS}
        if "CidrBlock" in rule or "Ipv6CidrBlock" in rule:
            unread.discard("addresses")
        if bool(rule.get("Egress")) == egress or "direction" in unread:
            rules.append((rule, unread))
    low, high, denied, deniable = Traffic(), Traffic(), Traffic(), Traffic()
    for rule, unread in rules:  # an entry without its number may be the first one
        if "number" in unread and _may(rule, unread, "deny"):
            deniable |= _spoken(rule, unread)
    for rule, unread in sorted(rules, key=lambda each: _number(each[0])):
        most = _spoken(rule, unread)
        least = Traffic() if unread else most
        if _may(rule, unread, "allow"):
            low |= least - deniable
            high |= most if "number" in unread else most - denied
        if _may(rule, unread, "deny"):
            denied, deniable = denied | least, deniable | most
    return low, high


def _may(rule: dict[str, Any], unread: set[str], action: str) -> bool:
    return "action" in unread or (rule.get("RuleAction") == "allow") == (action == "allow")


def _spoken(rule: dict[str, Any], unread: set[str]) -> Traffic:
    """The packets that an entry is about, at the most."""
    cidr = rule.get("CidrBlock") or rule.get("Ipv6CidrBlock")
    if not cidr and "addresses" not in unread:
        return Traffic()
    services = ALL_SERVICES if "services" in unread else entry_services(rule)
    return Traffic.box(services, line(cidr) if cidr else EVERYWHERE)


def answers(graph: Graph, acl: Resource, egress: bool) -> tuple[Both, Both]:
    """The packets whose answers the ACL lets through in this direction: to every ephemeral port, and to at least
    one; each certainly and possibly.
    """
    known = graph.once(_answered)
    key = (acl.key, egress)
    if key not in known:
        low, high = acl_traffic(graph, acl, egress)
        always, sometimes = _answers(low)
        most = (always, sometimes) if low is high else _answers(high)
        known[key] = ((always, most[0]), (sometimes, most[1]))
    return known[key]


def _answered(graph: Graph) -> dict[tuple[str, bool], tuple[Both, Both]]:
    return {}


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
