"""Questions about what a security group lets in, to the last rule."""

from __future__ import annotations

from typing import Any

from auditor.checks.operators import gaps_of
from auditor.checks.predicates import predicate
from auditor.checks.predicates.network import rule_words
from auditor.graph.build import Graph
from auditor.graph.network import GROUP
from auditor.model import Answer, Change, Hidden, Resource

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
    because = f"it also lets in {', '.join(rule_words(rule) for rule in wrong)}" if wrong else "nobody is let in"
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
