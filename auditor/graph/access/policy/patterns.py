"""IAM's wildcards, and what two patterns have to do with each other.

A question may itself be about a pattern ("any object of the bucket"): then an allow counts when the two patterns have a
text in common, and a denial only when it takes all of them away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_ASTERISKS = re.compile(r"\*+")


@lru_cache(maxsize=65536)
def _regex(text: str, fold: bool) -> re.Pattern[str]:
    return re.compile(_words(text, "."), re.DOTALL | (re.IGNORECASE if fold else 0))


def _words(pattern: str, one: str) -> str:
    """A regular expression that is done in one walk, however many asterisks a stranger writes.

    What stands between two of them is of fixed length, so that its first place is as good as any: nothing goes back
    behind it.
    """
    first, *middle = (re.escape(each).replace(r"\?", one) for each in _ASTERISKS.split(pattern))
    last = ".*" + middle.pop() if middle else ""
    return first + "".join(f"(?>.*?{each})" for each in middle) + last


def wild(text: str) -> bool:
    return "*" in text or "?" in text


def like(pattern: str, text: str) -> bool:
    """IAM's wildcard match: `*` and `?`, without regard to case, as for actions."""
    return _regex(pattern, True).fullmatch(text) is not None


def fits(pattern: str, text: str) -> bool:
    """The same with regard to case, as for resources."""
    if not wild(pattern):
        return pattern == text
    return pattern == "*" or _regex(pattern, False).fullmatch(text) is not None


def covers(pattern: str, other: str) -> bool:
    """Every text of `other` is one of `pattern`. A wildcard of `other` can only be taken in by one that is as wide."""
    if not wild(other):
        return fits(pattern, other)
    return pattern == "*" or _cover(pattern).fullmatch(other) is not None


@lru_cache(maxsize=65536)
def _cover(pattern: str) -> re.Pattern[str]:
    return re.compile(_words(pattern, "[^*]"), re.DOTALL)


@lru_cache(maxsize=65536)
def meets(one: str, other: str) -> bool:
    """Some text belongs to both patterns."""
    if not wild(other):
        return fits(one, other)
    if not wild(one):
        return fits(other, one)
    if one == "*" or other == "*":
        return True
    return _meet(_ASTERISKS.sub("*", one), _ASTERISKS.sub("*", other))


def _meet(one: str, other: str) -> bool:
    """Bit j of `row`: the part of `one` that was walked has a text in common with the first j marks of `other`."""
    places: dict[str, int] = {}
    for j, mark in enumerate(other):
        places[mark] = places.get(mark, 0) | 1 << j
    stars, any_one, whole = places.get("*", 0), places.get("?", 0), (1 << len(other) + 1) - 1
    row = 1 | (stars & 1) << 1
    for mark in one:
        if mark == "*":  # everything from the first place on
            row = whole & -(row & -row)
            continue
        same = whole & ~stars if mark == "?" else places.get(mark, 0) | any_one
        row = (row & same) << 1 | row & stars << 1
        row |= (row & stars) << 1
    return bool(row >> len(other) & 1)


class Actions:
    """Action patterns, ready to be asked: names apart from wildcards, and everything in lower case."""

    __slots__ = ("_known", "_names", "_wild", "whole")

    def __init__(self, patterns: Iterable[str]) -> None:
        found = [each.lower() for each in patterns]
        self.whole = any(set(each) == {"*"} or each == "*:*" for each in found)
        self._names = frozenset(each for each in found if not wild(each))
        self._wild = tuple(each for each in found if wild(each))
        self._known: dict[str, bool] = {}

    def has(self, action: str) -> bool:
        """Whether the (lower case) action is meant."""
        known = self._known.get(action)
        if known is None:
            known = self.whole or action in self._names or any(fits(each, action) for each in self._wild)
            self._known[action] = known
        return known
