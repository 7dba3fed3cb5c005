"""Rules held against the graph. What could not be read gives findings of verdict `unknown`, never silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from auditor.checks.ask import ask, selected, verdict_of
from auditor.checks.schema import Rule
from auditor.graph.build import Graph
from auditor.model import Answer, Check, Finding, Gap, Resource, Severity


@dataclass(slots=True)
class Judgement:
    """Findings, and how many questions were answered how (kept ones are only counted)."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def judge(rules: Iterable[Rule], graph: Graph) -> Judgement:
    """Every rule asked of every resource it is about; resources that AWS makes are left out."""
    out = Judgement()
    for rule in rules:
        for resource in graph.of_type(*rule.on):
            if not resource.aws_made:
                _judge_one(out, graph, rule, resource)
        for cfn in rule.on:
            for gap in graph.gaps_for(cfn):
                out.counts["unknown"] += 1
                out.findings.append(_unread(rule, cfn, gap))
    return out


def _judge_one(out: Judgement, graph: Graph, rule: Rule, resource: Resource) -> None:
    applies = selected(graph, resource, list(rule.where))
    if applies is False:
        return
    answers = list(_answers(graph, rule, resource))
    verdict = verdict_of(answers)
    if applies is None and verdict != "kept":
        # Whether the rule is about this resource is itself unknown: a broken answer may not be one.
        first = next(each for each in answers if each.verdict != "kept")
        doubts = [each for entry in rule.where for each in ask(graph, resource, entry) if each.verdict == "unknown"]
        gaps = [gap for each in (*doubts, first) for gap in each.gaps]
        answers = [Answer.unseen(first.property, None, *gaps, because="it is not known whether the rule applies")]
        verdict = "unknown"
    out.counts[verdict] += 1
    for answer in answers:
        if answer.verdict != "kept":
            out.findings.append(Finding.of(answer, _check(rule, answer.severity), resource))


def _answers(graph: Graph, rule: Rule, resource: Resource) -> Iterator[Answer]:
    for requirement in rule.require:
        yield from ask(graph, resource, requirement)


def _check(rule: Rule, severity: Severity | None = None) -> Check:
    return Check(rule.id, "rule", severity or rule.severity, rule.title, rule.fix, rule.why, broken=rule.broken)


def _unread(rule: Rule, cfn: str, gap: Gap) -> Finding:
    """The finding that says: resources of this type could not be listed, so the rule is not answered for them."""
    nobody = Resource(cfn, "*", gap.account, gap.region, name=f"every {cfn.split('::')[-1]}", origin=gap.subject)
    if gap.subject:
        nobody.id = f"* of {gap.subject}"
    return Finding.of(Answer.unseen("", None, gap), _check(rule), nobody)
