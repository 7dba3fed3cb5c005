"""What could not be read, each told once with its reach: which checks cannot be answered because of it, and for what.

An unknown verdict is no finding about the code. Whoever reads a gate wants to know what was not read, what would let it
be read, and how much hangs on it; and, of a change, whether it brings that gap or stands behind one that was there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.findings.record import code_place
from auditor.model import Finding, Gap, Resource

Record = dict[str, Any]
_SHOWN = 20
_MODULE = re.compile(
    r"(?:\S+:\d+: )?(module[. ]\S+) (?:comes from|has a source|(is not evaluated: the evaluator gives up))"
)
_PLAN = "pass a plan (--plan)"
_INIT = "run `terraform init -backend=false` in the folder before, or pass a plan (--plan)"


@dataclass(slots=True)
class Reach:
    """One thing that could not be read, and what hangs on it. `because` says what of it a change brings; `known` are
    the verdicts that hung on it before as well."""

    message: str
    place: str = ""
    types: tuple[str, ...] = ()
    cure: str = ""
    new: bool = True
    because: str = ""
    known: frozenset[str] = frozenset()
    gaps: list[Gap] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)

    @property
    def hides(self) -> int:
        """How many verdicts hang on it."""
        return len(self.findings) + len(self.promises)

    def hangs(self) -> dict[str, bool]:
        """The verdicts that hang on it, by ids of findings and names of promises: whether the change makes them do."""
        return {name: name not in self.known for name in (*(each.id for each in self.findings), *self.promises)}

    @property
    def module(self) -> str:
        """The module that is not there, or that the evaluator leaves out, where that is what could not be read."""
        found = _MODULE.match(self.message)
        return found[1] if found else ""

    def _cure(self) -> str:
        found = _MODULE.match(self.message)
        return self.cure if not found else _PLAN if found[2] else _INIT

    def told(self) -> Record:
        checks = dict.fromkeys(each.check for whole in self.findings for each in (whole, *whole.also))
        about = dict.fromkeys(_label(each.resource) for each in self.findings)
        return {
            "message": self.message,
            "module": self.module,
            "location": code_place(self.place),
            "types": list(self.types),
            "cure": self._cure(),
            "new": self.new,
            "because": self.because,
            "rules": sorted(each for each in checks if "/" not in each),
            "promises": sorted({*(each for each in checks if "/" in each), *self.promises}),
            "about": list(about)[:_SHOWN],
            "count": self.hides,
        }


def reaches(findings: Iterable[Finding], gaps: Iterable[Gap], promises: Iterable[tuple[str, str]] = ()) -> list[Reach]:
    """Everything unread: the gaps of the run, also those that nothing hangs on, and the reasons of unknown verdicts.

    `promises` are those that are unknown with no finding that says so, each with its reason.
    """
    out: dict[str, Reach] = {}
    for gap in gaps:
        reach = _of(out, gap)
        if gap.service == "checkov":  # a program that was asked for and gave no answer
            reach.promises.append(gap.service)
    for found in findings:
        if found.verdict == "unknown":
            for gap in dict.fromkeys(found.gaps):
                _of(out, gap, found).findings.append(found)
            if not found.gaps:
                out.setdefault(found.because, Reach(found.because, found.resource.place(found.property))).findings += [
                    found
                ]
    for name, reason in promises:
        out.setdefault(reason, Reach(reason)).promises.append(name)
    return sorted(out.values(), key=lambda each: (-each.hides, each.message))


def _of(out: dict[str, Reach], gap: Gap, found: Finding | None = None) -> Reach:
    place = gap.operation if gap.message.startswith(gap.operation) and gap.operation else ""
    if not place and found:
        place = found.resource.place(found.property)
    reach = out.setdefault(gap.message or gap.reason, Reach(gap.message or gap.reason, place, gap.types, gap.cure))
    reach.gaps += [] if gap in reach.gaps else [gap]
    return reach


def _label(resource: Resource) -> str:
    return resource.label if not resource.id.startswith("*") else resource.name


def unanswered(reached: Iterable[Reach]) -> Mapping[str, bool]:
    """All unknown verdicts: whether something hides them that the change brings."""
    out: dict[str, bool] = {}
    for each in reached:
        for name, new in each.hangs().items():
            out[name] = out.get(name, False) or new
    return out
