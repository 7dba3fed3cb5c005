"""What a reviewer is shown beside a gate's findings: their places, what the evidence leads through, and what is new.

A report knows the record alone and never opens the code, so whatever it shows of the code stands in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.findings.change import paired
from auditor.findings.record import code_place
from auditor.findings.suggest import edit, in_diff
from auditor.model import Finding, Resource
from auditor.resources import load
from auditor.sources.diff import Shown, lines_shown
from auditor.sources.excerpt import Excerpts
from auditor.sources.main_file import Places

Record = dict[str, Any]
_MOST_PARTS = 500
_PROPERTY = re.compile(r"[A-Za-z][\w.]*(?:\[[^\]]*\][\w.]*)*")


@dataclass(frozen=True, slots=True)
class Sides:
    """What was judged: the resources of the code and of its base where there is one, and where the code lies.

    `top` is the top of the repository, `root` the folder from which findings name files; `commit` the one of the base.
    """

    head: Mapping[str, Resource]
    base: tuple[Resource, ...] | None
    places: Places
    top: Path
    root: Path
    commit: str = ""


def for_review(record: Record, sides: Sides, findings: Iterable[Finding] = ()) -> Record:
    """The record of a gate with everything that its reports show of the code."""
    told = [_placed(each, sides) for each in record["findings"]]
    parts = _parts(told, sides)
    code = _Code(Excerpts(sides.root), lines_shown(sides.top, sides.commit) if sides.commit else {}, sides)
    made = {each.id: each for each in findings}
    told = [code.beside(each, made.get(each["id"]), parts) for each in told]
    gate = {**record["gate"], "main": {"file": sides.places.main, "line": 1}, "parts": parts}
    return {**record, "findings": told, "gate": gate}


@dataclass(frozen=True, slots=True)
class _Code:
    """The code that findings stand in, and the lines of it that the change shows."""

    excerpts: Excerpts
    shown: Shown
    sides: Sides

    def beside(self, told: Record, found: Finding | None, parts: Record) -> Record:
        """The finding with its lines of code, and with the line that would mend it where that is certain."""
        place = told["location"]
        code = self.excerpts.at(place, told["property"]) if place else []
        if not found or told["waiver"]:
            return {**told, "code": code, "edit": None}
        is_new = (parts.get(found.resource.key) or {}).get("state") == "new"
        line = edit(found, load()[found.resource.type], self.excerpts, is_new)
        if line:
            line["file"] = self._from_top(line["file"])
            line["in_diff"] = in_diff(line, self.shown.get(line["file"], {}))
        return {**told, "code": code, "edit": line}

    def _from_top(self, file: str) -> str:
        there, top = self.sides.root.resolve() / file, self.sides.top.resolve()
        return there.relative_to(top).as_posix() if there.is_relative_to(top) else file


def _placed(found: Record, sides: Sides) -> Record:
    """The finding with its place, found by its address where no line was noted, and with the places of its evidence."""
    owner = sides.head.get(found["resource"]["key"])
    place = found["location"] or (code_place(sides.places.of(owner.address)) if owner and owner.address else None)
    return {**found, "location": place, "evidence": [_edge(each, sides) for each in found["evidence"]]}


def _edge(edge: Mapping[str, Any], sides: Sides) -> Record:
    """An edge with where code says it: at the property that its reason begins with."""
    tail = sides.head.get(edge["tail"])
    said = _PROPERTY.match(edge["because"])
    return {**edge, "location": _of_resource(tail, sides, said[0] if said else "") if tail else None}


def _of_resource(owner: Resource, sides: Sides, path: str = "") -> Record | None:
    return code_place(owner.place(path)) or code_place(sides.places.of(owner.address))


def _parts(findings: Iterable[Record], sides: Sides) -> Record:
    """The resources that the findings and their evidence name: what they are called, where they stand, what is new."""
    keys = dict.fromkeys(key for each in findings for key in _named(each))
    before: dict[str, Resource] = {}
    if sides.base is not None:
        old = {each.key: each for each in sides.base}
        before = {now: old[was] for was, now in paired(old.values(), sides.head.values()).items()}
    out: Record = {}
    for key in list(keys)[:_MOST_PARTS]:
        owner = sides.head.get(key)
        if owner is not None:
            state = "" if sides.base is None else _state(owner, before.get(key))
            place = _of_resource(owner, sides)
            out[key] = {"name": owner.label, "type": owner.type, "location": place, "state": state}
    return out


def _named(found: Mapping[str, Any]) -> list[str]:
    return [found["resource"]["key"], *(edge[end] for edge in found["evidence"] for end in ("tail", "head"))]


def _state(now: Resource, before: Resource | None) -> str:
    if before is None:
        return "new"
    same = before.properties == now.properties and before.unknown.keys() == now.unknown.keys()
    return "there" if same else "changed"
