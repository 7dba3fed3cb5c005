"""Questions about what keeps out: rules of web ACLs, ports of security groups, connections that are encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.equality import number, unfinished
from auditor.checks.operators import UNFINISHED, gaps_of
from auditor.checks.predicates import predicate
from auditor.checks.predicates.network import PLACED
from auditor.graph.build import Graph
from auditor.graph.network import GROUP, SUBNET
from auditor.graph.space import network, public
from auditor.model import ABSENT, Answer, Change, Gap, Hidden, Resource

ACL, INSTANCE, PARAMETERS = "AWS::WAFv2::WebACL", "AWS::RDS::DBInstance", "AWS::RDS::DBParameterGroup"
_STOPPING = ("Block", "Captcha", "Challenge")


@predicate("blocks-requests", needs={ACL: ("DefaultAction", "Rules")}, on=(ACL,))
def blocks_requests(graph: Graph, acl: Resource) -> Answer:
    """The web ACL keeps some requests out: a rule blocks or challenges them, a rule group does and is not turned to
    counting, or everything is blocked that no rule allows."""
    place, expected = "Rules", "a rule that blocks"
    default = acl.at("DefaultAction")
    if isinstance(default, Mapping) and "Block" in default:
        return Answer("kept", "DefaultAction", expected, "blocks what no rule allows")
    rules = [value for _, value in acl.each("Rules[]")]
    read = [each.marked if isinstance(each, Hidden) else each for each in rules]
    stopping = [each for each in read if isinstance(each, Mapping) and _stops(each)]
    if stopping:
        return Answer("kept", place, expected, stopping[0].get("Name"))
    if gaps := gaps_of(acl.at("Rules"), default, *rules):
        return Answer.unseen(place, expected, *gaps)
    actual = [each.get("Name") for each in read if isinstance(each, Mapping)] or None
    return Answer("broken", place, expected, actual, "its rules only count requests" if actual else "it has no rule")


def _stops(rule: Mapping[str, Any]) -> bool:
    action, over = rule.get("Action"), rule.get("OverrideAction")
    if isinstance(action, Mapping):
        return any(each in action for each in _STOPPING)
    return isinstance(over, Mapping) and "None" in over


@predicate("ports-limited", needs={GROUP: ("SecurityGroupIngress",)})
def ports_limited(
    graph: Graph, resource: Resource, ports: list[int] | None = None, world: bool = False
) -> Iterator[Answer]:
    """The security groups of the resource name protocol and ports: none lets in every protocol or every port, with
    `ports` nothing but TCP on these, and addresses of the Internet only where `world: true` says so."""
    place = "SecurityGroupIngress"
    expected = f"TCP {', '.join(map(str, ports))} alone" if ports else "protocols and ports that are named"
    groups = [group for _, group in graph.heads(resource, "guarded-by", GROUP)]
    if gaps := graph.blind(resource, "guarded-by", (GROUP,)):
        yield Answer.unseen("guarded-by", expected, *gaps)
    elif not groups:
        yield Answer("broken", "guarded-by", expected, None, f"no security group guards {resource.label}")
    for edge, group in graph.heads(resource, "guarded-by", GROUP):
        rules = [value for _, value in group.each(f"{place}[]")]
        read = [each for each in rules if isinstance(each, dict)]
        wide = [rule for rule in read if why(rule, ports, world)]
        if wide:
            because = f"{group.label} lets in {'; '.join(dict.fromkeys(why(rule, ports, world) for rule in wide))}"
            changes = (Change(group.key, place, remove=tuple(wide)),)
            yield Answer("broken", f"{place}[{group.id}]", expected, wide, because, (edge,), changes)
        elif unread := gaps_of(group.at(place), *rules):
            yield Answer.unseen(f"{place}[{group.id}]", expected, *unread, evidence=(edge,))
        else:
            yield Answer("kept", f"{place}[{group.id}]", expected, evidence=(edge,))


_EVERY_PORT = 65535


def why(rule: Mapping[str, Any], ports: list[int] | None, world: bool) -> str:
    """What is wrong with a rule of ingress; nothing where it is as narrow as asked."""
    spoken, low, high = str(rule.get("IpProtocol", "-1")), number(rule.get("FromPort")), number(rule.get("ToPort"))
    if spoken == "-1":
        return "every protocol"
    named = spoken in ("tcp", "udp", "6", "17")
    first, last = (int(each) if each is not None else -1 for each in (low, high))
    if named and (first < 0 or last - first >= _EVERY_PORT - 1):
        return f"every port of {spoken.upper()}"
    if ports and (spoken not in ("tcp", "6") or not set(range(first, last + 1)) <= set(ports)):
        return f"{spoken.upper()} {first}" if first == last else f"{spoken.upper()} {first}-{last}"
    return "" if world else _outside(rule)


def _outside(rule: Mapping[str, Any]) -> str:
    for text in (rule.get("CidrIp"), rule.get("CidrIpv6")):
        if isinstance(text, str) and "$" not in text:
            family, addresses = network(text)
            if addresses & public(family):
                return f"addresses of the Internet, {text}"
    return ""


_FORCED, _SINCE = "rds.force_ssl", 15


@predicate(
    "connections-encrypted",
    needs={INSTANCE: ("Engine", "EngineVersion", "DBParameterGroupName"), PARAMETERS: ("Parameters", "Family")},
    on=(INSTANCE,),
)
def connections_encrypted(graph: Graph, instance: Resource) -> Answer:
    """PostgreSQL refuses connections that are not encrypted: its parameter group has `rds.force_ssl` on, which is the
    default from version 15 on."""
    place, expected = f"Parameters.{_FORCED}", "1"
    groups = [group for _, group in graph.heads(instance, "applies", PARAMETERS)]
    said = groups[0].at(f"Parameters[{_FORCED}]") if groups else ABSENT
    if groups:
        held = groups[0].at("Parameters")
        said = held.get(_FORCED, ABSENT) if isinstance(held, Mapping) else held
    if isinstance(said, Hidden):
        return Answer.unseen(place, expected, said.gap)
    if said is not ABSENT:
        kept = str(said) in ("1", "true")
        return Answer(
            "kept" if kept else "broken", place, expected, said, "" if kept else "plain connections are accepted"
        )
    if not groups and (gaps := _hidden_group(graph, instance)):
        return Answer.unseen(place, expected, *gaps)
    version = instance.at("EngineVersion")
    if isinstance(version, Hidden) or version is ABSENT or unfinished(version):
        return Answer.unseen(place, expected, *gaps_of(version), because="" if gaps_of(version) else UNFINISHED)
    major = number(str(version).split(".")[0]) or 0
    if major >= _SINCE:
        return Answer("kept", place, expected, "the default", f"the default of PostgreSQL {major:g}")
    return Answer(
        "broken", place, expected, "the default", f"PostgreSQL {major:g} accepts plain connections by default"
    )


def _hidden_group(graph: Graph, instance: Resource) -> tuple[Gap, ...]:
    """What hides its parameter group. One of AWS's own has nothing set, whether it was read or not."""
    named = instance.at("DBParameterGroupName")
    if named is ABSENT or (isinstance(named, str) and named.startswith("default.")):
        return ()
    return graph.blind(instance, "applies", (PARAMETERS,))


