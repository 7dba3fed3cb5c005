"""Findings and their company as the JSON of a run: the one form that is stored, reported and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from auditor import __version__
from auditor.model import (
    ABSENT,
    Answer,
    Binding,
    Edge,
    Finding,
    Gap,
    Inventory,
    Json,
    Promise,
    Remedy,
    Resource,
    Step,
    code_line,
)

Record = dict[str, Any]
SCHEMA_VERSION = "2"  # 2: titles state the fact, `demand` and `also` are new, the summary counts findings


def run(
    *,
    scan: Record,
    gaps: list[Gap],
    findings: list[Finding],
    promises: list[Promise],
    bindings: list[Binding],
    rules: Mapping[str, int],
    maps: list[Record],
) -> Record:
    """Everything a run came to, in one value."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "auditor", "version": __version__, "schema_version": SCHEMA_VERSION},
        "scan": scan,
        "coverage": coverage(gaps),
        "summary": summary(findings, promises, rules),
        "rules": dict(rules),
        "promises": [promise(each) for each in promises],
        "bindings": [binding(each) for each in bindings],
        "findings": [finding(each) for each in findings],
        "mended": [],
        "map": _one_map(maps),
    }


def _one_map(maps: list[Record]) -> Record:
    """The pictures of several baselines in one; what two documents name is drawn once."""
    out: Record = {"boxes": [], "nodes": [], "links": []}
    for each in maps:
        for kind, items in out.items():
            seen = {item["id"] for item in items} if kind != "links" else set()
            items += [item for item in each[kind] if item["id"] not in seen]
    return out


def finding(found: Finding) -> Record:
    return {
        "id": found.id,
        "check": found.check,
        "kind": found.kind,
        "verdict": found.verdict,
        "severity": found.severity,
        "title": found.title,
        "demand": found.demand,
        "resource": resource(found.resource),
        "location": location(found),
        "property": found.property,
        "expected": plain(found.expected),
        "actual": plain(found.actual),
        "because": found.because,
        **({"condition": found.condition} if found.condition else {}),
        **({"managed_by": found.managed_by} if found.managed_by else {}),
        "evidence": [edge(each) for each in found.evidence],
        "document": _document(found),
        "remedy": remedy(found.remedy)
        if found.remedy
        else {"kind": "manual", "risk": "safe", "steps": [], "text": found.fix},
        "permissions": sorted({gap.permission for gap in found.gaps if gap.permission and gap.reason == "denied"}),
        "cures": sorted({gap.cure for gap in found.gaps if gap.cure and gap.reason != "denied"}),
        "status": found.status,
        "waiver": dict(found.waiver) if found.waiver else None,
        "also": [also(each, found) for each in found.also],
    }


def also(other: Finding, whole: Finding) -> Record:
    """A finding that another one tells along, as far as it differs from that one: a rule about the same fact, or the
    undeclared resource that probably stands in the place of a missing one."""
    names = ("id", "check", "severity", "title", "demand", "because", "fix")
    told = {name: getattr(other, name) for name in names}
    if other.resource.key != whole.resource.key:
        told |= {"kind": other.kind, "resource": resource(other.resource), "property": other.property}
    return told


def resource(owner: Resource) -> Record:
    return {
        "key": owner.key,
        "type": owner.type,
        "id": owner.id,
        "arn": owner.arn,
        "name": owner.name,
        "account": owner.account,
        "region": owner.region,
        "origin": owner.origin,
    }


def location(found: Finding) -> Record | None:
    """File and line of what a finding is about: the property's own where code says it, else the resource's."""
    said = code_place(found.resource.place(found.property))
    if not said or said["file"].startswith("arn:"):
        return None
    return said | ({"inside": found.resource.inside} if found.resource.inside else {})


def code_place(text: str) -> Record | None:
    """`file:line` as a record has it; nothing where that is no place of code."""
    found = code_line(text)
    return {"file": found[0], "line": max(1, found[1])} if found else None


def _document(found: Finding) -> Record | None:
    if not found.cite:
        return None
    cite = found.cite
    told: Record = {"baseline": found.baseline, "section": cite.section, "lines": cite.lines, "text": cite.text}
    return told | ({"decided": list(cite.decided)} if cite.decided else {})


def edge(link: Edge) -> Record:
    return {"tail": link.tail, "relation": link.relation, "head": link.head, "because": link.because}


