"""Exceptions that somebody answers for: one check, one resource (or a pattern of whole segments), a reason, an end."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

_TOKENS = re.compile(r"\[[^\]]*\]|[^.:/\[\]]+|[.:/\[\]]")
_SEPARATORS = frozenset(".:/")
ANY = ("*", "[*]")


@dataclass(frozen=True, slots=True)
class Waiver:
    """`source` is where it is written, as `file:line`."""

    check: str
    resource: str
    reason: str
    until: dt.date
    owner: str = ""
    source: str = ""

    def covers(self, check: str, names: Iterable[str]) -> bool:
        """Whether it speaks of this check of a resource with these names (ID, name, ARN, address)."""
        return check == self.check and any(matches(self.resource, name) for name in names)

    def ended(self, today: dt.date) -> bool:
        return self.until < today


def matches(pattern: str, name: str) -> bool:
    """Whether a name is the pattern, in which `*` stands for one whole segment: never for a part of a word."""
    if not name:
        return False
    wanted, given = _TOKENS.findall(pattern), _TOKENS.findall(name)
    return len(wanted) == len(given) and all(map(_fits, wanted, given))


def _fits(wanted: str, given: str) -> bool:
    if wanted == "*":
        return given not in _SEPARATORS and not given.startswith("[")
    return given.startswith("[") if wanted == "[*]" else wanted == given


def fault(pattern: str) -> str:
    """What is wrong with a pattern; empty where nothing is."""
    tokens = [each for each in _TOKENS.findall(pattern) if each not in _SEPARATORS]
    if any("*" in each and each not in ANY for each in tokens):
        return "`*` stands for a whole segment between `.`, `/` and `:`; write the name out, or `*` alone for a segment"
    if not any(each not in ANY for each in tokens):
        return "names no resource; write its ID, name, ARN or address"
    return ""
