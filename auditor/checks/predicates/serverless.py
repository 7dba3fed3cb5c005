"""Questions about functions: the keys they carry, and the schedules that start them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from auditor.checks.equality import unfinished
from auditor.checks.kleene import every, negate, some
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.access import like, may
from auditor.graph.access.held.resource_policies import policy_places
from auditor.graph.build import Graph
from auditor.graph.network import FRONT_NEEDS, invoked, unread_callers
from auditor.model import ABSENT, Answer, Edge, Hidden, Resource, Value, symbolic

FUNCTION, PERMISSION = "AWS::Lambda::Function", "AWS::Lambda::Permission"
RULE, SCHEDULE, ROLE = "AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::IAM::Role"

# Lambda itself keeps the plain AWS_ names for the role's keys, so a team's own pair always carries another name.
_KEY_NAME = re.compile(r"(?i)(access_?key(_?id)?|secret_?(access_?)?key)$")
_AWSY = re.compile(r"(?i)aws|s3|iam|^access_?key|^secret_?access")


@predicate("no-static-keys", needs={FUNCTION: ("Environment",)}, on=(FUNCTION,))
def no_static_keys(graph: Graph, function: Resource) -> Answer:
    """No environment variable of the function looks like an AWS access key. The function uses the credentials of its
    role, which expire."""
    place = "Environment.Variables"
    variables = function.at(place)
    # Of a variable whose value is not known the name is: that is all that counts here.
    named = variables.marked if isinstance(variables, Hidden) else variables
    names = sorted(named) if isinstance(named, dict) else []
    keys = [name for name in names if _KEY_NAME.search(name) and _AWSY.search(name)]
    if keys:
        return Answer("broken", place, "no access keys", keys, f"{', '.join(keys)} looks like a static access key")
    if isinstance(variables, Hidden) and not isinstance(named, dict):
        return Answer.unseen(place, "no access keys", variables.gap)
    return Answer("kept", place, "no access keys", "none")


_UTC = ("UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT")


@predicate("read-in-utc", needs={SCHEDULE: ("ScheduleExpressionTimezone",)}, on=(RULE, SCHEDULE))
def read_in_utc(graph: Graph, schedule: Resource) -> Answer:
    """The schedule expression is evaluated in UTC: always for an EventBridge rule, by its time zone for a schedule."""
    place = "ScheduleExpressionTimezone"
    if schedule.type == RULE:
        return Answer("kept", "ScheduleExpression", "UTC", "UTC", "EventBridge rules are evaluated in UTC")
    zone = schedule.at(place)
    utc = zone is ABSENT or holds({"in": _UTC}, zone)
    if utc is None:
        return Answer.unseen(place, "UTC", *gaps_of(zone), because=UNFINISHED if isinstance(zone, str) else "")
    if utc:
        return Answer("kept", place, "UTC", "UTC" if zone is ABSENT else zone)
    return Answer("broken", place, "UTC", zone, f"the expression is evaluated in {zone}")


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
    """The rules and schedules that target the function are allowed to invoke it: a rule by a permission of the
    function, a schedule by its role."""
    for edge, source in graph.tails(function, "targets", RULE, SCHEDULE):
        ask = _by_statement if source.type == RULE else _by_role
        yield replace(ask(graph, function, source, edge), user=source.key)


def _by_statement(graph: Graph, function: Resource, rule: Resource, edge: Edge) -> Answer:
    place, expected = f"started-by[{rule.id}]", "a statement that lets EventBridge invoke it"
    gaps = graph.blind_tails("part-of", (PERMISSION,))
    open_ended = False
    for part, statement in graph.tails(function, "part-of", PERMISSION):
        lets = _lets_in(graph, statement, rule)
        if lets:
            return Answer("kept", place, expected, statement.label, evidence=(edge, part))
        if lets is None:
            open_ended = True
            gaps += gaps_of(*(statement.at(name) for name in ("Principal", "SourceArn", "Effect")))
    if gaps or open_ended:
        return Answer.unseen(place, expected, *gaps, because="" if gaps else UNFINISHED, evidence=(edge,))
    return Answer("broken", place, expected, None, f"{rule.label} targets it, but no statement allows it", (edge,))


def _lets_in(graph: Graph, statement: Resource, rule: Resource) -> bool | None:
    """Whether the statement lets EventBridge invoke the function for this rule."""
    source = statement.at("SourceArn")
    return every(
        [
            holds({"in": ("events.amazonaws.com", "*")}, statement.at("Principal")),
            source is ABSENT or _means(graph, source, rule),
            negate(holds("Deny", statement.at("Effect"))),
        ]
    )


def _means(graph: Graph, source: Value, rule: Resource) -> bool | None:
    """Whether a pattern of ARNs fits the rule's. Of its names in code one without open parts says most."""
    if isinstance(source, Hidden):
        return None
    if not isinstance(source, str):
        return False
    if any(like(source, text) for text in rule.spoken):
        return True
    if source in _other_arns(graph, rule):
        return False
    whole = [text for text in rule.spoken if not unfinished(text)]
    if whole and not unfinished(source):
        return False
    return some(symbolic.fits(source, text) for text in whole or rule.spoken)


def _other_arns(graph: Graph, rule: Resource) -> frozenset[str]:
    """How other rules' ARNs are written: in code by references, which never stand for this one's."""
    return frozenset(text for each in graph.of_type(RULE) if each.key != rule.key for text in each.spoken if text)


def _by_role(graph: Graph, function: Resource, schedule: Resource, edge: Edge) -> Answer:
    place, expected = f"started-by[{schedule.id}]", "a role of the schedule that may invoke it"
    roles = graph.heads(schedule, "acts-as", ROLE)
    if not roles:
        gaps = graph.blind(schedule, "acts-as", (ROLE,))
        if gaps:
            return Answer.unseen(place, expected, *gaps, evidence=(edge,))
        return Answer("broken", place, expected, None, f"{schedule.label} has no role that exists", (edge,))
    acts, role = roles[0]
    answer = may(graph, role, "lambda:InvokeFunction", function.arn)
    return replace(
        answer, property=place, expected=expected, evidence=(edge, acts, *answer.evidence), changes=(), depends=()
    )


@predicate(
    "called-by-its-apis",
    needs={
        **policy_places((FUNCTION,)),
        **{cfn: FRONT_NEEDS[cfn] for cfn in ("AWS::ApiGateway::Method", "AWS::ApiGateway::Stage",
                                             "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage",
                                             "AWS::ApiGatewayV2::Integration")},
        "AWS::ApiGateway::RestApi": (),
        "AWS::ApiGatewayV2::Api": (),
    },
    on=(FUNCTION,),
)  # fmt: skip
def called_by_its_apis(graph: Graph, function: Resource) -> Iterator[Answer]:
    """The methods and routes of APIs that call the function are allowed to invoke it, each by a permission of the
    function that means this API, its stage and its path; in code one that refers to the API."""
    expected, found = "a statement that lets API Gateway invoke it", False
    for call, lets in invoked(graph, function):
        place, evidence = f"called-by[{call.part.id}]", (*call.edges, *lets.evidence)
        found = True
        yield replace(lets, property=place, expected=expected, evidence=evidence, user=call.api.key)
    gaps = () if found else unread_callers(graph, function)
    if gaps:
        yield Answer.unseen("called-by", expected, *gaps)
