"""Remedies and plans, all of it pure: a finding's changes become moves, moves become calls, and calls become steps.

A remedy is what can be said of one finding by itself. A plan is made of many: the same call wanted twice is made once,
changes of one property are joined in one call, and changes that contradict each other are left to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditor.model import RISKS, Finding, Remedy, Resource, ResourceType, Step
from auditor.remedy.calls import PlannedCall, joined
from auditor.remedy.judged import Judged
from auditor.remedy.losers import Losers, Loss, Neighbours, sentences
from auditor.remedy.moves import Move, moves
from auditor.remedy.refused import NoSetter, Replace
from auditor.remedy.steps import planned_steps
from auditor.remedy.tell import sentence


class Surroundings(Neighbours, Protocol):
    """As much of the graph as remedies need."""

    def resource(self, key: str) -> Resource | None: ...


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that the plan does not mend, and why."""

    finding: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in the order in which they are made, and what is left to a person. `made` is the run's own time.

    `meant` says by the key of a resource why that one is meant: the roles that it plays, and what ties it to them.
    """

    run: str
    made: str
    steps: tuple[Step, ...] = ()
    left: tuple[Left, ...] = ()
    judged: Judged = field(default_factory=Judged)
    meant: Mapping[str, str] = field(default_factory=dict)

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted({step.account for step in self.steps}))


@dataclass(frozen=True, slots=True)
class _Mending:
    """What one finding comes to by itself: its remedy, and the moves of an automatic one."""

    remedy: Remedy
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What documents say of resources: by key the `baseline/role` that each plays, and by check of a finding why it is
    not certain which resource is meant."""

    documented: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsure: Mapping[str, str] = field(default_factory=dict)


NOTHING = Parts()


def remedy_for(
    finding: Finding,
    graph: Surroundings,
    types: Mapping[str, ResourceType],
    parts: Parts = NOTHING,
) -> Remedy:
    """How one finding is mended: by calls, by a new resource, or by a person."""
    return _mending(finding, graph, Losers(graph, types, parts.documented), parts).remedy


def make_plan(
    findings: Iterable[Finding],
    graph: Surroundings,
    types: Mapping[str, ResourceType],
    run: str,
    made: str,
    choose: Callable[[Finding], bool] = lambda finding: True,
    parts: Parts = NOTHING,
) -> Plan:
    """The plan for the chosen findings; the same whatever their order."""
    losers = Losers(graph, types, parts.documented)
    calls: dict[tuple[str, ...], PlannedCall] = {}
    left: list[Left] = []
    wanted = (each for each in findings if _to_mend(each, parts) and not each.waiver and choose(each))
    for finding in sorted(wanted, key=lambda each: (each.resource.key, each.property, each.id)):
        mending = _mending(finding, graph, losers, parts)
        if mending.remedy.kind != "automatic":
            left.append(Left(finding.id, mending.remedy.kind, mending.remedy.text))
            continue
        try:
            calls = joined(mending.moves, calls)
        except NoSetter as error:
            left.append(Left(finding.id, "manual", f"{error}; make a new plan after this one is applied."))
    steps = planned_steps(calls.values(), graph.tails, losers.of)
    return Plan(run, made, steps, tuple(sorted(left, key=lambda each: each.finding)))


def _to_mend(finding: Finding, parts: Parts) -> bool:
    """What is broken, and what may be as soon as it is certain which resource is meant."""
    return finding.verdict == "broken" or (finding.check in parts.unsure and not finding.gaps)


def _mending(finding: Finding, graph: Surroundings, losers: Losers, parts: Parts) -> _Mending:
    words = finding.fix or "Decide on the value and change it manually."
    doubt = parts.unsure.get(finding.check, "")
    if doubt and not finding.gaps:
        return _Mending(Remedy("manual", text=f"Not automatic: {doubt}."))
    if finding.verdict == "unknown":
        cures = ", ".join(sorted({gap.permission for gap in finding.gaps if gap.permission}))
        told = f"Not checked, so nothing is changed{'; allow ' + cures if cures else ''}."
        return _Mending(Remedy("manual", text=told))
    if not finding.changes:
        return _Mending(Remedy("manual", text=words))
    try:
        mine = tuple(moves(finding, graph.resource, losers.types))
        _refuse_breaking(loss for move in mine for loss in losers.of(move))
        steps = planned_steps(joined(mine).values(), graph.tails, losers.of)
    except Replace as place:
        told = f"{place} can only be set at creation: the resource has to be replaced. {words}"
        return _Mending(Remedy("replace", "destroys", told))
    except NoSetter as error:
        return _Mending(Remedy("manual", text=f"{words} (Not automatic: {error}.)"))
    if not steps:
        return _Mending(Remedy("manual", text=words))
    risk = max((step.risk for step in steps), key=RISKS.index)
    said = [f"{sentence(step)}." for step in steps]
    said += dict.fromkeys(f"With it, {each}." for step in steps for each in step.loses)
    return _Mending(Remedy("automatic", risk, " ".join(said), steps), mine)


def _refuse_breaking(losses: Iterable[Loss]) -> None:
    """What deploys has to go on doing so: something else is put in its place first, and by a person."""
    broken = [each for each in losses if each.by_hand]
    if broken:
        raise NoSetter(sentences(broken))
