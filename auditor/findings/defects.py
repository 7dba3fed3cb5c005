"""A defect of ours in one rule or baseline: everything else is told all the same, and the run says that it is short.

A run with a defect never looks like a run with findings or a clean one: what the defect left out is a gap, its checks
count as not judged (so that nothing of them is fixed), and the command ends with exit code 70.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from auditor.model import Gap, Inventory

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Defect:
    """What was being done when our own code failed: the id of a rule, baseline or finding."""

    doing: str
    error: Exception

    def gap(self, account: str) -> Gap:
        why = f"a defect of auditor: {type(self.error).__name__}: {self.error}"[:500]
        return Gap(account, "", "auditor", self.doing, "", "failed", (), why, self.doing)


@dataclass(slots=True)
class Attempts:
    """What is tried apart from each other. `apart` is false where one thing that is left out would falsify the rest:
    of two sides that are compared."""

    expected: tuple[type[Exception], ...]
    apart: bool = True
    defects: list[Defect] = field(default_factory=list)

    def at(self, doing: str, make: Callable[[], Made]) -> list[Made]:
        """What `make` gives, alone in a list; nothing where it failed in a way that nobody expected."""
        try:
            return [make()]
        except self.expected:
            raise
        except Exception as error:
            if not self.apart:
                raise
            self.defects.append(Defect(doing, error))
            return []

    def whole(self, doing: str) -> bool:
        return all(each.doing != doing for each in self.defects)


def read_until_then(inventory: Inventory) -> str:
    """What a run had read when it failed."""
    gaps = [f"{gap.service} {gap.operation} ({gap.region}): {gap.message}" for gap in inventory.gaps]
    told = (
        f"Read before that: {_count(len(inventory.resources), 'resource')} of account {', '.join(inventory.accounts)}"
    )
    failed = f"{_count(len(gaps), 'call')} failed:" if gaps else "no call failed."
    return "\n".join([f"{told}; {failed}", *gaps[:20]])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
