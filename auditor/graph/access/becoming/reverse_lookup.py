"""Who may do something to a target, looked up from the target: no step compares every principal with every role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from auditor.graph.access.held.identities import Identity

_OPEN = re.compile(r"[*?]|\$\{")
_END = "\x00"  # ends a beginning that is the whole
Family = list[Identity]


def last_part(arn: str) -> str:
    """What follows the account of an ARN: the part by which patterns are kept apart."""
    return arn.split(":", 5)[-1]


def beginnings(identity: Identity, action: str) -> set[str]:
    """How the last part of every ARN begins that the identity's policies may allow the action on.

    A pattern that spells out all six parts can only match part by part, since ARNs of IAM have no more colons.
    """
    found: set[str] = set()
    for _, document in identity.held.identity:
        for clause in document.allows(action.lower()):
            if clause.but_resources:
                return {""}
            for text in clause.resources:
                parts = text.split(":", 5)
                pieces = _OPEN.split(parts[5], maxsplit=1) if len(parts) == 6 else ["", ""]
                found.add(pieces[0] if len(pieces) > 1 else pieces[0] + _END)
    return found


def begins(last: str, start: str) -> bool:
    return last == start[:-1] if start.endswith(_END) else last.startswith(start)


class ReverseLookup:
    """Families of principals by how the ARNs begin that they reach; those that hold the same policies stand together.

    `possible` asks, for one of those who stand together, whether such policies may reach a target at all.
    """

    def __init__(self, possible: Callable[[Identity, str], bool] | None = None) -> None:
        self._possible = possible
        self._by_start: dict[str, dict[tuple[object, ...], dict[int, Family]]] = {}

    def add(self, start: str, family: Family) -> None:
        together = self._by_start.setdefault(start, {}).setdefault(family[0].family[:-1], {})
        together[id(family)] = family

    def reaching(self, arn: str, done: set[str]) -> Iterator[Family]:
        """The families that may reach the ARN; those whose members are all done are removed for good."""
        last = last_part(arn)
        for start in (last + _END, *(last[:end] for end in range(len(last) + 1))):
            for shape, together in list(self._by_start.get(start, {}).items()):
                some = next(iter(together.values()))[0]
                if self._possible and not self._possible(some, arn):
                    continue
                for key, family in list(together.items()):
                    if all(each.key in done for each in family):
                        del together[key]
                    else:
                        yield family
                if not together:
                    del self._by_start[start][shape]
