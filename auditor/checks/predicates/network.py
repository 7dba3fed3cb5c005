"""Questions about networks: kinds of subnets, reach from the Internet, open ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from auditor.checks.equality import unfinished
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.boxes import lines
from auditor.graph.build import Graph
from auditor.graph.network import (
    FRONT_NEEDS,
    GROUP,
    NETWORK_NEEDS,
    SUBNET,
    SUBNETS,
    admission,
    admitted,
    covers,
    from_internet,
    is_worldly,
    may_open,
    open_rules,
    route_table,
    stand,
    subnet_kind,
    worldly,
)
from auditor.graph.space import network, public
from auditor.model import ABSENT, Answer, Change, Gap, Hidden, Resource, Value, Verdict

DATABASE, INTERFACE = "AWS::RDS::DBInstance", "AWS::EC2::NetworkInterface"
_DATABASE = ("Engine", "Port", "PubliclyAccessible", "AvailabilityZone", "VPCSecurityGroups", "DBSubnetGroupName")
_FEW = 6  # ports that a sentence names
PLACED = {**NETWORK_NEEDS, **dict.fromkeys(SUBNETS, ("SubnetIds",))}


@predicate("subnet-kind", needs=NETWORK_NEEDS, on=(SUBNET,))
def kind_of_subnet(graph: Graph, subnet: Resource, kind: str | list[str]) -> Answer:
    """The subnet is public, private or isolated by its routes, whatever its name is. `private` includes isolated:
    neither has a route to an internet gateway."""
    wanted = [kind] if isinstance(kind, str) else list(kind)
    if "private" in wanted:
        wanted.append("isolated")
    found = subnet_kind(graph, subnet)
    if not found.kind:
        return Answer.unseen("Routes", kind, *found.gaps, because=found.because, evidence=found.evidence)
    verdict: Verdict = "kept" if found.kind in wanted else "broken"
    return Answer(verdict, "Routes", kind, found.kind, found.because, found.evidence)


@predicate("egress-through", needs=PLACED)
def egress(graph: Graph, resource: Resource, type: str) -> Iterator[Answer]:
    """Every subnet of the resource sends its Internet traffic through a resource of this type, or its interface."""
    subnets = (resource,) if resource.type == SUBNET else stand(graph, resource).subnets
    where = f"egress through {type.split('::')[-1]}"
    gaps = () if resource.type == SUBNET else _hidden_places(graph, resource)
    if not subnets or gaps:
        yield _unplaced(resource, "placed-in", where, gaps or stand(graph, resource).gaps)
    for subnet in subnets:
        yield _egress(graph, subnet, type, where)


def _egress(graph: Graph, subnet: Resource, type: str, where: str) -> Answer:
    place = f"egress[{subnet.id}]"
    table, proof, gaps = route_table(graph, subnet)
    if table is None or gaps:
        return Answer.unseen(place, where, *gaps, because="its route table could not be read", evidence=proof)
    through = graph.heads(table, "routes-to", type)
    if through:
        return Answer("kept", place, where, through[0][1].label, evidence=(*proof, through[0][0]))
    for edge, interface in graph.heads(table, "routes-to", INTERFACE):
        for inner, head in graph.heads(interface, "attached-to", type):
            return Answer("kept", place, where, head.label, evidence=(*proof, edge, inner))
    if blind := graph.blind(table, "routes-to", (type,)):
        return Answer.unseen(place, where, *blind, evidence=proof)
    return Answer(
        "broken", place, where, "no such route", f"{table.label} has no route to a resource of this type", proof
    )


def _unplaced(resource: Resource, place: str, expected: str, gaps: tuple[Gap, ...]) -> Answer:
    if gaps:
        return Answer.unseen(place, expected, *gaps)
    return Answer("broken", place, expected, "outside any VPC", f"{resource.label} is in no subnet of a VPC")


def _hidden_places(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    """What may hide a subnet; which groups guard the resource is not asked."""
    groups = (group for _, group in graph.heads(resource, "placed-in", *SUBNETS))
    return tuple(dict.fromkeys(gap for each in (resource, *groups) for gap in graph.blind(each, "placed-in")))


@predicate("in-private-subnets", needs=PLACED)
def in_private_subnets(graph: Graph, resource: Resource) -> Iterator[Answer]:
    """No subnet that the resource can be placed in has a route to an internet gateway."""
    where = stand(graph, resource)
    gaps = _hidden_places(graph, resource)
    if not where.subnets or gaps:
        yield _unplaced(resource, "placed-in", "only private subnets", gaps)
    for subnet in where.subnets:
        found = subnet_kind(graph, subnet)
        proof = (*where.evidence, *found.evidence)
        place = f"placed-in[{subnet.id}]"
        if not found.kind:
            yield Answer.unseen(place, "a private subnet", *found.gaps, because=found.because, evidence=proof)
        elif found.kind == "public":
            yield Answer("broken", place, "a private subnet", f"{subnet.label} is public", found.because, proof)
        else:
            yield Answer("kept", place, "a private subnet", found.kind, found.because, proof)


@predicate("not-reachable-from-internet", needs={**PLACED, **FRONT_NEEDS, DATABASE: _DATABASE})
def closed_to_internet(graph: Graph, resource: Resource, port: int | str, flag: str = "PubliclyAccessible") -> Answer:
    """No client on the Internet can open a connection: neither at a public address (that would take a public subnet, a
    network ACL and a security group that all allow it), nor through a load balancer, CloudFront or API Gateway.
    `port` is a number or the name of a property; if it is not set, the default port of the engine is used."""
    number = _port(resource, port) if isinstance(port, str) else port
    known = None if isinstance(number, Hidden) or number is ABSENT else int(number)
    answer = from_internet(graph, resource, known)
    if answer.verdict != "kept" and known is None:
        gaps = (number.gap,) if isinstance(number, Hidden) else ()
        return Answer.unseen(flag, "not reachable", *gaps, because="" if gaps else "its port is not known")
    public = resource.at(flag)
    if answer.verdict != "kept" and isinstance(public, Hidden):
        return Answer.unseen(flag, "not reachable", public.gap)
    # A thing without a public address is met over something else, and the flag would change nothing.
    changes = (Change(resource.key, flag, False),) if answer.verdict == "broken" and public is True else ()
    actual = "no public address" if answer.verdict == "kept" and public in (False, ABSENT) else answer.actual
    return replace(answer, property=flag, actual=actual, changes=changes)


# AWS's default ports of the engines of RDS, by how the engine's name begins.
_PORTS = {
    "db2": 50000,
    "mariadb": 3306,
    "mysql": 3306,
    "aurora-mysql": 3306,
    "oracle": 1521,
    "postgres": 5432,
    "sqlserver": 1433,
}


def _port(resource: Resource, place: str) -> Value:
    said = resource.at(place)
    engine = resource.at("Engine") if said is ABSENT else ABSENT
    if not isinstance(engine, str):
        return engine if isinstance(engine, Hidden) else said
    return next((number for name, number in _PORTS.items() if engine.startswith(name)), ABSENT)


@predicate("ingress-closed", needs={GROUP: ("SecurityGroupIngress",)}, on=(GROUP,))
def ingress_closed(graph: Graph, group: Resource, ports: list[int]) -> Iterator[Answer]:
    """No rule of the security group, and no rules together, open one of these ports to the Internet. The remedy removes
    only the rules that do."""
    place, expected = "SecurityGroupIngress", "administration and database ports closed to the Internet"
    opening = {port: rules for port in ports if (rules := _guilty(group, port))}
    offending: list[dict[str, Any]] = []
    for rules in opening.values():
        offending += [rule for rule in rules if rule not in offending]
    ingress = group.at(place)
    lists = [rule for rule in group.known(place, ()) if rule.get("SourcePrefixListId")]
    if offending:
        words = [rule_words(rule) for rule in offending]
        because = f"{_ports(list(opening))} open to {', '.join(sorted(_sources(offending)))}"
        change = Change(group.key, place, remove=tuple(offending))
        yield Answer("broken", place, expected, words, because, changes=(change,))
    elif isinstance(ingress, Hidden) and any(may_open(group, port) for port in ports):
        yield Answer.unseen(place, expected, ingress.gap)
    elif any(covers(rule, port) for rule in lists for port in ports):
        call = ("ec2", "get_managed_prefix_list_entries", "ec2:GetManagedPrefixListEntries")
        why = "the entries of a prefix list were not read"
        gap = Gap(group.account, group.region, *call, "unresolved", (GROUP,), why, group.key)
        yield Answer.unseen(place, expected, gap, actual=[rule_words(rule) for rule in lists])
    else:
        yield Answer("kept", place, expected, "closed")


@predicate("ingress-listed", needs={GROUP: ("SecurityGroupIngress",)}, on=(GROUP,))
def ingress_listed(graph: Graph, group: Resource) -> Answer:
    """The security group lets in listed addresses only: on no port do its rules, one or several together, take in so
    much of the Internet that it is no list any more. The remedy removes the rules that do."""
    place, expected = "SecurityGroupIngress", "listed addresses only"
    let = admission(graph, (group.id,), "SecurityGroupIngress")
    if any(is_worldly(addresses) for _, _, addresses in let.low.slices):
        rules = group.known(place, [])
        bad = [rule for rule in rules if is_worldly(lines(_sources([rule])))]
        change = (Change(group.key, place, remove=tuple(bad)),) if bad else ()
        words = [rule_words(rule) for rule in bad or rules]
        return Answer("broken", place, expected, words, f"{group.label} lets in the Internet", changes=change)
    if let.gaps or any(is_worldly(addresses) for _, _, addresses in let.high.slices):
        return Answer.unseen(place, expected, *let.gaps, because="" if let.gaps else UNFINISHED)
    return Answer("kept", place, expected)


def _guilty(group: Resource, port: int) -> list[dict[str, Any]]:
    """The rules that open the port: each that is worldly by itself, else the parts that make a world together; narrow
    ones stay."""
    rules = open_rules(group, port)
    alone = [rule for rule in rules if worldly(admitted([rule], port))]
    return alone or [rule for rule in rules if _reaches_outside(rule)]


def _reaches_outside(rule: dict[str, Any]) -> bool:
    return any(network(text)[1] & public(network(text)[0]) for text in _sources([rule]))


def _sources(rules: list[dict[str, Any]]) -> set[str]:
    return {str(text) for rule in rules for text in (rule.get("CidrIp"), rule.get("CidrIpv6")) if text}


def _ports(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"port {numbers[0]} is"
    more = f" and {len(numbers) - _FEW} more" if len(numbers) > _FEW else ""
    return f"ports {', '.join(map(str, numbers[:_FEW]))}{more} are"


def rule_words(rule: dict[str, Any]) -> str:
    low, high = rule.get("FromPort"), rule.get("ToPort")
    span = "all ports" if low in (None, -1) else str(low) if low == high else f"{low}-{high}"
    source = (
        rule.get("CidrIp")
        or rule.get("CidrIpv6")
        or rule.get("SourcePrefixListId")
        or rule.get("SourceSecurityGroupId")
    )
    if str(rule.get("IpProtocol")) == "-1":
        return f"all traffic from {source}"
    return f"{rule.get('IpProtocol')} {span} from {source}"


@predicate("zone-suffix", needs={SUBNET: ("AvailabilityZone",)}, on=(SUBNET,))
def zone_suffix(graph: Graph, subnet: Resource, **given: str) -> Answer:
    """The subnet is in the Availability Zone with this letter (`is: a` in ap-northeast-2 is ap-northeast-2a)."""
    wanted = str(given.get("is", ""))
    zone, place, expected = subnet.at("AvailabilityZone"), "AvailabilityZone", f"{subnet.region}{wanted}"
    lies = holds({"endswith": wanted}, zone)
    if lies is None:
        return Answer.unseen(place, expected, *gaps_of(zone), because=UNFINISHED if isinstance(zone, str) else "")
    return Answer("kept" if lies else "broken", place, expected, zone)


@predicate("covers-zones", needs=PLACED)
def covers_zones(graph: Graph, resource: Resource, suffixes: list[str]) -> Answer:
    """The subnets that the resource can be placed in cover all of these Availability Zones, so that a standby has a
    place. A subnet whose zone is not known can stand for one missing zone at most."""
    subnets = [head for _, head in graph.heads(resource, "placed-in", SUBNET)] or list(stand(graph, resource).subnets)
    proof = tuple(edge for edge, _ in graph.heads(resource, "placed-in", SUBNET))
    found = [subnet.at("AvailabilityZone") for subnet in subnets]
    # A subnet for which code says no zone gets one from AWS.
    open_ones = [zone for zone in found if isinstance(zone, Hidden) or zone is ABSENT or unfinished(zone)]
    zones = sorted({zone for zone in found if isinstance(zone, str) and not unfinished(zone)})
    expected = [f"{resource.region}{suffix}" for suffix in suffixes]
    lacking = [suffix for suffix in suffixes if not any(zone.endswith(suffix) for zone in zones)]
    if not lacking:
        return Answer("kept", "placed-in", expected, zones, evidence=proof)
    gaps = stand(graph, resource).gaps
    if gaps or len(open_ones) >= len(lacking):
        gaps = (*gaps, *gaps_of(*open_ones))
        because = "" if gaps else "the zone of a subnet is known only after apply"
        return Answer.unseen("placed-in", expected, *gaps, because=because, evidence=proof, actual=zones)
    return Answer(
        "broken",
        "placed-in",
        expected,
        zones,
        f"no subnet in {', '.join(resource.region + each for each in lacking)}",
        proof,
    )
