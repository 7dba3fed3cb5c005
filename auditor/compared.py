"""Two kept runs side by side: what came, went and changed in the account, in its verdicts, and in what is proven of it.

Both inventories are read again by this version of the program, so that what it has learned since is no change. What a
run did not look at is neither there nor gone: a resource counts as removed only where the later run would have found
it, as added only where the earlier one would have, and a value only where both read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.findings import record
from auditor.findings.looked import Looked
from auditor.findings.newly import Earlier
from auditor.findings.since import compared_with
from auditor.graph.build import Graph, build
from auditor.graph.facts import facts
from auditor.model import ABSENT, Json, Resource
from auditor.resources import load
from auditor.sources import live, snapshot
from auditor.sources.several import together

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """A run, and the graph of what it read; None where it kept no inventory, as older versions did."""

    run: Told
    graph: Graph | None

    @property
    def complete(self) -> bool:
        return bool(self.run["coverage"]["complete"])

    def covers(self, other: Side) -> bool:
        """Whether it looked wherever the other one did, and nothing was hidden from it."""
        names = ("accounts", "regions", "types")
        return self.complete and all(set(other.run["scan"][each]) <= set(self.run["scan"][each]) for each in names)


def side(run: Told, inventories: Iterable[tuple[str, bytes]]) -> Side:
    """A run with what it read; each inventory is a file with its name."""
    types = load()
    asked = {cfn: None for cfn in run["scan"]["types"] if cfn in types}
    found = []
    for name, data in inventories:
        place, replay = snapshot.from_bytes(data, name)
        found.append(live.read(replay, place, asked, types))
    return Side(run, build(together(found), types) if found else None)


def differences(before: Side, after: Side, earlier: Iterable[Earlier]) -> Told:
    """Everything in which two runs differ; `earlier` are the first one and those before it, newest first."""
    findings = compared_with(before.run, after.run, earlier)
    new = [each for each in findings["findings"] if each["status"] == "new"]
    out: Told = {
        "before": _run(before),
        "after": _run(after),
        "findings": {
            "new": [each for each in new if "newly_checked" not in each],
            "newly_checked": [each for each in new if "newly_checked" in each],
            "fixed": findings["mended"],
            "not_checked": findings["carried"],
        },
        "promises": [*_promises(before.run, after.run)],
    }
    if before.graph is None or after.graph is None:
        lacking = [each.run["scan"]["id"] for each in (before, after) if each.graph is None]
        return out | {
            "resources": None,
            "proven": None,
            "not_compared": [f"run {each} kept no inventory" for each in lacking],
        }
    return out | {
        "resources": _resources(before, after, before.graph, after.graph),
        "proven": _proven(before, after, before.graph, after.graph),
        "not_compared": [*_not_compared(before, after)],
    }


def _run(one: Side) -> Told:
    scan = one.run["scan"]
    return {"run": scan["id"], "finished": scan["finished"], "complete": one.complete}


def _promises(before: Told, after: Told) -> Iterator[Told]:
    """The promises whose verdict is another one; of a promise that only one run asked, the other verdict is empty."""
    then, now = ({(each["baseline"], each["id"]): each["verdict"] for each in run.get("promises", ())}
                 for run in (before, after))  # fmt: skip
    for key in sorted({*then, *now}):
        if then.get(key) != now.get(key):
            yield {"baseline": key[0], "id": key[1], "before": then.get(key, ""), "after": now.get(key, "")}


def _resources(before: Side, after: Side, old: Graph, new: Graph) -> Told:
    then, now = ({each.key: each for each in graph.resources()} for graph in (old, new))
    looked_then, looked_now = (Looked(each.run, load(), None) for each in (before, after))
    added = [record.resource(now[key]) for key in sorted(now.keys() - then.keys())]
    removed = [record.resource(then[key]) for key in sorted(then.keys() - now.keys())]
    return {
        "added": [each for each in added if looked_then.saw(each)],
        "newly_seen": [each for each in added if not looked_then.saw(each)],
        "removed": [each for each in removed if looked_now.saw(each)],
        "changed": [told for key in sorted(then.keys() & now.keys()) for told in _changed(then[key], now[key])],
    }


def _changed(old: Resource, new: Resource) -> Iterator[Told]:
    """The properties that both runs read, and that differ. AWS gives lists in any order, so order is no difference."""
    for name in sorted({*old.properties, *new.properties}):
        if old.gap(name) is not None or new.gap(name) is not None:
            continue
        then, now = old.known(name), new.known(name)
        if _unordered(then) != _unordered(now):
            yield {"resource": record.resource(new), "property": name, "before": record.plain(then),
                   "after": record.plain(now)}  # fmt: skip


def _unordered(value: Json) -> str:
    if isinstance(value, dict):
        return json.dumps({str(name): _unordered(each) for name, each in value.items()}, sort_keys=True)
    if isinstance(value, list | tuple):
        return json.dumps(sorted(_unordered(each) for each in value))
    return json.dumps(None if value is ABSENT else value, default=str)


def _proven(before: Side, after: Side, old: Graph, new: Graph) -> Told:
    """What is proven of one graph and not of the other: who reaches what, who can become whom.

    What could not be decided is proven of none, so a fact came only where the earlier run saw all that the later one
    saw, and went only the other way round.
    """
    then, now = ({(each.tail, each.relation, each.head): each.because for each in facts(graph)} for graph in (old, new))
    return {
        "added": _edges(now, now.keys() - then.keys()) if before.covers(after) else [],
        "removed": _edges(then, then.keys() - now.keys()) if after.covers(before) else [],
    }


def _edges(known: Mapping[tuple[str, str, str], str], chosen: Iterable[tuple[str, str, str]]) -> list[Told]:
    return [{"tail": tail, "relation": relation, "head": head, "because": known[tail, relation, head]}
            for tail, relation, head in sorted(chosen)]  # fmt: skip


def _not_compared(before: Side, after: Side) -> Iterator[str]:
    if not before.covers(after):
        yield "what is proven now and was not then, since the earlier run saw less"
    if not after.covers(before):
        yield "what was proven then and is not now, since the later run saw less"
