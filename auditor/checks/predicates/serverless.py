"""Questions about functions: the keys they carry, and the schedules that start them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.checks.predicates import predicate
from auditor.graph.access import like, may
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Edge, Hidden, Resource, Verdict

FUNCTION, PERMISSION = "AWS::Lambda::Function", "AWS::Lambda::Permission"
RULE, SCHEDULE, ROLE = "AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::IAM::Role"

# Lambda itself keeps the plain AWS_ names for the role's keys, so a team's own pair always carries another name.
_KEY_NAME = re.compile(r"(?i)(access_?key(_?id)?|secret_?(access_?)?key)$")
_AWSY = re.compile(r"(?i)aws|s3|iam|^access_?key|^secret_?access")


@predicate("no-static-keys", needs={FUNCTION: ("Environment",)}, on=(FUNCTION,))
def no_static_keys(graph: Graph, function: Resource) -> Answer:
    """No variable of the function is named like an AWS access key: it works as its role, with keys that expire."""
    place = "Environment.Variables"
    variables = function.at(place)
    if isinstance(variables, Hidden):
        return Answer("unknown", place, "no access keys", None, variables.gap.message, gaps=(variables.gap,))
    names = sorted(variables) if isinstance(variables, dict) else []
    keys = [name for name in names if _KEY_NAME.search(name) and _AWSY.search(name)]
    if not keys:
        return Answer("kept", place, "no access keys", "none")
    return Answer("broken", place, "no access keys", keys, f"{', '.join(keys)} is named like a static access key")


@predicate("read-in-utc", needs={SCHEDULE: ("ScheduleExpressionTimezone",)}, on=(RULE, SCHEDULE))
def read_in_utc(graph: Graph, schedule: Resource) -> Answer:
    """The schedule's expression is meant in UTC: always so for an EventBridge rule, by its time zone for a schedule."""
    place = "ScheduleExpressionTimezone"
    if schedule.type == RULE:
        return Answer("kept", "ScheduleExpression", "UTC", "UTC", "EventBridge rules know no other time zone")
    zone = schedule.at(place)
    if isinstance(zone, Hidden):
        return Answer("unknown", place, "UTC", None, zone.gap.message, gaps=(zone.gap,))
    if zone is ABSENT or zone in ("UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT"):
        return Answer("kept", place, "UTC", "UTC" if zone is ABSENT else zone)
    return Answer("broken", place, "UTC", zone, f"the expression is read in {zone}")


@predicate(
    "started-by-its-schedules",
    needs={
        FUNCTION: (),
        PERMISSION: ("FunctionName", "Principal", "SourceArn", "Effect"),
        RULE: ("Targets",),
        SCHEDULE: ("Target",),
        ROLE: ("Policies", "ManagedPolicyArns"),
        "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    },
    on=(FUNCTION,),
)
def started_by_its_schedules(graph: Graph, function: Resource) -> Iterator[Answer]:
    """What schedules the function may start it: a rule by a statement of the function, a schedule by its role."""
    for edge, source in graph.tails(function, "targets", RULE, SCHEDULE):
        yield (
            _by_statement(graph, function, source, edge)
            if source.type == RULE
            else _by_role(graph, function, source, edge)
        )


def _by_statement(graph: Graph, function: Resource, rule: Resource, edge: Edge) -> Answer:
    place, expected = f"started-by[{rule.id}]", "a statement that lets EventBridge invoke it"
    for part, statement in graph.tails(function, "part-of", PERMISSION):
        principal, source = statement.at("Principal"), statement.at("SourceArn")
        open_to = source is ABSENT or (isinstance(source, str) and any(like(source, text) for text in rule.spoken))
        if principal in ("events.amazonaws.com", "*") and open_to and statement.at("Effect") != "Deny":
            return Answer("kept", place, expected, statement.label, evidence=(edge, part))
    gaps = graph.blind_tails("part-of", (PERMISSION,))
    if gaps:
        return Answer("unknown", place, expected, None, gaps[0].message, (edge,), gaps=gaps)
    return Answer("broken", place, expected, None, f"{rule.label} targets it, but nothing lets it in", (edge,))


def _by_role(graph: Graph, function: Resource, schedule: Resource, edge: Edge) -> Answer:
    place, expected = f"started-by[{schedule.id}]", "a role of the schedule that may invoke it"
    roles = graph.heads(schedule, "acts-as", ROLE)
    if not roles:
        gaps = graph.blind(schedule, "acts-as", (ROLE,))
        verdict: Verdict = "unknown" if gaps else "broken"
        because = gaps[0].message if gaps else f"{schedule.label} acts as no role that exists"
        return Answer(verdict, place, expected, None, because, (edge,), gaps=gaps)
    acts, role = roles[0]
    answer = may(graph, role, "lambda:InvokeFunction", function.arn)
    return Answer(
        answer.verdict, place, expected, answer.actual, answer.because, (edge, acts, *answer.evidence), gaps=answer.gaps
    )
