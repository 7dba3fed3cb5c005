"""Undeclared neighbours: what no document names and yet stands inside the system or holds on to it.

Only workloads count (what computes or keeps data): an unused subnet or one more log group threatens nobody. A resource
is in reach when it stands in one of the system's networks, when an edge joins it to a resource that plays a role, or
when somebody gave it to read what the system keeps (`reading`), which a role or a user outside of it may have as well.
The more of the system it can reach, and the more of the world can reach it, the more severe it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from auditor.checks.binding import Bound
from auditor.checks.reading import Reading, readings
from auditor.checks.schema import Baseline
from auditor.graph.access.held.acting import ROLE, acting_types, roles_of, unread_roles
from auditor.graph.build import Graph
from auditor.graph.network import VPC, flows, stand, subnet_kind
from auditor.model import Answer, Check, Edge, Finding, Gap, Resource

# What a resource carries with it or shares with half the account: being joined by one of these is not belonging
# together.
_EQUIPMENT = {
    "acts-as",
    "applies",
    "encrypted-with",
    "holds",
    "managed-by",
    "mentions",
    "presents",
    "reads-secret",
    "signs-with",
    "trusts",
}
# What is told of a part goes out of the system: neither a bucket for its access logs nor whatever else an alarm
# watches, that notifies the same topic, can reach it.
_TOLD = {"logs-to", "watches"}
_DATABASES = ("AWS::RDS::", "AWS::ElastiCache::", "AWS::EFS::")
_ROTATED = ("AWS::SecretsManager::Secret", "AWS::SecretsManager::RotationSchedule")


def extras(baseline: Baseline, bound: Bound, graph: Graph) -> Iterator[Finding]:
    """One finding for each undeclared workload in reach; `unknown` where it may play a hidden role, or stand nobody
    knows where."""
    networks = {resource.key for found in bound.roles.values() for resource in found if resource.type == VPC}
    keys, possible = bound.keys(), bound.every_key()
    given, stores = readings(graph, keys, possible), _stores(baseline, bound)
    for resource in sorted(graph.resources(), key=lambda each: each.key):
        counts = graph.types[resource.type].workload or resource.key in given
        if resource.key in possible or resource.aws_made or not counts or _supports(graph, resource, keys):
            continue
        reads = given.get(resource.key, [])
        proof, because = _reach(graph, resource, networks, keys) if graph.types[resource.type].workload else ((), "")
        sure = [each for each in reads if each.answer.verdict == "kept"]
        reads = sure if proof or sure else reads
        gaps = _doubt(baseline, bound, graph, resource, bool(proof))
        if not proof and reads:
            proof, gaps = _proof(graph, resource, reads[0]), _unread(reads)
            gaps += _may_be_ours(baseline, bound, graph, resource)
        if proof or gaps or reads:
            reached = [each.words for each in reads] + _reached(graph, resource, stores if proof else ())
            yield _finding(baseline, graph, resource, proof, [because, *reached], gaps)


def _stores(baseline: Baseline, bound: Bound) -> list[tuple[Resource, int]]:
    """Where the system keeps data behind a port, as the arrows of the document tell it."""
    found = {
        (link.head, link.flow.port): None
        for link in baseline.links
        if link.flow and all(cfn.startswith(_DATABASES) for cfn in baseline.roles[link.head].types)
    }
    return [(resource, port) for role, port in found for resource in bound.of(role)]


def _reached(graph: Graph, resource: Resource, stores: Iterable[tuple[Resource, int]]) -> list[str]:
    """What of the system's data the network lets it reach."""
    return [
        f"it can reach {store.label} on port {port}"
        for store, port in stores
        if flows(graph, resource, store, port).verdict == "kept"
    ]


def _unread(reads: Iterable[Reading]) -> tuple[Gap, ...]:
    return tuple(dict.fromkeys(gap for each in reads for gap in each.answer.gaps))


def _proof(graph: Graph, resource: Resource, found: Reading) -> tuple[Edge, ...]:
    acting = (edges for edges, role in roles_of(graph, resource) if role.key == found.principal.key)
    return (*next(acting, ()), *found.answer.evidence)


# What controllers start and end: how many there are is theirs to decide, within the bounds that are documented.
_STARTED = {"AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup"}
# By which AWS names the group on each instance of it; nobody else can put the tag there or take it away.
_OF_A_GROUP = "aws:autoscaling:groupName"


def _supports(graph: Graph, resource: Resource, keys: set[str]) -> bool:
    """Whether it is there for a part of the system alone: what a controller of it started, what rotates its secret."""
    rotates = any(tail.key in keys for _, tail in graph.tails(resource, "targets", *_ROTATED))
    return rotates or _started(graph, resource, keys)


