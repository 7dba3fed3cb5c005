"""Questions about networks: kinds of subnets, reach from the Internet, open ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.graph.network import (
    GROUP,
    NETWORK_NEEDS,
    SUBNET,
    SUBNETS,
    admitted,
    covers,
    from_internet,
    open_rules,
    route_table,
    stand,
    subnet_kind,
    worldly,
)
from auditor.graph.space import network, public
from auditor.model import ABSENT, Answer, Change, Gap, Hidden, Json, Resource, Verdict

DATABASE = "AWS::RDS::DBInstance"
PLACED = {**NETWORK_NEEDS, SUBNETS: ("SubnetIds",)}


@predicate("subnet-kind", needs=NETWORK_NEEDS, on=(SUBNET,))
def kind_of_subnet(graph: Graph, subnet: Resource, kind: str | list[str]) -> Answer:
    """The subnet is public, private or isolated, judged by its routes and never by its name. `private` admits
    isolated: neither is entered from outside."""
    wanted = [kind] if isinstance(kind, str) else list(kind)
    if "private" in wanted:
        wanted.append("isolated")
    found = subnet_kind(graph, subnet)
    if not found.kind:
        return Answer("unknown", "Routes", kind, None, found.because, found.evidence, gaps=found.gaps)
    verdict: Verdict = "kept" if found.kind in wanted else "broken"
    return Answer(verdict, "Routes", kind, found.kind, found.because, found.evidence)


@predicate("egress-through", needs=PLACED)
def egress(graph: Graph, resource: Resource, type: str) -> Iterator[Answer]:
    """Every subnet in which the resource stands sends its Internet traffic through a resource of this type."""
    subnets = (resource,) if resource.type == SUBNET else stand(graph, resource).subnets
    where = f"egress through {type.split('::')[-1]}"
    if not subnets:
        yield _unplaced(resource, "placed-in", where, stand(graph, resource).gaps)
    for subnet in subnets:
        table, proof, gaps = route_table(graph, subnet)
        if table is None or gaps:
            yield Answer(
                "unknown",
                f"egress[{subnet.id}]",
                where,
                None,
                "its route table could not be read",
                proof,
                gaps=gaps,
            )
            continue
        through = graph.heads(table, "routes-to", type)
        if through:
            yield Answer("kept", f"egress[{subnet.id}]", where, through[0][1].label, evidence=(*proof, through[0][0]))
        elif blind := graph.blind(table, "routes-to", (type,)):
            yield Answer("unknown", f"egress[{subnet.id}]", where, None, blind[0].message, proof, gaps=blind)
        else:
            yield Answer(
                "broken",
                f"egress[{subnet.id}]",
                where,
                "no such route",
                f"{table.label} has no route to one",
                proof,
            )


def _unplaced(resource: Resource, place: str, expected: str, gaps: tuple[Gap, ...]) -> Answer:
    if gaps:
        return Answer("unknown", place, expected, None, gaps[0].message, gaps=gaps)
    return Answer("broken", place, expected, "outside any VPC", f"{resource.label} stands in no subnet of a VPC")


def _hidden_places(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    """What may hide a subnet; which groups guard the resource is not asked."""
    groups = (group for _, group in graph.heads(resource, "placed-in", SUBNETS))
    return tuple(dict.fromkeys(gap for each in (resource, *groups) for gap in graph.blind(each, "placed-in")))


@predicate("in-private-subnets", needs=PLACED)
def in_private_subnets(graph: Graph, resource: Resource) -> Iterator[Answer]:
    """Every subnet in which the resource may be placed has no route to an internet gateway."""
    where = stand(graph, resource)
    gaps = _hidden_places(graph, resource)
    if not where.subnets or gaps:
        yield _unplaced(resource, "placed-in", "only private subnets", gaps)
    for subnet in where.subnets:
        found = subnet_kind(graph, subnet)
        proof = (*where.evidence, *found.evidence)
        place = f"placed-in[{subnet.id}]"
        if not found.kind:
            yield Answer("unknown", place, "a private subnet", None, found.because, proof, gaps=found.gaps)
        elif found.kind == "public":
            yield Answer("broken", place, "a private subnet", f"{subnet.label} is public", found.because, proof)
        else:
            yield Answer("kept", place, "a private subnet", found.kind, found.because, proof)


@predicate("not-reachable-from-internet", needs={**PLACED, DATABASE: ("Engine", "Port", "PubliclyAccessible")})
def closed_to_internet(graph: Graph, resource: Resource, port: int | str, flag: str = "PubliclyAccessible") -> Answer:
    """Nobody on the Internet can open a connection: public flag AND public subnet AND network ACL AND security group
    would all have to allow it. `port` is a number, or the property that says it; where that is left out it is the
    engine's."""
    public_flag = resource.at(flag)
    if public_flag is False or public_flag is ABSENT:
        return Answer("kept", flag, "not reachable", "no public address")
    number = _port(resource, port) if isinstance(port, str) else port
    if isinstance(number, Hidden) or isinstance(public_flag, Hidden):
        hidden = number if isinstance(number, Hidden) else public_flag
        return Answer("unknown", flag, "not reachable", None, hidden.gap.message, gaps=(hidden.gap,))
    if number is ABSENT:
        return Answer("unknown", flag, "not reachable", None, "nothing says on which port it answers")
    answer = from_internet(graph, stand(graph, resource), int(number))
    changes = (Change(resource.key, flag, False),) if answer.verdict == "broken" and public_flag is True else ()
    return Answer(
        answer.verdict,
        flag,
        answer.expected,
        answer.actual,
        answer.because,
        answer.evidence,
        changes,
        answer.gaps,
    )


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


