"""Alarms in Terraform."""

from __future__ import annotations

from auditor.model import ABSENT, Json
from auditor.resources.terraform import camel, first, many


def dimensions(value: Json) -> Json:
    """An alarm's dimensions, in Terraform one object."""
    return [{"Name": name, "Value": text} for name, text in sorted((value or {}).items())]


def metrics(value: Json) -> Json:
    """The metric queries of an alarm."""
    out = []
    for each in many(value):
        query = {
            key: inner
            for key, inner in camel(each).items()
            if key in ("Id", "Expression", "Label", "Period", "ReturnData")
        }
        metric = first(each.get("metric"))
        if metric:
            inner = {key: text for key, text in camel(metric).items() if key in ("MetricName", "Namespace")}
            inner["Dimensions"] = dimensions(metric.get("dimensions"))
            rest = {key: text for key, text in camel(metric).items() if key in ("Period", "Stat", "Unit")}
            query["MetricStat"] = {"Metric": inner, **rest}
        out.append(query)
    return out or ABSENT
