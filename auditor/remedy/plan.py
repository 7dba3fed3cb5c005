"""Remedies and plans: from what findings want changed to the calls that change it, all of it pure.

A remedy is what can be said of one finding by itself. A plan is made of many: the same call wanted twice is made once,
wishes for one property are folded into one call, and wishes that contradict each other are left to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from auditor.model import ABSENT, RISKS, Edge, Finding, Json, Remedy, Resource, ResourceType, Step, paths
from auditor.remedy.moves import Move, Replace, apply_change, as_read, holds, moves, shifts, wanted_at
from auditor.remedy.setters import NoSetter, Subject, edit_step, element_step, set_step
from auditor.remedy.tell import sentence
from auditor.remedy.values import NoPlace, changed, same, text


class Surroundings(Protocol):
    """As much of the graph as remedies need."""

    def resource(self, key: str) -> Resource | None: ...
    def tails(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]: ...


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that the plan does not mend, and why."""

    finding: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in the order in which they are made, and what is left to a person. `made` is the run's own time."""

    run: str
    made: str
    steps: tuple[Step, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted({step.account for step in self.steps}))


@dataclass(slots=True)
class _Fold:
    """Moves that end in one call: all sets of one property, or the same edit or element wished for by several."""

    first: Move
    after: Json
    changes: list[Move] = field(default_factory=list)

    @property
    def findings(self) -> list[str]:
        return list(dict.fromkeys(move.finding for move in self.changes))


def remedy_for(finding: Finding, graph: Surroundings, types: Mapping[str, ResourceType]) -> Remedy:
    """How one finding is mended: by calls, by a new resource, or by a person."""
    words = finding.fix or "Decide what it should be and change it by hand."
    if finding.verdict == "unknown":
        cures = ", ".join(sorted({gap.permission for gap in finding.gaps if gap.permission}))
        told = f"Not judged, so nothing is changed{'; allow ' + cures if cures else ''}."
        return Remedy("manual", text=told)
    if not finding.changes:
        return Remedy("manual", text=words)
    try:
        steps = _steps(_folded(moves(finding, graph.resource, types)), graph)
    except Replace as place:
        told = f"{place} is fixed when the resource is created: it has to be replaced. {words}"
        return Remedy("replace", "destroys", told)
    except NoSetter as error:
        return Remedy("manual", text=f"{words} (Not automatic: {error}.)")
    if not steps:
        return Remedy("manual", text=words)
    risk = max((step.risk for step in steps), key=RISKS.index)
    return Remedy("automatic", risk, " ".join(f"{sentence(step)}." for step in steps), steps)


def make_plan(
    findings: Iterable[Finding],
    graph: Surroundings,
    types: Mapping[str, ResourceType],
    run: str,
    made: str,
    choose: Callable[[Finding], bool] = lambda finding: True,
) -> Plan:
    """The plan for the chosen findings; the same whatever their order."""
    folds: dict[tuple[str, ...], _Fold] = {}
    left: list[Left] = []
    broken = (each for each in findings if each.verdict == "broken" and not each.waiver and choose(each))
    for finding in sorted(broken, key=lambda each: (each.resource.key, each.property, each.id)):
        remedy = remedy_for(finding, graph, types)
        if remedy.kind != "automatic":
            left.append(Left(finding.id, remedy.kind, remedy.text))
            continue
        try:
            folds = _folded(moves(finding, graph.resource, types), folds)
        except NoSetter as error:
            left.append(Left(finding.id, "manual", f"{error}; make a new plan once this one is applied."))
    return Plan(run, made, _steps(folds, graph), tuple(sorted(left, key=lambda each: each.finding)))


def _folded(
    wanted: Iterable[Move], folds: Mapping[tuple[str, ...], _Fold] | None = None
) -> dict[tuple[str, ...], _Fold]:
    """The folds with further moves taken in, or NoSetter where a move contradicts one of them."""
    out = {key: replace(fold, changes=list(fold.changes)) for key, fold in (folds or {}).items()}
    for move in wanted:
        if move.how == "set":
            _fold_set(out, move)
        elif move.how == "edit":
            _fold_edit(out, move)
        else:
            _fold_element(out, move)
    return out


