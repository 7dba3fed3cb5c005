"""Security groups as exact sets: what the rules of a group, or of several together, let through.

References to groups stay references: who holds a group is asked of the two ends, so that a group with thousands of
members costs no more than one with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.graph.boxes import (
    ALL_SERVICES,
    EVERYTHING,
    EVERYWHERE,
    NOTHING,
    NUMBERS,
    Traffic,
    by_family,
    line,
    lines,
    same,
    service,
)
from auditor.graph.build import Graph
from auditor.graph.network.ground.index import Net, elements, hidden, missing, net, prefixes, widths
from auditor.graph.network.ground.subnet_kinds import WORLDLY
from auditor.graph.network.ground.words import CLUSTER, GROUP, LAUNCH_TEMPLATE, NODES
from auditor.graph.space import Ranges, cidrs, network, public
from auditor.model import Edge, Gap, Resource

INGRESS, EGRESS = "SecurityGroupIngress", "SecurityGroupEgress"


@dataclass(frozen=True, slots=True)
class Admission:
    """What is let through for certain (`low`) and at the most (`high`), by addresses; and by membership in groups."""

    low: Traffic
    high: Traffic
    groups: dict[str, Ranges] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()

    def services(self, addresses: Ranges, groups: Iterable[str] = (), more: bool = False) -> tuple[Ranges, Ranges]:
        """The services certainly and possibly let through for a peer with these addresses that holds these groups, and
        perhaps `more` that were not read.
        """
        joined = self.by_groups(groups)
        most = self.by_any_group() if more else joined
        if not addresses:  # they were not read
            return joined, self.high.services | most
        return self.low.for_all(addresses) | joined, self.high.for_any(addresses) | most

    def by_any_group(self) -> Ranges:
        """The services let through for a peer in any of the groups that rules name."""
        return Ranges.of(span for services in self.groups.values() for span in services.spans)

    def by_groups(self, groups: Iterable[str]) -> Ranges:
        if not self.groups:
            return NOTHING
        return Ranges.of(span for name in groups if name in self.groups for span in self.groups[name].spans)


def guards(graph: Graph, thing: Resource) -> tuple[list[tuple[Edge, Resource]], tuple[Gap, ...]]:
    """The groups of a thing, and what hides some of them. Nodes of EKS have those of their launch template, and where
    it names none, the one that EKS made for the cluster; the cluster's other groups are the control plane's."""
    if thing.type != NODES:
        return graph.heads(thing, "guarded-by", GROUP), graph.blind(thing, "guarded-by", (GROUP,))
    templates = [head for _, head in graph.heads(thing, "applies", LAUNCH_TEMPLATE)]
    named = [pair for each in templates for pair in graph.heads(each, "guarded-by", GROUP)]
    gaps = [gap for each in (thing, *templates) for gap in hidden(each, "LaunchTemplate", "LaunchTemplateData")]
    if not named:
        for _, cluster in graph.heads(thing, "part-of", CLUSTER):
            owned = graph.heads(cluster, "guarded-by", GROUP)
            named += [pair for pair in owned if pair[0].because.startswith("ClusterSecurityGroupId")]
            gaps += hidden(cluster, "ClusterSecurityGroupId")
    return named, (*gaps, *graph.gaps_for(GROUP))


def rule_services(rule: dict[str, Any]) -> Ranges:
    """The services of a rule. For ICMP the two ports are a type and a code, -1 stands for all of them."""
    spoken = str(rule.get("IpProtocol", "-1")).lower()
    low, high = rule.get("FromPort"), rule.get("ToPort")
    if spoken in ("icmp", "icmpv6", "1", "58"):
        if low in (None, -1):
            return service(spoken)
        code = high if high not in (None, -1) else None
        return service(spoken, int(low) * 256 + (code or 0), int(low) * 256 + (code if code is not None else 255))
    if spoken not in ("tcp", "udp", "6", "17") or low in (None, -1):
        return service(spoken)
    return service(spoken, int(low), int(high if high is not None else low))


Name = tuple[str, str | frozenset[str]]  # a side, and one group or several


def admission(graph: Graph, groups: tuple[str, ...], side: str) -> Admission:
    """What several groups let through together: the union of their rules."""
    known = graph.once(_admissions)
    key = (side, frozenset(groups))
    if key not in known:
        each = [_of_group(graph, name, side) for name in groups]
        known[key] = each[0] if len(each) == 1 else _together(each)
    return known[key]


def _admissions(graph: Graph) -> dict[Name, Admission]:
    return {}


def _together(many: list[Admission]) -> Admission:
    references: dict[str, Ranges] = {}
    for one in many:
        for name, services in one.groups.items():
            references[name] = references.get(name, NOTHING) | services
    low = same(Traffic.of(_boxes(each.low for each in many)))
    high = low if all(each.high is each.low for each in many) else Traffic.of(_boxes(each.high for each in many))
    return Admission(low, high, references, tuple(dict.fromkeys(gap for each in many for gap in each.gaps)))


def _boxes(many: Iterable[Traffic]) -> Iterable[tuple[Ranges, Ranges]]:
    for traffic in many:
        for low, high, addresses in traffic.slices:
            yield Ranges(((low, high),)), addresses


def _of_group(graph: Graph, name: str, side: str) -> Admission:
    known = graph.once(_admissions)
    if (side, name) not in known:
        known[side, name] = _read(net(graph), name, side)
    return known[side, name]


def _read(index: Net, name: str, side: str) -> Admission:
    """The rules of one group. They only ever add: what was read is certain, whatever was not."""
    group = index.by_id.get(name)
    if group is None:
        return Admission(Traffic(), EVERYTHING, {}, missing(index, GROUP, name))
    gaps = hidden(group, side)
    boxes: list[tuple[Ranges, Ranges]] = []
    open_ended: list[tuple[Ranges, Ranges]] = []
    references: dict[str, Ranges] = {}
    rules, more = elements(group, side)
    for rule, members in rules:
        if unread := _unread(rule, members):
            services = ALL_SERVICES if unread & _SERVICES else rule_services(rule)
            open_ended.append((services, EVERYWHERE if unread & _PEERS else _by_address(rule) or EVERYWHERE))
            continue
        services = rule_services(rule)
        boxes += [(services, line(text)) for text in (rule.get("CidrIp"), rule.get("CidrIpv6")) if text]
        peer = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
        if peer:
            references[peer] = references.get(peer, NOTHING) | services
        named = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
        if named:
            found, unseen = prefixes(index, named)
            boxes.append((services, found))
            if unseen:
                gaps += unseen
                open_ended += [(services, addresses) for _, _, addresses in EVERYTHING.slices]
    low = same(Traffic.of(boxes))
    if more:
        return Admission(low, EVERYTHING, references, gaps)
    return Admission(low, Traffic.of([*boxes, *open_ended]) if open_ended else low, references, gaps)


_SERVICES = frozenset({"IpProtocol", "FromPort", "ToPort"})
_PEERS = frozenset(
    {
        *("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId"),
        *("DestinationSecurityGroupId", "DestinationPrefixListId"),
    }
)
_ADDRESSED = frozenset({"CidrIp", "CidrIpv6", "SourcePrefixListId"})  # the peers that may be the world


def _unread(rule: dict[str, Any], members: frozenset[str]) -> frozenset[str]:
    """What of a rule may be unread: a rule has one peer, so where that was read no other one is."""
    peer = any(rule.get(name) for name in _PEERS)
    unread = members & (_SERVICES if peer else _SERVICES | _PEERS)
    return unread - _SERVICES if str(rule.get("IpProtocol")) == "-1" else unread


def _by_address(rule: dict[str, Any]) -> Ranges:
    return lines((rule.get("CidrIp"), rule.get("CidrIpv6")))


def covers(rule: dict[str, Any], port: int, protocol: str = "tcp") -> bool:
    """Whether a security group rule is about this port; protocol -1 is every protocol and port."""
    return bool(rule_services(rule) & service(protocol, port if protocol not in ("icmp", "icmpv6") else None))


def listed(graph: Graph, group: Resource) -> dict[str, tuple[Ranges, tuple[Gap, ...]]]:
    """The addresses of each prefix list that ingress rules name, as far as they were read, and what hides others."""
    names = {str(rule.get("SourcePrefixListId") or "") for rule, _ in elements(group, INGRESS)[0]}
    return {name: prefixes(net(graph), name) for name in sorted(names) if name}


def admitted(
    rules: Iterable[dict[str, Any]], port: int, protocol: str = "tcp", lists: Mapping[str, Ranges] | None = None
) -> dict[int, Ranges]:
    """The addresses, by family, that the rules admit on a port by CIDRs, and by those of the `lists`."""
    out = {4: Ranges(), 6: Ranges()}
    for rule in rules:
        if covers(rule, port, protocol):
            for cidr in (rule.get("CidrIp"), rule.get("CidrIpv6")):
                if cidr:
                    family, addresses = network(cidr)
                    out[family] |= addresses
            for family, addresses in by_family((lists or {}).get(rule.get("SourcePrefixListId", ""), NOTHING)).items():
                out[family] |= addresses
    return out


def worldly(addresses: dict[int, Ranges], besides: Mapping[int, int] | None = None) -> list[str]:
    """The CIDRs that make a set open to the world, or nothing. `besides`: how many more addresses there may be."""
    open_to: list[str] = []
    for family, found in addresses.items():
        reach = found & public(family)
        if (reach.size + (besides or {}).get(family, 0)) * WORLDLY >= public(family).size:
            open_to += cidrs(family, found) or ["what is not known"]
    return open_to


def is_worldly(addresses: Ranges) -> bool:
    """The same question about a set on the common line."""
    return bool(worldly(by_family(addresses)))


def open_rules(group: Resource, port: int, lists: Mapping[str, Ranges] | None = None) -> list[dict[str, Any]]:
    """The ingress rules that together open a port to the world, of those that were read whole; none if they do not.
    Of prefix lists those count that are given with their addresses."""
    rules = [rule for rule, members in elements(group, INGRESS)[0] if not _unread(rule, members) and covers(rule, port)]
    if not worldly(admitted(rules, port, lists=lists)):
        return []
    by_list = [name for name, addresses in (lists or {}).items() if addresses]
    return [
        rule
        for rule in rules
        if rule.get("CidrIp") or rule.get("CidrIpv6") or rule.get("SourcePrefixListId") in by_list
    ]


def may_open(group: Resource, port: int, lists: Mapping[str, Ranges] | None = None) -> bool:
    """Whether the ingress rules, with whatever was not read of them, might open a port to the world.

    An address range of which only the width is known stands for that many addresses of the Internet.
    """
    rules, more = elements(group, INGRESS)
    possible, besides = [], {4: 0, 6: 0}
    for (rule, members), known in zip(rules, widths(group, INGRESS), strict=True):
        unread = _unread(rule, members)
        at_most = {**rule, "IpProtocol": "-1"} if unread & _SERVICES else rule
        possible.append(at_most)
        if unread & _ADDRESSED and covers(at_most, port):
            if not all(known.get(name) for name in unread & _ADDRESSED):
                return True
            for name in unread & _ADDRESSED:
                family, bits = (6, 128) if name == "CidrIpv6" else (4, 32)
                besides[family] += 2 ** (bits - known[name])
    return bool(more or worldly(admitted(possible, port, lists=lists), besides))


def port_services(port: int | None, protocol: str = "tcp") -> Ranges:
    """The services that a question is about."""
    if port is None:
        return service("-1" if protocol in ("", "all", "any") else protocol)
    return service(protocol if protocol in NUMBERS or protocol.isdigit() else "tcp", port)
