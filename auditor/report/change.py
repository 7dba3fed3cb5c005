"""A gate's verdict in words: what the change brings, at file and line, what it mends, what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from auditor.model import SEVERITIES
from auditor.report import Options, view, words
from auditor.report.plain import clean

Run = Mapping[str, Any]
Lines = Iterator[tuple[int, Text]]
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
_SIGNS = {"kept": ("✓", "+", "green"), "broken": ("✗", "x", "red"), "unknown": ("?", "?", "yellow")}
_FEW = 10


def state(run: Run) -> str:
    """The verdict on the change (or on all of the code, where nothing was compared)."""
    if any(each["verdict"] == "broken" and not each.get("waiver") for each in run["findings"]):
        return "broken"
    problem = (run["gate"].get("base") or {}).get("problem")
    return "unknown" if run["summary"]["unknown"] or problem or not run["coverage"]["complete"] else "kept"


def headline(run: Run) -> str:
    """One sentence: what the change does."""
    gate = run["gate"]
    broken = sum(each["verdict"] == "broken" and not each.get("waiver") for each in run["findings"])
    if (gate.get("base") or {}).get("problem"):
        found = f"{words.count(broken, 'finding')} in the code" if broken else "nothing broken in the code"
        return f"The base cannot be read, so nobody can tell what is new: {found}."
    if not gate["compared"]:
        if broken:
            return f"The code breaks what it should keep in {words.count(broken, 'place')}."
        return "The code keeps what was judged." if state(run) == "kept" else "Not everything could be judged."
    if broken:
        return f"The change brings {words.count(broken, 'new finding')}."
    if state(run) == "unknown":
        return "The change brings nothing broken, but not everything could be judged."
    if gate["mended"]:
        return f"The change brings nothing new and mends {words.count(gate['mended'], 'finding')}."
    return "The change brings nothing new."


def counts(run: Run) -> str:
    """New, mended, still: with what was there before by severity."""
    gate = run["gate"]
    if not gate["compared"]:
        return words.count(len(run["findings"]), "finding")
    severities = gate["still_by_severity"]
    worst = [f"{severities[name]:,} {name}" for name in SEVERITIES if severities.get(name)]
    before = f"{gate['still']:,} there before" + (f" ({', '.join(worst)})" if worst else "")
    return f"{len(run['findings']):,} new, {gate['mended']:,} mended, {before}"


def against(run: Run) -> str:
    """What was judged, and against what."""
    gate = run["gate"]
    base = gate.get("base") or {}
    label = f" against {clean(base['label'])}" if base else ""
    return f"{clean(gate['path'])}{label}" + (", where there was no code yet" if base.get("empty") else "")


def at(found: Run) -> str:
    """`file:line` of a finding, or of what stands for it."""
    place = found.get("location")
    return f"{clean(place['file'])}:{place['line']}" if place else ""


def gaps(run: Run) -> list[str]:
    """What could not be judged and why, each once."""
    out = []
    for gap in run["coverage"]["gaps"]:
        why = clean(gap["message"]) or words.REASONS.get(gap["reason"], clean(gap["reason"]))
        hides = words.listed(words.short_type(each) for each in gap["types"][:3]) or "what is declared there"
        more = f" and {len(gap['types']) - 3} types" if len(gap["types"]) > 3 else ""
        out.append(f"{why} (hides {hides}{more})")
    return list(dict.fromkeys(out))


def later(run: Run) -> list[str]:
    """What no code can answer."""
    return [clean(title) for title in run["gate"].get("later", ())]


def drifted(run: Run) -> list[str]:
    """What the plan found changed outside of Terraform."""
    return [
        f"{clean(each['address'])}: {'it is gone' if each['gone'] else ', '.join(map(clean, each['properties']))}"
        for each in run["gate"].get("drifted", ())
    ]


def blocks(run: Run, options: Options, rich: bool) -> Lines:
    """The text as (indent, line)."""
    word = state(run)
    sign, letter, style = _SIGNS[word]
    mark = sign if rich else letter
    yield 0, Text.assemble((mark, style), " ", (headline(run), f"bold {style}"))
    yield 2, Text(f"{against(run)}: {counts(run)}.")
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
    yield from _listed("Changed outside of Terraform, as the plan says", drifted(run), options, "bold yellow")
    yield from _listed("Only the account can show, once it is applied", later(run), options, "dim")
    yield from _listed("Could not be judged", gaps(run), options, "bold yellow")
    if beside := run["scan"].get("checkov"):
        yield 0, Text(f"\n{words.beside(beside)}", "dim")


def _finding(found: Run, names: Mapping[str, str]) -> Lines:
    told = view.finding(found, names)
    where = at(found) or told["name"]
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
