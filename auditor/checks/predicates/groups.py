"""Questions about what a security group lets in, to the last rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.equality import number
from auditor.checks.operators import UNFINISHED, gaps_of
from auditor.checks.predicates import predicate
from auditor.graph.boxes import by_family, lines
from auditor.graph.build import Graph
from auditor.graph.network import (
    GROUP,
    PREFIXES,
    admission,
    admitted,
    covers,
    is_worldly,
    listed,
    may_open,
    open_rules,
    worldly,
)
from auditor.graph.space import Ranges, network, public
from auditor.model import Answer, Change, Gap, Hidden, Resource

_FEW = 6  # ports that a sentence names
_SOURCES = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId")


@predicate("admits-exactly", needs={GROUP: ("SecurityGroupIngress",)}, on=(GROUP,))
def admits_exactly(
    graph: Graph, group: Resource, port: int, addresses: list[str] | None = None, type: str = ""
) -> Answer:
    """The group lets in TCP on this port and nothing else: from these address ranges, or, if none are given, from one
    other security group, which protects a resource of `type`. The remedy removes the other rules."""
    place = "SecurityGroupIngress"
    whom = ", ".join(addresses or ()) or f"the security group of a {type.split('::')[-1] or 'resource'}"
    expected = f"tcp {port} from {whom}"
    rules, hidden = _rules(group, place)
    right = [
        rule for rule in rules if _fits(rule, port, addresses) and (addresses or _guards(graph, group, rule, type))
    ]
    sources = {_source(rule) for rule in right}
    wrong = [rule for rule in rules if rule not in right]
    if sources and not wrong and sources == (set(addresses) if addresses else {min(sources)}):
        return Answer.unseen(place, expected, *hidden) if hidden else Answer("kept", place, expected, expected)
    gaps = (*gaps_of(*(each for rule in wrong for each in rule.values())), *hidden)
    if type and not addresses:
        gaps += graph.blind_tails("guarded-by", (type,))
    if gaps and not any(_certain(rule, port, addresses) for rule in wrong):
        return Answer.unseen(place, expected, *gaps)
    actual = [rule_words(rule) for rule in rules]
    because = f"it also lets in {', '.join(rule_words(rule) for rule in wrong)}" if wrong else "no source is let in"
    if not wrong and sources:
        because = "several sources are let in"
    return Answer("broken", place, expected, actual, because, changes=_without(group, place, wrong) if right else ())


def _certain(rule: dict[str, Any], port: int, addresses: list[str] | None) -> bool:
    """Whether the rule is wrong whatever was not read: its ports, or a source of another kind."""
    known = not any(isinstance(each, Hidden) for each in rule.values())
    return known and not (_fits(rule, port, None) and not addresses)


def _guards(graph: Graph, group: Resource, rule: dict[str, Any], type: str) -> bool:
    """Whether the group that the rule lets in protects a resource of the type."""
    if not type:
        return True
    named = str(rule.get("SourceSecurityGroupId", ""))
    heads = [head for edge, head in graph.heads(group, "admits", GROUP) if named in edge.because or head.id == named]
    return any(graph.tails(head, "guarded-by", type) for head in heads)


def _rules(group: Resource, place: str) -> tuple[list[dict[str, Any]], tuple[Any, ...]]:
    """The rules as far as they were read, and what hides others."""
    found = [rule.marked if isinstance(rule, Hidden) else rule for _, rule in group.each(f"{place}[]")]
    rules = [rule for rule in found if isinstance(rule, dict)]
    whole = group.at(place)
    return rules, gaps_of(whole) if isinstance(whole, Hidden) else ()


def _fits(rule: dict[str, Any], port: int, addresses: list[str] | None) -> bool:
    """Whether it is the documented rule. A source that is one of ours by a reference of code counts like its id."""
    ports = {str(rule.get("FromPort")), str(rule.get("ToPort"))} == {str(port)}
    if str(rule.get("IpProtocol")) not in ("tcp", "6") or not ports:
        return False
    return _source(rule) in addresses if addresses else bool(rule.get("SourceSecurityGroupId"))


def _source(rule: dict[str, Any]) -> str:
    return next((str(rule[name]) for name in _SOURCES if rule.get(name)), "")


def _without(group: Resource, place: str, wrong: list[dict[str, Any]]) -> tuple[Change, ...]:
    known = tuple(rule for rule in wrong if not any(isinstance(each, Hidden) for each in rule.values()))
    return (Change(group.key, place, remove=known),) if known else ()


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
        wide = [rule for rule in read if _too_wide(rule, ports, world)]
        if wide:
            because = (
                f"{group.label} lets in {'; '.join(dict.fromkeys(_too_wide(rule, ports, world) for rule in wide))}"
            )
            changes = (Change(group.key, place, remove=tuple(wide)),)
            yield Answer("broken", f"{place}[{group.id}]", expected, wide, because, (edge,), changes)
        elif unread := gaps_of(group.at(place), *rules):
            yield Answer.unseen(f"{place}[{group.id}]", expected, *unread, evidence=(edge,))
        else:
            yield Answer("kept", f"{place}[{group.id}]", expected, evidence=(edge,))


_EVERY_PORT = 65535


def _too_wide(rule: Mapping[str, Any], ports: list[int] | None, world: bool) -> str:
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
    outside = "" if world else _outside(rule)
    return f"addresses of the Internet, {outside}" if outside else ""


def _outside(rule: Mapping[str, Any]) -> str:
    """The addresses of the Internet that a rule lets in."""
    for text in (rule.get("CidrIp"), rule.get("CidrIpv6")):
        if isinstance(text, str) and "$" not in text:
            family, addresses = network(text)
            if addresses & public(family):
                return text
    return ""


@predicate("ingress-closed", needs={GROUP: ("SecurityGroupIngress",)}, on=(GROUP,))
def ingress_closed(graph: Graph, group: Resource, ports: list[int]) -> Iterator[Answer]:
    """No rule of the security group, and no rules together, open one of these ports to the Internet. The remedy removes
    only the rules that do."""
    place, expected = "SecurityGroupIngress", "administration and database ports closed to the Internet"
    found = listed(graph, group)
    lists = {name: addresses for name, (addresses, _) in found.items()}
    opening = {port: rules for port in ports if (rules := _guilty(group, port, lists))}
    offending: list[dict[str, Any]] = []
    for rules in opening.values():
        offending += [rule for rule in rules if rule not in offending]
    ingress = group.at(place)
    unread = {name: gaps for name, (_, gaps) in found.items() if gaps and _named(group, name, ports)}
    if offending:
        words = [rule_words(rule) for rule in offending]
        because = f"{_ports(list(opening))} open to {', '.join(sorted(_told(offending, lists)))}"
        change = Change(group.key, place, remove=tuple(offending))
        yield Answer("broken", place, expected, words, because, changes=(change,))
    elif isinstance(ingress, Hidden) and any(may_open(group, port, lists) for port in ports):
        yield Answer.unseen(place, expected, ingress.gap)
    elif unread:
        gaps = (
            [_not_listed(group)] if not graph.of_type(PREFIXES) else [gap for each in unread.values() for gap in each]
        )
        words = [rule_words(rule) for name in unread for rule in _named(group, name, ports)]
        yield Answer.unseen(place, expected, *dict.fromkeys(gaps), actual=words)
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


def _named(group: Resource, name: str, ports: list[int]) -> list[dict[str, Any]]:
    """The rules about any of the ports that name a prefix list."""
    rules = _rules(group, "SecurityGroupIngress")[0]
    return [each for each in rules if each.get("SourcePrefixListId") == name and any(covers(each, at) for at in ports)]


def _not_listed(group: Resource) -> Gap:
    """Why the entries of a prefix list are not known where no lists were asked for."""
    call = ("ec2", "get_managed_prefix_list_entries", "ec2:GetManagedPrefixListEntries")
    why = "the entries of a prefix list were not read"
    return Gap(group.account, group.region, *call, "unresolved", (GROUP,), why, group.key)


def _guilty(group: Resource, port: int, lists: Mapping[str, Ranges]) -> list[dict[str, Any]]:
    """The rules that open the port: each that is worldly by itself, else the parts that make a world together; narrow
    ones stay."""
    rules = open_rules(group, port, lists)
    alone = [rule for rule in rules if worldly(admitted([rule], port, lists=lists))]
    return alone or [rule for rule in rules if _outside(rule) or rule.get("SourcePrefixListId")]


def _told(rules: list[dict[str, Any]], lists: Mapping[str, Ranges]) -> Iterator[str]:
    """The sources of rules as a sentence names them: a prefix list with what of it makes the world."""
    for source in _sources(rules):
        open_to = worldly(by_family(lists[source])) if source in lists else []
        yield f"{', '.join(open_to[:_FEW])} (prefix list {source})" if open_to else source


def _sources(rules: list[dict[str, Any]]) -> set[str]:
    names = ("CidrIp", "CidrIpv6", "SourcePrefixListId")
    return {str(text) for rule in rules for name in names if (text := rule.get(name))}


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
