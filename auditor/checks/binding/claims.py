"""What hangs on shared things and belongs to another system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.checks.binding.evidence import Evidence
from auditor.checks.binding.ties import Tie


def claimed(known: Evidence, pool: set[str], members: set[str], open_roles: Iterable[str]) -> set[str]:
    """What of a pool belongs to another system: something uses it in a role that our system has filled otherwise, or
    something that is claimed uses it, and nothing of ours does."""
    unfilled, out = set(open_roles), set[str]()
    while True:
        more = {key for key in pool - out if _used_elsewhere(known, key, pool - out, members, unfilled)}
        if not more:
            return out
        out |= more


def _used_elsewhere(known: Evidence, key: str, pool: set[str], members: set[str], unfilled: set[str]) -> bool:
    """Something outside uses it and nothing of ours does, or it serves something outside."""
    ours = theirs = False
    for tie, tail in _uses(known, key):
        if tail in members or (tail in pool and tie.tail in unfilled):
            ours = True
        elif tie.back:
            return True
        else:
            theirs = True
    inside = members | pool
    serves = [
        known.heads(tie, key) for tie in known.ties if key in known.found[tie.tail] and tie.back and not tie.implied
    ]
    return (theirs and not ours) or any(heads and not heads & inside for heads in serves)


def _uses(known: Evidence, key: str) -> Iterator[tuple[Tie, str]]:
    """(tie, tail) of every documented tie that leads to a resource."""
    for tie in known.ties:
        if key in known.found[tie.head] and not tie.implied:
            yield from ((tie, tail) for tail in sorted(known.tails(tie, key)) if tail != key)
