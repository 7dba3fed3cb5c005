"""One finding as the texts that are shown of it: the shape that the template and the script of the page both read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.report import commands, words
from auditor.report.plain import clean, inline, shown

Names = Mapping[str, str]
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def slug(text: Any) -> str:
    """A text as part of an address inside the page."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", str(text))


def anchors(bindings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Where in the page each binding stands: named for its role, numbered where names would meet."""
    out: list[str] = []
    for bound in bindings:
        name = f"role-{slug(bound['baseline'])}-{slug(bound['role'])}"
        out.append(name if name not in out else f"{name}-{len(out)}")
    return out


def language(text: str) -> str:
    """The language tag of a quotation, so that fonts and screen readers treat it right."""
    return "ko" if _HANGUL.search(text) else ""


def finding(found: Mapping[str, Any], names: Names, compare: bool = True) -> dict[str, Any]:
    """Everything the page says about a finding, as clean text; members that would be empty are left out."""
    owner = found["resource"]
    waiver = found.get("waiver")
    also = [_also(each) for each in found.get("also") or ()]
    newly = words.FIRST_LOOKS.get(found.get("newly_checked", ""), "") if compare else ""
    out = {
        "id": slug(found["id"]),
        "severity": found["severity"],
        "verdict": found["verdict"],
        "kind": clean(found["kind"]),
        "told": _told(found),
        "check": clean(found["check"]),
        "title": clean(found["title"]),
        "demand": clean(found.get("demand")),
        "also": also,
        "others": "; ".join(f"{each['check']} ({each['severity']}): {each['demand']}" for each in also),
        "name": clean(owner.get("name") or owner["id"]),
        "type": clean(owner["type"]),
        "noun": words.short_type(owner["type"]),
        "key": clean(owner["key"]),
        "place": words.place(owner),
        "property": clean(found.get("property")),
        "expected": words.expected(found),
        "actual": words.actual(found),
        "because": clean(found.get("because")),
        "managed_by": clean(found.get("managed_by")),
        "evidence": [sentence(each, names) for each in found.get("evidence") or ()],
        "cite": _cite(found.get("document")),
        "allow": [clean(each) for each in found.get("permissions") or ()],
        "cures": [clean(each) for each in found.get("cures") or ()],
        "mend": _mend(found.get("remedy") or {}, found["verdict"]),
        "new": compare and found.get("status") == "new" and not newly,
        "newly": newly,
        "age": words.count(found["days"], "day") if found.get("days") else "",
        "waiver": _waiver(waiver) if waiver else "",
    }
    return {name: value for name, value in out.items() if value}


def _also(other: Mapping[str, Any]) -> dict[str, str]:
    """A further rule that the same fact breaks."""
    return {name: clean(other.get(name)) for name in ("check", "severity", "demand", "id")}


def _told(found: Mapping[str, Any]) -> str:
    if found["verdict"] == "unknown":
        return "could not be checked"
    return words.KINDS.get(found["kind"], clean(found["kind"]))


def sentence(edge: Mapping[str, Any], names: Names) -> dict[str, str]:
    """An edge as a sentence: `orders-db is placed in subnet-2a`, and the property that says so."""
    out = {
        "tail": names.get(edge["tail"]) or words.tail_of(edge["tail"]),
        "verb": words.relation(edge["relation"]),
        "head": names.get(edge["head"]) or words.tail_of(edge["head"]),
        "because": clean(edge.get("because")),
    }
    return {name: value for name, value in out.items() if value}


def _cite(document: Mapping[str, Any] | None) -> dict[str, str] | None:
    if not document:
        return None
    text = clean(document.get("text"))
    decided = " ".join(clean(each) for each in document.get("decided") or ())
    told = {"where": words.cited(document), "text": text, "lang": language(text)}
    return told | ({"decided": decided} if decided else {})


def _mend(remedy: Mapping[str, Any], verdict: str) -> dict[str, Any] | None:
    if verdict != "broken" or not remedy:
        return None
    steps = [_step(each) for each in remedy.get("steps") or ()]
    text = clean(remedy.get("text"))
    if not steps and not text:
        return None
    kind = clean(remedy.get("kind"))
    out = {"kind": kind, "word": words.REMEDIES.get(kind, kind), "text": text, "steps": steps}
    if steps:
        out["risk"] = clean(remedy.get("risk"))
        out["chip"] = words.FIXES.get(remedy.get("risk", ""), clean(remedy.get("risk")))
        out["danger"] = words.RISKS.get(remedy.get("risk", ""), clean(remedy.get("risk")))
    return {name: value for name, value in out.items() if value}


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    undo = step.get("undo")
    params = step.get("params") or {}
    out: dict[str, Any] = {
        "call": commands.operation(step) + _passed(params),
        "region": clean(step.get("region")),
        "undo": commands.call(undo) if undo and undo.get("operation") else "",
        "touches": words.listed(words.tail_of(each) for each in step.get("touches") or ()),
    }
    if "before" in step:
        out["change"] = f"{clean(step.get('property'))}: {_short(step['before'])} → {_short(step.get('after'))}"
    return {name: value for name, value in out.items() if value}


def _passed(params: Mapping[str, Any]) -> str:
    return "".join(f"\n  {line}" for line in shown(params).split("\n")) if params else ""


def _short(value: Any) -> str:
    text = inline(value)
    return text if len(text) <= 120 else text[:119] + "…"


def _waiver(waiver: Mapping[str, Any]) -> str:
    reason = clean(waiver.get("reason")) or "no reason given"
    if document := waiver.get("document"):
        return f"by the document, {words.where(document)}: {reason}"
    owner = f" ({clean(waiver['owner'])})" if waiver.get("owner") else ""
    until = f", until {clean(waiver['expires'])}" if waiver.get("expires") else ""
    return f"{reason}{owner}{until}"
