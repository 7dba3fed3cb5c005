"""What was asked, of every check that has a finding: the demand, why it is made, how it is met, and where AWS says so.

A finding tells of one resource. What is true of all findings of a check (code scanning shows it once) stands here, so
that no report takes the remedy of one resource for the remedy of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from auditor.model import Finding


class Reasoned(Protocol):
    """What a rule says of itself (`auditor.checks.schema.Rule`)."""

    @property
    def id(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def fix(self) -> str: ...
    @property
    def references(self) -> tuple[str, ...]: ...


def asked(findings: Iterable[Finding], rules: Iterable[Reasoned]) -> dict[str, dict[str, Any]]:
    """By the id of the check, in its order."""
    known = {rule.id: rule for rule in rules}
    out: dict[str, dict[str, Any]] = {}
    for each in (part for found in findings for part in (found, *found.also)):
        rule = known.get(each.check)
        out.setdefault(each.check, {
            "title": each.demand,
            "why": rule.why if rule else "",
            "fix": rule.fix if rule else each.fix,
            "references": list(rule.references) if rule else [],
        })  # fmt: skip
    return dict(sorted(out.items()))
