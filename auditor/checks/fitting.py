"""Which documents seem to describe an account or some code: those of which something bears the name.

Only a name or domain that a document marks as the system's own (`identifies`) says which document is meant; shapes are
alike from system to system. What is found by such a name is then bound as in every check, and what that calls certain
is counted: one bucket of a known name does not make the rest of an account that system.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from auditor.checks.binding import bind
from auditor.checks.binding.evidence import Evidence, evidence
from auditor.checks.schema import Baseline
from auditor.graph.build import Graph

MOST = 0.5  # of the roles: from there on the document fits


@dataclass(frozen=True, slots=True)
class Fit:
    """A document of which something bears the name: by role who does, and how many roles are certainly played."""

    baseline: Baseline
    names: tuple[tuple[str, str], ...]
    certain: int

    @property
    def fits(self) -> bool:
        return self.certain >= MOST * len(self.baseline.roles)


def spellings(baseline: Baseline) -> Iterator[dict[str, str]]:
    """The values of a document's parameters, each combination of those that it lists."""
    rows = baseline.parameters
    for chosen in product(*(each.values or (each.default,) for each in rows.values())):
        yield dict(zip(rows, chosen, strict=True))


def names_something(baseline: Baseline) -> bool:
    return any(entry.identifies for role in baseline.roles.values() for entry in role.require)


def fitting(baselines: Iterable[Baseline], graph: Graph) -> Iterator[Fit]:
    """Each of the documents whose names or domains are there."""
    for baseline in baselines:
        names = dict(_named(evidence(baseline, graph)))
        if not names:
            continue
        bound = bind(baseline, graph)
        certain = {role for role, found in bound.roles.items() if found and role not in bound.doubts}
        if told := tuple((role, name) for role, name in names.items() if role in certain):
            yield Fit(baseline, told, len(certain))


def _named(known: Evidence) -> Iterator[tuple[str, str]]:
    for role, found in known.found.items():
        for key, resource in found.items():
            if known.named(role, key):
                yield role, resource.name or resource.id
                break
