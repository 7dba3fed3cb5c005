"""The sentences of a gate, in every format: what a change adds, compared with what, what it fixes, what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.report import words
from auditor.report.plain import clean

Run = Mapping[str, Any]

# The titles of the lists beside the findings.
FIXED = "Fixed"
DRIFTED = "Changed outside Terraform, according to the plan"
LATER = "Known only after apply, from the account"
UNREAD = "Could not be checked"


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
    in_code = f"{words.count(broken, 'finding') if broken else 'no findings'} in the code"
    if (gate.get("base") or {}).get("problem"):
        return f"The base cannot be read, so it is not known which findings are new: {in_code}."
    if not gate["compared"]:
        incomplete = not broken and state(run) != "kept"
        return _sentence(in_code, "not everything could be checked" if incomplete else "")
    if broken:
        return f"The change adds {words.count(broken, 'finding')}."
    if state(run) == "unknown":
        return "The change adds no findings, but not everything could be checked."
    fixed = f" and fixes {words.count(gate['mended'], 'finding')}" if gate["mended"] else ""
    return f"The change adds no findings{fixed}."


def _sentence(text: str, but: str) -> str:
    return f"{text[0].upper()}{text[1:]}{f', but {but}' if but else ''}."


def counts(run: Run) -> str:
    """New, unknown, fixed, already there; the new ones by severity."""
    gate = run["gate"]
    live = [each for each in run["findings"] if not each.get("waiver")]
    broken = [each for each in live if each["verdict"] == "broken"]
    new = f"{len(broken):,} new" if gate["compared"] else words.count(len(broken), "finding")
    new += words.severities(words.by_severity(broken))
    if len(live) > len(broken):
        new += f", {len(live) - len(broken):,} unknown"
    return f"{new}, {gate['mended']:,} fixed, {gate['still']:,} already there" if gate["compared"] else new


def against(run: Run) -> str:
    """What was judged, and compared with what."""
    gate = run["gate"]
    base = gate.get("base") or {}
    label = f" compared with {clean(base['label'])}" if base else ""
    return f"{clean(gate['path'])}{label}" + (", which has no code at this path" if base.get("empty") else "")


def at(found: Run) -> str:
    """`file:line` of a finding, or of what stands for it."""
    place = found.get("location")
    return f"{clean(place['file'])}:{place['line']}" if place else ""


def fixed(run: Run) -> list[str]:
    """What the change fixes, each with its resource."""
    return [
        f"{clean(each['title'])}: {clean(each['resource'].get('name') or each['resource']['id'])}"
        for each in run["mended"]
    ]


def gaps(run: Run) -> list[str]:
    """What could not be judged and why, each once."""
    out = []
    for gap in run["coverage"]["gaps"]:
        why = clean(gap["message"]) or words.REASONS.get(gap["reason"], clean(gap["reason"]))
        hides = words.listed(words.short_type(each) for each in gap["types"][:3]) or "everything declared there"
        more = f" and {words.count(len(gap['types']) - 3, 'more type')}" if len(gap["types"]) > 3 else ""
        out.append(f"{why} (affects {hides}{more})")
    return list(dict.fromkeys(out))


def not_looked_at(run: Run) -> str:
    """How much of the code is of types that are not described, the most frequent first; empty where there is none."""
    found = sorted(run["scan"].get("not_described", {}).items(), key=lambda each: (-each[1], each[0]))
    if not found:
        return ""
    named = [f"{words.short_type(clean(name))} ({number:,})" for name, number in found[:8]]
    more = f" and {words.count(len(found) - 8, 'more type')}" if len(found) > 8 else ""
    total = words.count(sum(number for _, number in found), "block")
    kinds = words.count(len(found), "type that is", "types that are")
    return f"Not looked at: {total} of {kinds} not supported: {', '.join(named)}{more}"


def later(run: Run) -> list[str]:
    """What no code can answer."""
    return [clean(title) for title in run["gate"].get("later", ())]


def drifted(run: Run) -> list[str]:
    """What the plan found changed outside of Terraform."""
    return [
        f"{clean(each['address'])}: {'deleted' if each['gone'] else ', '.join(map(clean, each['properties']))}"
        for each in run["gate"].get("drifted", ())
    ]
