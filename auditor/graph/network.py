"""Network facts: what kind a subnet is, what security groups and network ACLs admit, who can reach whom.

Pure functions over the graph. Sets are exact (`space.Ranges`), so 0.0.0.0/0 written as two halves is still the world. Whatever
could not be read makes the answer unknown, unless what was read already decides it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from auditor import paths
from auditor.graph.build import Graph
from auditor.graph.space import Ranges, cidrs, network, public
from auditor.model import ABSENT, Answer, Edge, Gap, Resource

SUBNET, TABLE, GROUP = "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup"
ACL, VPC, SUBNETS = "AWS::EC2::NetworkAcl", "AWS::EC2::VPC", "AWS::RDS::DBSubnetGroup"
GATEWAY = "AWS::EC2::InternetGateway"

NETWORK_NEEDS = {
    VPC: ("VpcId",),
    SUBNET: ("VpcId", "CidrBlock", "Ipv6CidrBlock", "AvailabilityZone"),
    TABLE: ("VpcId", "Routes", "SubnetIds", "MainOf"),
    GROUP: ("VpcId", "SecurityGroupIngress", "SecurityGroupEgress"),
    ACL: ("Entries", "SubnetIds"),
    GATEWAY: ("VpcId",),
    "AWS::EC2::NatGateway": ("SubnetId",),
}

# "Open to the world" is a set, not the text 0.0.0.0/0: at least one 256th of the family's Internet addresses.
_WORLDLY = 256


@dataclass(frozen=True, slots=True)
class Kind:
    """What a subnet is by its routes; `via` is the edge or route that decides."""

    kind: str  # public, private (egress only), isolated, or "" when it could not be seen
    table: str
    evidence: tuple[Edge, ...] = ()
    because: str = ""
    gaps: tuple[Gap, ...] = ()


def route_table(graph: Graph, subnet: Resource) -> tuple[Resource | None, tuple[Edge, ...], tuple[Gap, ...]]:
    """The table that routes the subnet: its own association, else the VPC's main table."""
    for edge, table in graph.heads(subnet, "routed-by", TABLE):
        return table, (edge,), ()
    for placed, vpc in graph.heads(subnet, "placed-in", VPC):
        for edge, table in graph.heads(vpc, "routed-by", TABLE):
            return table, (placed, edge), ()
    return None, (), graph.gaps_for(TABLE, subnet.region) + graph.gaps_for(VPC, subnet.region)


def subnet_kind(graph: Graph, subnet: Resource) -> Kind:
    """Public when a route leads to an internet gateway, private when one leads out another way, else isolated."""
    table, evidence, gaps = route_table(graph, subnet)
    if table is None or gaps:
        return Kind("", table.key if table else "", evidence, "its route table could not be read", gaps)
    hidden = paths.hidden(table.unknown, "Routes")
    if hidden:
        return Kind("", table.key, evidence, hidden.message, (hidden,))
    leads = [(route, _target(route)) for route in table.properties.get("Routes", [])]
    alive = [(route, target) for route, target in leads if route.get("State", "active") == "active"]
    for route, target in alive:
        if target.startswith("igw-"):
            return Kind("public", table.key, (*evidence, _edge(graph, table, target, route)), _words(route, target))
    for route, target in alive:
        if _default(route) and target and target != "local":
            return Kind("private", table.key, (*evidence, _edge(graph, table, target, route)), _words(route, target))
    return Kind("isolated", table.key, evidence, "no route leads out of the VPC")


def _target(route: dict[str, Any]) -> str:
    names = (
        "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId", "VpcPeeringConnectionId",
        "NetworkInterfaceId", "InstanceId", "LocalGatewayId", "CarrierGatewayId", "VpcEndpointId", "CoreNetworkArn",
    )  # fmt: skip
    return next((str(route[name]) for name in names if route.get(name)), "")


def _default(route: dict[str, Any]) -> bool:
    return route.get("DestinationCidrBlock") == "0.0.0.0/0" or route.get("DestinationIpv6CidrBlock") == "::/0"


def _words(route: dict[str, Any], target: str) -> str:
    where = (
        route.get("DestinationCidrBlock")
        or route.get("DestinationIpv6CidrBlock")
        or route.get("DestinationPrefixListId")
    )
    return f"route {where} -> {target}"


