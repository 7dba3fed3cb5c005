"""SARIF 2.1.0, as code scanning reads it: rules with help and a score, results at file and line, what was not seen.

GitHub refuses a file in which one result has no place, so a result of code without one stands at the main file of what
was judged. Results carry a fingerprint of our own that does not know line numbers; the ones that GitHub computes from
the source stay GitHub's. What could not be judged is a result of kind `open`, and makes the run unsuccessful, as a gap
does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TextIO
from urllib.parse import quote

from auditor.findings.record import code_place
from auditor.findings.together import parts
from auditor.model import SEVERITIES
from auditor.report import Options, gated, marked, unread, way, words
from auditor.report.plain import clean, inline

Record = dict[str, Any]
MOST = 25_000  # what GitHub takes of one run; it keeps the 5,000 worst, which stand first
MOST_PLACES = 100  # of one result, of 1,000 that it takes
MOST_TAGS = 10  # of a rule, of 20 that it takes
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SCORES = {"critical": "9.0", "high": "7.0", "medium": "4.0", "low": "2.0"}
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_ROOT = "%SRCROOT%"
_LONG = 1_000
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # of a character; the others stand for bytes of a name
_PAGE = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]{1,500}")


def write(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    json.dump(sarif(run), out, ensure_ascii=False, indent=1, allow_nan=False)
    out.write("\n")


def sarif(run: Mapping[str, Any]) -> Record:
    findings = sorted(run["findings"], key=_rank)
    rules = _rules([part for each in findings[:MOST] for part in parts(each)], run.get("checks", {}))
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    compared = run["gate"]["compared"] if run.get("gate") else words.has_previous(run)
    driver = {
        "name": "auditor",
        "semanticVersion": run["tool"]["version"],
        "rules": rules,
    }
    told = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the repository, or what was judged"}}},
        "invocations": [_invocation(run, findings[MOST:])],
        "results": [_result(each, places[each["check"]], compared, run.get("gate") or {}) for each in findings[:MOST]],
    }
    if away := run["scan"].get("elsewhere"):
        told["properties"] = {"elsewhere": {clean(name): clean(account) for name, account in away.items()}}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [told]}


def _rank(found: Mapping[str, Any]) -> tuple[bool, bool, int]:
    return bool(found.get("waiver")), found["verdict"] != "broken", SEVERITIES.index(found["severity"])


def _rules(findings: list[Mapping[str, Any]], asked: Mapping[str, Mapping[str, Any]]) -> list[Record]:
    """What was asked, in the order of the findings; a check of several severities has the worst one's."""
    out: dict[str, Record] = {}
    worst: dict[str, int] = {}
    for each in findings:
        worst[each["check"]] = min(worst.get(each["check"], 9), SEVERITIES.index(each["severity"]))
    for each in findings:
        check = each["check"]
        if check not in out:
            out[check] = _rule(each, SEVERITIES[worst[check]], asked.get(check, {}))
    return list(out.values())


def _rule(found: Mapping[str, Any], severity: str, asked: Mapping[str, Any]) -> Record:
    """What is true of all results of a check: why it is asked, how it is met. Of one resource nothing is said here."""
    title = _shortened(asked.get("title") or found.get("demand") or found["check"])
    why, fix = _shortened(asked.get("why")), _shortened(asked.get("fix")) or "See the message of each result."
    cite = f"Demanded by {_shortened(words.cited(found['document']))}" if found.get("document") else ""
    links = [link for each in asked.get("references") or () if (link := _link(each))]
    service = found["resource"]["type"].split("::")[1:2]
    tags = ["security", "aws", clean(found["kind"]), *map(clean, service)]
    properties: Record = {"tags": tags[:MOST_TAGS], "precision": "high"}
    if severity in SCORES:
        properties["security-severity"] = SCORES[severity]
    told = [each for each in (why, fix, cite) if each]
    out = {
        "id": clean(found["check"]),
        "name": clean(found["check"]),
        "shortDescription": {"text": title},
        "fullDescription": {"text": ". ".join(each.removesuffix(".") for each in (title, why, cite) if each) + "."},
        "help": {
            "text": "\n\n".join([*told, *links]),
            "markdown": "\n\n".join([f"**{marked.plain(title)}**", *map(marked.plain, told), *_listed(links)]),
        },
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": properties,
    }
    return {**out, "helpUri": links[0]} if links else out


def _listed(links: list[str]) -> list[str]:
    return ["\n".join(f"- <{each}>" for each in links)] if links else []


def _link(text: Any) -> str:
    """A reference of a rule, where it is a plain address of a page."""
    link = clean(text)
    return link if _PAGE.fullmatch(link) else ""