def _started(graph: Graph, resource: Resource, keys: set[str]) -> bool:
    """Whether a controller started it for a part of the system: a node of the documented cluster is the cluster's."""
    frontier = [resource] if resource.type in _STARTED else []
    for _ in range(3):
        frontier = [head for each in frontier for _, head in graph.heads(each, "part-of")]
        if any(head.key in keys for head in frontier):
            return True
    return False


def _may_be_started(graph: Graph, resource: Resource) -> tuple[Gap, ...]:
    """What was not read of controllers by which it could have been started for a part of the system."""
    alone = (
        resource.type == "AWS::EC2::Instance" and _OF_A_GROUP not in resource.tags and "Tags" not in resource.unknown
    )
    frontier, gaps = [resource] if resource.type in _STARTED and not alone else [], list[Gap]()
    for _ in range(3):
        for each in frontier:
            owners = [
                cfn
                for cfn, described in graph.types.items()
                if cfn in graph.inventory.asked
                and any(row.back and row.relation == "part-of" and each.type in row.to for row in described.edges)
            ]
            gaps += graph.blind(each, "part-of", tuple(owners)) if owners else ()
        frontier = [head for each in frontier for _, head in graph.heads(each, "part-of")]
    return tuple(gaps)


def _doubt(baseline: Baseline, bound: Bound, graph: Graph, resource: Resource, reached: bool) -> tuple[Gap, ...]:
    """Gaps for which it cannot be said that the resource is undeclared, or that it stands elsewhere."""
    if reached:
        return tuple(dict.fromkeys((*_may_play(baseline, bound, {resource.type}), *_may_be_started(graph, resource))))
    return stand(graph, resource).gaps if graph.dangling(resource, "placed-in") else ()


def _may_play(baseline: Baseline, bound: Bound, types: AbstractSet[str]) -> tuple[Gap, ...]:
    """What hides who plays a role that something of these types could play."""
    hidden = (gaps for name, gaps in bound.hidden.items() if types & set(baseline.roles[name].types))
    return tuple(dict.fromkeys(gap for gaps in hidden for gap in gaps))


def _may_be_ours(baseline: Baseline, bound: Bound, graph: Graph, reader: Resource) -> tuple[Gap, ...]:
    """Gaps for which it cannot be said that who reads is none of the system: it may play a hidden role, or be the IAM
    role as which a part acts that is hidden, or of which that was not read."""
    if reader.type != ROLE:
        return _may_play(baseline, bound, {reader.type})
    unread = [gap for found in bound.roles.values() for part in found for gap in unread_roles(graph, part)]
    gaps = (*_may_play(baseline, bound, {ROLE, *acting_types(graph.types)}), *unread)
    return tuple(dict.fromkeys(gaps))


def _reach(graph: Graph, resource: Resource, networks: set[str], keys: set[str]) -> tuple[tuple[Edge, ...], str]:
    where = stand(graph, resource)
    for subnet in where.subnets:
        for edge, vpc in graph.heads(subnet, "placed-in", VPC):
            if vpc.key in networks:
                return (*where.evidence[:1], edge), f"it is in {vpc.label}, the VPC of the system"
    for edge, other in (*graph.heads(resource), *graph.tails(resource)):
        told = edge.relation in _TOLD and edge.head == resource.key
        if other.key in keys and edge.relation not in _EQUIPMENT and not told:
            return (edge,), f"it is connected to {other.label}, which is in the architecture document"
    return (), ""


def _finding(
    baseline: Baseline,
    graph: Graph,
    resource: Resource,
    proof: tuple[Edge, ...],
    reached: list[str],
    gaps: tuple[Gap, ...],
) -> Finding:
    exposed = _exposed(graph, resource)
    because, *data = reached
    words = [because, *data, exposed] if because or data else [f"its subnets could not be read: {gaps[0].message}"]
    answer = Answer(
        "unknown" if gaps else "broken",
        expected="only what is in the architecture document",
        actual=resource.label,
        because="; ".join(word for word in words if word),
        evidence=proof,
        gaps=gaps,
    )
    noun = resource.type.split("::")[-1]
    check = Check(
        f"{baseline.id}/undeclared",
        "extra",
        "critical" if exposed and data else "high" if exposed or data else "medium",
        "Whatever belongs to the system, or may read what it keeps, is in the architecture document",
        fix="Describe it in the architecture document, move it out of the system, or remove it.",
        baseline=baseline.id,
        broken=noun + " {name} is not in the architecture document",
    )
    return Finding.of(answer, check, resource)


def _exposed(graph: Graph, resource: Resource) -> str:
    address = resource.known("PublicIp")
    public = [subnet for subnet in stand(graph, resource).subnets if subnet_kind(graph, subnet).kind == "public"]
    if address and public:
        return f"it has the public address {address} in the public subnet {public[0].label}"
    if resource.known("PubliclyAccessible") is True:
        return "it is publicly accessible"
    return ""
