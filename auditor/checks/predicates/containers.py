"""Questions about services of ECS: on which capacity their tasks run, how many there are, and what scales them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.equality import number
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Change, Hidden, Json, Resource, Value

CLUSTER, SERVICE = "AWS::ECS::Cluster", "AWS::ECS::Service"
TARGET, POLICY = "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM, TASK, ROLE = "AWS::CloudWatch::Alarm", "AWS::ECS::TaskDefinition", "AWS::IAM::Role"
_STRATEGY = "CapacityProviderStrategy"
_TRACKED = "TargetTrackingScalingPolicyConfiguration"


@predicate(
    "capacity-share",
    needs={SERVICE: (_STRATEGY, "LaunchType", "Cluster"), CLUSTER: ("DefaultCapacityProviderStrategy",)},
    on=(SERVICE,),
)
def capacity_share(graph: Graph, service: Resource, providers: list[str], percent: int, base: int = 0) -> Answer:
    """This percentage of the service's tasks runs on these capacity providers, by the weights of its strategy or else
    of its cluster's default, and `base` tasks come first on them. Other providers take one task first at most."""
    named = " and ".join(providers)
    place, expected = _STRATEGY, f"{percent} % on {named}"
    strategy = strategy_of(graph, service)
    if isinstance(strategy, Hidden):
        return Answer.unseen(place, expected, strategy.gap)
    rows = [each for each in strategy if isinstance(each, dict)] if isinstance(strategy, list) else []
    if not rows:
        launched = service.known("LaunchType") or "the launch type alone"
        return Answer("broken", place, expected, f"none: {launched}", "the service has no capacity provider strategy")
    found = {str(row.get("CapacityProvider")): (_whole(row, "Weight"), _whole(row, "Base")) for row in rows}
    if any(each is None for pair in found.values() for each in pair):
        return Answer.unseen(place, expected, because=UNFINISHED)
    weights = {name: weight or 0 for name, (weight, _) in found.items()}
    first = {name: most or 0 for name, (_, most) in found.items()}
    share = sum(weights.get(name, 0) for name in providers) * 100 / (sum(weights.values()) or 1)
    based = sum(first.get(name, 0) for name in providers) == base
    early = max((most for name, most in first.items() if name not in providers), default=0)
    actual = [f"{name}: weight {weights[name]}, base {first[name]}" for name in sorted(found)]
    if share == percent and based and early <= 1:
        return Answer("kept", place, expected, f"{share:g} % on {named}")
    because = f"the weights give {named} {share:g} % of the tasks"
    if share == percent:
        because = f"what {named} or another provider takes first is not as documented"
    changes = _reweighed(service, rows, providers, percent, base)
    return Answer("broken", place, expected, actual, because, changes=changes)


def strategy_of(graph: Graph, service: Resource) -> Value:
    """The capacity provider strategy of a service: its own, or its cluster's default where it has no launch type."""
    own = service.at(_STRATEGY)
    if own not in (ABSENT, []) or service.at("LaunchType") is not ABSENT:
        return own
    clusters = [cluster for _, cluster in graph.heads(service, "part-of", CLUSTER)]
    gaps = () if clusters else graph.blind(service, "part-of", (CLUSTER,))
    return clusters[0].at("DefaultCapacityProviderStrategy") if clusters else Hidden(gaps[0]) if gaps else own


def _whole(row: dict[str, Json], name: str) -> int | None:
    found = number(row.get(name) or 0)
    return None if found is None else int(found)


def _reweighed(
    service: Resource, rows: list[dict[str, Json]], providers: list[str], percent: int, base: int
) -> tuple[Change, ...]:
    """The strategy with the documented weights, where that leaves no choice: two providers, one of them documented."""
    ours = [row for row in rows if row.get("CapacityProvider") in providers]
    if service.at(_STRATEGY) in (ABSENT, []) or (len(rows), len(ours)) != (2, 1):
        return ()
    wanted = [
        {**row, "Weight": percent, "Base": base}
        if row in ours
        else {**row, "Weight": 100 - percent, "Base": min(_whole(row, "Base") or 0, 1)}
        for row in rows
    ]
    return (Change(service.key, _STRATEGY, wanted),)