def _result(found: Mapping[str, Any], rule: int, compared: bool, gate: Mapping[str, Any]) -> Record:
    unknown = found["verdict"] == "unknown"
    owner = found["resource"]
    whole = clean(owner["key"]) + (f"#{clean(found['property'])}" if found["property"] else "")
    name = _shortened(owner.get("name") or owner["id"]) or "?"
    location: Record = {"logicalLocations": [{"name": name, "fullyQualifiedName": whole, "kind": "resource"}]}
    place = found.get("location") or gate.get("main")
    if place:
        location["physicalLocation"] = _physical(place)
    out: Record = {
        "ruleId": clean(found["check"]),
        "ruleIndex": rule,
        "kind": "open" if unknown else "fail",
        "level": "none" if unknown else LEVELS[found["severity"]],
        "message": {"text": _message(found)},
        "locations": [location],
        "partialFingerprints": {"auditorFingerprint/v1": found["id"]},
        "properties": {"verdict": found["verdict"], "severity": found["severity"], "type": clean(owner["type"])},
    }
    if place and (inside := code_place(clean(place.get("inside") or ""))):
        out["relatedLocations"] = [_inside(inside)]
    if others := found.get("also"):
        out["properties"]["also"] = [{"ruleId": clean(each["check"]), "fingerprint": each["id"]} for each in others]
    if compared:
        out["baselineState"] = "new" if found.get("status") == "new" else "unchanged"
    if place and (flow := _flow(found, gate.get("parts") or {}, place)):
        out["codeFlows"] = [flow]
    out["suppressions"] = []
    if waiver := found.get("waiver"):
        justified = _shortened(waiver.get("reason")) or "waived"
        out["suppressions"].append({"kind": "external", "status": "accepted", "justification": justified})
    return out


def _physical(place: Mapping[str, Any]) -> Record:
    return {
        "artifactLocation": {"uri": uri(place["file"]), "uriBaseId": _ROOT},
        "region": {"startLine": max(1, int(place["line"]))},
    }


def _inside(place: Record) -> Record:
    """Where it is in a module that others wrote; `locations` has the call."""
    return {"physicalLocation": _physical(place), "message": {"text": "inside of the module"}}


def _flow(found: Mapping[str, Any], known: Mapping[str, Any], place: Mapping[str, Any]) -> Record | None:
    """The path of the evidence, from its far end to the resource, as steps through the code."""
    stations = way.stations(found)[:MOST_PLACES]
    if len(stations) < 2:
        return None
    steps = []
    for each in stations:
        there = each.place or (known.get(each.key) or {}).get("location") or place
        text = _unlinked(way.called(each.key, known) + (f": {clean(each.because)}" if each.because else ""))
        steps.append({"location": {"physicalLocation": _physical(there), "message": {"text": text}}})
    return {"threadFlows": [{"locations": steps}]}


def _message(found: Mapping[str, Any]) -> str:
    """One paragraph."""
    owner = found["resource"]
    sentences = [
        f"{clean(found['title'])}: {words.short_type(owner['type'])} {clean(owner.get('name') or owner['id'])}."
    ]
    if found["property"]:
        expected, between, actual = words.difference(found)
        sentences.append(f"{clean(found['property'])}: expected {expected}{between}{actual}.")
    if found.get("because"):
        sentences.append(clean(found["because"]))
    sentences += [f"Also {clean(each['check'])}: {clean(each['demand'])}." for each in found.get("also") or ()]
    return _unlinked(" ".join(sentences))


def _unlinked(text: str) -> str:
    """Brackets are escaped: messages take `[text](place)` for a link."""
    return _shortened(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def uri(file: str) -> str:
    """A relative reference: forward slashes, everything odd escaped, never something that leads elsewhere."""
    legal = _HALVES.sub("\N{REPLACEMENT CHARACTER}", file)
    steps = [step for step in legal.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    return quote("/".join(steps), safe="/", errors="surrogateescape") or "unknown"


def _invocation(run: Mapping[str, Any], cut: list[Any]) -> Record:
    scan, gaps = run["scan"], run["coverage"]["gaps"]
    problem = ((run.get("gate") or {}).get("base") or {}).get("problem") or ()
    notes = [f"the base cannot be read: {clean(line)}" for line in problem]
    for gap in gaps[:200]:
        call = " ".join(clean(gap[name]) for name in ("service", "operation") if gap.get(name))
        why = clean(gap["message"]) or words.REASONS.get(gap["reason"], gap["reason"])
        notes.append(f"{call}: {why}" if call else why)
    unknown = run["summary"]["unknown"]
    if unknown:
        notes.append(f"{words.count(unknown, 'result')} could not be checked")
    told = [{"level": "warning", "message": {"text": _unlinked(note)}} for note in notes]
    for title, rows in gated.exceptions(run):
        told += [{"level": "note", "message": {"text": _unlinked(f"{title}: {row}")}} for row in rows[:200]]
    for title in (run.get("gate") or {}).get("later") or ():
        text = f"known only after apply, from the account: {_shortened(title)}"
        told.append({"level": "note", "message": {"text": text}})
    out: Record = {
        "executionSuccessful": not (notes or not run["coverage"]["complete"]),
        "startTimeUtc": scan["started"],
        "endTimeUtc": scan["finished"],
        "toolExecutionNotifications": told,
    }
    if away := unread.elsewhere(run):
        told.append({"level": "warning", "message": {"text": _unlinked(away)}})
    if unseen := unread.not_looked_at(run):
        told.append({"level": "note", "message": {"text": _unlinked(unseen)}})
    if cut:
        text = f"{words.left_out(cut)} left out: one run holds {MOST:,} results"
        out["toolExecutionNotifications"].append({"level": "warning", "message": {"text": text}})
    return out


def _shortened(value: Any) -> str:
    text = clean(value) if isinstance(value, (str, type(None))) else inline(value)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
