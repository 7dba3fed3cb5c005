"""A gate's verdict as the comment of a pull request: one that stays, found again by a hidden mark.

A comment holds 65,536 characters; findings are left out from the mildest on, and it is said how many. Names in code are
written by whoever opens the pull request, so every text is escaped: none becomes markup, a link or a mention.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model import digest
from auditor.report import Options, fenced, gated, threeway, unread, way, words
from auditor.report.marked import MOST, plain
from auditor.report.plain import clean, no_command

_MARKS = {"kept": "✅", "broken": "❌", "unknown": "❔"}
_ROOM = 6_000  # for each list beside the table
_LONG = 160
_EFFECTS = 6  # sentences about the architecture
_PARTS = ("missing", "unlinked", "extra")


def mark(run: Mapping[str, Any]) -> str:
    """What a program looks for to find its own comment again: one for each judged path."""
    return f"<!-- auditor-gate:{digest(clean(run['gate']['path']))} -->"


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
    effects = _effects(live, run["gate"])
    room -= _size(effects)
    rows = _fitting((_row(each) for each in live), room)
    room -= _size(rows)
    details = _fitting((_detail(each) for each in live[: len(rows)]), room)
    head += effects
    if rows:
        title = "New finding" if compared else "Finding"
        head += ["", f"| Severity | Where | {title} | Resource |", "|---|---|---|---|", *rows]
    if len(live) > len(rows):
        head += ["", f"Not shown in this comment: {words.left_out(live[len(rows) :])}."]
    if len(rows) > len(details):
        head += ["", f"Shown without code: {words.left_out(live[len(details) : len(rows)])}."]
    lines = "\n".join([*head, *details, *tail]).split("\n")
    return "\n".join(f"&#58;{each[1:]}" if no_command(each) and each[0] == ":" else each for each in lines) + "\n"


def _fitting(texts: Iterable[str], room: int) -> list[str]:
    """As many whole ones as there is room for."""
    out: list[str] = []
    for each in texts:
        room -= len(each) + 1
        if room < 0:
            break
        out.append(each)
    return out


def _effects(findings: list[Mapping[str, Any]], gate: Mapping[str, Any]) -> list[str]:
    """What the change does to the architecture: a sentence for each path that it opens or arrow that it cuts, and the
    part that they lead through."""
    known = gate.get("parts") or {}
    shown = [each for each in findings if way.told(each, known) or each["kind"] in _PARTS][:_EFFECTS]
    if not shown:
        return []
    said = []
    for each in shown:
        path = way.told(each, known)
        said.append(f"- {plain(_short(each['title']))}" + (f": {plain(_short(path, 400))}" if path else ""))
    title = "What this change does to the architecture" if gate["compared"] else "What this means for the architecture"
    drawn = fenced.picture(shown, known)
    return ["", f"**{title}**", "", *dict.fromkeys(said), *(["", drawn] if drawn else [])]


def _size(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _row(found: Mapping[str, Any]) -> str:
    owner = found["resource"]
    severity = found["severity"] + (" (unknown)" if found["verdict"] == "unknown" else "")
    resource = f"{owner.get('name') or owner['id']} ({words.short_type(owner['type'])})"
    cells = [severity, *(plain(_short(text)) for text in (gated.at(found), found["title"], resource))]
    return "| " + " | ".join(cells) + " |"


def _detail(found: Mapping[str, Any]) -> str:
    """A finding with its code: what is wrong there, why that matters, what would mend it."""
    where = gated.at(found) or found["resource"]["id"]
    parts = [f"\n#### {found['severity'].capitalize()}: {plain(_short(found['title']))}"]
    parts.append(f"{plain(_short(where))} ({plain(found['check'])})")
    if lines := fenced.code(found):
        parts.append(lines)
    said = []
    if found["property"]:
        expected, between, actual = words.difference(found)
        name, want, have = (plain(_short(text)) for text in (found["property"], expected, actual))
        said.append(f"{name}: expected {want}{between}{have}.")
    said += [
        plain(_short(text, 400)).removesuffix(".") + "."
        for text in (found.get("because"), words.demands(found))
        if text
    ]
    parts.append(" ".join(said))
    if fix := (found.get("remedy") or {}).get("text"):
        parts.append(f"Fix: {plain(_short(fix, 400))}")
    if line := fenced.mending(found):
        edit = found["edit"]
        parts.append(f"{plain(_short(edit['file']))}:{edit['line']}\n{line}")
    return "\n\n".join(parts)


def _tail(run: Mapping[str, Any]) -> list[str]:
    return [
        *folded(gated.FIXED, gated.fixed(run)),
        *folded(gated.DRIFTED, gated.drifted(run)),
        *folded(gated.SWITCHED, gated.switched(run)),
        *folded(gated.OTHERWISE, gated.otherwise(run)),
        *folded(gated.LATER, gated.later(run)),
        *folded(gated.UNREAD, gated.gaps(run)),
        *(line for title, rows in (*gated.exceptions(run), *threeway.lists(run)) for line in folded(title, rows)),
        *([plain(unseen + "."), ""] if (unseen := unread.not_looked_at(run)) else []),
        *([plain(words.beside(beside)), ""] if (beside := run["scan"].get("checkov")) else []),
    ]


def folded(title: str, rows: list[str]) -> list[str]:
    """A list that opens when one wants it, of bearable length."""
    if not rows:
        return []
    out: list[str] = []
    for row in rows[:50]:
        line = f"- {plain(_short(row, 400))}"
        if _size([*out, line]) > _ROOM:
            break
        out.append(line)
    more = [f"- and {len(rows) - len(out):,} more"] if len(rows) > len(out) else []
    return ["", f"<details><summary>{plain(title)}: {len(rows):,}</summary>", "", *out, *more, "", "</details>"]


def _short(text: str, most: int = _LONG) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
