"""Questions about web ACLs: which requests their rules keep out, and which they only count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.checks.operators import gaps_of
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import Answer, Hidden, Resource

ACL = "AWS::WAFv2::WebACL"
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
    stopping = [each for each in read if isinstance(each, Mapping) and _acts(each)]
    if stopping:
        return Answer("kept", place, expected, stopping[0].get("Name"))
    if gaps := gaps_of(acl.at("Rules"), default, *rules):
        return Answer.unseen(place, expected, *gaps)
    actual = [each.get("Name") for each in read if isinstance(each, Mapping)] or None
    return Answer("broken", place, expected, actual, "its rules only count requests" if actual else "it has no rule")


def _acts(rule: Mapping[str, Any]) -> bool:
    """Whether it keeps out what it matches, and neither lets it in nor merely counts it."""
    action, over = rule.get("Action"), rule.get("OverrideAction")
    if isinstance(action, Mapping):
        return any(each in action for each in _STOPPING)
    return isinstance(over, Mapping) and "None" in over


_SQL = ("AWSManagedRulesSQLiRuleSet",)


@predicate("stops-requests", needs={ACL: ("Rules",)}, on=(ACL,))
def stops_requests(graph: Graph, acl: Resource, kind: str) -> Answer:
    """A rule of the web ACL limits the rate of requests (`rate`) or stops injected SQL (`sql`), and does not merely
    count them."""
    expected = {"rate": "a rule that limits rates", "sql": "a rule against SQL injection"}.get(kind, kind)
    rules = acl.at("Rules")
    found = rules.marked if isinstance(rules, Hidden) else rules
    counted, open_ended = [], bool(gaps_of(rules))
    for rule in found if isinstance(found, list) else []:
        if not isinstance(rule, Mapping):
            continue
        matches = _matches(rule.get("Statement"), kind)
        if matches and _acts(rule):
            return Answer("kept", "Rules", expected, rule.get("Name"))
        counted += [str(rule.get("Name"))] if matches else []
        open_ended = open_ended or matches is None
    if open_ended:
        because = "" if gaps_of(rules) else "what a rule group of one's own holds is not read"
        return Answer.unseen("Rules", expected, *gaps_of(rules), because=because)
    because = f"{', '.join(counted)} lets them pass" if counted else "no rule does"
    return Answer("broken", "Rules", expected, counted or None, because)


def _matches(statement: Any, kind: str) -> bool | None:
    """None where a group that is not read may."""
    if not isinstance(statement, Mapping):
        return None if isinstance(statement, Hidden) else False
    if "RuleGroupReferenceStatement" in statement:
        return None
    if kind == "rate":
        return "RateBasedStatement" in statement
    managed = statement.get("ManagedRuleGroupStatement") or {}
    if managed.get("Name") in _SQL or "SqliMatchStatement" in statement:
        return True
    inner = [each for name in ("AndStatement", "OrStatement") for each in _inner(statement, name)]
    return any(_matches(each, kind) for each in inner)


def _inner(statement: Mapping[str, Any], name: str) -> list[Any]:
    found = (statement.get(name) or {}).get("Statements") or []
    return found if isinstance(found, list) else []
