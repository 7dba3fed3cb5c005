"""Combining answers of which some are not known: one false decides `every`, one true decides `some`."""

from __future__ import annotations

from collections.abc import Iterable


def every(answers: Iterable[bool | None]) -> bool | None:
    out: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            out = None
    return out


def some(answers: Iterable[bool | None]) -> bool | None:
    out: bool | None = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            out = None
    return out


def negate(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
