"""Whether AWS Backup makes backups of a resource: by its own setting, or by a selection of some plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.kleene import every, some
from auditor.checks.operators import gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.access import like
from auditor.graph.build import Graph
from auditor.model import Answer, Edge, Gap, Resource

SYSTEM = "AWS::EFS::FileSystem"
PLAN, SELECTION = "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"
# The operators of a selection's conditions: whether values are patterns, and whether a match keeps out.
_OPERATORS = {
    "StringEquals": (False, True),
    "StringLike": (True, True),
    "StringNotEquals": (False, False),
    "StringNotLike": (True, False),
}


@predicate(
    "backed-up",
    needs={SYSTEM: ("BackupPolicy", "Tags"), PLAN: ("BackupPlan",), SELECTION: ("BackupPlanId", "BackupSelection")},
    on=(SYSTEM,),
)
def backed_up(graph: Graph, system: Resource) -> Answer:
    """AWS Backup makes backups of the file system: it is switched on at the file system, or a plan that has a rule
    selects it by its ARN, a pattern or a tag."""
    place, expected = "BackupPolicy", "backups by AWS Backup"
    own = system.at("BackupPolicy.Status")
    if holds("ENABLED", own):
        return Answer("kept", place, expected, "automatic backups")
    proof: list[Edge] = []
    gaps = [*gaps_of(own), *graph.gaps_for(SELECTION, system.region), *graph.gaps_for(PLAN, system.region)]
    for selection in graph.of_type(SELECTION):
        covers, unread = _covers(graph, selection, system)
        if covers:
            edges = tuple(edge for edge, _ in graph.heads(selection, "part-of", PLAN))
            return Answer("kept", place, expected, selection.label, evidence=edges)
        gaps += unread if covers is None else ()
        proof += [edge for edge, _ in graph.tails(system, "targets", SELECTION)]
    if gaps:
        return Answer.unseen(place, expected, *dict.fromkeys(gaps))
    because = f"neither its own setting nor a selection of AWS Backup covers {system.label}"
    return Answer("broken", place, expected, "no backups", because, tuple(dict.fromkeys(proof)))


def _covers(graph: Graph, selection: Resource, system: Resource) -> tuple[bool | None, tuple[Gap, ...]]:
    said = selection.at("BackupSelection")
    gaps = gaps_of(said)
    if gaps or not isinstance(said, Mapping):
        return None, gaps
    tagged = system.gap("Tags")
    plans = [plan.at("BackupPlan.BackupPlanRule") for _, plan in graph.heads(selection, "part-of", PLAN)]
    ruled = some(holds({"count": {"gte": 1}}, rules) for rules in plans) if plans else False
    named = some([*_named(said.get("Resources"), system), *_tagged(said.get("ListOfTags"), system, bool(tagged))])
    left_out = some(_named(said.get("NotResources"), system))
    answer = every([ruled, named, None if left_out is None else not left_out, *_conditions(said, system, bool(tagged))])
    unread = (*((tagged,) if tagged else ()), *gaps_of(*plans))
    return answer, unread


def _named(patterns: Any, system: Resource) -> Iterator[bool | None]:
    for pattern in patterns or ():
        yield any(like(str(pattern), text) for text in system.spoken)


def _tagged(wanted: Any, system: Resource, unread: bool) -> Iterator[bool | None]:
    for each in wanted or ():
        key, value = str(each.get("ConditionKey")), each.get("ConditionValue")
        yield None if unread else system.tags.get(key.removeprefix("aws:ResourceTag/")) == value


def _conditions(said: Mapping[str, Any], system: Resource, unread: bool) -> Iterator[bool | None]:
    for operator, rows in (said.get("Conditions") or {}).items():
        pattern, wanted = _OPERATORS.get(operator, (False, True))
        for each in rows or ():
            has = system.tags.get(str(each.get("ConditionKey")).removeprefix("aws:ResourceTag/"))
            value = str(each.get("ConditionValue"))
            met = has is not None and (like(value, has) if pattern else has == value)
            yield None if unread else met is wanted
