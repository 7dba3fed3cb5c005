"""What a document itself excepts from rules: where it says so, the rule does not speak against it.

Only of a resource that certainly plays the role, and while it is as the document says: nothing is excused on a guess,
and an origin that nobody signs is no origin that is signed the older way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from auditor.checks.agreed import Drifted
from auditor.checks.schema import Baseline, Excepted


def excepted_by(drifts: Iterable[Drifted]) -> dict[tuple[str, str], dict[str, Any]]:
    """By rule and resource, who waives it: the document, with its place."""
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for baseline, bound, drift in drifts:
        kept = {each.id for each in drift.promises if each.verdict == "kept"}
        for each in baseline.exceptions:
            stands = each.role not in bound.doubts and f"{each.role}/{each.instead}" in kept
            for played in bound.bindings if stands else ():
                if played.role == each.role:
                    out.setdefault((each.rule, played.resource), _told(baseline, each))
    return out


def _told(baseline: Baseline, each: Excepted) -> dict[str, Any]:
    place = {"baseline": baseline.id, "section": each.at.section, "lines": each.at.lines, "text": each.at.text}
    source = f"{baseline.id}, section {each.at.section}, lines {each.at.lines}"
    return {"reason": each.reason, "owner": "", "expires": "", "source": source, "document": place}
