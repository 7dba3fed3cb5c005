"""Who may read what the system keeps, and is no part of it: flows that no arrow of the document draws.

Asked are the workloads and principals to which somebody gave the data by its name: whoever may read every bucket or
every secret of the account (administrators, auditors, backups) is aimed at no system, and what everybody may read is
told by rules. What deploys the system is equipment: it may write what it reads, and runs in a pipeline. So are the
roles of pods in a cluster of the system, and the function that rotates its secret.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.held.acting import acted_on, roles_of
from auditor.graph.access.held.identities import identity, may, policies_of
from auditor.graph.access.held.resource_policies import policy_places, raw_policies
from auditor.graph.build import Graph
from auditor.model import GLOBAL, Answer, Resource

ROLE, USER, CLUSTER = "AWS::IAM::Role", "AWS::IAM::User", "AWS::EKS::Cluster"
# Who may read; all of it comes with one call.
_READERS: Mapping[str, tuple[str, ...]] = {
    ROLE: ("Policies", "ManagedPolicyArns", "PermissionsBoundary", "AssumeRolePolicyDocument"),
    USER: ("Policies", "ManagedPolicyArns", "PermissionsBoundary", "Groups"),
    "AWS::IAM::Group": ("Policies", "ManagedPolicyArns"),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How what a kind of resource keeps is read, and put there; `begins` is what stands before its name in its ARN."""

    actions: tuple[str, ...]
    writes: str
    begins: str = ""

    @property
    def service(self) -> str:
        return self.actions[0].partition(":")[0]


KEPT: Mapping[str, Kept] = {
    "AWS::S3::Bucket": Kept(("s3:GetObject",), "s3:PutObject"),
    "AWS::SecretsManager::Secret": Kept(("secretsmanager:GetSecretValue",), "secretsmanager:PutSecretValue", "secret:"),
    "AWS::DynamoDB::Table": Kept(("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"), "dynamodb:PutItem", "table/"),
    "AWS::SSM::Parameter": Kept(("ssm:GetParameter", "ssm:GetParameters"), "ssm:PutParameter", "parameter/"),
    "AWS::SQS::Queue": Kept(("sqs:ReceiveMessage",), "sqs:SendMessage"),
}


