"""What is not certain about a binding, promise by promise, with the pin that would make it so.

A step for a role that nobody is certain to play is a guess, and nothing is changed on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.checks.binding import Bound
from auditor.checks.schema import Baseline


def unsure(bound: Iterable[tuple[Baseline, Bound]], label: Callable[[str], str]) -> dict[str, str]:
    """By the check of a finding why it is not certain which resource is meant; `label` names a resource by its key."""
    out: dict[str, str] = {}
    for baseline, each in bound:
        for role, doubt in each.doubts.items():
            words = f"{baseline.id}/{role} is not certain: {doubt}{_pins(each, role, doubt, label)}"
            for check in _checks(baseline, role):
                out.setdefault(f"{baseline.id}/{check}", words)
    return out


def _checks(baseline: Baseline, role: str) -> Iterable[str]:
    """The promises about a role: that somebody plays it, what is asked of it, and the arrows that it is an end of."""
    yield role
    yield from (f"{role}/{entry.id}" for entry in baseline.roles[role].require)
    yield from (f"link/{link.id}" for link in baseline.links if role in (link.tail, link.head))


def _pins(bound: Bound, role: str, doubt: str, label: Callable[[str], str]) -> str:
    """The options that decide, one for each resource that fits."""
    fits = [key for each in bound.bindings if each.role == role for key in (each.resource, each.runner_up) if key]
    options = [f"--bind {role}={label(key)}" for key in dict.fromkeys(fits)]
    left = [option for option in options if option not in doubt]
    return f"; it becomes certain with {' or '.join(left)}" if left else ""