def remedy(mend: Remedy) -> Record:
    return {
        "kind": mend.kind,
        "risk": mend.risk,
        "text": mend.text,
        "steps": [step(each) for each in mend.steps],
    }


def step(each: Step) -> Record:
    return {
        "service": each.service,
        "operation": each.operation,
        "region": each.region,
        "params": plain(dict(each.params)),
        "property": each.property,
        "before": plain(each.before),
        "after": plain(each.after),
        "undo": plain(dict(each.undo)),
        "risk": each.risk,
        "permissions": list(each.permissions),
        "touches": list(each.touches),
        "loses": list(each.loses),
    }


def plain(value: Json) -> Json:
    """A value as JSON: what is not set becomes null."""
    if value is ABSENT:
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def promise(kept: Promise) -> Record:
    told: Record = {
        "baseline": kept.baseline,
        "id": kept.id,
        "section": kept.cite.section,
        "lines": kept.cite.lines,
        "text": kept.cite.text,
        "verdict": kept.verdict,
        "reason": kept.reason,
        "findings": list(kept.findings),
    }
    if kept.cite.decided:
        told["decided"] = list(kept.cite.decided)
    return {**told, "parts": [part(name, answer) for name, answer in kept.parts]} if kept.parts else told


def part(name: str, answer: Answer) -> Record:
    """One of the three answers about an arrow."""
    return {
        "part": name,
        "verdict": answer.verdict,
        "expected": plain(answer.expected),
        "because": answer.because,
        "depends_on": list(answer.depends),
        "evidence": [edge(each) for each in answer.evidence],
    }


def binding(bound: Binding) -> Record:
    return {
        "baseline": bound.baseline,
        "role": bound.role,
        "resource": bound.resource,
        "confidence": bound.confidence,
        "runner_up": bound.runner_up,
        "pinned": bound.pinned,
    }


def grouped_gaps(found: Iterable[Gap]) -> list[Record]:
    """Gaps, the same call denied for many resources told once, with how many and which."""
    grouped: dict[tuple[str, ...], list[Gap]] = {}
    for gap in found:
        key = (gap.account, gap.region, gap.service, gap.operation, gap.permission, gap.reason, *gap.types)
        grouped.setdefault(key, []).append(gap)
    return [_gap(same) for _, same in sorted(grouped.items())]


def _gap(same: list[Gap]) -> Record:
    first = same[0]
    subjects = sorted(gap.subject for gap in same if gap.subject)
    return {
        "account": first.account,
        "region": first.region,
        "service": first.service,
        "operation": first.operation,
        "permission": first.permission,
        "reason": first.reason,
        "types": list(first.types),
        "message": first.message,
        "cure": first.cure,
        "count": len(same),
        "subjects": subjects[:20],
    }


def not_looked_at(inventory: Inventory) -> Record:
    """What else stands in an account, where that was asked, and where nothing told."""
    found = inventory.not_looked_at
    if not found:
        return {}
    return {"not_looked_at": {"kinds": dict(sorted(found.kinds.items())), "gaps": grouped_gaps(found.gaps)}}


def coverage(found: Iterable[Gap]) -> Record:
    told = grouped_gaps(found)
    return {"complete": not told, "gaps": told}


def summary(findings: Iterable[Finding], promises: Iterable[Promise], rules: Mapping[str, int]) -> Record:
    """Counts: of findings what is broken and not known, of answers to promises and rules what is kept.

    A promise may be unknown with no finding that says so (several resources could play its role): it counts as well.
    """
    findings, promises = list(findings), list(promises)
    live = Counter(each.verdict for each in findings if not each.waiver)
    verdicts = Counter(each.verdict for each in promises)
    severities = Counter(each.severity for each in findings if each.verdict == "broken" and not each.waiver)
    known = {each.id for each in findings}
    undecided = sum(each.verdict == "unknown" and not known.intersection(each.findings) for each in promises)
    return {
        "kept": verdicts["kept"] + rules.get("kept", 0),
        "broken": live["broken"],
        "unknown": live["unknown"] + undecided,
        "unverifiable": verdicts["unverifiable"],
        "waived": sum(bool(each.waiver) for each in findings),
        "by_severity": {name: severities[name] for name in ("critical", "high", "medium", "low", "info")},
    }
