"""The members of target groups: which groups hold a thing, as itself or under one of its addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.graph.boxes import lines
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, net, numbers
from auditor.graph.network.ground.interface_kinds import interfaces_of, machine_of
from auditor.graph.network.ground.places import Spot, spots
from auditor.graph.space import Ranges
from auditor.model import Gap, Resource

# What answers at addresses of AWS's own, or at none.
_ADDRESSLESS = (w.FUNCTION, w.BUCKET, w.CLUSTER, w.REST_API, w.HTTP_API, w.INTERFACE)


@dataclass(frozen=True, slots=True)
class Held:
    """A member of a target group that is the target: as itself, or at a `place` where an interface of it stands;
    `doubt` says why it may be something else.
    """

    group: Resource
    member: dict[str, Any]
    place: Spot | None = None
    doubt: str = ""
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True)
class _Members:
    """Which target groups hold what: by id and ARN, by address, and those whose members were not read."""

    by_name: dict[str, list[tuple[Resource, dict[str, Any]]]] = field(default_factory=dict)
    by_number: dict[int, list[tuple[Resource, dict[str, Any]]]] = field(default_factory=dict)
    unread: list[tuple[Resource, tuple[Gap, ...]]] = field(default_factory=list)


def _members(graph: Graph) -> _Members:
    """Looked up in all groups once a graph, so that a question costs what stands before its target."""
    known = _Members()
    for group in graph.of_type(w.TARGETS):
        if gaps := hidden(group, "Targets", "TargetType"):
            known.unread.append((group, gaps))
        for each in group.known("Targets", ()):
            name = str(each.get("Id", ""))
            known.by_name.setdefault(name, []).append((group, each))
            for number in numbers(lines([name])) if group.known("TargetType") == "ip" else ():
                known.by_number.setdefault(number, []).append((group, each))
        for _, tasks in graph.heads(group, "targets", w.TASKS):  # ECS registers them under whatever addresses they get
            for each in tasks.known("LoadBalancers", ()):
                if each.get("TargetGroupArn") in (group.id, group.arn):
                    known.by_name.setdefault(tasks.id, []).append((group, {"Port": each.get("ContainerPort")}))
    return known


def holding(graph: Graph, target: Resource, places: list[Spot]) -> list[Held]:
    known = graph.once(_members)
    exact = [number for spot in places if spot.exact for number in numbers(spot.addresses)]
    names = (target.id, target.arn, machine_of(target))
    found = [Held(*each) for name in dict.fromkeys(names) if name for each in known.by_name.get(name, ())]
    found += [Held(*each) for number in exact for each in known.by_number.get(number, ())]
    return found + ([] if exact else list(_placed_by_aws(graph, target, places)))


def _placed_by_aws(graph: Graph, target: Resource, places: list[Spot]) -> Iterator[Held]:
    """The members that are addresses of a thing which AWS placed: of its interfaces, and where not all interfaces were
    read any address of its subnets that none of them has.
    """
    known, index = graph.once(_members), net(graph)
    for interface, sure in interfaces_of(graph, target):
        for spot in spots(graph, interface)[0]:
            words = f"AWS does not show whether {interface.id} belongs to {target.label}: other databases fit too"
            for number in numbers(spot.addresses) if spot.exact else ():
                for group, member in known.by_number.get(number, ()):
                    yield Held(group, member, spot.of(target.label, target.key), "" if sure else words)
    code = not any(graph.inventory.accounts)
    unread = graph.gaps_for(w.INTERFACE, target.region)
    if not (code or unread) or target.type in _ADDRESSLESS:
        return
    for number, members in known.by_number.items():
        one = Ranges(((number, number),))
        if number not in index.private and (not places or any(one <= spot.addresses for spot in places)):
            for group, member in members:
                words = f"whether {member.get('Id')} is an address of {target.label} is not known"
                yield Held(group, member, None, words, unread)


def may_hold(graph: Graph, target: Resource, places: list[Spot]) -> Iterator[Held]:
    """The groups whose members were not read and may be the target."""
    unread = graph.once(_members).unread
    if target.type == w.TASKS and (own := hidden(target, "LoadBalancers")):
        unread = [(group, own) for group in graph.of_type(w.TARGETS)]
    for group, gaps in unread:
        if _near(group, target, places):
            yield Held(group, {}, gaps=gaps)


def _near(group: Resource, target: Resource, places: list[Spot]) -> bool:
    """Whether a group whose members were not read may hold the target."""
    if group.known("TargetType") == "lambda" and not hidden(group, "TargetType"):
        return target.type == w.FUNCTION
    network = group.known("VpcId")
    return any(spot.network in ("", network) or network is None for spot in places)
