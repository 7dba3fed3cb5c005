"""A missing part and the one undeclared resource that could stand in its place, told as one finding.

Somebody who makes a part anew, under another name or of another kind, is told once what happened. It is a guess, and
shown as one: nothing is bound by it and nothing mended. Where several resources could be meant, or one could be meant
by several missing parts, each is told by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from auditor.checks.agreed import Drifted
from auditor.checks.schema import Baseline
from auditor.model import SEVERITIES, Finding


def replaced(drifts: Iterable[Drifted]) -> list[Drifted]:
    """The drifts, with what was probably renamed or replaced told where it is missed."""
    return [
        (baseline, bound, replace(found, findings=_told(found.findings, _instead(baseline, found.findings))))
        for baseline, bound, found in drifts
    ]


def _instead(baseline: Baseline, findings: Iterable[Finding]) -> dict[str, Finding]:
    """By the id of a missing part, the only undeclared resource of a type that the part may have."""
    surely = [found for found in findings if found.verdict == "broken"]
    undeclared = [found for found in surely if found.check == f"{baseline.id}/undeclared"]
    could = {
        found.id: [each for each in undeclared if each.resource.type in baseline.roles[found.resource.id].types]
        for found in surely
        if found.kind == "missing"
    }
    meant = Counter(each.id for found in could.values() for each in found)
    return {missing: each[0] for missing, each in could.items() if len(each) == 1 and meant[each[0].id] == 1}


def _told(findings: Iterable[Finding], instead: Mapping[str, Finding]) -> list[Finding]:
    joined = {each.id for each in instead.values()}
    return [
        as_one(found, instead[found.id]) if found.id in instead else found
        for found in findings
        if found.id not in joined
    ]


def as_one(missing: Finding, other: Finding) -> Finding:
    guess = f"probably renamed or replaced by {other.resource.label}, which is not in the architecture document"
    return replace(
        missing,
        severity=min(missing.severity, other.severity, key=SEVERITIES.index),
        because=f"{missing.because}; {guess}: {other.because}",
        evidence=(*missing.evidence, *other.evidence),
        also=(*missing.also, other),
    )
