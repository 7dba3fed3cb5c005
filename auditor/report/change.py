"""A gate on a terminal: its verdict, each finding at file and line, what is fixed, what could not be checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from auditor.report import Options, gated, terminal, view, words
from auditor.report.detail import details
from auditor.report.plain import clean
from auditor.report.terminal import FEW, STYLES, Lines, heading, line, sign

Run = Mapping[str, Any]


def lines(run: Run, options: Options) -> Lines:
    """The whole answer."""
    state = gated.state(run)
    yield line(sign(state), " ", (gated.headline(run), f"bold {terminal.tone(state)}"), hang=2)
    yield line(f"{gated.against(run)}: {gated.counts(run)}.", by=2)
    for each in (run["gate"].get("base") or {}).get("problem") or ():
        yield line((clean(each), "yellow"), by=2)
    names = words.labels(run)
    live = [each for each in run["findings"] if not each.get("waiver")]
    shown = live if options.verbose else live[: options.worst]
    for found in shown:
        yield from _finding(found, names)
    if len(live) > len(shown):
        left = f"{len(live) - len(shown):,} more"
        yield line((f"\nNot shown: {left}. --verbose shows all, as do --format sarif and json.", "dim"))
    for title, rows, style in (
        (gated.FIXED, gated.fixed(run), "green"),
        (gated.DRIFTED, gated.drifted(run), "bold yellow"),
        (gated.LATER, gated.later(run), "dim"),
        (gated.UNREAD, gated.gaps(run), "bold yellow"),
        *((title, rows, "bold") for title, rows in gated.exceptions(run)),
    ):
        if rows:
            yield heading(title, len(rows), style)
            yield from terminal.rows([Text(row) for row in rows], options.verbose, hang=2, few=2 * FEW)
    if unseen := gated.not_looked_at(run):
        yield line((f"\n{unseen}.", "dim"))
    if beside := run["scan"].get("checkov"):
        yield line((f"\n{words.beside(beside)}", "dim"))


def _finding(found: Run, names: Mapping[str, str]) -> Lines:
    told = view.finding(found, names)
    where = gated.at(found) or told["name"]
    unknown = " unknown" if found["verdict"] == "unknown" else ""
    severity = (found["severity"] + unknown, STYLES[found["severity"]])
    yield line("\n", (where, "bold"), "  ", severity, "  ", told["title"], hang=4)
    yield line(told["name"], (f" · {told['noun']} · {told['check']} · {told['id']}", "dim"), by=4)
    yield from details(told, found)
