"""The runs of a store as a history: a line a run, and how the number of what is broken went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text

from auditor.report import words
from auditor.report.plain import clean
from auditor.report.terminal import Line, Lines, heading, line, sign
from auditor.report.words import Run

_BARS = "▁▂▃▄▅▆▇█"
_MOST_BARS = 60


def rows(heads: Iterable[Run]) -> list[dict[str, Any]]:
    """Each run in the few values that a history shows, in the order given."""
    return [_row(head) for head in heads]


def _row(head: Run) -> dict[str, Any]:
    scan, summary = head["scan"], head.get("summary") or {}
    counts = ("kept", "broken", "unknown", "waived", "new", "newly_checked", "fixed")
    return {
        "run": scan["id"],
        "finished": scan["finished"],
        "accounts": list(scan.get("accounts", ())),
        "source": scan.get("source", ""),
        "regions": list(scan.get("regions", ())),
        "baselines": list(scan.get("baselines", ())),
        "rules": len(scan.get("rules", ())),
        "verdict": words.state(head),
        "complete": bool(head["coverage"].get("complete")),
        **{name: summary[name] for name in counts if name in summary},
        "by_severity": dict(summary.get("by_severity") or {}),
        "version": (head.get("tool") or {}).get("version", ""),
    }


def told(found: Sequence[Mapping[str, Any]]) -> Lines:
    """The history for people: what is about the same accounts together, the newest run first."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in found:
        groups.setdefault((" and ".join(map(clean, row["accounts"])), clean(row["source"])), []).append(row)
    for (accounts, source), mine in groups.items():
        yield heading(f"Account {accounts}" + (f" ({source})" if source != "live" else ""), len(mine))
        for row in mine:
            yield line(sign(row["verdict"]), f" {_day(row['finished'])}  {_counts(row)}  ", (clean(row["run"]), "dim"),
                       by=2, hang=4, whole=True)  # fmt: skip
        if len(mine) > 1:
            yield _trend(mine)


def _day(moment: str) -> str:
    return clean(moment)[:16].replace("T", " ")


def _counts(row: Mapping[str, Any]) -> str:
    parts = [f"{row.get('broken', 0):,} broken{words.severities(row['by_severity'])}"]
    parts += [f"{row[name]:,} {name}" for name in ("new", "fixed", "unknown", "kept") if row.get(name)]
    if not row["complete"]:
        parts.append("incomplete")
    return ", ".join(parts)


def _trend(mine: Sequence[Mapping[str, Any]]) -> Line:
    """A bar a run, the oldest first. What a run could not see is no fall: an incomplete one is a point."""
    shown = [*reversed(mine[:_MOST_BARS])]
    most = max(row.get("broken", 0) for row in shown)
    bars = "".join(_bar(row, most) for row in shown)
    first, last = shown[0].get("broken", 0), shown[-1].get("broken", 0)
    note = "; a point is an incomplete run" if "·" in bars else ""
    return line(Text("broken: "), bars, (f" ({first:,} to {last:,}, at most {most:,}{note})", "dim"), by=2, hang=4)


def _bar(row: Mapping[str, Any], most: int) -> str:
    if not row["complete"]:
        return "·"
    return _BARS[-(-row.get("broken", 0) * (len(_BARS) - 1) // most)] if most else _BARS[0]
