"""The page's data: a pure function from the run to texts and numbers, so that it can be tested without HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from auditor.model import SEVERITIES
from auditor.report import gated, unread, view, words
from auditor.report.plain import clean

Run = Mapping[str, Any]
_SURE, _LIKELY = 0.85, 0.6
_ORDER = {"broken": 0, "unknown": 1, "kept": 2}


def page(run: Run, worst: int = 50) -> dict[str, Any]:
    """Everything the template shows. `findings` are written out in full; the `rest` goes `packed` into the page."""
    names = words.labels(run)
    compare = words.has_previous(run)
    views = [view.finding(each, names, compare) for each in run["findings"]]
    live = [each for each in views if "waiver" not in each]
    waived = [each for each in views if "waiver" in each]
    known = {each["id"] for each in views}
    fresh = [each for each in live if each.get("new")] if compare else []
    promises = [_promise(each, known) for each in run.get("promises", ())]
    return {
        "title": f"{_systems(run) or 'Rules'} · {words.state(run)}",
        "state": words.state(run),
        "headline": gated.headline(run) if run.get("gate") else words.headline(run),
        "tally": words.tally(run),
        "facts": _facts(run),
        "counts": _counts(run),
        "severities": _severities(live),
        "coverage": _coverage(run),
        "compare": compare,
        "fresh": fresh,
        "changes": words.changes(run, live),
        "mended": [_mended(each) for each in run.get("mended", ())],
        "findings": live[:worst],
        "rest": live[worst:],
        "rest_words": words.left_out(live[worst:]),
        "total": len(live),
        "waived": waived[:worst],
        "waived_total": len(waived),
        "exceptions": [(title, rows) for title, rows in gated.exceptions(run)[1:] if rows],
        "packed": live[worst:] + waived[worst:],
        "documents": _documents(promises),
        "unverifiable": [each for each in promises if each["verdict"] == "unverifiable"],
        "bindings": _bindings(run, names),
        "about": _about(run),
    }


def _systems(run: Run) -> str:
    return words.listed(clean(each) for each in run["scan"].get("baselines", ()))


def _facts(run: Run) -> list[tuple[str, str]]:
    scan = run["scan"]
    return [
        (label, text)
        for label, text in (
            ("Documents", _systems(run)),
            ("Account", ", ".join(clean(each) for each in scan.get("accounts", ()))),
            ("Regions", ", ".join(clean(each) for each in scan.get("regions", ()))),
            ("Read", moment(scan.get("finished", ""))),
        )
        if text
    ]


def moment(stamp: str) -> str:
    """`2026-03-01T18:00:12Z` for people."""
    return re.sub(r"\.\d+", "", clean(stamp)).replace("T", " ").replace("Z", " UTC")


def _counts(run: Run) -> list[dict[str, Any]]:
    """The numbers under the verdict, each with its share of the bar (what AWS APIs do not show is outside it)."""
    summary = run["summary"]
    judged = [(name, summary.get(name, 0)) for name in ("broken", "unknown", "kept")]
    total = sum(number for _, number in judged) or 1
    out, start = [], 0.0
    for name, number in judged:
        share = round(1000 * number / total, 1)
        out.append({"name": name, "number": f"{number:,}", "x": round(start, 1), "width": share})
        start += share
    for name, label in (("unverifiable", "not checkable"), ("waived", "waived")):
        if summary.get(name):
            out.append({"name": name, "label": label, "number": f"{summary[name]:,}"})
    return out


def _severities(live: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many findings the filter would show for each severity, unknown ones among them."""
    found = [each["severity"] for each in live]
    return [{"name": name, "number": f"{found.count(name):,}"} for name in SEVERITIES if name in found]


def _coverage(run: Run) -> dict[str, Any]:
    scan, requests = run["scan"], run["scan"].get("requests", {})
    actions = unread.permissions(run)
    places = [words.count(len(scan.get(f"{one}s", ())), one) for one in ("account", "region")]
    seen = [words.count(scan["resources"], "resource")] if scan.get("resources") else []
    asked = words.count(requests.get("total", 0), "request")
    return {
        "complete": run["coverage"]["complete"],
        "read": f"{' with '.join([*seen, asked])} in {words.listed(places)}",
        "elsewhere": unread.elsewhere(run),
        "unseen": unread.not_looked_at(run),
        "gaps": [_gap(each) for each in run["coverage"]["gaps"]],
        "actions": actions,
        "policy": _policy(actions) if actions else "",
    }


def _policy(actions: list[str]) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def _gap(gap: Mapping[str, Any]) -> dict[str, Any]:
    times = gap.get("count", 1)
    hides = [words.short_type(each) for each in gap.get("types", ())]
    return {
        "call": words.call(gap),
        "place": " · ".join(clean(each) for each in (gap["account"], gap["region"]) if each),
        "reason": words.REASONS.get(gap["reason"], clean(gap["reason"])),
        "message": clean(gap.get("message")),
        "hides": words.listed(hides),
        "times": f"{times:,} times" if times > 1 else "",
        "permission": clean(gap.get("permission")) if gap["reason"] == "denied" else "",
        "cure": clean(gap.get("cure")) if gap["reason"] != "denied" else "",
    }


