"""Questions about services of ECS on Fargate: where tasks run, how large they are, what scales them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.checks.equality import number, unfinished
from auditor.checks.operators import UNFINISHED, gaps_of
from auditor.checks.predicates import predicate
from auditor.checks.predicates.containers import CLUSTER, SERVICE, TARGET, strategy_of
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Gap, Hidden, Resource, Value

TASK = "AWS::ECS::TaskDefinition"
_STRATEGY, _DEFAULT = "CapacityProviderStrategy", "DefaultCapacityProviderStrategy"
_ON_DEMAND, _SPOT = "FARGATE", "FARGATE_SPOT"


@predicate(
    "runs-on-fargate",
    needs={SERVICE: (_STRATEGY, "LaunchType", "Cluster"), CLUSTER: (_DEFAULT,)},
    on=(SERVICE,),
)
def runs_on_fargate(graph: Graph, service: Resource, spot: bool) -> Answer:
    """All tasks of the service run on Fargate, by its launch type or capacity providers: `spot: true` asks for a share
    on Fargate Spot, `spot: false` allows none."""
    place, expected = _STRATEGY, "Fargate Spot" if spot else "Fargate, and none on Fargate Spot"
    found = _capacity(graph, service)
    if isinstance(found, Hidden):
        return Answer.unseen(place, expected, found.gap)
    if found is None:
        return Answer.unseen(place, expected, because=UNFINISHED)
    shares = {name for name, weight in found.items() if weight}
    others = sorted(shares - {_ON_DEMAND, _SPOT})
    if not shares or others:
        return Answer("broken", place, expected, others or None, f"tasks run on {', '.join(others) or 'EC2'}")
    if spot == (_SPOT in shares):
        return Answer("kept", place, expected, sorted(shares))
    because = "tasks may be stopped at any time with two minutes of warning" if not spot else "no task runs on Spot"
    return Answer("broken", place, expected, sorted(shares), because)


def _capacity(graph: Graph, service: Resource) -> dict[str, float] | Hidden | None:
    """The capacity providers by their weight, where a base alone counts as well; a launch type is the only one. None
    where only the account completes a name or a number."""
    strategy, launched = strategy_of(graph, service), service.at("LaunchType")
    if isinstance(strategy, Hidden):
        return strategy
    if strategy in (ABSENT, []):
        if isinstance(launched, Hidden) or unfinished(launched):
            return launched if isinstance(launched, Hidden) else None
        return {str(launched): 1.0} if launched == _ON_DEMAND else {}
    rows = [each for each in strategy if isinstance(each, Mapping)] if isinstance(strategy, list) else []
    if any(unfinished(row.get(name)) for row in rows for name in ("CapacityProvider", "Weight", "Base")):
        return None
    return {
        str(row.get("CapacityProvider")): (number(row.get("Weight")) or 0) + (number(row.get("Base")) or 0)
        for row in rows
    }


@predicate(
    "fargate-size",
    needs={SERVICE: ("DesiredCount", "TaskDefinition"), TASK: ("Cpu", "Memory"), TARGET: ("ResourceId", "MinCapacity")},
    on=(SERVICE,),
)
def fargate_size(graph: Graph, service: Resource, vcpu: int, memory: int) -> Answer:
    """A task of the service has so many vCPU and so much memory in GB, or all tasks that run at the least have it
    together."""
    place, expected = "TaskDefinition", f"{vcpu} vCPU and {memory} GB"
    tasks = [task for _, task in graph.heads(service, "runs", TASK)]
    gaps = graph.blind(service, "runs", (TASK,)) if not tasks else ()
    if not tasks:
        return Answer.unseen(place, expected, *gaps, because="" if gaps else "its task definition was not found")
    said = tasks[0].at("Cpu"), tasks[0].at("Memory")
    cores, space = (_size(each) for each in said)
    if cores is None or space is None:
        return Answer.unseen(place, expected, *gaps_of(*said), because="" if gaps_of(*said) else UNFINISHED)
    least, hidden = _least(graph, service)
    actual = f"{cores / 1024:g} vCPU and {space / 1024:g} GB a task"
    whole = [
        count for count in (1.0, least) if count and cores * count == vcpu * 1024 and space * count == memory * 1024
    ]
    if whole:
        return Answer("kept", place, expected, actual)
    if hidden and vcpu * space == memory * cores:  # as many tasks as were not read may have it
        return Answer.unseen(place, expected, *hidden, actual=actual)
    return Answer("broken", place, expected, actual, f"of {actual} {least or 0:g} run at the least")


_UNIT = re.compile(r"([\d.]+)\s*(vcpu|gb)?", re.IGNORECASE)


def _size(value: Value) -> float | None:
    """CPU units or MB, of which templates may write 1024 as 1 vCPU or 1 GB."""
    if isinstance(value, Hidden) or value is ABSENT or unfinished(value):
        return None
    found = _UNIT.fullmatch(str(value).strip())
    return float(found[1]) * (1024 if found[2] else 1) if found else None


def _least(graph: Graph, service: Resource) -> tuple[float | None, tuple[Gap, ...]]:
    """How many tasks run at the least: as many as auto scaling leaves, else as many as are asked for."""
    for _, target in graph.tails(service, "targets", TARGET):
        low = target.at("MinCapacity")
        return number(low), gaps_of(low)
    count = service.at("DesiredCount")
    return number(count), (*graph.blind_tails("targets", (TARGET,)), *gaps_of(count))


@predicate("can-scale", needs={TARGET: ("MinCapacity", "MaxCapacity", "SuspendedState")}, on=(TARGET,))
def can_scale(graph: Graph, target: Resource) -> Answer:
    """Auto scaling has room between its bounds, and neither way is suspended: what schedules do besides is another
    thing. The number of tasks is its own then."""
    place, expected = "MaxCapacity", "room to scale, and nothing suspended"
    low, high, off = target.at("MinCapacity"), target.at("MaxCapacity"), target.at("SuspendedState")
    if isinstance(off, dict) and (
        stopped := sorted(name for name, each in off.items() if each is True and name.startswith("Dynamic"))
    ):
        return Answer("broken", "SuspendedState", expected, stopped, f"{', '.join(stopped)} is true")
    least, most = number(low), number(high)
    if least is not None and most is not None and most <= least:
        return Answer("broken", place, expected, f"{low} to {high}", "the lowest and the highest number are the same")
    if gaps := gaps_of(low, high, off):
        return Answer.unseen(place, expected, *gaps)
    if least is None or most is None:
        return Answer.unseen(place, expected, because=UNFINISHED)
    because = f"managed by Application Auto Scaling, which moves the number of tasks between {low} and {high}"
    return Answer("kept", place, expected, f"{low} to {high}", because)
