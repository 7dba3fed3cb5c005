"""What the other value of a switch would bring to some code that is judged by the value that applies.

A hole under `count = var.debug ? 1 : 0` with a default of false is no finding about what is applied, and no secret
either: it is told as what `debug = true` would bring, and a change of such a value is told whatever it brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from auditor.findings.change import Side, brought
from auditor.model import Finding
from auditor.pipeline import NothingToJudge, Outcome
from auditor.sources.code_options import BadCode
from auditor.sources.switches import Switch

Record = dict[str, Any]
Judge = Callable[[Switch], "Outcome | None"]
MOST = 8  # switches that are turned
_SHOWN = 20


@dataclass(slots=True)
class Otherwise:
    """What each switch would bring, which were not tried, and the findings themselves with their records."""

    told: list[Record] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


def otherwise(found: Iterable[Switch], known: Iterable[Finding], head: Judge, base: Judge | None = None) -> Otherwise:
    """Each switch turned by itself. With a base only what the change brings is told, as of everything else."""
    out = Otherwise()
    seen = {each.id for whole in known for each in (whole, *whole.also)}
    switches = list(found)
    for switch in switches[:MOST]:
        try:
            turned = head(switch)
            fresh = (
                [each for each in turned.findings if each.verdict == "broken" and each.id not in seen] if turned else []
            )
            before = base(switch) if base and fresh else None
        except (BadCode, NothingToJudge):
            out.untried.append(switch.name)
            continue
        if not turned or not fresh:
            continue
        record = brought(side_of(before), side_of(turned)) if before else turned.record
        told = [each for each in record["findings"] if each["id"] in {one.id for one in fresh}]
        if told:
            file, _, line = switch.place.rpartition(":")
            row = {"name": switch.name, "now": switch.now, "other": switch.other, "count": len(told)}
            row |= {"location": {"file": file, "line": int(line)}, "findings": [_short(each) for each in told[:_SHOWN]]}
            out.told.append(row)
            out.findings += fresh
            when = f"with {switch.name} = {switch.other} ({switch.place})"
            out.records += [{**each, "condition": when, "because": f"{when}: {each['because']}"} for each in told]
    out.untried += [each.name for each in switches[MOST:]]
    return out


def side_of(outcome: Outcome) -> Side:
    """A judged side as changes are told of it."""
    return Side(outcome.resources, outcome.findings, outcome.record)


def turned(now: Iterable[Switch], before: Iterable[Switch]) -> list[Record]:
    """The switches whose value a change turns."""
    known = {each.name: each for each in before}
    return [
        {"name": each.name, "now": each.now, "was": known[each.name].now, "location": _at(each.place)}
        for each in now
        if each.name in known and known[each.name].now != each.now
    ]


def _at(place: str) -> Record:
    file, _, line = place.rpartition(":")
    return {"file": file, "line": int(line)}


def _short(found: Record) -> Record:
    return {name: found[name] for name in ("id", "check", "severity", "title")} | {"location": found["location"]}