def _promise(promise: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    text = clean(promise.get("text"))
    return {
        "baseline": clean(promise["baseline"]),
        "id": clean(promise["id"]),
        "section": clean(promise.get("section")) or "No section",
        "lines": words.where({"lines": promise.get("lines")}),
        "line": int(found[0]) if (found := re.match(r"\d{1,6}", clean(promise.get("lines")))) else 0,
        "text": text,
        "lang": view.language(text),
        "verdict": promise["verdict"],
        "depends": words.depends(promise),
        "reason": clean(promise.get("reason")),
        "decided": " ".join(clean(each) for each in promise.get("decided") or ()),
        "findings": [name for name in map(view.slug, promise.get("findings", ())) if name in known],
        "parts": [_part(each) for each in promise.get("parts", ())],
    }


def _part(part: Mapping[str, Any]) -> dict[str, str]:
    """One of the three answers about an arrow; what holds for some requests only is not simply kept."""
    word = "kept under conditions" if part["verdict"] == "kept" and part["depends_on"] else part["verdict"]
    return {"name": part["part"], "verdict": part["verdict"], "word": word, "told": words.part(part)}


def _documents(promises: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Promises by document and section in the document's order; in a section the broken ones come first."""
    judged = [each for each in promises if each["verdict"] != "unverifiable"]
    out = []
    for baseline in dict.fromkeys(each["baseline"] for each in judged):
        mine = [each for each in judged if each["baseline"] == baseline]
        mine.sort(key=_order(mine))
        sections = [_section(name, list(same)) for name, same in groupby(mine, key=lambda each: each["section"])]
        out.append({"name": baseline, "sections": sections, **_verdicts(mine)})
    return out


def _section(name: str, promises: list[dict[str, Any]]) -> dict[str, Any]:
    promises = sorted(promises, key=lambda each: _ORDER[each["verdict"]])
    title = f"Section {name}" if name[:1].isdigit() else name
    return {
        "title": title,
        "lang": view.language(name),
        "loud": [each for each in promises if each["verdict"] != "kept" or each["depends"]],
        "quiet": [each for each in promises if each["verdict"] == "kept" and not each["depends"]],
        **_verdicts(promises),
    }


def _verdicts(promises: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = [each["verdict"] for each in promises]
    return {name: found.count(name) for name in _ORDER}


def _order(promises: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Any]:
    """Section 10 comes after section 9; sections cited by title come after those, as they stand in the document."""
    first: dict[str, int] = {}
    for each in promises:
        first[each["section"]] = min(each["line"], first.get(each["section"], each["line"]))

    def place(promise: dict[str, Any]) -> tuple[Any, ...]:
        parts = promise["section"].replace(".", " ").split()
        if parts and all(part.isdecimal() for part in parts):
            return (0, tuple(map(int, parts)), "")
        return (1, (first[promise["section"]],), promise["section"])

    return place


def _bindings(run: Run, names: view.Names) -> list[dict[str, Any]]:
    bindings = run.get("bindings", ())
    several = len(run["scan"].get("baselines", ())) > 1
    anchors = view.anchors(bindings)
    return [
        {"anchor": anchor, "baseline": clean(bound["baseline"]) if several else "", **_binding(bound, names)}
        for bound, anchor in zip(bindings, anchors, strict=True)
    ]


def _binding(bound: Mapping[str, Any], names: view.Names) -> dict[str, Any]:
    sure = bound["confidence"]
    resource, second = bound.get("resource") or "", bound.get("runner_up") or ""
    return {
        "role": clean(bound["role"]),
        "resource": names.get(resource) or words.tail_of(resource),
        "key": clean(resource),
        "percent": f"{round(100 * sure)} %",
        "width": round(48 * sure, 1),
        "word": "pinned" if bound.get("pinned") else _sureness(sure),
        "runner_up": (names.get(second) or words.tail_of(second)) if second else "",
        "runner_key": clean(second),
    }


def _sureness(confidence: float) -> str:
    return "high" if confidence >= _SURE else "medium" if confidence >= _LIKELY else "low"


def _mended(gone: Mapping[str, Any]) -> dict[str, str]:
    owner = gone["resource"]
    return {
        "title": clean(gone["title"]),
        "name": clean(owner.get("name") or owner.get("id") or owner["key"]),
        "noun": words.short_type(owner.get("type", "")),
        "check": clean(gone["check"]),
    }


def _about(run: Run) -> list[tuple[str, str]]:
    scan, tool, rules = run["scan"], run.get("tool", {}), run.get("rules", {})
    busiest = sorted(scan.get("requests", {}).get("by_operation", {}).items(), key=lambda each: (-each[1], each[0]))
    rows = [
        ("Run", clean(scan.get("id"))),
        ("Source", clean(scan.get("source"))),
        ("Started", moment(scan.get("started", ""))),
        ("Finished", moment(scan.get("finished", ""))),
        ("Rules", _answers(rules) if rules.get("judged") else ""),
        ("Requests", f"{scan.get('requests', {}).get('total', 0):,}"),
        ("Most frequent calls", ", ".join(f"{clean(name)} {number:,}" for name, number in busiest[:6])),
        ("Generated by", f"{clean(tool.get('name', 'auditor'))} {clean(tool.get('version'))}".strip()),
    ]
    return [(label, text) for label, text in rows if text]


def _answers(rules: Mapping[str, int]) -> str:
    counts = ", ".join(f"{rules[name]:,} {name}" for name in ("kept", "broken", "unknown"))
    return f"{words.count(rules['judged'], 'rule')}; answers: {counts}"
