"""The sentences of a gate, in every format: what a change brings, against what, what it mends, what nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model import SEVERITIES
from auditor.report import words
from auditor.report.plain import clean

Run = Mapping[str, Any]


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
