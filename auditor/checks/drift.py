"""A bound baseline held against the graph: every promise gets a verdict, every broken one a finding.

Kinds of drift: `different` (a property), `missing` (no resource plays the role), `unlinked` (a documented arrow does
not hold), `extra` (something undocumented, in reach of the system).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from auditor.checks.ask import ask, selected, verdict_of
from auditor.checks.binding import Bound
from auditor.checks.budget import budgeted
from auditor.checks.extra import extras
from auditor.checks.flows import Wire, link_answers, part_of
from auditor.checks.handed_in import handed_in
from auditor.checks.schema import Absent, Baseline, Link, Require, Role
from auditor.checks.shared import shared
from auditor.graph.build import Graph
from auditor.model import GLOBAL, Answer, Check, Cite, Finding, Gap, Kind, Promise, Resource, Verdict

# Answers with the resource that each is about; one about no single resource makes no finding of its own.
Told = list[tuple[Resource | None, Answer]]


@dataclass(slots=True)
class Drift:
    """What a baseline came to."""

    promises: list[Promise] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)


def drift(baseline: Baseline, bound: Bound, graph: Graph) -> Drift:
    """All promises of the document, in its order."""
    held = _Held(baseline, bound, graph)
    for name, role in baseline.roles.items():
        _role(held, name, role)
    for link in baseline.links:
        if not link.optional:
            _link(held, link)
    for entry in baseline.absent:
        _absent(held, entry)
    held.out.findings.extend(extras(baseline, bound, graph))
    held.out.findings.extend(shared(baseline, bound, graph))
    for promise, over in budgeted(baseline, bound, graph):
        held.out.promises.append(promise)
        held.out.findings += [over] if over else []
    for silent in baseline.unverifiable:
        held.out.promises.append(Promise(baseline.id, silent.id, silent.at.cite, "unverifiable", silent.reason))
    return _with_decisions(baseline, held.out)


def _with_decisions(baseline: Baseline, out: Drift) -> Drift:
    """Beside each promise, and what breaks it, how a contradiction of the document was decided."""
    decided = decisions(baseline)
    out.promises = [
        replace(each, cite=replace(each.cite, decided=decided[each.id])) if each.id in decided else each
        for each in out.promises
    ]
    for found in out.findings:
        promise = found.check.partition("/")[2]
        if found.cite and promise in decided:
            found.cite = replace(found.cite, decided=decided[promise])
    return out


def decisions(baseline: Baseline) -> dict[str, tuple[str, ...]]:
    """How contradictions were resolved, by the promises that this decides."""
    out: dict[str, tuple[str, ...]] = {}
    for choice in baseline.choices:
        for promise in choice.decides:
            out[promise] = (*out.get(promise, ()), choice.text)
    return out


@dataclass(frozen=True, slots=True)
class _Held:
    """A baseline held against a graph, and what that has come to so far."""

    baseline: Baseline
    bound: Bound
    graph: Graph
    out: Drift = field(default_factory=Drift)

    def hidden(self, role: str) -> tuple[Gap, ...]:
        """What may hide the resource that plays a role which none was found for."""
        return self.bound.hidden.get(role, ()) or handed_in(self.baseline, self.bound, self.graph, role)

    def check(self, id: str, kind: Kind, entry: Require | Link | Absent, title: str, cite: Cite) -> Check:
        name = self.baseline.id
        return Check(f"{name}/{id}", kind, entry.severity, title, entry.fix, "", name, cite, entry.broken)

    def promise(
        self, id: str, cite: Cite, verdict: Verdict, reason: str = "", missing: tuple[Finding, ...] = ()
    ) -> None:
        """A promise whose verdict is that of the role it hangs on."""
        ids = tuple(finding.id for finding in missing)
        self.out.promises.append(Promise(self.baseline.id, id, cite, verdict, reason, ids))

    def settle(
        self, id: str, cite: Cite, check: Check, told: Told, parts: tuple[tuple[str, Answer], ...] = ()
    ) -> Verdict:
        """The promise that the answers were given to, and a finding for each that is not kept."""
        answers = [answer for _, answer in told]
        found = [Finding.of(answer, check, owner) for owner, answer in told if owner and answer.verdict != "kept"]
        self.out.findings.extend(found)
        verdict = verdict_of(answers)
        reason = next((answer.because for answer in answers if answer.verdict == verdict and answer.because), "")
        if verdict == "kept":
            depending = [answer for answer in answers if answer.depends]
            reason = "; ".join(f"{answer.expected}: {answer.because}" for answer in depending)
        ids = tuple(finding.id for finding in found)
        self.out.promises.append(Promise(self.baseline.id, id, cite, verdict, reason, ids, parts))
        return verdict


def _role(held: _Held, name: str, role: Role) -> None:
    found = held.bound.of(name)
    if len(found) >= role.least:
        doubt = held.bound.doubts.get(name, "")
        held.promise(name, role.at.cite, "kept" if held.bound.proven else "unknown", doubt)
    else:
        missing = _missing(held, name, role, len(found))
        held.out.findings.append(missing)
        reason = f"no resource found for this role ({len(found)} of {role.least})"
        if missing.verdict == "unknown":
            reason = "the resources that could play this role could not be read"
        held.promise(name, role.at.cite, missing.verdict, reason, (missing,))
    for entry in role.require:
        _require(held, name, role, entry)


def _missing(held: _Held, name: str, role: Role, count: int) -> Finding:
    gaps = held.hidden(name)
    account = (*held.graph.inventory.accounts, "")[0]
    baseline = held.baseline.id
    nobody = Resource(role.types[0], name, account, held.baseline.regions[0], name=name, origin=f"baseline {baseline}")
    missing = Answer("broken", "", role.count, count, _unfound(held, name, role))
    answer = Answer.unseen("", role.count, *gaps) if gaps else missing
    title, broken = f"{role.means} exists", role.missing or f"{role.means} is missing"
    check = Check(f"{baseline}/{name}", "missing", role.severity, title, role.fix, "", baseline, role.at.cite, broken)
    return Finding.of(answer, check, nobody)


def _unfound(held: _Held, name: str, role: Role) -> str:
    """What was found of the role's types where the document puts it: none at all, or none that fits."""
    regions = held.baseline.regions
    there = [
        each for each in held.graph.of_type(*role.types) if not each.aws_made and each.region in (*regions, GLOBAL, "")
    ]
    noun = " or ".join(" ".join(cfn.split("::")[1:]) for cfn in role.types)
    everywhere = all(held.graph.types[cfn].scope != "regional" for cfn in role.types)
    where = "this account" if everywhere else " and ".join(regions)
    near = held.bound.near.get(name)
    closest = f"; {near.label} comes closest, and nothing connects it to the system" if near else ""
    return f"no {noun} {'that fits this role ' if there else ''}found in {where}{closest}"


