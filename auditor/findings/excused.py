"""What is accepted for a time, by a document, or was known before: laid over findings, counted, and always shown.

A finding that stands for several judgements is excused only where each of them is. Nothing excuses what is unknown: an
exception is for a fact, and here is none.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.findings.ignored import Ignore
from auditor.findings.known import Known, elements
from auditor.model import SEVERITIES, Finding, code_line
from auditor.model.waivers import Waiver

Record = dict[str, Any]
SOON = dt.timedelta(days=14)  # an exception that ends within them is told, while there is time to mend or to renew


@dataclass(slots=True)
class Policy:
    """Everything that may excuse a finding; `notes` tell what was found and does not count, and why.

    `documented` is what documents say themselves: by check and resource, as the record has it.
    """

    today: dt.date
    waivers: list[Waiver] = field(default_factory=list)
    documented: Mapping[tuple[str, str], Record] = field(default_factory=dict)
    ignores: list[tuple[Ignore, Waiver]] = field(default_factory=list)
    known: Known | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    """The exceptions that are for a finding of this run, and those that ended and whose finding counts again."""

    used: set[Waiver] = field(default_factory=set)
    back: set[Waiver] = field(default_factory=set)


def waive(findings: Iterable[Finding], policy: Policy, looked: Callable[[Waiver], bool]) -> Record:
    """Mark the findings of an account that are accepted, and tell of all exceptions; `looked` says of one whether this
    run would have found what it excuses."""
    seen = _Seen()
    applied = []
    for found in findings:
        waiver = _waiver({}, found, policy, seen)
        if waiver and found.verdict == "broken":
            found.waiver = waiver
            applied.append(_applied(found.check, found.resource.label, waiver))
    return _told(policy, seen, applied, looked)


def excused(record: Record, policy: Policy, findings: Iterable[Finding]) -> Record:
    """The record with waivers on its findings, known ones carried, and the counts as they are then."""
    made = {each.id: each for each in findings}
    seen = _Seen()
    out, carried = [], list(record["carried"])
    for told in _with_elements(record["findings"], made):
        found = made.get(told["id"])
        waiver = _waiver(told, found, policy, seen) if found and told["verdict"] == "broken" else None
        if found and not waiver and policy.known is not None:
            told, known = _held_against(told, found, policy.known)
            if known:
                carried.append({**told, "status": "still"})
                continue
        out.append({**told, "waiver": waiver} if waiver else told)
    carried = _with_elements(carried, made)
    for told in carried:
        if found := made.get(told["id"]):
            _waiver(told, found, policy, seen)
    counted = _counted({**record, "findings": out, "carried": carried})
    known_now = len(carried) - len(record["carried"])
    applied = [_applied(each["check"], _name(each["resource"]), each["waiver"]) for each in out if each["waiver"]]
    told = _told(policy, seen, applied, lambda waiver: True)
    return {**counted, "gate": {**counted["gate"], "known": known_now, "exceptions": told}}


def _with_elements(findings: Iterable[Record], made: Mapping[str, Finding]) -> list[Record]:
    """Each with what it is recognised by when it is known (see `known`)."""
    return [
        {**each, "elements": sorted(elements(made[each["id"]]))} if each["id"] in made else each for each in findings
    ]


def _waiver(told: Record, found: Finding, policy: Policy, seen: _Seen) -> Record | None:
    """What is shown of the exception, where there is one for each judgement of the finding that counts today.

    Each judgement is of its own resource: what stands where a part is missing is not accepted with the part's absence.
    """
    live: list[Record | None] = []
    ended: set[Waiver] = set()
    for each in (found, *found.also):
        hits = [waiver for waiver in policy.waivers if waiver.covers(each.check, _names(each))]
        hits += [waiver for at, waiver in policy.ignores if waiver.check == each.check and _stands(told, each, at)]
        seen.used.update(hits)
        ended.update(waiver for waiver in hits if waiver.ended(policy.today))
        counts = [_as_told(waiver) for waiver in hits if waiver not in ended]
        live.append(counts[0] if counts else policy.documented.get((each.check, each.resource.key)))
    excused = live[0] if all(live) else None
    if excused is None and found.verdict == "broken":
        seen.back.update(ended)
    return excused


def _as_told(waiver: Waiver) -> Record:
    return {"reason": waiver.reason, "owner": waiver.owner, "expires": str(waiver.until), "source": waiver.source}


def _names(found: Finding) -> tuple[str, ...]:
    owner = found.resource
    return owner.id, owner.name, owner.arn, owner.address, owner.key


def _stands(told: Record, found: Finding, ignore: Ignore) -> bool:
    """Whether a comment stands at the block of the finding, or at the one of its resource."""
    place = told.get("location")
    if place and ignore.holds(place["file"], place["line"]):
        return True
    origin = code_line(found.resource.origin)
    return origin is not None and ignore.holds(*origin)


def _held_against(told: Record, found: Finding, known: Known) -> tuple[Record, bool]:
    """The finding, and whether it is known; where more offends than was known, it says so."""
    held = [known[each] for each in found.ids if each in known]
    if told["verdict"] != "broken" or not held:
        return told, False
    if elements(found) <= frozenset().union(*held):
        return told, True
    return {**told, "because": f"already known, and worse now: {told['because']}"}, False


def _counted(record: Record) -> Record:
    """The counts of a record whose findings changed."""
    live = [each for each in record["findings"] if each["verdict"] == "broken" and not each["waiver"]]
    summary = record["summary"] | {
        "broken": len(live),
        "waived": sum(bool(each["waiver"]) for each in record["findings"]),
        "by_severity": _by_severity(live),
    }
    carried = record["carried"]
    told = {"new": len(record["findings"]), "still": len(carried), "still_by_severity": _by_severity(carried)}
    return {**record, "summary": summary, "gate": record["gate"] | told}


def _by_severity(findings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = Counter(each["severity"] for each in findings if each["verdict"] == "broken")
    return {name: counts[name] for name in SEVERITIES}


def _told(policy: Policy, seen: _Seen, applied: list[str], looked: Callable[[Waiver], bool]) -> Record:
    """What reports list: exceptions that count, that end soon, that ended, that excuse nothing; and what does not count
    at all."""
    every = [*policy.waivers, *(waiver for _, waiver in policy.ignores)]
    gone = [each for each in every if each.ended(policy.today)]
    idle = [each for each in every if each not in seen.used and each not in gone and looked(each)]
    soon = [each for each in every if each in seen.used and each not in gone and each.until - policy.today <= SOON]
    back = {each: "; the finding is back" if each in seen.back else "" for each in gone}
    return {
        "applied": applied,
        "ending": [_line(each, f"ends on {each.until}; mend the finding, or renew it") for each in soon],
        "ended": [_line(each, f"ended on {each.until}{back[each]}") for each in gone],
        "unused": [_line(each, "excuses no finding; remove it") for each in idle],
        "notes": list(policy.notes),
    }


def _name(owner: Mapping[str, Any]) -> str:
    return str(owner.get("name") or owner["id"])


def _applied(check: str, name: str, waiver: Record) -> str:
    if not waiver["expires"]:
        return f"{check} of {name}, by {waiver['source']}: {waiver['reason']}"
    by = f", {waiver['owner']}" if waiver["owner"] else ""
    return f"{check} of {name} until {waiver['expires']}: {waiver['reason']}{by} ({waiver['source']})"


def _line(waiver: Waiver, what: str) -> str:
    of = f" of {waiver.resource}" if waiver.resource else ""
    return f"{waiver.source}: the exception for {waiver.check}{of} {what}"
