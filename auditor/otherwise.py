"""What the other value of a switch would bring to some code that is judged by the value that applies.

A hole under `count = var.debug ? 1 : 0` with a default of false is no finding about what is applied, and no secret
either: it is told as what `debug = true` would bring, and a change of such a value is told whatever it brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.findings.change import Side, brought
from auditor.findings.record import code_place
from auditor.model import Finding
from auditor.pipeline import NothingToJudge, Outcome
from auditor.sources.code_options import BadCode
from auditor.sources.switches import Switch

Record = dict[str, Any]
Judge = Callable[[Switch], Outcome]
MOST = 8  # switches that are turned
_SHOWN = 20


@dataclass(slots=True)
class Otherwise:
    """What each switch would bring, which were not tried, and the findings themselves with their records."""

    told: list[Record] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def add(self, switch: Switch, more: int, told: Iterable[Record], found: Mapping[str, Finding]) -> None:
        """What a switch would bring, with as many more roots that have it; a finding that another one brings as well
        stays that one's."""
        known = {each.id for each in self.findings}
        place = f"{switch.place} and {more} more" if more else switch.place
        when = f"with {switch.name} = {switch.other} ({place})"
        for each in told:
            if each["id"] not in known:
                self.findings.append(found[each["id"]])
                self.records.append({**each, "condition": when, "because": f"{when}: {each['because']}"})


def otherwise(found: Sequence[Switch], known: Iterable[Finding], head: Judge, base: Judge | None = None) -> Otherwise:
    """Each switch turned by itself. With a base only what the change brings is told, as of everything else."""
    alike: dict[tuple[str, str], list[Switch]] = {}  # a value that is given goes to every root
    for each in found:
        alike.setdefault((each.name, each.other), []).append(each)
    every = list(alike.values())
    untried = [switch.name for switch, *_ in every[MOST:]]
    out = Otherwise()
    seen = {each.id for whole in known if whole.verdict == "broken" for each in (whole, *whole.also)}
    for switch, *more in every[:MOST]:
        try:
            there = head(switch)
            fresh = {each.id: each for each in there.findings if each.verdict == "broken" and each.id not in seen}
            before = base(switch) if base and fresh else None
        except (BadCode, NothingToJudge):
            untried.append(switch.name)
            continue
        record = brought(side_of(before), side_of(there)) if before else there.record
        told = [each for each in record["findings"] if each["id"] in fresh]
        if told:
            out.told.append(_row(switch, told))
            out.add(switch, len(more), told, fresh)
    out.untried = list(dict.fromkeys(untried))
    return out


def _row(switch: Switch, told: Sequence[Record]) -> Record:
    names = ("id", "check", "severity", "title", "location")
    return {
        "name": switch.name,
        "now": switch.now,
        "other": switch.other,
        "count": len(told),
        "location": code_place(switch.place),
        "findings": [{name: each[name] for name in names} for each in told[:_SHOWN]],
    }


def side_of(outcome: Outcome) -> Side:
    """A judged side as changes are told of it."""
    return Side(outcome.resources, outcome.findings, outcome.record)


def turned(now: Iterable[Switch], before: Iterable[Switch]) -> list[Record]:
    """The switches whose value a change turns, in the root that has them."""
    known = {(each.root, each.name): each.now for each in before}
    return [
        {"name": each.name, "now": each.now, "was": known[each.root, each.name], "location": code_place(each.place)}
        for each in now
        if known.get((each.root, each.name), each.now) != each.now
    ]