def _require(held: _Held, name: str, role: Role, entry: Require) -> None:
    promise = f"{name}/{entry.id}"
    cite = (entry.at or role.at).cite
    found = held.bound.of(name)
    if found:
        ours = held.bound.keys() | {""}  # of this reading: another one has its own users, and the two are compared
        answers = ((owner, answer) for owner in found for answer in ask(held.graph, owner, entry.requirement))
        told: Told = [(owner, answer) for owner, answer in answers if answer.user in ours]
        check = held.check(promise, "different", entry, entry.title or f"{role.means}: {entry.id}", cite)
        held.settle(promise, cite, check, told)
    elif role.least == 0:
        allowed = "none found, which the document allows"
        gaps = held.hidden(name)
        held.promise(promise, cite, "unknown" if gaps else "kept", gaps[0].message if gaps else allowed)
    else:
        missing = _missing(held, name, role, 0)
        held.promise(promise, cite, missing.verdict, "no resource found for this role", (missing,))


def _link(held: _Held, link: Link) -> None:
    tails, heads = held.bound.of(link.tail), held.bound.of(link.head)
    if not tails or not heads:
        _dead_link(held, link, link.tail if not tails else link.head)
        return
    told: Told = [(tail, answer) for tail in tails for answer in link_answers(held.graph, link, tail, heads)]
    parts = tuple((part_of(answer), answer) for _, answer in told)
    check = held.check(f"link/{link.id}", "unlinked", link, link.title, link.at.cite)
    verdict = held.settle(f"link/{link.id}", link.at.cite, check, told, parts)
    keys = [tuple(each.key for each in ends) for ends in (tails, heads)]
    held.out.wires.append(Wire(link, keys[0], keys[1], verdict))


def _dead_link(held: _Held, link: Link, absent: str) -> None:
    """An arrow without one of its ends: the missing end is the finding, the arrow only refers to it."""
    role, gaps = held.baseline.roles[absent], held.hidden(absent)
    verdict: Verdict = "unknown" if gaps else "broken" if role.least else "kept"
    missing = (_missing(held, absent, role, 0),) if verdict != "kept" else ()
    reason = "" if verdict == "kept" else gaps[0].message if gaps else f"{absent} is missing"
    held.out.wires.append(Wire(link, (), (), verdict))
    held.promise(f"link/{link.id}", link.at.cite, verdict, reason, missing)


def _absent(held: _Held, entry: Absent) -> None:
    told: Told = [(None, Answer.unseen("", None, gap)) for gap in held.graph.gaps_for(entry.type)]
    told += _offenders(held, entry)
    check = held.check(f"absent/{entry.id}", "extra", entry, entry.title or entry.id, entry.at.cite)
    held.settle(f"absent/{entry.id}", entry.at.cite, check, told)


def _offenders(held: _Held, entry: Absent) -> Iterator[tuple[Resource, Answer]]:
    graph, played = held.graph, held.bound.keys()
    for resource in graph.of_type(entry.type):
        if resource.aws_made or resource.key in played:
            continue
        if entry.within and not any(_joined(graph, resource, owner) for owner in held.bound.of(entry.within)):
            continue
        applies = selected(graph, resource, list(entry.where))
        if applies is not False:
            verdict: Verdict = "unknown" if applies is None else "broken"
            yield resource, Answer(verdict, because="the document requires that there is none")


def _joined(graph: Graph, resource: Resource, owner: Resource) -> bool:
    """Whether the resource hangs on the owner by one edge of either direction."""
    return any(head.key == owner.key for _, head in (*graph.heads(resource), *graph.tails(resource)))