def _fold_set(out: dict[tuple[str, ...], _Fold], move: Move) -> None:
    key = ("set", *move.key)
    if key not in out:
        out[key] = _Fold(move, apply_change(move.row, _whole(move), move.change), [move])
        return
    fold = out[key]
    if any(other.change == move.change for other in fold.changes):
        fold.changes.append(move)
        return
    if shifts(move.change) or any(shifts(other.change) for other in fold.changes):
        raise NoSetter(f"it moves the places of {move.row.name} that another finding's fix names")
    after = apply_change(move.row, fold.after, move.change)
    if not all(holds(move.row, after, other.change) for other in fold.changes):
        raise NoSetter(f"it contradicts what another finding wants of {move.row.name}")
    fold.after = after
    fold.changes.append(move)


def _fold_edit(out: dict[tuple[str, ...], _Fold], move: Move) -> None:
    move, after = _edited(move)
    key = ("edit", *move.key, move.place)
    for other in out.values():
        if other.first.how != "edit" or other.first.key != move.key:
            continue
        near = other.first.place.startswith(move.place) or move.place.startswith(other.first.place)
        if near and not (other.first.place == move.place and same(other.after, after)):
            raise NoSetter(f"it meets another finding's fix of {other.first.place}")
    out.setdefault(key, _Fold(move, after)).changes.append(move)


def _edited(move: Move) -> tuple[Move, Json]:
    """The move and what its place shall hold; taking an element out is a change of the list that holds it."""
    inside = move.place.removeprefix(move.row.name).removeprefix(".")
    whole = _whole(move)
    steps = paths.segments(move.place)
    try:
        if move.change.value is ABSENT and not (move.change.add or move.change.remove) and steps[-1][0] == "pick":
            shorter = move.place[: -len(steps[-1][1]) - 2]
            outer = shorter.removeprefix(move.row.name).removeprefix(".")
            rest = changed(whole, inside, ABSENT)
            return replace(move, place=shorter), paths.get(rest, outer) if outer else rest
        after = wanted_at(move.row, whole, inside, move.change)
        reads = as_read(move.row, changed(whole, inside, after))
    except NoPlace as error:
        raise NoSetter(f"{move.place} does not lead to one place") from error
    if not steps or steps[-1][0] != "pick":  # an element may lose the name by which it was found
        after = paths.get(reads, inside) if inside else reads
    return move, move.row.default if after is ABSENT and not inside else after


def _fold_element(out: dict[tuple[str, ...], _Fold], move: Move) -> None:
    against = "remove" if move.how == "add" else "add"
    if (against, *move.key, text(move.element)) in out:
        raise NoSetter(f"it contradicts what another finding wants of {move.row.name}")
    key = (move.how, *move.key, text(move.element))
    out.setdefault(key, _Fold(move, move.element)).changes.append(move)


def _whole(move: Move) -> Json:
    return move.resource.properties.get(move.row.name, move.row.default)


def _steps(folds: Mapping[tuple[str, ...], _Fold], graph: Surroundings) -> tuple[Step, ...]:
    """One step a fold, in the order in which they came; a fold that changes nothing is none."""
    out = []
    for fold in folds.values():
        move, findings = fold.first, fold.findings
        hangs = {tail.key for _, tail in graph.tails(move.resource)} - {move.resource.key}
        touches = tuple(sorted(hangs))
        subject = Subject(move.resource, move.type, move.row, findings[0], tuple(sorted(findings[1:])), touches)
        if move.how == "set":
            step = set_step(subject, _whole(move), fold.after)
        elif move.how == "edit":
            before = paths.get({move.row.name: _whole(move)}, move.place)
            step = edit_step(subject, move.place, before, fold.after)
        elif move.how == "add":
            step = element_step(subject, ABSENT, move.element)
        else:
            step = element_step(subject, move.element, ABSENT)
        if not same(step.before, step.after):
            out.append(step)
    return tuple(out)
