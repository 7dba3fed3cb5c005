"""A gate's verdict as the comment of a pull request: one that stays, found again by a hidden mark.

A comment holds 65,536 characters; findings are left out from the mildest on, and it is said how many. Names in code are
written by whoever opens the pull request, so every text is escaped: none becomes markup, a link or a mention.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model import digest
from auditor.report import Options, gated, words
from auditor.report.marked import MOST, plain

_MARKS = {"kept": "✅", "broken": "❌", "unknown": "❔"}
_ROOM = 6_000  # for each list beside the table
_LONG = 160


def mark(run: Mapping[str, Any]) -> str:
    """What a program looks for to find its own comment again: one for each judged path."""
    return f"<!-- auditor-gate:{digest(str(run['gate']['path']))} -->"


def comment(run: Mapping[str, Any], options: Options) -> str:
    compared = run["gate"]["compared"]
    head = [
        mark(run),
        f"## {_MARKS[gated.state(run)]} {plain(gated.headline(run))}",
        "",
        plain(f"{gated.against(run)}: {gated.counts(run)}."),
    ]
    head += [plain(_short(line)) for line in ((run["gate"].get("base") or {}).get("problem") or ())[:5]]
    live = [each for each in run["findings"] if not each.get("waiver")]
    tail = _tail(run)
    room = MOST - _size([*head, *tail]) - 500
    rows, details = [], []
    for found in live:
        row, more = _row(found), _detail(found)
        if room < len(row) + 1:
            break
        room -= len(row) + 1
        rows.append(row)
        if room > len(more) + 1:
            room -= len(more) + 1
            details.append(more)
    if rows:
        title = "New finding" if compared else "Finding"
        head += ["", f"| Severity | Where | {title} | Resource |", "|---|---|---|---|", *rows]
    if len(live) > len(rows):
        head += ["", f"Not shown in this comment: {words.left_out(live[len(rows) :])}."]
    if details:
        head += ["", "<details><summary>Expected values, and how to fix them</summary>", "", *details, "", "</details>"]
    return "\n".join([*head, *tail]) + "\n"


def _size(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _row(found: Mapping[str, Any]) -> str:
    owner = found["resource"]
    severity = found["severity"] + (" (unknown)" if found["verdict"] == "unknown" else "")
    resource = f"{owner.get('name') or owner['id']} ({words.short_type(owner['type'])})"
    cells = [severity, *(plain(_short(text)) for text in (gated.at(found), found["title"], resource))]
    return "| " + " | ".join(cells) + " |"


def _detail(found: Mapping[str, Any]) -> str:
    parts = [f"- **{plain(_short(gated.at(found) or found['resource']['id']))}** ({plain(found['check'])})"]
    if found["property"]:
        expected, between, actual = words.difference(found)
        name, want, have = (plain(_short(text)) for text in (found["property"], expected, actual))
        parts.append(f"{name}: expected {want}{between}{have}.")
    parts += [
        plain(_short(text, 400)).removesuffix(".") + "."
        for text in (found.get("because"), words.demands(found))
        if text
    ]
    if fix := (found.get("remedy") or {}).get("text"):
        parts.append(f"Fix: {plain(_short(fix, 400))}")
    return " ".join(parts)


def _tail(run: Mapping[str, Any]) -> list[str]:
    return [
        *_folded(gated.FIXED, gated.fixed(run)),
        *_folded(gated.DRIFTED, gated.drifted(run)),
        *_folded(gated.LATER, gated.later(run)),
        *_folded(gated.UNREAD, gated.gaps(run)),
        *(line for title, rows in gated.exceptions(run) for line in _folded(title, rows)),
        *([plain(unseen + "."), ""] if (unseen := gated.not_looked_at(run)) else []),
        *([plain(words.beside(beside)), ""] if (beside := run["scan"].get("checkov")) else []),
    ]


def _folded(title: str, rows: list[str]) -> list[str]:
    """A list that opens when one wants it, of bearable length."""
    if not rows:
        return []
    out: list[str] = []
    for row in rows[:50]:
        line = f"- {plain(_short(row))}"
        if _size([*out, line]) > _ROOM:
            break
        out.append(line)
    more = [f"- and {len(rows) - len(out):,} more"] if len(rows) > len(out) else []
    return ["", f"<details><summary>{title}: {len(rows):,}</summary>", "", *out, *more, "", "</details>"]


def _short(text: str, most: int = _LONG) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