def _edge(graph: Graph, table: Resource, target: str, route: dict[str, Any]) -> Edge:
    known = next((edge for edge, head in graph.heads(table, "routes-to") if head.id == target), None)
    return known or Edge(table.key, "routes-to", target, _words(route, target))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a resource stands in the network."""

    subnets: tuple[Resource, ...]
    groups: tuple[Resource, ...]
    evidence: tuple[Edge, ...]
    gaps: tuple[Gap, ...]


def stand(graph: Graph, resource: Resource) -> Stand:
    """The subnets and security groups of anything placed in a VPC, through a subnet group where there is one."""
    placed = graph.heads(resource, "placed-in", SUBNET)
    gaps = list(graph.blind(resource, "placed-in"))
    for edge, group in graph.heads(resource, "placed-in", SUBNETS):
        placed += [(edge, group), *graph.heads(group, "placed-in", SUBNET)]
        gaps += graph.blind(group, "placed-in")
    guarded = graph.heads(resource, "guarded-by", GROUP)
    gaps += graph.blind(resource, "guarded-by", (GROUP,))
    subnets = tuple(head for _, head in placed if head.type == SUBNET)
    edges = tuple(edge for edge, _ in (*placed, *guarded))
    return Stand(subnets, tuple(head for _, head in guarded), edges, tuple(dict.fromkeys(gaps)))


def covers(rule: dict[str, Any], port: int, protocol: str = "tcp") -> bool:
    """Whether a security group rule is about this port; protocol -1 is every protocol and port."""
    numbers = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
    spoken = str(rule.get("IpProtocol", "-1")).lower()
    spoken = numbers.get(spoken, spoken)
    if spoken == "-1":
        return True
    low, high = rule.get("FromPort"), rule.get("ToPort")
    return spoken == protocol and (low in (None, -1) or int(low) <= port <= int(high if high is not None else low))


def admitted(rules: Iterable[dict[str, Any]], port: int, protocol: str = "tcp") -> dict[int, Ranges]:
    """The addresses, by family, that the CIDR rules admit on a port."""
    out = {4: Ranges(), 6: Ranges()}
    for rule in rules:
        if covers(rule, port, protocol):
            for cidr in (rule.get("CidrIp"), rule.get("CidrIpv6")):
                if cidr:
                    family, addresses = network(cidr)
                    out[family] |= addresses
    return out


def worldly(addresses: dict[int, Ranges]) -> list[str]:
    """The CIDRs that make a set open to the world, or nothing."""
    open_to: list[str] = []
    for family, found in addresses.items():
        reach = found & public(family)
        if reach.size * _WORLDLY >= public(family).size:
            open_to += cidrs(family, found)
    return open_to


def open_rules(group: Resource, port: int) -> list[dict[str, Any]]:
    """The ingress rules that together open a port to the world; none if they do not."""
    rules = [rule for rule in group.properties.get("SecurityGroupIngress", []) if covers(rule, port)]
    if not worldly(admitted(rules, port)):
        return []
    return [rule for rule in rules if rule.get("CidrIp") or rule.get("CidrIpv6")]


def acl_of(graph: Graph, subnet: Resource) -> Resource | None:
    """The network ACL of a subnet."""
    return next((head for _, head in graph.heads(subnet, "guarded-by", ACL)), None)


def acl_admits(acl: Resource, port: int, egress: bool, addresses: dict[int, Ranges]) -> dict[int, Ranges]:
    """What of `addresses` a network ACL lets through on a TCP port: its rules by number, the first that fits decides."""
    out = {4: Ranges(), 6: Ranges()}
    left = dict(addresses)
    rules = [rule for rule in acl.properties.get("Entries", []) if bool(rule.get("Egress")) == egress]
    for rule in sorted(rules, key=lambda each: int(each.get("RuleNumber", 32767))):
        if not _acl_covers(rule, port):
            continue
        cidr = rule.get("CidrBlock") or rule.get("Ipv6CidrBlock")
        if not cidr:
            continue
        family, spoken = network(cidr)
        if rule.get("RuleAction") == "allow":
            out[family] |= left[family] & spoken
        left[family] -= spoken
    return out


def _acl_covers(rule: dict[str, Any], port: int) -> bool:
    protocol = str(rule.get("Protocol", "-1"))
    if protocol == "-1":
        return True
    between = rule.get("PortRange") or {}
    return protocol == "6" and int(between.get("From", 0)) <= port <= int(between.get("To", 65535))


def from_internet(graph: Graph, where: Stand, port: int) -> Answer:
    """Whether packets from the Internet arrive at a publicly addressed thing that stands there: subnet, ACL and group must all let them."""
    for subnet in where.subnets:
        kind = subnet_kind(graph, subnet)
        if kind.kind and kind.kind != "public":
            continue
        for group in where.groups:
            opened = open_rules(group, port)
            if not opened:
                continue
            acl = acl_of(graph, subnet)
            if acl and not worldly(acl_admits(acl, port, False, admitted(opened, port))):
                continue
            proof = (*where.evidence, *kind.evidence)
            sources = ", ".join(str(rule.get("CidrIp") or rule.get("CidrIpv6")) for rule in opened)
            because = f"{group.label} admits {sources} on port {port}; {subnet.label} is public ({kind.because})"
            if kind.kind:
                return Answer("broken", expected="not reachable", actual="reachable", because=because, evidence=proof)
            return Answer("unknown", expected="not reachable", because=kind.because, gaps=kind.gaps)
    gaps = where.gaps + tuple(gap for group in where.groups for gap in _hidden(group, "SecurityGroupIngress"))
    if gaps or not where.subnets:
        return Answer(
            "unknown" if gaps else "kept",
            expected="not reachable",
            gaps=gaps,
            because=gaps[0].message if gaps else "",
        )
    return Answer("kept", expected="not reachable", actual="not reachable", evidence=where.evidence)


def _hidden(resource: Resource, path: str) -> tuple[Gap, ...]:
    gap = paths.hidden(resource.unknown, path)
    return (gap,) if gap else ()


def flows(graph: Graph, tail: Resource, head: Resource, port: int) -> Answer:
    """Whether TCP from `tail` arrives at `head` inside the VPC: groups on both ends, network ACLs of both subnets."""
    one, other = stand(graph, tail), stand(graph, head)
    gaps = one.gaps + other.gaps
    expected = f"{tail.label} reaches {head.label} on tcp {port}"
    if not one.subnets or not other.subnets:
        lacking = tail if not one.subnets else head
        if gaps:
            return Answer("unknown", expected=expected, because=gaps[0].message, gaps=gaps)
        return Answer(
            "broken",
            expected=expected,
            actual="no path",
            because=f"{lacking.label} stands in no subnet of a VPC",
        )
    if {each.properties.get("VpcId") for each in one.subnets}.isdisjoint(
        {each.properties.get("VpcId") for each in other.subnets}
    ):
        return Answer("broken", expected=expected, actual="no path", because="the two stand in different VPCs")
    out = any(_lets(group, "SecurityGroupEgress", port, other) for group in one.groups)
    into = any(_lets(group, "SecurityGroupIngress", port, one) for group in other.groups)
    proof = (*one.evidence, *other.evidence)
    hidden = gaps + tuple(gap for group in one.groups for gap in _hidden(group, "SecurityGroupEgress"))
    hidden += tuple(gap for group in other.groups for gap in _hidden(group, "SecurityGroupIngress"))
    if out and into:
        return Answer("kept", expected=expected, actual="reaches", evidence=proof)
    if hidden:
        return Answer("unknown", expected=expected, because=hidden[0].message, gaps=hidden, evidence=proof)
    stops = one.groups if not out else other.groups
    names = ", ".join(group.label for group in stops) or "no security group"
    way = "lets nothing out to" if not out else "admits nothing from"
    peer = head if not out else tail
    because = f"{names} {way} {peer.label} on tcp {port}"
    return Answer("broken", expected=expected, actual="no path", because=because, evidence=proof)


def _lets(group: Resource, side: str, port: int, peer: Stand) -> bool:
    """Whether one group's rules on a side let the peer through, by reference to its groups or by the CIDRs of its subnets."""
    groups = {each.id for each in peer.groups}
    rules = [rule for rule in group.properties.get(side, []) if covers(rule, port)]
    for rule in rules:
        if {rule.get("SourceSecurityGroupId"), rule.get("DestinationSecurityGroupId")} & groups:
            return True
    allowed = admitted(rules, port)
    blocks = [subnet.properties.get("CidrBlock", ABSENT) for subnet in peer.subnets]
    known = [network(block)[1] for block in blocks if isinstance(block, str)]
    return bool(known) and all(not (block - allowed[4]) for block in known)
