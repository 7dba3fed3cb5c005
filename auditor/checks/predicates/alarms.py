"""Questions about alarms: what is measured, how long it has to last, and at which values they go off. A metric of
one's own has any name, and a rate is an expression over several metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.checks.equality import number
from auditor.checks.operators import UNFINISHED, gaps_of
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Change, Hidden, Resource, Value

ALARM = "AWS::CloudWatch::Alarm"
_MEASURES = ("Namespace", "MetricName", "Metrics")


@predicate("alarm-measures", needs={ALARM: _MEASURES}, on=(ALARM,))
def alarm_measures(graph: Graph, alarm: Resource, what: str) -> Answer:
    """The name of the metric, or of one that its expression is made of, or the expression's label, holds a match of
    this regular expression, in upper or lower case."""
    single, several = alarm.at("MetricName"), alarm.at("Metrics")
    names = list(_names(single, several))
    found = [name for name in names if re.search(what, name, re.IGNORECASE)]
    if found:
        return Answer("kept", "MetricName", what, found[0])
    gaps = gaps_of(single, several)
    if gaps:
        return Answer.unseen("MetricName", what, *gaps)
    return Answer("broken", "MetricName", what, names, f"{alarm.label} measures {', '.join(names) or 'nothing'}")


def _names(single: Value, several: Value) -> Iterator[str]:
    if isinstance(single, str):
        yield single
    for each in _queries(several):
        metric = (each.get("MetricStat") or {}).get("Metric") or {}
        yield from (text for text in (metric.get("MetricName"), each.get("Label")) if isinstance(text, str))


def _queries(several: Value) -> list[Mapping[str, Any]]:
    found = several.marked if isinstance(several, Hidden) else several
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


@predicate("alarm-lasts", needs={ALARM: ("Period", "Metrics", "EvaluationPeriods", "DatapointsToAlarm")}, on=(ALARM,))
def alarm_lasts(graph: Graph, alarm: Resource, seconds: int) -> Answer:
    """The alarm goes off when every value of this many seconds is beyond its threshold. Where one value of several is
    enough, its period is all that counts."""
    period, several, periods, enough = (
        alarm.at(name) for name in ("Period", "Metrics", "EvaluationPeriods", "DatapointsToAlarm")
    )
    gaps = gaps_of(period, several, periods, enough)
    if gaps:
        return Answer.unseen("EvaluationPeriods", seconds, *gaps)
    own = period if isinstance(period, int) else max(_periods(several), default=0)
    count = periods if isinstance(periods, int) else 0
    lasts = own if enough == 1 else own * count
    all_of_it = enough in (ABSENT, 1, count)
    if lasts == seconds and all_of_it:
        return Answer("kept", "EvaluationPeriods", seconds, lasts)
    some = "" if all_of_it else f", of which {enough} are enough"
    return Answer("broken", "EvaluationPeriods", seconds, lasts, f"{count} periods of {own} seconds{some}")


def _periods(several: Value) -> Iterator[int]:
    for each in _queries(several):
        for period in (each.get("Period"), (each.get("MetricStat") or {}).get("Period")):
            if isinstance(period, int):
                yield period


_OVER = {"GreaterThanThreshold", "GreaterThanOrEqualToThreshold"}
_UNDER = {"LessThanThreshold", "LessThanOrEqualToThreshold"}


@predicate("goes-off", needs={ALARM: ("Threshold", "ComparisonOperator")}, on=(ALARM,))
def goes_off(graph: Graph, alarm: Resource, at: int, quiet: int) -> Answer:
    """The alarm goes off when its metric has the value `at`, and does not when it has the value `quiet`."""
    threshold, comparison = alarm.at("Threshold"), alarm.at("ComparisonOperator")
    place, expected = "Threshold", f"off at {at}, quiet at {quiet}"
    gaps, found = gaps_of(threshold, comparison), number(threshold)
    if gaps or found is None or not isinstance(comparison, str):
        unread = gaps or threshold is not ABSENT
        words = "" if gaps else UNFINISHED
        nothing = Answer("broken", place, expected, None, "it compares with no fixed threshold")
        return Answer.unseen(place, expected, *gaps, because=words) if unread else nothing
    actual = f"{comparison} {threshold}"

    def fits(each: float) -> bool:
        return _breaches(at, comparison, each) and not _breaches(quiet, comparison, each)

    if fits(float(found)):
        return Answer("kept", place, expected, actual)
    changes = tuple(Change(alarm.key, place, each) for each in (quiet, at) if fits(each))[:1]
    return Answer("broken", place, expected, actual, changes=changes)


def _breaches(value: float, comparison: str, threshold: float) -> bool:
    over = value > threshold if comparison in _OVER else value < threshold if comparison in _UNDER else False
    return over or ("OrEqual" in comparison and value == threshold)