@predicate("in-several-zones", needs=PLACED)
def in_several_zones(graph: Graph, resource: Resource, least: int = 2) -> Answer:
    """The subnets of the resource lie in at least so many Availability Zones."""
    edges = graph.heads(resource, "placed-in", SUBNET)
    subnets, proof = [subnet for _, subnet in edges], tuple(edge for edge, _ in edges)
    found = [subnet.at("AvailabilityZone") for subnet in subnets]
    open_ones = [zone for zone in found if isinstance(zone, Hidden) or zone is ABSENT or unfinished(zone)]
    # Two texts that only the account completes may be the same zone; two that are the same text are.
    zones = sorted({zone for zone in found if isinstance(zone, str) and not unfinished(zone)})
    apart = {zone for zone in found if isinstance(zone, str)}
    expected = f"at least {least} zones"
    if len(zones) >= least:
        return Answer("kept", "placed-in", expected, zones, evidence=proof)
    gaps = (*graph.blind(resource, "placed-in", (SUBNET,)), *gaps_of(*open_ones))
    if gaps or len(zones) + len(open_ones) >= least:
        because = "" if gaps else f"the zones of {len(apart) or 'its'} subnets are known only after apply"
        return Answer.unseen("placed-in", expected, *dict.fromkeys(gaps), because=because, evidence=proof, actual=zones)
    return Answer(
        "broken", "placed-in", expected, zones, f"{resource.label} is in {', '.join(zones) or 'no zone'} alone", proof
    )
