"""What checkov failed, as findings on our resources: only what the plan that it saw could know.

A written plan carries what our model carries. A policy that fails because of an attribute which was never read, or of a
resource whose type we do not know, has said nothing of the account; it is counted and not told. In a real plan every
attribute is known but those that Terraform itself does not know yet.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.checks.checkov import program, real, written
from auditor.checks.checkov.policies import in_order, policies
from auditor.checks.checkov.sight import Failure, Sight, failures, looked_at, needs_of
from auditor.graph.build import Graph
from auditor.model import Answer, Check, Finding, Gap, Json, Resource, paths

PREFIX = "checkov/"
_MOST_TOLD = 1000


@dataclass(slots=True)
class Judged:
    """Findings, what hindered judging, and counts: `passed`, `broken`, `repeated` (a rule of ours says it) and
    `not-judged` (failed for want of what the plan could not know), which `unjudged` tells policy by policy."""

    findings: list[Finding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unjudged: Counter[str] = field(default_factory=Counter)
    version: str = ""

    def __iter__(self) -> Iterator[Any]:
        return iter((self.findings, self.gaps, self.counts))

    def told(self) -> dict[str, Any]:
        """What the record of a run says of it: nothing where checkov did not answer."""
        counts = {name: self.counts[name] for name in ("passed", "broken", "repeated", "not-judged")}
        unjudged = {name: self.unjudged[name] for name in sorted(self.unjudged, key=in_order)}
        return {"checkov": {"version": self.version, "unjudged": unjudged, **counts}} if self.version else {}


def judge_with_checkov(
    graph: Graph, plan: Path | None = None, rules: Iterable[str] = (), patience: float = program.PATIENCE
) -> Judged:
    """checkov's answers on a graph, or on the real plan that the graph was read from.

    `rules` are the ids of the rules of ours that judge in the same run: what repeats one of them is left out. The
    result unpacks as `findings, gaps, counts`. Gaps belong to the run's own and make it incomplete; findings have no
    changes. `pipeline.conclude` calls it where `Wish.checkov` is set. A gate sets that and, for the side of a change
    that a plan was given for, `Wish.plan`; the other side is judged as it is written down from its graph. The same
    findings have the same ids either way. For an account the types of `types_judged` are to be read whole: what was not
    read and is no gap is believed to be not set.
    """
    out = Judged()
    try:
        if plan:
            _real(out, graph, plan, frozenset(rules), patience)
        else:
            _written(out, graph, frozenset(rules), patience)
    except program.NotJudged as error:
        account, region = (*graph.inventory.accounts, "")[0], (*graph.inventory.regions, "")[0]
        # No type is named: what our own rules say of the resources is as whole as ever.
        out.gaps.append(Gap(account, region, "checkov", "judge", "", error.reason, (), str(error)))
    # Two inline policies of one role that fail alike are one finding: it is told of the role.
    out.findings = list({found.id: found for found in out.findings}.values())
    out.counts["broken"] = len(out.findings)
    return out


def _written(out: Judged, graph: Graph, rules: frozenset[str], patience: float) -> None:
    plan = written.write(graph)
    answers = program.run(plan.text, patience)
    out.counts["passed"], out.version = answers.passed, answers.version
    sight = Sight(graph)
    for failure in failures(answers):
        block = plan.blocks.get(failure.address)
        for resource in block.owners if block else ():
            if resource.aws_made:
                continue
            known = sight.knows(failure, resource)
            _note(out, failure, resource, rules, known, _property(failure, sight, resource))


def _real(out: Judged, graph: Graph, plan: Path, rules: frozenset[str], patience: float) -> None:
    told = real.load(plan)
    answers = program.run(told.text, patience)
    out.counts["passed"], out.version = answers.passed, answers.version
    sight = Sight(graph)
    owners = real.Owners(graph, told)
    for failure in failures(answers):
        resource = owners.of(failure.address, failure.kind)
        looks = {*failure.looked, *needs_of(failure).looks}
        unknown = dict.fromkeys(told.unknown(failure.address), True)
        known = not any(paths.hidden(unknown, each, inside) for each, inside in looked_at(looks))
        _note(out, failure, resource, rules, known, _property(failure, sight, resource))


def _property(failure: Failure, sight: Sight, resource: Resource) -> str:
    """What all places that were looked at have in common; the fold that is missing where a connection is wanted."""
    needs = needs_of(failure)
    for partner, attributes in needs.partners:
        if missing := sight.place(resource, partner, (*attributes, "")[0]):
            return missing.partition(".")[0]
    places = (sight.place(resource, failure.kind, look, inside=False) for look in failure.looked or needs.looks)
    found = [each for each in places if each]
    common = found[0].split(".") if found else []
    for each in found[1:]:
        common = [mine for mine, other in zip(common, each.split("."), strict=False) if mine == other]
    return ".".join(common) if common else (found or [""])[0]


def _note(out: Judged, failure: Failure, resource: Resource, rules: frozenset[str], known: bool, where: str) -> None:
    told = policies()
    if told.repeats.get(failure.check) in rules:
        out.counts["repeated"] += 1
    elif not known:
        out.counts["not-judged"] += 1
        out.unjudged[failure.check] += 1
    else:
        check = Check(
            PREFIX + failure.check,
            "rule",
            told.severity(failure.check),
            failure.title,
            failure.guideline,
            broken=f"{{name}} fails {failure.check}",
        )
        wanted = f"what {failure.check} asks for"
        answer = Answer("broken", where, wanted, _actual(resource, where), _because(failure))
        out.findings.append(Finding.of(answer, check, resource))


def _because(failure: Failure) -> str:
    looked = ", ".join(failure.looked or needs_of(failure).looks)
    return f"checkov looked at {looked} of {failure.kind}" if looked else f"checkov looked at {failure.kind}"


def _actual(resource: Resource, where: str) -> Json:
    """What stands there, where it is short enough to be told."""
    value = resource.known(where) if where else None
    return value if len(json.dumps(value, default=str)) <= _MOST_TOLD else "a long value"
