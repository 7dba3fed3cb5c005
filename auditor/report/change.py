"""A gate on a terminal: its verdict, the findings by check with their lines of code, what is fixed, what is unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from auditor.report import Options, gated, terminal, threeway, unread, view, words
from auditor.report.detail import difference, reasons, remedy
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
    for same in _by_check(shown):
        yield from _group(same, names)
    if len(live) > len(shown):
        left = f"{len(live) - len(shown):,} more"
        yield line((f"\nNot shown: {left}. --verbose shows all, as do --format sarif and json.", "dim"))
    for title, rows, style in (
        (gated.FIXED, gated.fixed(run), "green"),
        (gated.DRIFTED, gated.drifted(run), "bold yellow"),
        (gated.SWITCHED, gated.switched(run), "bold"),
        (gated.OTHERWISE, gated.otherwise(run), "bold"),
        (gated.LATER, gated.later(run), "dim"),
        (gated.UNREAD, gated.gaps(run), "bold yellow"),
        *((title, rows, "bold") for title, rows in (*gated.exceptions(run), *threeway.lists(run))),
    ):
        if rows:
            yield heading(title, len(rows), style)
            yield from terminal.rows([Text(row) for row in rows], options.verbose, hang=2, few=2 * FEW)
    if unseen := unread.not_looked_at(run):
        yield line((f"\n{unseen}.", "dim"))
    if beside := run["scan"].get("checkov"):
        yield line((f"\n{words.beside(beside)}", "dim"))


def _by_check(findings: list[Run]) -> list[list[Run]]:
    """The findings of each check together, checks in the order of their worst finding."""
    groups: dict[str, list[Run]] = {}
    for each in findings:
        groups.setdefault(each["check"], []).append(each)
    return list(groups.values())


def _group(same: list[Run], names: Mapping[str, str]) -> Lines:
    """A check with what is true of all its findings said once, and each finding with its code."""
    views = [view.finding(each, names) for each in same]
    first = views[0]
    severity = (same[0]["severity"], STYLES[same[0]["severity"]])
    number = (f"  {len(same):,}", "dim") if len(same) > 1 else ""
    name = (f"  {first['check']}", "dim")
    yield line("\n", severity, "  ", (first.get("demand") or first["title"], "bold"), name, number, hang=4)
    why = reasons(first) if first.get("cite") else reasons(first)[1:]
    yield from (line((each, "dim"), by=4, hang=2) for each in why)
    common = first.get("because") if len({each.get("because") for each in views}) == 1 else ""
    if common:
        yield line(common, by=4)
    for found, told in zip(same, views, strict=True):
        yield from _finding(found, told, "" if common else told.get("because", ""))
    mends = [each.get("mend") or {} for each in views]
    yield from remedy(mends[0])


def _finding(found: Run, told: Mapping[str, Any], because: str) -> Lines:
    where = gated.at(found) or told["name"]
    facts = " · ".join((told["name"], told["noun"], told["id"]))
    yield line("\n", (where, "bold"), "  ", told["title"], (f"  {facts}", "dim"), by=2, hang=4)
    wide = max((len(str(each["line"])) for each in found.get("code") or ()), default=0)
    for each in found.get("code") or ():
        yield line(
            (f"{each['line']:>{wide}} | ", "dim"), clean(each["text"].replace("\t", "    ")), by=6, hang=wide + 3
        )
    yield from difference(told, found)
    if because:
        yield line(because, by=6)
