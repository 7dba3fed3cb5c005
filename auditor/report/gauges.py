"""What a monitor watches of a run, as CloudWatch's embedded metric format (one line) or Prometheus's text format.

Both tell the same gauges, so that "no run since yesterday" and "the run no longer sees everything" can raise an alarm
without anybody reading a report. Findings that a waiver accepts are counted apart, as everywhere. A run of several
accounts is one row, for its requests and seconds belong to all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from auditor.model import SEVERITIES
from auditor.report import Options
from auditor.report.plain import clean, json_text

_NAMESPACE, _PREFIX = "Auditor", "auditor"


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str  # Prometheus's; CloudWatch's is the same in capitals
    value: float
    help: str
    unit: str = "Count"
    labels: Mapping[str, str] | None = None


def gauges(run: Mapping[str, Any]) -> Iterator[Gauge]:
    """Every gauge of a run, in the order in which they are told."""
    scan, summary, coverage = run["scan"], run["summary"], run["coverage"]
    for severity in SEVERITIES:
        count = summary["by_severity"].get(severity, 0)
        yield Gauge(
            "findings", count, "Broken promises and rules, accepted ones left out.", labels={"severity": severity}
        )
    broken = [each for each in run["findings"] if each["verdict"] == "broken" and not each.get("waiver")]
    yield Gauge(
        "new_findings",
        sum(each.get("status") == "new" and "newly_checked" not in each for each in broken),
        "Findings that are new since the run before.",
    )
    yield Gauge("fixed_findings", len(run.get("mended") or ()), "Findings of the run before that are fixed.")
    yield Gauge("waived_findings", summary.get("waived", 0), "Findings that are accepted for a time.")
    yield Gauge("kept", summary["kept"], "Promises and rules that are kept.")
    yield Gauge("unknown", summary["unknown"], "Promises and rules that could not be answered.")
    yield Gauge("unread_calls", sum(gap.get("count", 1) for gap in coverage["gaps"]), "Calls that were not answered.")
    yield Gauge("complete", int(coverage["complete"]), "1 where everything that was asked for was read.", "None")
    yield Gauge("resources", scan.get("resources", 0), "Resources that were read.")
    yield Gauge("requests", scan.get("requests", {}).get("total", 0), "Requests to AWS.")
    yield Gauge(
        "run_seconds",
        max(0.0, _moment(scan, "finished") - _moment(scan, "started")),
        "How long the run took.",
        "Seconds",
    )


def write_emf(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    """One line, from which CloudWatch Logs makes metrics: with the account, and without for alarms on a missing run."""
    named = {_in_capitals(each): each for each in gauges(run)}
    metrics = [{"Name": name, "Unit": each.unit} for name, each in named.items()]
    sets = [["Account"], []]
    told = {"Namespace": _NAMESPACE, "Dimensions": sets, "Metrics": metrics}
    line = {
        "_aws": {"Timestamp": int(_moment(run["scan"], "finished") * 1000), "CloudWatchMetrics": [told]},
        "Account": _account(run), "Run": clean(run["scan"].get("id", "")),
        **{name: each.value for name, each in named.items()},
    }  # fmt: skip
    out.write(json_text(line) + "\n")


def write_prometheus(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    """A file for the textfile collector of node_exporter, or for a push gateway."""
    when = _moment(run["scan"], "finished")
    rows = [*gauges(run), Gauge("last_run_timestamp_seconds", when, "When the newest run ended.")]
    if run["coverage"]["complete"]:
        rows.append(
            Gauge("last_complete_run_timestamp_seconds", when, "When the newest run that read everything ended.")
        )
    before = ""
    for each in rows:
        name = f"{_PREFIX}_{each.name}"
        if name != before:
            out.write(f"# HELP {name} {each.help}\n# TYPE {name} gauge\n")
            before = name
        labels = {"account": _account(run), **(each.labels or {})}
        spelled = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
        out.write(f"{name}{{{spelled}}} {each.value:.15g}\n")


def _in_capitals(gauge: Gauge) -> str:
    words = gauge.name.split("_") + list((gauge.labels or {}).values())
    return "".join(each.capitalize() for each in words)


def _account(run: Mapping[str, Any]) -> str:
    """The accounts of a run; of code there may be none."""
    return clean("+".join(run["scan"]["accounts"])) or str(run["scan"].get("source") or "code")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _moment(scan: Mapping[str, Any], name: str) -> float:
    return dt.datetime.fromisoformat(scan[name]).timestamp()
