"""As which IAM roles something acts: as its own, or as those of what stands between.

An instance acts as the role of its instance profile. A service of ECS acts as the roles of the task definition that it
runs: the programs in its containers as the task role, the agent that starts them as the execution role. Programs cannot
get at the credentials of the execution role, and the agent does nothing with it but fetch images, secrets and files of
variables, and write logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.graph.access.held.identities import may
from auditor.graph.build import Graph
from auditor.model import Answer, Edge, Gap, Resource, ResourceType

ROLE, PROFILE, INSTANCE = "AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::EC2::Instance"
SERVICE, TASK = "AWS::ECS::Service", "AWS::ECS::TaskDefinition"
TEMPLATE = "AWS::EC2::LaunchTemplate"
# What stands between a thing and its roles, with the relation that leads there, and what of it names them.
_BETWEEN = {INSTANCE: ("acts-as", PROFILE), TEMPLATE: ("acts-as", PROFILE), SERVICE: ("runs", TASK)}
_OF_AGENT = "ExecutionRoleArn"
_NAMING = {PROFILE: ("Roles",), TASK: ("TaskRoleArn", _OF_AGENT)}
_AGENT = ("ecr", "logs", "secretsmanager", "ssm", "kms")

Acting = list[tuple[tuple[Edge, ...], Resource]]


def roles_of(graph: Graph, thing: Resource, action: str = "") -> Acting:
    """The roles with the edges that lead to them; with an `action` those alone that are used for such a call."""
    found: Acting = [((edge,), role) for edge, role in graph.heads(thing, "acts-as", ROLE)]
    if thing.type in _BETWEEN:
        for edge, middle in graph.heads(thing, *_BETWEEN[thing.type]):
            found += [((edge, onward), role) for onward, role in graph.heads(middle, "acts-as", ROLE)]
    return [(edges, role) for edges, role in found if not _agents(edges[-1]) or not action or _by_agent(action)]


def acted_on(resource: Resource, action: str) -> list[str]:
    """The texts by which a policy means a resource: of a bucket what is inside, unless the action is about itself."""
    inner = "/*" if resource.type == "AWS::S3::Bucket" and "Bucket" not in action else ""
    return [text + inner for text in resource.spoken]


def acts_may(graph: Graph, thing: Resource, action: str, resources: Iterable[str]) -> Answer:
    """Whether a role that it acts as may do an action on one of these; one that was not read may."""
    answers = [
        replace(found, evidence=(*edges, *found.evidence))
        for edges, role in roles_of(graph, thing, action)
        for found in (may(graph, role, action, each) for each in resources)
    ]
    for verdict in ("kept", "unknown"):
        if right := next((each for each in answers if each.verdict == verdict), None):
            return right
    if gaps := unread_roles(graph, thing, action):
        return Answer.unseen("", "", *gaps)
    return answers[0] if answers else Answer("broken", "", "", "no role", f"{thing.label} has no role that exists")


def unread_roles(graph: Graph, thing: Resource, action: str = "") -> tuple[Gap, ...]:
    """What may hide a role of it; with an `action` a role that is used for such a call."""
    gaps = graph.blind(thing, "acts-as")
    if thing.type in _BETWEEN:
        relation, middle = _BETWEEN[thing.type]
        gaps += graph.blind(thing, relation, (middle,))
        for _, each in graph.heads(thing, relation, middle):
            idle = each.gap(_OF_AGENT) if action and not _by_agent(action) else None
            gaps += tuple(gap for gap in graph.blind(each, "acts-as") if gap != idle)
    return tuple(dict.fromkeys(gaps))


def programs_as(graph: Graph, role: Resource, cfn: str) -> list[Resource]:
    """The resources of a type whose programs have the role's credentials."""
    found = [thing for edge, thing in graph.tails(role, "acts-as", cfn) if not _agents(edge)]
    if cfn in _BETWEEN:
        relation, kind = _BETWEEN[cfn]
        for edge, middle in graph.tails(role, "acts-as", kind):
            found += [thing for _, thing in graph.tails(middle, relation, cfn)] if not _agents(edge) else []
    return found


def unread_programs(graph: Graph, cfn: str) -> bool:
    """Whether something of a type may have a role's credentials without that having been seen."""
    relation, middle = _BETWEEN.get(cfn, ("acts-as", ""))
    unread = graph.blind_tails(relation, (cfn,))
    return bool(unread or (middle in graph.inventory.asked and graph.blind_tails("acts-as", (middle,))))


def acting_needs(tails: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What has to be read besides such resources to know their roles."""
    return {cfn: _NAMING[cfn] for tail in tails for cfn in between(tail)}


def between(cfn: str) -> tuple[str, ...]:
    """The types that stand between things of a type and their roles."""
    return (_BETWEEN[cfn][1],) if cfn in _BETWEEN else ()


def acting_types(types: Mapping[str, ResourceType]) -> set[str]:
    """The types that act as IAM roles, themselves or through what stands between."""
    return {*_BETWEEN, *(cfn for cfn, row in types.items() if any(edge.relation == "acts-as" for edge in row.edges))}


def _agents(edge: Edge) -> bool:
    return edge.because.startswith(_OF_AGENT)


def _by_agent(action: str) -> bool:
    return action.partition(":")[0].lower() in _AGENT
