"""What the other value of a switch would bring to some code that is judged by the value that applies.

A hole under `count = var.debug ? 1 : 0` with a default of false is no finding about what is applied, and no secret
either: it is told as what `debug = true` would bring, and a change of such a value is told whatever it brings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.findings.change import Side, brought
from auditor.findings.record import code_place
from auditor.findings.together import parts
from auditor.model import Finding, Resource
from auditor.pipeline import NothingToJudge, Outcome
from auditor.sources.code_options import BadCode
from auditor.sources.switches import Switch

Record = dict[str, Any]
Judge = Callable[[Switch], Outcome]
MOST = 8  # switches that are turned
_SHOWN = 20


@dataclass(slots=True)
class Otherwise:
    """What each switch would bring, which were not tried, and the findings themselves with their records by id.

    `checks` says of every check among them what was asked.
    """

    told: list[Record] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    checks: dict[str, Record] = field(default_factory=dict)

    def add(self, switch: Switch, more: int, told: Iterable[Record], there: Outcome) -> None:
        """What a switch would bring, with as many more roots that have it; what another one brings as well is one
        finding."""
        place = f"{switch.place} and {more} more" if more else switch.place
        when = f"with {switch.name} = {switch.other} ({place})"
        found = {each.id: each for each in there.findings}
        for each in told:
            known = self.records.setdefault(each["id"], {**each, "condition": when, "because": ""})
            known["because"] += f"{'; ' if known['because'] else ''}{when}: {each['because']}"
            self.findings.setdefault(each["id"], found[each["id"]])
            checks = [part["check"] for part in parts(each)]
            self.checks |= {name: there.record["checks"][name] for name in checks}

    @property
    def resources(self) -> dict[str, Resource]:
        """Those that the findings are about, some of which are there only with another value."""
        return {each.resource.key: each.resource for each in self.findings.values()}

    def laid_in(self, record: Record) -> Record:
        """The record in which all of this counts. What is broken by the value that applies as well, and only worse by
        the other one, is told once."""
        here = {each["id"] for each in record["findings"] if each["verdict"] == "broken"}
        found = [self._worse(each) if each["id"] in here else each for each in record["findings"]]
        found += [each for name, each in self.records.items() if name not in here]
        carried = [each for each in record.get("carried", ()) if each["id"] not in self.records]
        checks = dict(sorted({**self.checks, **record["checks"]}.items()))
        return {**record, "findings": found, "carried": carried, "checks": checks}

    def _worse(self, told: Record) -> Record:
        other = self.records.get(told["id"])
        return {**told, "because": f"{told['because']}; {other['because']}"} if other else told


def otherwise(found: Sequence[Switch], now: Outcome, head: Judge, base: Judge | None = None) -> Otherwise:
    """Each switch turned by itself: what is broken then and is not `now`, or is worse then. With a base only what the
    change brings is told, as of everything else."""
    alike: dict[tuple[str, str], list[Switch]] = {}  # a value that is given goes to every root
    for each in found:
        alike.setdefault((each.name, each.other), []).append(each)
    every = list(alike.values())
    untried = [switch.name for switch, *_ in every[MOST:]]
    out = Otherwise()
    for switch, *more in every[:MOST]:
        try:
            there = head(switch)
            told = _new(now, there, "broken already, and worse then: ")
            before = base(switch) if base and told else None
        except (BadCode, NothingToJudge):
            untried.append(switch.name)
            continue
        if before:
            of_the_change = {each["id"] for each in _new(before, there)}
            told = [each for each in told if each["id"] in of_the_change]
        if told:
            out.told.append(_row(switch, told))
            out.add(switch, len(more), told, there)
    out.untried = list(dict.fromkeys(untried))
    return out


def _new(before: Outcome, there: Outcome, *worse: str) -> list[Record]:
    """What is broken there, and was not, or not so much, before."""
    told = brought(side_of(before), side_of(there), *worse)["findings"]
    return [each for each in told if each["verdict"] == "broken"]


def _row(switch: Switch, told: Sequence[Record]) -> Record:
    names = ("id", "check", "severity", "title", "location")
    return {
        "name": switch.name,
        "now": switch.now,
        "other": switch.other,
        "count": len(told),
        "by_severity": dict(Counter(each["severity"] for each in told)),
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
