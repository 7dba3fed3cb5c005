"""A bound baseline held against the graph: every promise gets a verdict, every broken one a finding.

Kinds of drift: `different` (a property), `missing` (nobody plays the role), `unlinked` (a documented arrow does not
hold), `extra` (something nobody documented, in reach of the system).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.checks.ask import ask, selected, verdict_of
from auditor.checks.bind import Bound
from auditor.checks.extra import extras
from auditor.checks.flows import Wire, link_answers, part_of
from auditor.checks.schema import Absent, Baseline, Link, Require, Role
from auditor.graph.build import Graph
from auditor.model import Answer, Cite, Finding, Gap, Kind, Promise, Resource, Severity, Verdict


@dataclass(slots=True)
class Drift:
    """What a baseline came to."""

    promises: list[Promise] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)


def drift(baseline: Baseline, bound: Bound, graph: Graph) -> Drift:
    """All promises of the document, in its order."""
    out = Drift()
    for name, role in baseline.roles.items():
        _role(out, baseline, bound, graph, name, role)
    for link in baseline.links:
        _link(out, baseline, bound, graph, link)
    for entry in baseline.absent:
        _absent(out, baseline, bound, graph, entry)
    for finding in extras(baseline, bound, graph):
        out.findings.append(finding)
    for silent in baseline.unverifiable:
        out.promises.append(Promise(baseline.id, silent.id, silent.at.cite, "unverifiable", silent.reason))
    return out


def _role(out: Drift, baseline: Baseline, bound: Bound, graph: Graph, name: str, role: Role) -> None:
    found = bound.of(name)
    gaps = bound.hidden.get(name, ())
    if len(found) >= role.least:
        reason = bound.doubts.get(name, "")
        verdict: Verdict = "unknown" if reason else "kept"
        out.promises.append(Promise(baseline.id, name, role.at.cite, verdict, reason))
    else:
        verdict = "unknown" if gaps else "broken"
        missing = _missing(baseline, graph, name, role, len(found), gaps, verdict)
        out.findings.append(missing)
        reason = (
            "what would show it could not be read"
            if gaps
            else f"nothing plays this role ({len(found)} of {role.least})"
        )
        out.promises.append(Promise(baseline.id, name, role.at.cite, verdict, reason, (missing.id,)))
    for entry in role.require:
        _require(out, baseline, bound, graph, name, role, entry, found)


def _missing(
    baseline: Baseline, graph: Graph, name: str, role: Role, count: int, gaps: tuple[Gap, ...], verdict: Verdict
) -> Finding:
    account = (*graph.inventory.accounts, "")[0]
    nobody = Resource(role.types[0], name, account, baseline.regions[0], name=name, origin=f"baseline {baseline.id}")
    return Finding(
        check=f"{baseline.id}/{name}",
        kind="missing",
        verdict="unknown" if verdict == "unknown" else "broken",
        severity=role.severity,
        title=f"{role.means} is missing" if verdict == "broken" else f"{role.means} could not be looked for",
        resource=nobody,
        expected=role.count,
        actual=None if gaps else count,
        because=gaps[0].message if gaps else "no resource of its type stands where the document puts it",
        gaps=gaps,
        baseline=baseline.id,
        cite=role.at.cite,
        fix=role.fix,
    )


def _require(
    out: Drift,
    baseline: Baseline,
    bound: Bound,
    graph: Graph,
    name: str,
    role: Role,
    entry: Require,
    found: list[Resource],
) -> None:
    promise = f"{name}/{entry.id}"
    cite = (entry.at or role.at).cite
    if not found:
        gaps = bound.hidden.get(name, ())
        if role.least == 0:
            out.promises.append(
                Promise(baseline.id, promise, cite, "unknown" if gaps else "kept", "optional and not there")
            )
            return
        missing = _missing(baseline, graph, name, role, 0, gaps, "unknown" if gaps else "broken")
        verdict: Verdict = "unknown" if gaps else "broken"
        out.promises.append(Promise(baseline.id, promise, cite, verdict, "nothing plays the role", (missing.id,)))
        return
    answers = [(resource, answer) for resource in found for answer in ask(graph, resource, entry.requirement)]
    findings = [
        _finding(
            baseline,
            promise,
            "different",
            entry.severity,
            entry.title or f"{role.means}: {entry.id}",
            resource,
            answer,
            cite,
            entry.fix,
        )
        for resource, answer in answers
        if answer.verdict != "kept"
    ]
    _settle(out, baseline, promise, cite, [answer for _, answer in answers], findings)


def _settle(
    out: Drift,
    baseline: Baseline,
    promise: str,
    cite: Cite,
    answers: list[Answer],
    findings: list[Finding],
    parts: tuple[tuple[str, Answer], ...] = (),
) -> None:
    out.findings.extend(findings)
    verdict = verdict_of(answers)
    reason = next((answer.because for answer in answers if answer.verdict == verdict and answer.because), "")
    ids = tuple(finding.id for finding in findings)
    if verdict == "kept":
        depending = [answer for answer in answers if answer.depends]
        reason = "; ".join(f"{answer.expected}: {answer.because}" for answer in depending)
    out.promises.append(Promise(baseline.id, promise, cite, verdict, reason, ids, parts))


def _finding(
    baseline: Baseline, check: str, kind: Kind, severity: Severity, title: str, resource: Resource,
    answer: Answer, cite: Cite | None, fix: str = "",
) -> Finding:  # fmt: skip
    return Finding(
        check=f"{baseline.id}/{check}",
        kind=kind,
        verdict="broken" if answer.verdict == "broken" else "unknown",
        severity=severity,
        title=title,
        resource=resource,
        property=answer.property,
        expected=answer.expected,
        actual=answer.actual,
        because=answer.because,
        evidence=answer.evidence,
        changes=answer.changes,
        gaps=answer.gaps,
        baseline=baseline.id,
        cite=cite,
        fix=fix,
    )


def _link(out: Drift, baseline: Baseline, bound: Bound, graph: Graph, link: Link) -> None:
    tails, heads = bound.of(link.tail), bound.of(link.head)
    if not tails or not heads:
        _dead_link(out, baseline, bound, graph, link, link.tail if not tails else link.head)
        return
    answers: list[tuple[Resource, Answer]] = []
    for tail in tails:
        answers += [(tail, answer) for answer in link_answers(graph, link, tail, heads)]
    findings = [
        _finding(
            baseline,
            f"link/{link.id}",
            "unlinked",
            link.severity,
            link.title,
            tail,
            answer,
            link.at.cite,
            link.fix,
        )
        for tail, answer in answers
        if answer.verdict != "kept"
    ]
    verdict = verdict_of([answer for _, answer in answers])
    out.wires.append(Wire(link, tuple(tail.key for tail in tails), tuple(head.key for head in heads), verdict))
    told = [answer for _, answer in answers]
    parts = tuple((part_of(answer), answer) for answer in told)
    _settle(out, baseline, f"link/{link.id}", link.at.cite, told, findings, parts)


def _dead_link(out: Drift, baseline: Baseline, bound: Bound, graph: Graph, link: Link, absent: str) -> None:
    """An arrow without one of its ends: the missing end is the finding, the arrow only refers to it."""
    role = baseline.roles[absent]
    gaps = bound.hidden.get(absent, ())
    verdict: Verdict = "unknown" if gaps else "broken" if role.least else "kept"
    ids = (_missing(baseline, graph, absent, role, 0, gaps, verdict).id,) if role.least or gaps else ()
    reason = "" if verdict == "kept" else f"{absent} could not be read" if gaps else f"{absent} is missing"
    out.wires.append(Wire(link, (), (), verdict))
    out.promises.append(Promise(baseline.id, f"link/{link.id}", link.at.cite, verdict, reason, ids))


def _absent(out: Drift, baseline: Baseline, bound: Bound, graph: Graph, entry: Absent) -> None:
    answers: list[Answer] = [Answer("unknown", because=gap.message, gaps=(gap,)) for gap in graph.gaps_for(entry.type)]
    findings: list[Finding] = []
    for resource, answer in _offenders(graph, entry, bound):
        answers.append(answer)
        findings.append(
            _finding(
                baseline,
                f"absent/{entry.id}",
                "extra",
                entry.severity,
                entry.title or entry.id,
                resource,
                answer,
                entry.at.cite,
                entry.fix,
            )
        )
    _settle(out, baseline, f"absent/{entry.id}", entry.at.cite, answers or [Answer("kept")], findings)


def _offenders(graph: Graph, entry: Absent, bound: Bound) -> Iterator[tuple[Resource, Answer]]:
    played = bound.keys()
    for resource in graph.of_type(entry.type):
        if resource.aws_made or resource.key in played:
            continue
        if entry.within and not any(graph_has(graph, resource, owner) for owner in bound.of(entry.within)):
            continue
        applies = selected(graph, resource, list(entry.where))
        if applies is not False:
            verdict: Verdict = "unknown" if applies is None else "broken"
            yield resource, Answer(verdict, because="the document says that this is not there")


def graph_has(graph: Graph, resource: Resource, owner: Resource) -> bool:
    """Whether the resource hangs on the owner by one edge of either direction."""
    return any(head.key == owner.key for _, head in (*graph.heads(resource), *graph.tails(resource)))
