"""The whole run, in the order of the folders: sources -> graph -> checks -> findings -> remedy -> store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from auditor.aws.requests import Progress
from auditor.checks import baselines as baseline_files
from auditor.checks import checkov
from auditor.checks import rules as rule_files
from auditor.checks.agreed import Drifted
from auditor.checks.binding import elsewhere, known_roles, parse_scope, without
from auditor.checks.demand import everything, of_baseline, of_rules, of_tags
from auditor.checks.documented import excepted_by
from auditor.checks.predicates.identity import asks_for_managers
from auditor.checks.regions import unread_regions
from auditor.checks.sketch import sketch
from auditor.checks.unsure import unsure
from auditor.checks.waivers import load_waivers
from auditor.checks.worlds import World
from auditor.checks.yaml import DefinitionError, shown
from auditor.findings import asked, record
from auditor.findings.defects import Attempts, Defect, read_until_then
from auditor.findings.excused import Policy, waive
from auditor.findings.since import since
from auditor.findings.tagged import tags_told
from auditor.graph.build import Graph
from auditor.graph.managers import manager_of
from auditor.judging import Definitions, Judged, Rooted, Wish, drifts_of, judged
from auditor.model import Demand, Finding, Gap, Inventory, Promise, Resource, ResourceType, merge
from auditor.model.waivers import Waiver
from auditor.remedy.plan import Parts, remedy_for
from auditor.resources import load
from auditor.sources import live, snapshot
from auditor.sources import organization as organizations
from auditor.sources.costs import add_costs, costs_permissions
from auditor.sources.opened import Source, as_one, kept, open_account, open_saved, recorded
from auditor.sources.roots import Root
from auditor.sources.several import together as joined
from auditor.sources.tagged import add_not_looked_at, tagged_permissions

__all__ = ["Definitions", "Wish", "drifts_of"]

Previous = Callable[[Mapping[str, Any]], dict[str, Any] | None]


class NothingToJudge(Exception):
    """A run that would say nothing: no rule and no baseline chosen, or an account with nothing in it."""


@dataclass(slots=True)
class Outcome:
    """Everything a run learned: the values, and the record that is stored and shown."""

    record: dict[str, Any]
    findings: list[Finding]
    promises: list[Promise]
    graph: Graph
    wish: Wish
    chosen: Definitions
    drifts: list[Drifted]
    gaps: list[Gap] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)  # of code: those of all worlds
    roots: list[Root] = field(default_factory=list)  # of code: what of it is applied by itself
    inventories: Mapping[str, bytes] = field(default_factory=dict)  # what was read, by account, where it is to be kept


def definitions(wish: Wish) -> Definitions:
    """The rules and baselines that were chosen, read and validated."""
    found = rule_files.load_rules([folder / "rules" for folder in wish.folders]) if wish.with_rules else []
    found = rule_files.choose(found, wish.rules) if wish.rules else found
    baselines = baseline_files.load_baselines(wish.baselines, list(wish.folders))
    today = dt.datetime.now(dt.UTC).date()
    chosen = Definitions(found, known_roles(wish.pins, baselines))
    waivers = load_waivers(wish.waivers, shown(wish.waivers), today) if wish.waivers else []
    chosen.waivers = [replace(each, check=chosen.renamed.get(each.check, each.check)) for each in waivers]
    return chosen


def open_sources(wish: Wish, chosen: Definitions, progress: Progress | None = None) -> list[Source]:
    """Each of the saved inventories, else the account of the credentials."""
    return open_saved(wish.sources, wish.regions) or [open_source(wish, chosen, progress)]


def open_source(wish: Wish, chosen: Definitions, progress: Progress | None = None) -> Source:
    """The one saved inventory that is named, else the account of the credentials."""
    if wish.sources:
        (saved,) = open_saved(wish.sources, wish.regions)
        return saved
    documented = tuple(region for each in chosen.baselines for region in each.regions)
    return open_account(wish.profile, wish.regions, documented, progress)


def demand(wish: Wish, chosen: Definitions, types: Mapping[str, ResourceType]) -> Demand:
    more = dict.fromkeys(checkov.types_judged(types)) if wish.checkov else {}
    tags = of_tags(chosen.baselines, types) if parse_scope(wish.scope).tags else {}
    asked = merge(of_rules(chosen.rules, types), *(of_baseline(each, types) for each in chosen.baselines), tags, more)
    return merge(asked, {cfn: frozenset({"Tags"}) for cfn in asked} if wish.tags else {})


def _here(wish: Wish, chosen: Definitions, accounts: Collection[str]) -> tuple[Wish, Definitions]:
    """What is asked of these accounts; the baselines that are about another one are named with that one."""
    away = elsewhere(chosen.baselines, wish.scope, accounts)
    if not away:
        return wish, chosen
    named = [each for each in wish.baselines if baseline_files.load_baseline(each, wish.folders).id not in away]
    pins = {each: wish.pins[each] for each in without(wish.pins, away)}
    wish = replace(wish, baselines=tuple(named), pins=pins, scope=without(wish.scope, away))
    here = [each for each in chosen.baselines if each.id not in away]
    return wish, replace(chosen, baselines=here, elsewhere=away)


def check(
    wish: Wish,
    progress: Progress | None = None,
    previous: Previous | None = None,
    source: Source | None = None,
    keep: bool = False,
) -> Outcome:
    """Read, build, judge, compare with the runs before, say what can be mended."""
    started = dt.datetime.now(dt.UTC)
    chosen = definitions(wish)
    if not chosen.rules and not chosen.baselines:
        raise NothingToJudge("no rule and no baseline is chosen; choose one of `auditor rules` or `auditor baselines`")
    types = load()
    sources = [source] if source else open_sources(wish, chosen, progress)
    sources = [recorded(each) for each in sources] if keep else sources
    whole = as_one(sources)
    wish, chosen = _here(wish, chosen, {each.place.account for each in sources})
    if not chosen.rules and not chosen.baselines:
        told = (f"{name} is about account {account}" for name, account in chosen.elsewhere.items())
        raise NothingToJudge("; ".join(told))
    unread = unread_regions(chosen.baselines, whole.place.regions, whole.place.account, types)
    wanted = demand(wish, chosen, types)
    inventory = joined([_read(each, wanted, types, wish, started.date()) for each in sources])
    inventory.gaps.extend(unread)
    try:
        return replace(conclude(wish, chosen, whole, inventory, started, previous), inventories=kept(sources))
    except Exception as error:
        error.add_note(read_until_then(inventory))  # where it is a defect, what was read is told all the same
        raise


def _read(source: Source, wanted: Demand, types: Mapping[str, ResourceType], wish: Wish, day: dt.date) -> Inventory:
    inventory = live.read(source.caller, source.place, wanted, types)
    add_not_looked_at(inventory, source.caller, source.place, types)
    if wish.costs:
        add_costs(inventory, source.caller, source.place, day, parse_scope(wish.scope).tags)
    if asks_for_managers(inventory):
        inventory.managers = {source.place.account: organizations.read_managers(source.caller, source.place)}
    return inventory


def is_judged(resource: Resource, chosen: Definitions) -> bool:
    """Whether somebody wants to know about it; what AWS makes in every account does not make an account."""
    types = {cfn for rule in chosen.rules for cfn in rule.on}
    types |= {cfn for each in chosen.baselines for role in each.roles.values() for cfn in role.types}
    return resource.type in types and not resource.aws_made and not load()[resource.type].ours


def conclude(
    wish: Wish, chosen: Definitions, source: Source, inventory: Inventory, started: dt.datetime,
    previous: Previous | None = None,
    worlds: Sequence[tuple[World, Inventory]] = (), roots: Sequence[Rooted] = (),
) -> Outcome:  # fmt: skip
    """Judge an inventory and put down what it came to. Of code it is the first of several `worlds`."""
    types = load()
    worlds = worlds or [({}, inventory)]
    every = [each for _, each in worlds]
    attempts = Attempts((DefinitionError,), apart=source.kind != "code")
    found = judged(wish, chosen, worlds, types, attempts, roots)
    # Only the graph knows what AWS made by itself.
    seen = (is_judged(one, chosen) for each in every for one in each.resources)
    nothing = not any(each.gaps for each in every) and not any(seen)
    if nothing and source.kind != "code":  # code without anything to judge is clean, and the gate says so
        where = source.name or f"account {source.place.account} in {', '.join(source.place.regions)}"
        raise NothingToJudge(f"{where} has no resource that the chosen rules and baselines check")
    graph, drifts = found.graph, found.drifts
    parts = parts_of(drifts, graph)
    for each in found.findings if source.kind != "code" else ():  # code is mended where it is written
        each.managed_by = manager_of(graph, each.resource)
        for remedy in attempts.at(f"remedy of {each.id}", partial(remedy_for, each, graph, types, parts)):
            each.remedy = remedy
    answered = _answered(chosen, attempts)
    gaps = [*inventory.gaps]
    gaps += dict.fromkeys(gap for each in every[1:] for gap in each.gaps if gap not in inventory.gaps)
    gaps += [*found.beside.gaps, *(each.gap(source.place.account) for each in attempts.defects)]
    excepted = _waive(found, chosen, gaps, started.date()) if source.kind != "code" else {}
    told = record.run(
        scan=_scan(source, answered, inventory, started) | _away(chosen) | answered.told(wish) | found.beside.told(),
        gaps=gaps, findings=found.findings, promises=found.promises,
        bindings=[each for _, bound, _ in drifts for each in bound.bindings],
        rules={"judged": len(answered.rules), **{name: found.counts[name] for name in ("kept", "broken", "unknown")}},
        maps=[sketch(baseline, bound, drift, graph, found.findings) for baseline, bound, drift in drifts],
    )  # fmt: skip
    told |= {"exceptions": excepted} if any(excepted.values()) else {}
    told["checks"] = asked.asked(found.findings, chosen.rules)
    there = {each.key for each in inventory.resources}
    told = since(previous(told["scan"]) if previous else None, told, types, there, chosen.renamed)
    told |= {"tags": tags_told(told, graph, wish.tags)} if wish.tags else {}
    return Outcome(
        told, found.findings, found.promises, graph, wish, chosen, drifts, gaps, attempts.defects, found.resources
    )


def _waive(found: Judged, chosen: Definitions, gaps: list[Gap], today: dt.date) -> dict[str, Any]:
    """Mark what is accepted. An exception is called idle only by a run that saw everything and asked for its check."""
    asked_for = {each.id for each in chosen.rules}
    documents = {each.id for each in chosen.baselines}

    def looked(waiver: Waiver) -> bool:
        return not gaps and (waiver.check in asked_for or waiver.check.partition("/")[0] in documents)

    return waive(found.findings, Policy(today, chosen.waivers, excepted_by(found.drifts)), looked)


def _answered(chosen: Definitions, attempts: Attempts) -> Definitions:
    """What was held against the account to its end."""
    return Definitions(
        [each for each in chosen.rules if attempts.whole(f"rule {each.id}")],
        [each for each in chosen.baselines if attempts.whole(f"baseline {each.id}")],
    )


def parts_of(drifts: Iterable[Drifted], graph: Graph) -> Parts:
    """What documents say of resources, for remedies: who plays what, and what is not certain about it."""
    documented: dict[str, tuple[str, ...]] = {}
    drifts = list(drifts)
    for _, bound, _ in drifts:
        for each in bound.bindings:
            documented[each.resource] = (*documented.get(each.resource, ()), f"{each.baseline}/{each.role}")

    def label(key: str) -> str:
        resource = graph.resource(key)
        return (resource.name or resource.id) if resource else key

    return Parts(documented, unsure([(baseline, bound) for baseline, bound, _ in drifts], label))


def _scan(source: Source, chosen: Definitions, inventory: Inventory, started: dt.datetime) -> dict[str, Any]:
    return {
        "id": "",
        "started": stamp(started),
        "finished": stamp(dt.datetime.now(dt.UTC), "milliseconds"),  # runs are put in order by it
        "source": source.kind,
        "accounts": [each for each in inventory.accounts if each],
        "regions": list(inventory.regions),
        "baselines": [each.id for each in chosen.baselines],
        "rules": [rule.id for rule in chosen.rules],
        "types": sorted(inventory.asked),
        "resources": len(inventory.resources),
        "not_described": dict(sorted(inventory.not_described.items())),
        **record.not_looked_at(inventory),
        "requests": {"total": sum(source.counted.values()), "by_operation": dict(sorted(source.counted.items()))},
    }


def _away(chosen: Definitions) -> dict[str, Any]:
    """The baselines that were asked for and are about accounts that this run did not read."""
    return {"elsewhere": dict(sorted(chosen.elsewhere.items()))} if chosen.elsewhere else {}


def stamp(moment: dt.datetime, unit: str = "seconds") -> str:
    return moment.isoformat(timespec=unit).replace("+00:00", "Z")


def scan(wish: Wish, target: Path, progress: Progress | None = None) -> Inventory:
    """Save the whole inventory of an account: every described type and property."""
    types = load()
    source = open_source(wish, Definitions(), progress)
    recording = snapshot.Recording(source.caller, {})
    inventory = live.read(recording, source.place, everything(types), types)
    add_not_looked_at(inventory, recording, source.place, types)
    organizations.read_organization(recording, source.place)
    if asks_for_managers(inventory):
        organizations.read_managers(recording, source.place)
    snapshot.save(target, source.place, recording.kept)
    return inventory


def permissions(wish: Wish, whole: bool = False) -> list[str]:
    """The IAM actions that reading takes; asking who one is needs none."""
    types = load()
    if whole:
        needed = live.permissions_for(everything(types), types)
        return sorted({*needed, *tagged_permissions(), *organizations.organization_permissions()})
    chosen = definitions(wish)
    wanted = demand(wish, chosen, types)
    needed = live.permissions_for(wanted, types)
    of_roles = wanted.get("AWS::IAM::Role", frozenset())
    trusts = of_roles is None or "AssumeRolePolicyDocument" in of_roles
    more = organizations.manager_permissions() if trusts else []
    return sorted({*needed, *tagged_permissions(), *more, *(costs_permissions() if wish.costs else ())})
