"""What a run says: answers, promises, bindings and findings, and the remedies that follow from them."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from auditor.model.facts import fact
from auditor.model.seen import Edge, Resource
from auditor.model.values import Gap
from auditor.model.vocabulary import ABSENT, Json, Kind, Risk, Severity, Verdict, digest

_ROOT = re.compile(r"^[^:\[\"]+:(?=[a-z])")  # the folder before an address of Terraform, where there are several roots


@dataclass(frozen=True, slots=True)
class Change:
    """What would make an answer `kept`: a new value of a property, or elements to take out and put in."""

    resource: str
    property: str
    value: Json = ABSENT
    remove: tuple[Json, ...] = ()
    add: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its proof. Matchers, predicates and graph questions all answer with one.

    `depends` are the condition keys by which a request decides whether what is kept holds for it. `severity`: how bad
    what is broken is, where that is not the same for all that a rule finds. `user`: the key of whose use of the
    resource this is about; a document asks that only of what plays a part of it.
    """

    verdict: Verdict
    property: str = ""
    expected: Json = None
    actual: Json = None
    because: str = ""
    evidence: tuple[Edge, ...] = ()
    changes: tuple[Change, ...] = ()
    gaps: tuple[Gap, ...] = ()
    depends: tuple[str, ...] = ()
    severity: Severity | None = None
    user: str = ""

    @classmethod
    def unseen(
        cls,
        property: str,
        expected: Json,
        *gaps: Gap,
        because: str = "",
        evidence: tuple[Edge, ...] = (),
        actual: Json = None,
    ) -> Answer:
        """Unknown, because of what could not be read; the first gap gives the reason where there is no better one."""
        reason = because or (gaps[0].message if gaps else "")
        return cls("unknown", property, expected, actual, reason, evidence, gaps=tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a document says something: section, lines, and the short phrase that the citation needs. `decided` is how
    it was read where the document contradicts itself or leaves it open."""

    section: str
    lines: str = ""
    text: str = ""
    decided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a remedy, with what it changes, how it is undone and what it may cost."""

    finding: str
    resource: str
    type: str
    account: str
    region: str
    property: str
    service: str
    operation: str
    params: Mapping[str, Json]
    before: Json
    after: Json
    undo: Mapping[str, Json]  # {service, operation, params}
    risk: Risk
    permissions: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()  # what else hangs on this resource
    also: tuple[str, ...] = ()  # further findings that the same call mends
    loses: tuple[str, ...] = ()  # who loses something by it, a sentence each


@dataclass(frozen=True, slots=True)
class Remedy:
    """How a finding is mended: `automatic` has steps, `replace` and `manual` have words only."""

    kind: Literal["automatic", "manual", "replace"]
    risk: Risk = "safe"
    text: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The rule or promise that an answer was given to, as far as its findings tell of it.

    `id` is what findings carry as their check, `title` the demand, `broken` the fact where it does not hold (with
    placeholders, see `facts`), `why` the reason where an answer gives none of its own.
    """

    id: str
    kind: Kind
    severity: Severity
    title: str
    fix: str = ""
    why: str = ""
    baseline: str = ""
    cite: Cite | None = None
    broken: str = ""

    def said_of(self, answer: Answer, resource: Resource) -> str:
        """The title of a finding: the fact, or what could not be decided."""
        if answer.verdict != "broken":
            return f"Could not check {resource.label}: {self.title}"
        # Where code names nothing its address does; which of several roots it stands in is told beside the title.
        name = _ROOT.sub("", resource.label) if resource.label == resource.address else resource.label
        values = {"name": name, "property": answer.property}
        values |= {"expected": answer.expected, "actual": answer.actual}
        return fact(self.broken, values) if self.broken else f"{name} does not meet: {self.title}"


@dataclass(slots=True)
class Finding:
    """Something broken, or unknown, about one resource; its id is the same every night and from every source.

    `title` is the fact, `demand` what the rule or promise asks for. `also` are findings of rules about the same fact.
    `condition` says in words where it is so, when code leaves that open; `managed_by` who owns the resource, as far as
    its tags tell.
    """

    check: str
    kind: Kind
    verdict: Verdict
    severity: Severity
    title: str
    resource: Resource
    property: str = ""
    expected: Json = None
    actual: Json = None
    because: str = ""
    evidence: tuple[Edge, ...] = ()
    changes: tuple[Change, ...] = ()
    gaps: tuple[Gap, ...] = ()
    baseline: str = ""
    cite: Cite | None = None
    fix: str = ""  # the words of the rule or promise on how to mend it by hand
    remedy: Remedy | None = None
    status: Literal["new", "still"] = "new"
    waiver: Mapping[str, Json] | None = None
    demand: str = ""
    also: tuple[Finding, ...] = ()
    condition: str = ""
    managed_by: str = ""

    @classmethod
    def of(cls, answer: Answer, check: Check, resource: Resource) -> Finding:
        """What an answer that is not `kept` says of a resource."""
        return cls(
            check=check.id,
            kind=check.kind,
            verdict="broken" if answer.verdict == "broken" else "unknown",
            severity=check.severity,
            title=check.said_of(answer, resource),
            resource=resource,
            demand=check.title,
            property=answer.property,
            expected=answer.expected,
            actual=answer.actual,
            because=answer.because or check.why,
            evidence=answer.evidence,
            changes=answer.changes,
            gaps=answer.gaps,
            baseline=check.baseline,
            cite=check.cite,
            fix=check.fix,
        )

    @builtins.property  # `property` is a field here
    def id(self) -> str:
        return digest(self.check, self.resource.key, self.property)

    @builtins.property
    def ids(self) -> tuple[str, ...]:
        """Its own id and those of the findings that it stands for."""
        return (self.id, *(each.id for each in self.also))


@dataclass(frozen=True, slots=True)
class Promise:
    """One checkable statement of a document with its verdict; `unverifiable` ones carry the reason.

    `parts` are the answers of an arrow: whether it is wired, routable and permitted, each where it applies.
    """

    baseline: str
    id: str
    cite: Cite
    verdict: Literal["kept", "broken", "unknown", "unverifiable"]
    reason: str = ""
    findings: tuple[str, ...] = ()
    parts: tuple[tuple[str, Answer], ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """Which resource plays a role of a document, how sure that is, and who else could have."""

    baseline: str
    role: str
    resource: str
    confidence: float
    runner_up: str = ""
    pinned: bool = False