def reading_needs(types: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What a run has to read to know who may read what these types keep: principals, and the policies on it."""
    return {**_READERS, **policy_places([cfn for cfn in types if cfn in KEPT])}


_IN_CODE = "${"  # a policy of code names a resource by a reference
_NOBODY = "auditor-asks-for-nobody"
# By which programs in a cluster take over a role; which cluster it is stands in associations and issuers.
_PODS = ("pods.eks.amazonaws.com", ":oidc-provider/oidc.eks.")
_PIPELINES = ("codebuild.", "codepipeline.", "token.actions.githubusercontent.com", "gitlab", "bitbucket")


@dataclass(frozen=True, slots=True)
class Reading:
    """That a principal may do an action on what a part of the system keeps; unknown where policies were not read."""

    principal: Resource
    part: Resource
    action: str
    answer: Answer

    @property
    def words(self) -> str:
        return f"{self.principal.label} may {self.action} on {self.part.label}"


def readings(graph: Graph, bound: Iterable[str], possible: Iterable[str] = ()) -> dict[str, list[Reading]]:
    """What of the system was given to whom: by the key of each undeclared workload, or of a principal outside of the
    system as which no workload acts. What may play a part as well (`possible`) is no stranger."""
    parts = [part for key in sorted(bound) if (part := graph.resource(key)) and part.type in KEPT]
    keys = {*bound, *possible}
    ours = keys | _ours(graph, keys) if parts else keys
    policies = {part.key: json.dumps(raw_policies(graph, part)[0], default=str) for part in parts}
    out: dict[str, list[Reading]] = defaultdict(list)
    for principal in graph.of_type(ROLE, USER) if parts else ():
        acting = workloads_of(graph, principal)
        readers = [each for each in acting if each.key not in keys]
        if not acting and principal.key not in ours:
            readers = [principal]
        readers = [each for each in readers if not each.aws_made]
        asked = parts if readers else []
        found = [one for part in asked if (one := _reads(graph, principal, part, policies[part.key]))]
        for reader in readers if found else ():
            out[reader.key] += found
    return {key: sorted(found, key=_certain_first) for key, found in out.items()}


def _certain_first(found: Reading) -> tuple[object, ...]:
    """What is certain before what hangs on a request, and that before what was not read; else by name."""
    return (*_doubts(found.answer), found.principal.key, found.part.key)


def _doubts(answer: Answer) -> tuple[bool, bool]:
    return answer.verdict != "kept", bool(answer.depends)


def workloads_of(graph: Graph, principal: Resource) -> list[Resource]:
    """The workloads that act as a role, themselves or through what stands between."""
    users = [tail for _, tail in graph.tails(principal, "acts-as")]
    users += [tail for each in users for _, tail in (*graph.tails(each, "acts-as"), *graph.tails(each, "runs"))]
    return list({each.key: each for each in users if graph.types[each.type].workload}.values())


def _ours(graph: Graph, keys: set[str]) -> set[str]:
    """The roles as which the system acts: those of its parts, of what is inside of them, and of its clusters' pods."""
    parts = [part for key in keys if (part := graph.resource(key))]
    parts += [inner for part in parts for _, inner in graph.tails(part, "part-of")]
    out = {role.key for part in parts for _, role in roles_of(graph, part)}
    clusters = any(part.type == CLUSTER for part in parts)
    pods = [each for each in graph.of_type(ROLE) if clusters and any(word in _trust(each) for word in _PODS)]
    return out | {each.key for each in pods}


def _reads(graph: Graph, principal: Resource, part: Resource, policies: str) -> Reading | None:
    """By which of the actions it reads the most certainly."""
    row = KEPT[part.type]
    if not _given(graph, principal, row, policies):
        return None
    found = list(_ways(graph, principal, part, row))
    return min(found, key=lambda each: _doubts(each.answer)) if found else None


def _ways(graph: Graph, principal: Resource, part: Resource, row: Kept) -> Iterator[Reading]:
    for action in row.actions:
        for place in acted_on(part, action):
            answer = may(graph, principal, action, place)
            if answer.verdict == "broken" or answer.verdict == _nobody(graph, part, action, place).verdict:
                continue
            unread = bool(identity(graph, principal).hidden)
            elsewhere = may(graph, principal, action, _unlike(part, row, place))
            aimed = unread if answer.verdict == "unknown" else answer.verdict != elsewhere.verdict
            if aimed and not _deploys(graph, principal, part, row):
                yield Reading(principal, part, action, answer)


def _given(graph: Graph, principal: Resource, row: Kept, policies: str) -> bool:
    """Whether a policy names something of this service, or the part's own policy names the principal: of the thousands
    of an account few do, and only they are asked."""
    services = graph.once(_named)[principal.key]
    if identity(graph, principal).hidden or row.service in services or _IN_CODE in services:
        return True
    return any(text and text in policies for text in principal.spoken)


def _named(graph: Graph) -> dict[str, frozenset[str]]:
    """By principal the services of which its policies name resources, and not all of them."""
    texts: dict[int, frozenset[str]] = {}
    out = {}
    for principal in graph.of_type(ROLE, USER):
        services: frozenset[str] = frozenset()
        for _, document in policies_of(graph, principal).documents:
            if id(document) not in texts:
                texts[id(document)] = frozenset(_services(document))
            services |= texts[id(document)]
        out[principal.key] = services
    return out


def _services(document: Any) -> Iterator[str]:
    if isinstance(document, Mapping):
        for each in document.values():
            yield from _services(each)
    elif isinstance(document, list):
        for each in document:
            yield from _services(each)
    elif isinstance(document, str) and document.startswith("${"):
        yield _IN_CODE
    elif isinstance(document, str) and document.startswith("arn:"):
        pieces = document.split(":", 5)
        if len(pieces) == 6 and pieces[5].strip("*"):
            yield pieces[2]


def _nobody(graph: Graph, part: Resource, action: str, place: str) -> Answer:
    """Whether somebody without any permission may as well: then nobody was let in by name."""
    name = f"arn:aws:iam::{part.account}:role/{_NOBODY}"
    return may(graph, Resource(ROLE, _NOBODY, part.account, GLOBAL, arn=name, name=_NOBODY), action, place)


def _unlike(part: Resource, row: Kept, place: str) -> str:
    """The ARN of another resource of the same kind, which is none of the system's."""
    head = part.arn.split(":", 5)[:5] if part.arn else ["arn", "aws", row.service, part.region, part.account]
    return ":".join((*head, f"{row.begins}{_NOBODY}")) + ("/*" if place.endswith("/*") else "")


def _deploys(graph: Graph, principal: Resource, part: Resource, row: Kept) -> bool:
    """Whether a pipeline puts there what it may read."""
    runs = any(word in _trust(principal) for word in _PIPELINES)
    return runs and any(
        may(graph, principal, row.writes, place).verdict != "broken" for place in acted_on(part, row.writes)
    )


def _trust(principal: Resource) -> str:
    return json.dumps(principal.known("AssumeRolePolicyDocument", {}), default=str)
