"""The run as Markdown, for a pull request's comment or a job's summary: verdict, changes, worst findings, gaps.

A comment on GitHub holds 65,536 characters; over that it is refused whole, so findings are left out from the mildest on
and counted. Every text of the run is escaped: none can become a link, a mention, markup or a heading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from auditor.report import Options, gated, unread, view, words
from auditor.report.comment import comment, folded
from auditor.report.marked import MOST, plain

_MARKS = {"kept": "✅", "broken": "❌", "unknown": "❔"}


def write(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    out.write(comment(run, options) if run.get("gate") else markdown(run, options))


def markdown(run: Mapping[str, Any], options: Options) -> str:
    names, compare = words.labels(run), words.has_previous(run)
    views = [view.finding(each, names, compare) for each in run["findings"]]
    live = [each for each in views if "waiver" not in each]
    head = [f"## {_MARKS[words.state(run)]} {plain(words.headline(run))}", "", plain(words.tally(run))]
    if compare:
        head += ["", f"Since the last run: {words.changes(run, live)}."]
    tail = _gaps(run) + [line for title, rows in gated.exceptions(run) for line in folded(title, rows)]
    room = MOST - sum(len(line) + 1 for line in [*head, *tail]) - 200
    rows: list[str] = []
    for found in live if options.verbose else live[: options.worst]:
        row = _row(found)
        room -= len(row) + 1
        if room < 0:
            break
        rows.append(row)
    if rows:
        head += ["", "| Severity | Finding | Resource | Expected | Actual |", "|---|---|---|---|---|", *rows]
    if len(live) > len(rows):
        head += ["", f"And {words.left_out(live[len(rows) :])}."]
    return "\n".join([*head, *tail]) + "\n"


def _row(found: Mapping[str, Any]) -> str:
    severity = found["severity"] + (" (unknown)" if found["verdict"] == "unknown" else "")
    title = plain(found["title"]) + (" **new**" if found.get("new") else " (newly checked)" if "newly" in found else "")
    cells = [severity, title, plain(found["name"]), plain(_short(found["expected"])), plain(_short(found["actual"]))]
    return "| " + " | ".join(cells) + " |"


def _gaps(run: Mapping[str, Any]) -> list[str]:
    gaps, unseen = run["coverage"]["gaps"], unread.not_looked_at(run)
    beside = [line for each in (unread.elsewhere(run), unseen) if each for line in ("", plain(f"{each}."))]
    if not gaps:
        return beside
    out = ["", f"**Incomplete**: {unread.incomplete(run)}."]
    actions = unread.permissions(run)
    if actions:
        out.append(f"To read everything, allow {words.listed(plain(each) for each in actions[:30])}.")
    return [*out, *beside]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"
