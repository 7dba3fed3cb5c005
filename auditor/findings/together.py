"""Two judgements of one fact become one finding: a promise and the rules that judge the same property of the same
resource. The promise gives the id, the worst of them the severity; the rules stand in it as `also`.

They stay two where they were answered otherwise, or want to be mended by different changes: then the facts differ.
What was kept before is compared part by part (`parts`), so it makes no difference how an earlier run put it together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from auditor.model import SEVERITIES, Finding

Record = dict[str, Any]


def together(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those of one fact as one."""
    found = list(findings)
    joined = _joined([_of_finding(each) for each in found])
    out = []
    for place, others in joined.items():
        mine = found[place]
        rules = [found[other] for other in others if _alike(mine, found[other])]
        out.append(_one(mine, rules))
        out += [found[other] for other in others if not _alike(mine, found[other])]
    return out


def _alike(one: Finding, other: Finding) -> bool:
    return one.changes == other.changes or not one.changes or not other.changes


def _one(promise: Finding, rules: list[Finding]) -> Finding:
    if not rules:
        return promise
    every = [promise, *rules]
    return replace(
        promise,
        severity=min((each.severity for each in every), key=SEVERITIES.index),
        because=next((each.because for each in every if each.because), ""),
        evidence=tuple(dict.fromkeys(edge for each in every for edge in each.evidence)),
        changes=next((each.changes for each in every if each.changes), ()),
        gaps=tuple(dict.fromkeys(gap for each in every for gap in each.gaps)),
        fix=next((each.fix for each in every if each.fix), ""),
        also=tuple(sorted(rules, key=lambda each: each.check)),
    )


def parts(finding: Mapping[str, Any]) -> list[Record]:
    """A finding of a record, and each that it stands for, as findings of their own."""
    others = finding.get("also") or ()
    own = {**finding, "also": []}
    return [own, *({**own, "kind": "rule", "document": None, **each} for each in others)]


def told_together(found: Iterable[Record]) -> list[Record]:
    """Findings of records, those of one fact as one: how a list of what is gone is counted."""
    records = list(found)
    joined = _joined([_of_record(each) for each in records])
    return [
        {**records[place], "also": [_short(records[other]) for other in others]} if others else records[place]
        for place, others in joined.items()
    ]


def _short(record: Record) -> Record:
    return {name: record.get(name, "") for name in ("id", "check", "severity", "title", "demand", "because", "fix")}


def _of_finding(found: Finding) -> tuple[str, str, Hashable]:
    return found.kind, found.check, (found.resource.key, found.property, found.verdict) if found.property else None


def _of_record(found: Mapping[str, Any]) -> tuple[str, str, Hashable]:
    place = (found["resource"]["key"], found["property"], found["verdict"]) if found.get("property") else None
    return found["kind"], found["check"], place


def _joined(rows: list[tuple[str, str, Hashable]]) -> dict[int, list[int]]:
    """Where each finding stands that is told, with the rules that it stands for; in the order that they came in."""
    promises: dict[Hashable, int] = {}
    for place, (kind, _, fact) in enumerate(rows):
        if kind == "different" and fact is not None:
            promises.setdefault(fact, place)
    out: dict[int, list[int]] = {}
    for place, (kind, check, fact) in enumerate(rows):
        if kind == "rule" and "/" not in check and fact in promises:  # not another program's, such as checkov
            out.setdefault(promises[fact], []).append(place)
        else:
            out.setdefault(place, [])
    return out


def ordered(findings: list[Finding]) -> list[Finding]:
    """Worst first, broken before unknown; one finding an id. What hides one verdict in several places is told whole."""
    unique: dict[str, Finding] = {}
    for found in findings:
        known = unique.setdefault(found.id, found)
        if known is not found and known.verdict == found.verdict == "unknown":
            unique[found.id] = replace(known, gaps=tuple(dict.fromkeys((*known.gaps, *found.gaps))))

    def rank(found: Finding) -> tuple[object, ...]:
        severity = SEVERITIES.index(found.severity)
        return found.verdict != "broken", severity, found.check, found.resource.key, found.property

    return sorted(unique.values(), key=rank)
