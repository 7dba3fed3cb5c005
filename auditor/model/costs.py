"""What an account cost in a month, as Cost Explorer says. It is no resource, so it stands beside the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.model.values import Gap


@dataclass(frozen=True, slots=True)
class Costs:
    """The amounts of one account in the month that is over, by service. `tags` are those that single a system out
    (none: the whole account); `gap` says why nothing is known."""

    month: str
    currency: str = ""
    services: Mapping[str, float] = field(default_factory=dict)
    tags: tuple[tuple[str, str], ...] = ()
    gap: Gap | None = None