@predicate("task-count", needs={SERVICE: ("DesiredCount",), TARGET: ("ResourceId", "SuspendedState")}, on=(SERVICE,))
def task_count(graph: Graph, service: Resource, stated: int, least: int, most: int) -> Answer:
    """The service runs this number of tasks, or another one between `least` and `most` where auto scaling moves it."""
    place, found = "DesiredCount", service.at("DesiredCount")
    same = holds(stated, found)
    if same:
        return Answer("kept", place, stated, found)
    if same is None:
        shown = None if isinstance(found, Hidden) else found
        return Answer.unseen(place, stated, *gaps_of(found), because="" if shown is None else UNFINISHED)
    within = holds({"gte": least, "lte": most}, found)
    movers = [target for _, target in graph.tails(service, "targets", TARGET)]
    moved = [target for target in movers if _moves(target)]
    if moved and within:
        because = f"managed by Application Auto Scaling, which moves it between {least} and {most}"
        return Answer("kept", place, stated, found, because)
    gaps = [gap for target in movers if (gap := target.gap("SuspendedState"))]
    gaps += graph.blind_tails("targets", (TARGET,))
    if within and gaps:
        return Answer.unseen(place, stated, *gaps)
    because = f"outside the documented bounds of {least} and {most}" if moved else "nothing scales the service"
    changes = () if moved else (Change(service.key, place, stated),)
    return Answer("broken", place, stated, found, because, changes=changes)


def _moves(target: Resource) -> bool:
    off = target.known("SuspendedState") or {}
    return not (off.get("DynamicScalingInSuspended") and off.get("DynamicScalingOutSuspended"))


@predicate(
    "scales-at",
    needs={
        POLICY: (_TRACKED, "StepScalingPolicyConfiguration"),
        ALARM: ("AlarmActions", "MetricName", "Threshold", "ComparisonOperator"),
    },
    on=(POLICY,),
)
def scales_at(graph: Graph, policy: Resource, metric: str, value: int) -> Iterator[Answer]:
    """The policy keeps this metric of the service at this value (target tracking), or an alarm that goes off above it
    starts the policy (step scaling). `metric` is cpu or memory."""
    tracked, metric = policy.at(_TRACKED), _METRICS.get(metric, metric)
    if tracked is ABSENT:
        yield from _stepped(graph, policy, metric, value)
        return
    place, named = f"{_TRACKED}.TargetValue", _tracked_metric(policy)
    if isinstance(named, Hidden):
        yield Answer.unseen(place, value, named.gap)
    elif named != metric:
        yield Answer("broken", place, f"{metric} at {value}", named, f"the policy follows {named}")
    else:
        found = policy.at(place)
        same = holds(value, found)
        if same is None:
            yield Answer.unseen(place, value, *gaps_of(found), because="" if gaps_of(found) else UNFINISHED)
        else:
            yield Answer("kept" if same else "broken", place, value, found)


_METRICS = {"cpu": "CPUUtilization", "memory": "MemoryUtilization"}
_PREDEFINED = {
    "ECSServiceAverageCPUUtilization": "CPUUtilization",
    "ECSServiceAverageMemoryUtilization": "MemoryUtilization",
}


def _tracked_metric(policy: Resource) -> Value:
    said = policy.at(f"{_TRACKED}.PredefinedMetricSpecification.PredefinedMetricType")
    if said is ABSENT:
        return policy.at(f"{_TRACKED}.CustomizedMetricSpecification.MetricName")
    return _PREDEFINED.get(said, said) if isinstance(said, str) else said


def _stepped(graph: Graph, policy: Resource, metric: str, value: int) -> Iterator[Answer]:
    alarms = [alarm for _, alarm in graph.tails(policy, "notifies", ALARM)]
    up = [alarm for alarm in alarms if not str(alarm.known("ComparisonOperator")).startswith("Less")]
    place, expected = "StepScalingPolicyConfiguration", f"an alarm on {metric} at {value}"
    if alarms and not up:
        yield Answer("kept", place, expected, "scales in")
        return
    if not up:
        gaps = graph.blind_tails("notifies", (ALARM,))
        yield (
            Answer.unseen(place, expected, *gaps)
            if gaps
            else Answer("broken", place, expected, None, "no alarm starts the policy")
        )
    for alarm in up:
        named, found = alarm.at("MetricName"), alarm.at("Threshold")
        same = holds(metric, named) and holds(value, found)
        if same is None:
            yield Answer.unseen(place, expected, *gaps_of(named, found), because=UNFINISHED)
        else:
            actual = None if isinstance(named, Hidden) or isinstance(found, Hidden) else f"{named} at {found}"
            yield Answer("kept" if same else "broken", place, expected, actual, f"{alarm.label} starts the policy")


@predicate("starts-tasks", needs={ROLE: (), TASK: ("ExecutionRoleArn",)}, on=(ROLE,))
def starts_tasks(graph: Graph, role: Resource) -> Answer:
    """A task definition has the role as its execution role, with which ECS fetches images and secrets."""
    expected = "an execution role"
    for edge, _ in graph.tails(role, "acts-as", TASK):
        if edge.because.startswith("ExecutionRoleArn"):
            return Answer("kept", "acts-as", expected, expected, evidence=(edge,))
    if gaps := graph.blind_tails("acts-as", (TASK,)):
        return Answer.unseen("acts-as", expected, *gaps)
    return Answer("broken", "acts-as", expected, None, "no task definition has it as its execution role")
