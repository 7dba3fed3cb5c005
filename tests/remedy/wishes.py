"""The words of the table of changes: an element more or less, a switch turned, a part of the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.model import ABSENT, Json
from auditor.sandbox.built import Built

Wanted = Callable[[Json, Built], Json]


@dataclass(frozen=True)
class Put:
    """One element more; where `take` is given, that one less."""

    add: Json = ABSENT
    take: Json = ABSENT


def flip(now: Json, _: Built) -> Json:
    return not now


def part(role: str) -> Wanted:
    return lambda now, built: built[role]


def arn(role: str) -> Wanted:
    return lambda now, built: built.arn(role)


def more(role: str) -> Wanted:
    """The list that stands there and a part beside it."""
    return lambda now, built: sorted([*now, built[role]])


def first(now: Json, _: Built) -> Json:
    return now[0]


def last(now: Json, _: Built) -> Json:
    return now[-1]


def statement(now: Json, _: Built) -> Json:
    """The policy that stands there and a statement beside its own."""
    extra = {"Effect": "Deny", "Sid": "Extra", "Action": ["s3:DeleteObject"], "Resource": ["*"]}
    return {**now, "Statement": [*now["Statement"], extra]}


def guarded(now: Json, _: Built) -> Json:
    """The same in a policy that names whom it is about."""
    extra = {"Effect": "Deny", "Sid": "Extra", "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"]}
    old = now["Statement"] if isinstance(now, dict) else []
    return {"Version": "2012-10-17", **(now if isinstance(now, dict) else {}), "Statement": [*old, extra]}
