"""From what a run found to a plan, and to the hands that carry it out: the pipeline seen from the side of the fix."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.checks import environments
from auditor.checks.baselines import spelled
from auditor.checks.binding import Bound
from auditor.checks.drift import Drift
from auditor.graph.build import build
from auditor.model import Finding, Step
from auditor.pipeline import Definitions, Outcome, Wish, check, drifts_of, parts_of, stamp
from auditor.remedy.account import Account
from auditor.remedy.apply import Hands, findings_of
from auditor.remedy.engine import Pace
from auditor.remedy.foreseen import foreseen
from auditor.remedy.judged import Judged
from auditor.remedy.plan import Left, Plan, make_plan
from auditor.remedy.world import RunView
from auditor.resources import load
from auditor.sources import live
from auditor.sources.opened import Source

_TIES = 3  # how many arrows are named that tie a resource to its role


def plan(outcome: Outcome, run: str, choose: Callable[[Finding], bool] = lambda finding: True) -> Plan:
    """The calls that would mend the chosen findings, with what they were judged by and why each resource is meant."""
    made = _harmless(outcome, _made(outcome, run, choose), run, choose)
    wanted = {step.resource for step in made.steps}
    meant: dict[str, list[str]] = defaultdict(list)
    for _, bound, drift in outcome.drifts:
        for key, why in _meant(bound, drift):
            meant[key].append(why)
    said = {key: "; ".join(why) for key, why in sorted(meant.items()) if key in wanted}
    regions = tuple(outcome.record["scan"]["regions"])
    return replace(made, judged=judged_by(outcome.wish, outcome.chosen, regions), meant=said)


def _made(outcome: Outcome, run: str, choose: Callable[[Finding], bool]) -> Plan:
    parts, moment = parts_of(outcome.drifts, outcome.graph), outcome.record["scan"]["finished"]
    return make_plan(outcome.findings, outcome.graph, load(), run, moment, choose, parts)


def _harmless(outcome: Outcome, made: Plan, run: str, choose: Callable[[Finding], bool]) -> Plan:
    """The plan without the fixes that would break what a document promises and what is kept now.

    The documents are held against the account as it will read; only where that breaks something are the fixes tried one
    by one. What only breaks together is found when it is applied, and undone.
    """
    if not _breaks(outcome, made.steps):
        return made
    findings = dict.fromkeys(step.finding for step in made.steps)
    harm = {each: _breaks(outcome, [step for step in made.steps if each in findings_of(step)]) for each in findings}
    harm = {each: broken for each, broken in harm.items() if broken}
    again = _made(outcome, run, lambda finding: choose(finding) and not harm.keys() & set(finding.ids))
    words = "Not automatic: it would break {}, which is kept now."
    left = [Left(each, "manual", words.format(", ".join(broken))) for each, broken in harm.items()]
    return replace(again, left=tuple(sorted((*again.left, *left), key=lambda each: each.finding)))


def _breaks(outcome: Outcome, steps: Sequence[Step]) -> list[str]:
    """The promises that are kept and would be broken."""
    if not outcome.chosen.baselines or not steps:
        return []
    graph = build(foreseen(outcome.graph.inventory, steps), load())
    kept = {(each.baseline, each.id) for each in outcome.promises if each.verdict == "kept"}
    then = [each for _, _, drift in drifts_of(outcome.chosen, graph, outcome.wish) for each in drift.promises]
    return [
        f"{each.baseline}/{each.id}" for each in then if each.verdict == "broken" and (each.baseline, each.id) in kept
    ]


def _meant(bound: Bound, drift: Drift) -> Iterator[tuple[str, str]]:
    """Why each bound resource is the one that plays its role: who said so, how sure it is, and what ties it there."""
    for each in bound.bindings:
        known = f"{each.baseline}/{each.role}"
        if each.pinned:
            yield each.resource, f"{known}, named with --bind"
            continue
        ties = [
            f"{wire.link.tail} -> {wire.link.head}"
            for wire in drift.wires
            if wire.verdict == "kept" and each.resource in (*wire.tails, *wire.heads)
        ]
        more = f" and {len(ties) - _TIES} more" if len(ties) > _TIES else ""
        told = f", linked by {', '.join(ties[:_TIES])}{more}" if ties else ", with no documented link"
        yield each.resource, f"{known}, confidence {each.confidence:.2f}{told}"


def judged_by(wish: Wish, chosen: Definitions, regions: tuple[str, ...]) -> Judged:
    """What a run is judged by, in the form in which plans keep it."""
    folders = tuple(str(folder.resolve()) for folder in wish.folders)
    rules = wish.rules if wish.with_rules else ()
    baselines = named(wish.baselines, wish.folders)
    return Judged(baselines, rules, wish.with_rules, regions, wish.pins, wish.scope, folders, chosen.digest)


def named(baselines: Iterable[str], folders: Sequence[Path]) -> tuple[str, ...]:
    """The baselines in one spelling, whatever way their parameters were given. One that is named by its file is found
    from elsewhere by its whole path only."""
    return tuple(dict.fromkeys(environments.from_anywhere(spelled(each, folders)) for each in baselines))


def judging(judged: Judged, given: Wish) -> Wish:
    """The wish by which something was judged, over the connection that is given."""
    return replace(
        given,
        baselines=judged.baselines,
        rules=judged.rules,
        with_rules=judged.with_rules,
        regions=judged.regions,
        folders=tuple(Path(each) for each in judged.definitions),
        pins=judged.pins,
        scope=judged.scope,
    )


def hands(wish: Wish, source: Source, still_ours: Callable[[], None] = lambda: None) -> Hands:
    """With what a plan is applied: the account, and the same check again to see what a fix came to.

    `still_ours` is asked before each call and raises when it is no longer one's turn.
    """

    def judge_again() -> RunView:
        return view(check(wish, source=source))

    reader = live.reader(source.connection, source.place, load())
    account = Account(source.connection, load(), reader, judge_again, still_ours)
    return Hands(account, load(), Pace(time.sleep), lambda: stamp(dt.datetime.now(dt.UTC)))


def view(outcome: Outcome) -> RunView:
    """The verdicts of a run as the engine compares them."""
    if outcome.defects:  # what a defect left out would look as if it were fixed
        raise outcome.defects[0].error
    findings = outcome.findings
    promises = {f"{each.baseline}/{each.id}": each.verdict for each in outcome.promises}
    return RunView(
        broken=frozenset(known for each in findings if each.verdict == "broken" for known in each.ids),
        unknown=frozenset(known for each in findings if each.verdict == "unknown" for known in each.ids),
        broken_promises=frozenset(name for name, verdict in promises.items() if verdict == "broken"),
        unknown_promises=frozenset(name for name, verdict in promises.items() if verdict == "unknown"),
        where={known: each.resource.key for each in findings for known in each.ids},
        titles={known: f"{each.title} ({each.resource.label})" for each in findings for known in each.ids},
    )
