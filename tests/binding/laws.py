"""The laws of binding, held against a case: what is said must be what is said when the roles are given, or doubtful."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.checks.agreed import drift_of_all
from auditor.checks.binding import Bound, Scope, bind
from auditor.checks.binding.evidence import Evidence, evidence
from auditor.checks.binding.members import common_tags, contradicts, tags_of
from auditor.checks.drift import Drift, drift
from auditor.checks.schema import Baseline
from auditor.checks.unsure import unsure
from auditor.graph.build import Graph, build
from tests.binding.kinds import Case, Truth


@dataclass
class Held:
    """What came of a case. `wrong` roles are played by somebody else and nothing tells so; `false` promises are called
    broken and hold; `masked` ones are called kept and are broken; `guessed` are changes for parts that are not certain.
    `lost` are parts that may be told missing, since nothing joins them to what names the system any more."""

    right: int = 0
    doubtful: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # promises that are decided in truth and told unknown

    def __bool__(self) -> bool:
        return bool(self.wrong or self.false or self.masked or self.guessed)

    @property
    def faults(self) -> list[str]:
        return [f"{name}: {each}" for name in ("wrong", "false", "masked", "guessed") for each in getattr(self, name)]


def hold(baseline: Baseline, types, case: Case, pins=None, scope: Scope | None = None) -> Held:
    """The better of what the case is: as it is, or with neighbours in the place of what is gone."""
    found = _hold(baseline, types, case, pins, scope)
    for other in _readings(baseline, types, case) if found else ():
        if not (again := _hold(baseline, types, other, pins, scope)):
            return again
    return found


def _readings(baseline: Baseline, types, case: Case) -> Iterator[Case]:
    """What the account is by the document as well: where all copies of some parts are as good as these, they are the
    parts."""
    yield _stand_ins(baseline, types, case)
    # A second one of a part of which the document has several is one of them.
    more = {role: keys for role, keys in case.copies.items() if baseline.roles[role].most is None}
    if more:
        yield dataclasses.replace(case, truth={**case.truth, **{role: case.truth[role] | more[role] for role in more}})
    now = evidence(baseline, build(case.inventory, types))
    labels = common_tags(now, {key for keys in case.truth.values() for key in keys})
    there = {role: keys & now.found[role].keys() for role, keys in case.copies.items()}
    copies = {
        role: keys for role, keys in there.items() if keys and not any(contradicts(now, key, labels) for key in keys)
    }
    along = {role for role, keys in case.truth.items() if not keys}  # what AWS deletes with its owner
    lost = {*case.gone, *case.changed, *along} & copies.keys()
    for roles in (lost, now.reached(lost) & copies.keys(), copies.keys()) if lost else ():
        yield dataclasses.replace(case, truth={**case.truth, **{role: copies[role] for role in roles}})


def _hold(baseline: Baseline, types, case: Case, pins=None, scope: Scope | None = None) -> Held:
    whole = build(case.inventory, types)
    true = _drift_of(baseline, whole, case)
    graph = build(case.read, types)
    bound = bind(baseline, graph, pins, scope)
    said = drift_of_all(baseline, bound, graph)
    out = Held(lost=_placeless(baseline, whole, case))
    doubts = unsure([(baseline, bound)], lambda key: key)
    _roles(out, baseline, whole, case, bound, said)
    _promises(out, true, said)
    _extras(out, true, said, {key for role in out.lost for key in case.truth[role]})
    for found in said.findings:
        if found.verdict == "broken" and found.changes and found.check not in doubts and not _true(found, true):
            out.guessed.append(f"{found.check} on {found.resource.label}")
    return out


def _stand_ins(baseline: Baseline, types, case: Case) -> Case:
    """The case with each part that is gone played by a neighbour's, where that has every arrow which the part had, or
    where there is none the tags of the system: by the document it then is the part, and nobody can tell."""
    if case.before is None:
        return case
    then, now = (
        evidence(baseline, build(case.before.inventory, types)),
        evidence(baseline, build(case.inventory, types)),
    )
    truth = dict(case.truth)
    for role in (*case.gone, *case.changed):
        old = next(iter(case.before.truth[role]))
        mine = [tie for tie in now.ties if role in (tie.tail, tie.head)]
        ends = [
            (tie, end)
            for tie in mine
            for end in case.truth[tie.head if tie.tail == role else tie.tail]
            if end in then.found[tie.head if tie.tail == role else tie.tail]
            if then.joined(tie, *((old, end) if tie.tail == role else (end, old)))
        ]
        fits = [
            key
            for key in sorted(now.found[role].keys() & case.stranger)
            if (ends or (now.unlinked(role) and _tagged_as(now, key, truth)))
            and all(now.joined(tie, *((key, end) if tie.tail == role else (end, key))) for tie, end in ends)
        ]
        if fits:
            truth[role] = {fits[0]}
    return dataclasses.replace(case, truth=truth, gone=tuple(role for role in case.gone if not truth[role]))


def _tagged_as(known: Evidence, key: str, truth: Truth) -> bool:
    """Whether a resource carries all tags of the system: then type and conditions say that it is a part of it."""
    labels = common_tags(known, {each for keys in truth.values() for each in keys})
    return all(tags_of(known, key).get(name) == value for name, value in labels.items())


def _drift_of(baseline: Baseline, graph: Graph, case: Case) -> Drift:
    """What is to be said of the account, since it is known who plays what."""
    roles = {role: [graph.resource(key) for key in sorted(keys)] for role, keys in case.truth.items()}
    return drift(baseline, Bound(baseline.id, roles), graph)


def _roles(out: Held, baseline: Baseline, graph: Graph, case: Case, bound: Bound, said: Drift) -> None:
    verdicts = {promise.id: promise.verdict for promise in said.promises}
    for role, keys in case.truth.items():
        got = {each.key for each in bound.of(role)}
        if role in bound.doubts or bound.hidden.get(role) or verdicts[role] == "unknown":
            out.doubtful.append(role)
        elif got == keys or (not got and role in out.lost) or _of_several(baseline, graph, role, got, case):
            out.right += 1
        else:
            names = ", ".join(sorted(each.label for each in bound.of(role))) or "nobody"
            out.wrong.append(f"{role} is played by {names}")


def _of_several(baseline: Baseline, graph: Graph, role: str, got: set[str], case: Case) -> bool:
    """Whether a role for many is played right though not by all: what nothing joins is no part, what an arrow joins is
    one, and what was not read leaves some out."""
    keys = case.truth[role]
    if baseline.roles[role].most == 1 or not (case.seen or _untied(baseline, graph, role, keys - got, case)):
        return False
    return _tied(baseline, graph, role, got - keys, case)


def _tied(baseline: Baseline, graph: Graph, role: str, keys: set[str], case: Case) -> bool:
    """Whether an arrow of the document joins each of the further parts of a role for many to the system: by the
    document it then is one of them."""
    return all(_joined(baseline, graph, role, key, case, implied=False) for key in keys)


def _untied(baseline: Baseline, graph: Graph, role: str, keys: set[str], case: Case) -> bool:
    return not any(_joined(baseline, graph, role, key, case, implied=True) for key in keys)


def _joined(baseline: Baseline, graph: Graph, role: str, key: str, case: Case, implied: bool) -> bool:
    known = evidence(baseline, graph)
    return key in known.found[role] and any(
        known.joined(tie, *((key, end) if tie.tail == role else (end, key)))
        for tie in known.ties
        if role in (tie.tail, tie.head) and (implied or not tie.implied)
        for end in case.truth[tie.head if tie.tail == role else tie.tail]
        if end in known.found[tie.head if tie.tail == role else tie.tail]
    )


def _promises(out: Held, true: Drift, said: Drift) -> None:
    should = {promise.id: promise for promise in true.promises}
    lost = set(out.lost)
    for promise in said.promises:
        wanted = should[promise.id].verdict
        if promise.verdict == wanted or wanted == "unknown":
            continue
        if promise.verdict == "unknown":
            out.open.append(promise.id)
        elif promise.verdict == "kept":
            out.masked.append(promise.id)
        elif not _of(promise.id, lost, said):
            out.false.append(promise.id)


def _extras(out: Held, true: Drift, said: Drift, lost: set[str]) -> None:
    """A part that is told missing is told to be no part of the system as well; nothing else of it is undeclared."""
    known = {(found.check, found.resource.key) for found in true.findings if found.kind == "extra"}
    for found in said.findings:
        told = found.kind == "extra" and found.verdict == "broken" and found.resource.key not in lost
        if told and (found.check, found.resource.key) not in known:
            out.false.append(f"{found.check} {found.resource.label}")


def _of(promise: str, lost: set[str], said: Drift) -> bool:
    """Whether a promise is about a part that nothing joins to the system."""
    ends = {f"link/{wire.link.id}": {wire.link.tail, wire.link.head} for wire in said.wires}
    return bool(lost & (ends.get(promise) or {promise.partition("/")[0]}))


def _true(found, true: Drift) -> bool:
    return any(found.check == each.check and found.resource.key == each.resource.key for each in true.findings)


def _placeless(baseline: Baseline, graph: Graph, case: Case) -> list[str]:
    """Roles whose part has no place in the system: no arrow of the document that holds, and nothing that names the
    system, joins it to the parts that have one; or it no longer is what the document finds the role by. Where the
    document names nothing, the most of the parts that hang together are the system."""
    known = evidence(baseline, graph)
    parts = {role: keys & known.found[role].keys() for role, keys in case.truth.items()}
    named = {
        role
        for role, keys in parts.items()
        if any(entry.identifies for entry in baseline.roles[role].require)
        and any(known.named(role, key) for key in keys)
    }
    free = {role for role in parts if not any(role in (tie.tail, tie.head) for tie in known.ties)}
    naming = any(entry.identifies for role in baseline.roles.values() for entry in role.require)
    bodies = [_hanging(known, parts, {role}) for role, keys in sorted(parts.items()) if keys]
    placed = _hanging(known, parts, named) if naming else max(bodies, key=len, default=set())
    return sorted(role for role, keys in case.truth.items() if keys and not (parts[role] and role in placed | free))


def _hanging(known: Evidence, parts: Truth, roles: set[str]) -> set[str]:
    """The roles, with those whose parts arrows join to theirs, be it over others."""
    placed = set(roles)
    while True:
        more = {
            mine
            for tie in known.ties
            for mine, far in ((tie.tail, tie.head), (tie.head, tie.tail))
            if mine not in placed
            and far in placed
            and any(known.joined(tie, a, b) for a in parts[tie.tail] for b in parts[tie.head])
        }
        if not more:
            return placed
        placed |= more
