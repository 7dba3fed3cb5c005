"""Questions about what watches: what a dashboard shows, what brings an instance back."""

from __future__ import annotations

import re

from auditor.checks.equality import number
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import Answer, Hidden, Resource
from auditor.resources.dashboards import drawn

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"
INSTANCE, GROUP = "AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup"


@predicate("shows-metric", needs={DASHBOARD: ("DashboardBody",)}, on=(DASHBOARD,))
def shows_metric(graph: Graph, dashboard: Resource, metrics: list[str]) -> Answer:
    """A widget of the dashboard shows one of these metrics, each written as its namespace and its name, like
    `AWS/ECS CPUUtilization`."""
    body, place = dashboard.at("DashboardBody"), "DashboardBody"
    expected = " or ".join(metrics)
    if isinstance(body, Hidden):
        return Answer.unseen(place, expected, body.gap)
    shown = {f"{row[0]} {row[1]}" for row in drawn(body) if len(row) > 1}
    if shown & set(metrics):
        return Answer("kept", place, expected, "shown")
    # A search or a query names its metrics inside a text.
    for namespace, _, name in (metric.partition(" ") for metric in metrics):
        if any(namespace in text and re.search(rf"\b{re.escape(name)}\b", text) for text in _texts(body)):
            return Answer("kept", place, expected, "shown by an expression")
    return Answer("broken", place, expected, sorted(shown))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


@predicate(
    "comes-back",
    needs={INSTANCE: ("AutoRecovery",), GROUP: ("Instances", "MinSize"), ALARM: ("AlarmActions",)},
    on=(INSTANCE,),
)
def comes_back(graph: Graph, instance: Resource) -> Answer:
    """The instance comes back by itself when it fails: an Auto Scaling group replaces it, an alarm recovers it, or EC2
    does, which is the default."""
    place, expected = "AutoRecovery", "recovered or replaced by itself"
    groups = [group for _, group in graph.tails(instance, "part-of", GROUP)]
    groups += [group for _, group in graph.heads(instance, "part-of", GROUP)]
    if any((number(group.at("MinSize")) or 0) >= 1 for group in groups):
        return Answer("kept", place, expected, f"replaced by {groups[0].label}")
    alarms = [alarm for _, alarm in graph.tails(instance, "watches", ALARM)]
    acting = [alarm for alarm in alarms if any(_recovers(each) for each in alarm.known("AlarmActions", ()))]
    if acting:
        return Answer("kept", place, expected, f"recovered by {acting[0].label}")
    recovery = instance.at(place)
    if isinstance(recovery, Hidden):
        return Answer.unseen(place, expected, recovery.gap)
    if recovery != "disabled":
        return Answer("kept", place, expected, "recovered by EC2")
    gaps = (*graph.blind(instance, "part-of", (GROUP,)), *graph.blind_tails("watches", (ALARM,)))
    return Answer.unseen(place, expected, *gaps) if gaps else Answer("broken", place, expected, recovery)


def _recovers(action: object) -> bool:
    return isinstance(action, str) and action.endswith((":ec2:recover", ":ec2:reboot"))
