"""What the engine asks of the outside: fresh values, calls, and the verdicts once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditor.model import Json, Resource, Step


@dataclass(frozen=True, slots=True)
class RunView:
    """The verdicts of one judging: ids of findings, and `baseline/promise` of promises, that are not kept.

    `where` maps such an id to the key of the resource that it is about, `titles` to words for people.
    """

    broken: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    broken_promises: frozenset[str] = frozenset()
    unknown_promises: frozenset[str] = frozenset()
    where: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def title(self, one: str) -> str:
        return self.titles.get(one, one)


class World(Protocol):
    """The account as the engine sees it. Nothing here may answer from a cache."""

    def read(self, step: Step) -> Resource | None:
        """The step's resource with at least the step's property as it is now; None where it is gone.

        What could not be read stands in `unknown`; a list that could not be read raises CallFailed.
        """

    def call(self, account: str, region: str, service: str, operation: str, params: Mapping[str, Json]) -> Json:
        """Make one call (region `global`: wherever the service answers); CallFailed when it gives no answer."""

    def rejudge(self) -> RunView:
        """Read anew and judge what the plan's findings and their neighbours' promises depend on."""


def worse(before: RunView, now: RunView) -> frozenset[str]:
    """What was kept and is broken now. What could not be told before is nobody's fault."""
    findings = now.broken - before.broken - before.unknown
    return findings | (now.broken_promises - before.broken_promises - before.unknown_promises)


def dimmed(before: RunView, now: RunView) -> frozenset[str]:
    """What was kept and can no longer be told."""
    findings = now.unknown - before.broken - before.unknown
    return findings | (now.unknown_promises - before.broken_promises - before.unknown_promises)


def titles(view: RunView, ids: Iterable[str]) -> str:
    return "; ".join(sorted(view.title(one) for one in ids))
