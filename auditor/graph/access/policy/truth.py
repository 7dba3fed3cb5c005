"""The third answer of conditions: true, false, or it depends on the request, and then on which keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """`value` is None where the request decides; `keys` names what of the request does."""

    value: bool | None
    keys: frozenset[str] = frozenset()

    def __invert__(self) -> Truth:
        return self if self.value is None else (FALSE if self.value else TRUE)


TRUE, FALSE = Truth(True), Truth(False)


def told(value: bool) -> Truth:
    return TRUE if value else FALSE


def depends(*keys: str) -> Truth:
    return Truth(None, frozenset(keys))


def every(truths: Iterable[Truth]) -> Truth:
    """One false decides; of several open ones all keys are named."""
    keys: set[str] = set()
    open_ = False
    for each in truths:
        if each.value is False:
            return FALSE
        if each.value is None:
            open_ = True
            keys |= each.keys
    return Truth(None, frozenset(keys)) if open_ else TRUE


def some(truths: Iterable[Truth]) -> Truth:
    """One true decides."""
    keys: set[str] = set()
    open_ = False
    for each in truths:
        if each.value:
            return TRUE
        if each.value is None:
            open_ = True
            keys |= each.keys
    return Truth(None, frozenset(keys)) if open_ else FALSE
