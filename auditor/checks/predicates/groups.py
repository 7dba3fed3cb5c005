"""Questions about what a security group lets in, to the last rule."""

from __future__ import annotations

from typing import Any

from auditor.checks.operators import UNFINISHED, gaps_of
from auditor.checks.predicates import predicate
from auditor.checks.predicates.network import rule_words
from auditor.graph.build import Graph
from auditor.graph.network import GROUP
from auditor.model import Answer, Change, Hidden, Resource

_SOURCES = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId")


@predicate("admits-exactly", needs={GROUP: ("SecurityGroupIngress",)}, on=(GROUP,))
def admits_exactly(graph: Graph, group: Resource, port: int, addresses: list[str] | None = None) -> Answer:
    """The group lets in TCP on this port and nothing else: from these address ranges, or, if none are given, from one
    other security group. The remedy removes the other rules."""
    place, whom = "SecurityGroupIngress", ", ".join(addresses or ()) or "one security group"
    expected = f"tcp {port} from {whom}"
    rules, hidden = _rules(group, place)
    right = [rule for rule in rules if _fits(rule, port, addresses)]
    sources = {_source(rule) for rule in right}
    wrong = [rule for rule in rules if rule not in right]
    wanted = set(addresses) if addresses else sources if len(sources) == 1 else None
    if not wrong and sources and sources == wanted:
        return Answer.unseen(place, expected, *hidden) if hidden else Answer("kept", place, expected, expected)
    actual = [rule_words(rule) for rule in rules]
    if wrong:
        unclear = [rule for rule in wrong if any(isinstance(each, Hidden) for each in rule.values())]
        if len(unclear) == len(wrong):
            gaps = gaps_of(*(each for rule in unclear for each in rule.values()))
            return Answer.unseen(place, expected, *gaps, because="" if gaps else UNFINISHED)
        because = f"it also lets in {', '.join(rule_words(rule) for rule in wrong)}"
        return Answer("broken", place, expected, actual, because, changes=_without(group, place, wrong))
    if hidden:
        return Answer.unseen(place, expected, *hidden)
    because = "several sources are let in" if len(sources) > 1 else "the documented source is not let in"
    return Answer("broken", place, expected, actual, because)


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
