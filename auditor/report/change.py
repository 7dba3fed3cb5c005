"""A gate on a terminal: its verdict, each finding at file and line, what is mended, what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from auditor.report import Options, gated, view, words
from auditor.report.plain import clean

Run = Mapping[str, Any]
Lines = Iterator[tuple[int, Text]]
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
_SIGNS = {"kept": ("✓", "+", "green"), "broken": ("✗", "x", "red"), "unknown": ("?", "?", "yellow")}
_FEW = 10


def blocks(run: Run, options: Options, rich: bool) -> Lines:
    """The text as (indent, line)."""
    word = gated.state(run)
    sign, letter, style = _SIGNS[word]
    mark = sign if rich else letter
    yield 0, Text.assemble((mark, style), " ", (gated.headline(run), f"bold {style}"))
    yield 2, Text(f"{gated.against(run)}: {gated.counts(run)}.")
    for line in (run["gate"].get("base") or {}).get("problem") or ():
        yield 2, Text(clean(line), "yellow")
    names = words.labels(run)
    live = [each for each in run["findings"] if not each.get("waiver")]
    shown = live if options.verbose else live[: options.worst]
    for found in shown:
        yield from _finding(found, names)
    if len(live) > len(shown):
        yield 0, Text(f"\nAnd {len(live) - len(shown):,} more: --verbose shows all, --format sarif or json too.", "dim")
    yield from _listed("Mended", [_gone(each) for each in run["mended"]], options, "green")
    yield from _listed("Changed outside of Terraform, as the plan says", gated.drifted(run), options, "bold yellow")
    yield from _listed("Only the account can show, once it is applied", gated.later(run), options, "dim")
    yield from _listed("Could not be judged", gated.gaps(run), options, "bold yellow")
    if beside := run["scan"].get("checkov"):
        yield 0, Text(f"\n{words.beside(beside)}", "dim")


def _finding(found: Run, names: Mapping[str, str]) -> Lines:
    told = view.finding(found, names)
    where = gated.at(found) or told["name"]
    unknown = " not known" if found["verdict"] == "unknown" else ""
    severity = (found["severity"] + unknown, _STYLES[found["severity"]])
    yield 0, Text.assemble("\n", (where, "bold"), "  ", severity, "  ", told["title"])
    yield 4, Text.assemble(told["name"], (f" · {told['noun']} · {told['check']} · {told['id']}", "dim"))
    if told.get("property"):
        want, have = words.expected(found, flat=True)[:200], words.actual(found, flat=True)[:200]
        yield 4, Text.assemble(f"{told['property']}: expected ", (want, "green"), ", found ", (have, "red"))
    if told.get("because"):
        yield 4, Text(told["because"])
    if told.get("cite"):
        yield 4, Text(told["cite"]["where"], "dim")
    if (told.get("mend") or {}).get("text"):
        yield 4, Text(f"fix: {told['mend']['text']}")


def _gone(found: Run) -> str:
    return f"{clean(found['title'])}: {clean(found['resource'].get('name') or found['resource']['id'])}"


def _listed(title: str, rows: list[str], options: Options, style: str) -> Lines:
    if not rows:
        return
    yield 0, Text.assemble("\n", (title, style), (f"  {len(rows):,}", "dim"))
    few = rows if options.verbose else rows[:_FEW]
    for row in few:
        yield 2, Text(row)
    if len(rows) > len(few):
        yield 2, Text(f"and {len(rows) - len(few):,} more", "dim")
