"""What was asked for, and an inventory judged by it: the middle of a run, between reading and putting down.

Code may leave open what it makes. It is read once for each world that is possible then (`checks/worlds.py`), all of
them are judged here, and what they say is laid together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from auditor.checks import checkov
from auditor.checks.agreed import Drifted, declared_together, drift_of_all, told_apart
from auditor.checks.binding import BadPin, bind, parse_scope, pins_of
from auditor.checks.judge import Judgement, judge
from auditor.checks.replaced import replaced
from auditor.checks.schema import Baseline, Rule
from auditor.checks.worlds import World, counted, merged, promised, seen
from auditor.findings.defects import Attempts
from auditor.findings.together import ordered, together
from auditor.graph.build import Graph, build
from auditor.model import Finding, Inventory, Promise, Resource, ResourceType, digest
from auditor.model.waivers import Waiver


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    baselines: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()  # ids; empty: all of them
    with_rules: bool = True
    regions: tuple[str, ...] = ()
    profile: str | None = None
    sources: tuple[Path, ...] = ()  # saved inventories instead of an account, looked at as one
    folders: tuple[Path, ...] = ()  # further rules and baselines
    pins: Mapping[str, str] = field(default_factory=dict)
    scope: tuple[str, ...] = ()  # what may play a role at all
    costs: bool = False  # ask Cost Explorer what the account cost, which is paid for
    checkov: bool = False  # judge checkov's policies too, where it is installed
    waivers: Path | None = None  # the file of findings of an account that are accepted for a time
    tags: tuple[str, ...] = ()  # names of tags by which is chosen who is told: they are read, and kept in the record
    plan: Path | None = None  # the Terraform plan that the inventory was read from, for checkov


@dataclass(slots=True)
class Definitions:
    rules: list[Rule] = field(default_factory=list)
    baselines: list[Baseline] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)  # they choose what counts, and not what is judged
    elsewhere: Mapping[str, str] = field(default_factory=dict)  # baselines left out, by the account they are about

    @property
    def digest(self) -> str:
        """One of all that was chosen: a plan is verified by the definitions that it was made with."""
        return digest(*(each.model_dump_json() for each in (*self.rules, *self.baselines)))

    @property
    def renamed(self) -> dict[str, str]:
        """The rules by the IDs that they had before."""
        return {old: rule.id for rule in self.rules for old in rule.was}

    def told(self, wish: Wish) -> dict[str, Any]:
        """What each rule and baseline asks, as a digest: where it differs from an earlier run's, a new finding may be
        new for that alone."""
        rules = {each.id: digest(json.dumps([each.on, each.where, each.require], default=str)) for each in self.rules}
        more = json.dumps([sorted(wish.pins.items()), sorted(wish.scope)])
        documents = {each.id: digest(each.model_dump_json(), more) for each in self.baselines}
        return {"definitions": {name: known[:8] for name, known in sorted({**rules, **documents}.items())}}


@dataclass(slots=True)
class Judged:
    """What was found in some code or an account. Of several worlds `graph` and `drifts` are the first one's.

    `resources` are those of any world.
    """

    graph: Graph
    findings: list[Finding]
    promises: list[Promise]
    drifts: list[Drifted]
    counts: Counter[str]
    beside: checkov.Judged
    resources: list[Resource]


@dataclass(frozen=True, slots=True)
class Rooted:
    """A root of some code in all its worlds; of what nothing calls only what is `certain` is told."""

    worlds: list[tuple[World, Inventory]]
    certain: bool = False


def judged(
    wish: Wish, chosen: Definitions, worlds: Sequence[tuple[World, Inventory]], types: Mapping[str, ResourceType],
    attempts: Attempts, roots: Sequence[Rooted] = (),
) -> Judged:  # fmt: skip
    """An inventory judged; of several worlds of some code what all of them come to together.

    Rules judge each root of some code by itself; a document may describe what stands in several.
    """
    if roots:
        return _root_by_root(wish, chosen, worlds, types, attempts, roots)
    first = worlds[0][1]
    out = _in_one_world(wish, chosen, build(first, types), attempts)
    out.beside = _beside(wish, chosen, out.graph)
    if len(worlds) > 1:
        others = [_again(wish, chosen, inventory, first, out, types, attempts) for _, inventory in worlds[1:]]
        every = [out, *others]
        out.findings = merged([world for world, _ in worlds], [each.findings for each in every], first.choices)
        out.promises = promised([each.promises for each in every])
        out.resources = seen([inventory for _, inventory in worlds])
        out.counts = counted([each.counts for each in every])
    out.findings = ordered(together([*out.findings, *out.beside.findings]))
    return out


def _root_by_root(
    wish: Wish, chosen: Definitions, worlds: Sequence[tuple[World, Inventory]], types: Mapping[str, ResourceType],
    attempts: Attempts, roots: Sequence[Rooted],
) -> Judged:  # fmt: skip
    alone = replace(wish, checkov=False)
    out = judged(alone, Definitions([], chosen.baselines), worlds, types, attempts)
    out.beside = _beside(wish, chosen, out.graph)
    findings = [*out.findings, *out.beside.findings]
    resources = {each.key: each for each in out.resources}
    for root in roots:
        one = judged(alone, Definitions(chosen.rules, []), root.worlds, types, attempts)
        sure = [each for each in one.findings if each.verdict == "broken" and not each.condition]
        findings += sure if root.certain else one.findings
        out.counts += one.counts
        resources |= {each.key: each for each in one.resources}
    out.findings, out.resources = ordered(together(findings)), list(resources.values())
    return out


def _in_one_world(wish: Wish, chosen: Definitions, graph: Graph, attempts: Attempts) -> Judged:
    rules = _judged_apart(chosen.rules, graph, attempts)
    drifts = drifts_of(chosen, graph, wish, attempts)
    findings = [found for _, _, each in drifts for found in each.findings] + rules.findings
    promises = [promise for _, _, each in drifts for promise in each.promises]
    return Judged(graph, findings, promises, drifts, rules.counts, checkov.Judged(), list(graph.resources()))


def _again(
    wish: Wish, chosen: Definitions, inventory: Inventory, first: Inventory, known: Judged,
    types: Mapping[str, ResourceType], attempts: Attempts,
) -> Judged:  # fmt: skip
    """Another world judged. What is the same in it need not be judged again; what is pinned need not be in it."""
    if inventory.resources == first.resources and inventory.gaps == first.gaps:
        return known
    graph = build(inventory, types)
    try:
        return _in_one_world(wish, chosen, graph, attempts)
    except BadPin:
        return _in_one_world(replace(wish, pins={}), chosen, graph, attempts)


def _judged_apart(rules: list[Rule], graph: Graph, attempts: Attempts) -> Judgement:
    """Each rule by itself, so that a defect in one leaves the others."""
    out = Judgement()
    for rule in rules:
        for each in attempts.at(f"rule {rule.id}", partial(judge, [rule], graph)):
            out.findings += each.findings
            out.counts += each.counts
    return out


def _beside(wish: Wish, chosen: Definitions, graph: Graph) -> checkov.Judged:
    """What checkov finds beside our own rules, where it was asked for."""
    if not wish.checkov:
        return checkov.Judged()
    return checkov.judge_with_checkov(graph, wish.plan, [rule.id for rule in chosen.rules])


def _drift(baseline: Baseline, graph: Graph, wish: Wish, others: AbstractSet[str] = frozenset()) -> Drifted:
    bound = bind(baseline, graph, pins_of(wish.pins, baseline.id), parse_scope(wish.scope, baseline.id), others)
    return baseline, bound, drift_of_all(baseline, bound, graph)


def drifts_of(chosen: Definitions, graph: Graph, wish: Wish, attempts: Attempts | None = None) -> list[Drifted]:
    """The chosen baselines against a graph, the account's or a foreseen one."""

    def drifted(one: Baseline, others: AbstractSet[str] = frozenset()) -> Iterable[Drifted]:
        made = partial(_drift, one, graph, wish, others)
        return attempts.at(f"baseline {one.id}", made) if attempts else [made()]

    apart = told_apart([each for one in chosen.baselines for each in drifted(one)], drifted)
    return replaced(declared_together(apart))
