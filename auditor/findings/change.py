"""What a change brings: the findings of two sides compared, where a resource that moved stays the resource it was.

Resources of both sides are paired first. The findings of the base are then told of the resources of the head, and
compared as a run is compared with the run before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.findings.since import since
from auditor.model import Finding, Resource, digest

Record = dict[str, Any]
Held = Mapping[tuple[str, str], str]
_MOST_PAIRS = 250_000
_WORSE = "already broken before; the change makes it worse: "
_REFERENCE = re.compile(r"\$\{[^{}]*\}")


@dataclass(slots=True)
class Side:
    """One side judged: what it declares, its findings, and its record."""

    resources: Iterable[Resource]
    findings: list[Finding]
    record: Record


def paired(base: Iterable[Resource], head: Iterable[Resource]) -> dict[str, str]:
    """The key in the head of each resource of the base that is still there.

    Code says itself where a resource was before (`moved`); else its address is its identity, and else its name. The
    stacks of a file that was renamed are recognised by what they hold.
    """
    olds, news = {each.key: each for each in base}, {each.key: each for each in head}
    out: dict[str, str] = {}

    def pair(old: Mapping[tuple[str, str], str], new: Mapping[tuple[str, str], str]) -> None:
        taken = set(out.values())
        for name, key in old.items():
            if key not in out and name in new and new[name] not in taken:
                out[key] = new[name]

    addresses = {(each.type, each.address): key for key, each in olds.items() if each.address}
    here = {(each.type, each.address): key for key, each in news.items() if each.address}
    # Terraform refuses a move from what is still there, and makes none to what was there before.
    moves = {(each.type, each.was): key for key, each in news.items() if (each.type, each.address) not in addresses}
    pair(addresses, {was: key for was, key in moves.items() if was[1] and was not in here})
    pair(addresses, here)
    # Terraform itself takes a resource that gets a count for the first of them, and the other way round.
    pair(_loose(olds), _loose(news))
    pair({("", key): key for key in olds}, {("", key): key for key in news})
    before, now = _held(olds.values()), _held(news.values())
    for old, new in _renamed(before, now).items():
        pair(before[old], now[new])
    return out


def _loose(resources: Mapping[str, Resource]) -> dict[tuple[str, str], str]:
    return {(each.type, each.address.replace("[0]", "")): key for key, each in resources.items() if each.address}


def _container(each: Resource) -> tuple[str, str]:
    """The stack or folder of an address, and the rest of it."""
    for mark in (":", "/"):
        holder, found, rest = each.address.rpartition(mark)
        if found and "[" not in holder and '"' not in rest:
            return holder, rest
    return "", each.address


def _held(resources: Iterable[Resource]) -> dict[str, dict[tuple[str, str], str]]:
    """What each stack or folder holds: the keys by type and by the rest of the address."""
    out: dict[str, dict[tuple[str, str], str]] = {}
    for each in resources:
        if each.address:
            holder, rest = _container(each)
            out.setdefault(holder, {})[each.type, rest] = each.key
    return out


def _renamed(before: Mapping[str, Held], now: Mapping[str, Held]) -> dict[str, str]:
    """Stacks that are gone, each with the new one that holds most of the same names, at least half of them."""
    gone = {name: set(before[name]) for name in sorted(before.keys() - now.keys() - {""})}
    come = {name: set(now[name]) for name in sorted(now.keys() - before.keys() - {""})}
    if len(gone) * len(come) > _MOST_PAIRS:
        return {}
    scores = [(-len(mine & theirs), old, new) for old, mine in gone.items() for new, theirs in come.items()]
    chosen: dict[str, str] = {}
    for score, old, new in sorted(scores):
        if old not in chosen and new not in chosen.values() and -2 * score >= len(gone[old]):
            chosen[old] = new
    return chosen


def carried_over(findings: Iterable[Mapping[str, Any]], keys: Mapping[str, str]) -> list[Record]:
    """Findings of the base, told of the resources of the head."""
    out = []
    for each in findings:
        owner = each["resource"]
        key = keys.get(owner["key"], owner["key"])
        moved = {**each, "id": digest(each["check"], key, each["property"]), "resource": {**owner, "key": key}}
        also = [_along(other, key, each["property"], keys) for other in each.get("also") or ()]
        out.append({**moved, "also": also})
    return out


def brought(base: Side, head: Side, worse: str = _WORSE) -> Record:
    """The head's record with the findings that the change brings only; what was there before stands in `carried`.

    `worse` are the words before the reason of a finding that was there, with fewer offending elements.
    """
    keys = paired(base.resources, head.resources)
    before = {**base.record, "findings": carried_over(base.record["findings"], keys)}
    told = since(before, _comparable(base.record, head.record))
    grown = _grown(base.findings, head.findings, keys)
    new = [each for each in told["findings"] if each["status"] == "new" or each["id"] in grown]
    still = [each for each in told["findings"] if not (each["status"] == "new" or each["id"] in grown)]
    for each in new:
        each["status"] = "new"
        if each["id"] in grown:
            each["because"] = f"{worse}{each['because']}"
    return {**head.record, "findings": new, "mended": told["mended"], "carried": [*still, *told["carried"]]}


def _comparable(base: Record, head: Record) -> Record:
    """The head as a run that looked everywhere, but for what the base could see and the head cannot."""
    blind = [_gap(each) for each in base["coverage"]["gaps"]]
    gaps = [each for each in head["coverage"]["gaps"] if _gap(each) not in blind]
    return {**head, "scan": {**head["scan"], "regions": []}, "coverage": {**head["coverage"], "gaps": gaps}}


def _gap(gap: Mapping[str, Any]) -> str:
    return json.dumps([gap["service"], gap["types"], re.sub(r":\d+", "", gap["message"]), gap.get("subjects")])


def _grown(base: Iterable[Finding], head: Iterable[Finding], keys: Mapping[str, str]) -> set[str]:
    """Findings that were there before, but with fewer offending elements: one open port does not excuse the next.

    Nor does a hole under one condition excuse the same under another one, or under none.
    """
    before: dict[str, list[set[str]]] = {}
    conditions: dict[str, str] = {}
    for whole in base:
        for each in (whole, *whole.also):
            key = keys.get(each.resource.key, each.resource.key)
            name = digest(each.check, key, each.property)
            before.setdefault(name, []).append(offending(each))
            conditions[name] = _bare_condition(whole)
    out = set()
    for each in head:
        then = {conditions[known] for known in each.ids if known in conditions}
        if each.verdict == "broken" and then and then.isdisjoint({"", _bare_condition(each)}):
            out.add(each.id)
        known = [mine for known in each.ids for mine in before.get(known, ())]
        if known and each.verdict == "broken" and all(mine for mine in known):
            out |= {each.id} if offending(each) - set().union(*known) else set()
    return out


def _bare_condition(found: Finding) -> str:
    """What a finding hangs on, wherever that stands."""
    return re.sub(r" \([^()\s]*:\d+\)", "", found.condition)


def offending(found: Finding) -> set[str]:
    """The elements that would have to go; words beside them, and references by another name, make no other element."""
    elements = [_bare(element) for change in found.changes for element in change.remove]
    return {_REFERENCE.sub("${}", json.dumps(each, sort_keys=True, default=str)) for each in elements}


def _bare(element: Any) -> Any:
    if not isinstance(element, dict):
        return element
    return {name: each for name, each in element.items() if name != "Description"}


def _along(other: Record, key: str, place: str, keys: Mapping[str, str]) -> Record:
    """A finding that another one tells along; most are about the same resource."""
    if owner := other.get("resource"):
        key, place = keys.get(owner["key"], owner["key"]), other["property"]
        other = {**other, "resource": {**owner, "key": key}}
    return {**other, "id": digest(other["check"], key, place)}