def _port(resource: Resource, place: str) -> Json | Hidden:
    said = resource.at(place)
    engine = resource.at("Engine") if said is ABSENT else ABSENT
    if not isinstance(engine, str):
        return engine if isinstance(engine, Hidden) else said
    return next((number for name, number in _PORTS.items() if engine.startswith(name)), ABSENT)


@predicate("ingress-closed", needs={GROUP: ("SecurityGroupIngress",)}, on=(GROUP,))
def ingress_closed(graph: Graph, group: Resource, ports: list[int]) -> Iterator[Answer]:
    """No rule, and no rules together, open one of these ports to the world. The remedy takes out the opening rules
    and no other."""
    ingress = group.at("SecurityGroupIngress")
    expected = "administration and database ports closed to the world"
    if isinstance(ingress, Hidden):
        yield Answer("unknown", "SecurityGroupIngress", expected, None, ingress.gap.message, gaps=(ingress.gap,))
        return
    offending: list[dict[str, Any]] = []
    opened: list[int] = []
    for port in ports:
        rules = _guilty(group, port)
        if rules:
            opened.append(port)
            offending += [rule for rule in rules if rule not in offending]
    lists = (
        [rule for rule in ingress or [] if ingress is not ABSENT and rule.get("SourcePrefixListId")] if ingress else []
    )
    if offending:
        words = [_rule_words(rule) for rule in offending]
        yield Answer(
            "broken", "SecurityGroupIngress", expected, words,
            f"port {', '.join(map(str, opened))} is open to {', '.join(sorted(_sources(offending)))}",
            changes=(Change(group.key, "SecurityGroupIngress", remove=tuple(offending)),),
        )  # fmt: skip
    elif any(covers(rule, port) for rule in lists for port in ports):
        call = ("ec2", "get_managed_prefix_list_entries", "ec2:GetManagedPrefixListEntries")
        why = "the entries of a prefix list were not read"
        gap = Gap(group.account, group.region, *call, "unresolved", (GROUP,), why, group.key)
        yield Answer(
            "unknown",
            "SecurityGroupIngress",
            expected,
            [_rule_words(rule) for rule in lists],
            gap.message,
            gaps=(gap,),
        )
    else:
        yield Answer("kept", "SecurityGroupIngress", expected, "closed")


def _guilty(group: Resource, port: int) -> list[dict[str, Any]]:
    """The rules that open the port: each that is worldly by itself, else the parts that make a world together; narrow
    ones stay."""
    rules = open_rules(group, port)
    alone = [rule for rule in rules if worldly(admitted([rule], port))]
    if alone:
        return alone
    return [rule for rule in rules if any((network(text)[1] & public(network(text)[0])) for text in _sources([rule]))]


def _sources(rules: list[dict[str, Any]]) -> set[str]:
    return {str(text) for rule in rules for text in (rule.get("CidrIp"), rule.get("CidrIpv6")) if text}


def _rule_words(rule: dict[str, Any]) -> str:
    low, high = rule.get("FromPort"), rule.get("ToPort")
    span = "all ports" if low in (None, -1) else str(low) if low == high else f"{low}-{high}"
    source = (
        rule.get("CidrIp")
        or rule.get("CidrIpv6")
        or rule.get("SourcePrefixListId")
        or rule.get("SourceSecurityGroupId")
    )
    return f"{rule.get('IpProtocol')} {span} from {source}"


@predicate("zone-suffix", needs={SUBNET: ("AvailabilityZone",)}, on=(SUBNET,))
def zone_suffix(graph: Graph, subnet: Resource, **given: str) -> Answer:
    """The subnet lies in the zone with this letter (`is: a` in ap-northeast-2 is ap-northeast-2a)."""
    wanted = str(given.get("is", ""))
    zone = subnet.at("AvailabilityZone")
    if isinstance(zone, Hidden):
        return Answer("unknown", "AvailabilityZone", f"…{wanted}", None, zone.gap.message, gaps=(zone.gap,))
    return Answer(
        "kept" if str(zone).endswith(wanted) else "broken",
        "AvailabilityZone",
        f"{subnet.region}{wanted}",
        zone,
    )


@predicate("covers-zones", needs=PLACED)
def covers_zones(graph: Graph, resource: Resource, suffixes: list[str]) -> Answer:
    """The subnets in which the resource may be placed lie in all of these zones, so that a second copy has a place to
    go."""
    subnets = [head for _, head in graph.heads(resource, "placed-in", SUBNET)] or list(stand(graph, resource).subnets)
    zones = sorted({str(subnet.properties.get("AvailabilityZone", "")) for subnet in subnets})
    proof = tuple(edge for edge, _ in graph.heads(resource, "placed-in", SUBNET))
    lacking = [suffix for suffix in suffixes if not any(zone.endswith(suffix) for zone in zones)]
    expected = [f"{resource.region}{suffix}" for suffix in suffixes]
    if not lacking:
        return Answer("kept", "placed-in", expected, zones, evidence=proof)
    gaps = stand(graph, resource).gaps
    if gaps:
        return Answer("unknown", "placed-in", expected, zones, gaps[0].message, proof, gaps=gaps)
    return Answer("broken", "placed-in", expected, zones, f"no subnet in zone {', '.join(lacking)}", proof)
