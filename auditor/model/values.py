"""What a look into a resource gives: a value, ABSENT, or Hidden. A value may be a symbolic text (see `symbolic`).

Nobody outside of sources reads properties in another way than by `Resource.at`, `each` and `known`: a value without
its state has been taken for "not set" too often.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from auditor.model.cures import cure
from auditor.model.vocabulary import ABSENT, Json, Reason, digest

# Why code does not say what AWS makes of its silence.
LATER = "known to AWS only, once the resource exists"
# Why code does not say it of a resource to which it only adds something.
ELSEWHERE = "known to the account only: this code adds to the resource and does not make it"
# How the name of a principal begins that is a service of AWS, whichever it is.
SERVICE = "service:"
Value = Any  # a JSON value, a Symbolic text, ABSENT or Hidden


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read: why, what it hides and the IAM action that would cure it."""

    account: str
    region: str
    service: str
    operation: str
    permission: str
    reason: Reason
    types: tuple[str, ...]
    message: str
    subject: str = ""  # the one resource whose detail is missing; empty when a whole list is
    prefix: int = 0  # of an address range that is not known: how long its prefix is at the least
    begins: str = ""  # of the name of a principal that is not known: how it begins (`arn:aws:iam::`), or SERVICE

    @property
    def id(self) -> str:
        return digest(self.account, self.region, self.service, self.operation, self.subject, *self.types)

    @property
    def cure(self) -> str:
        """What would let it be read; empty where nobody can say."""
        return cure(self.reason, self.permission, self.region, self.message)


class Hidden:
    """A value that could not be read, with the gap that hides it; `known` is what of it was read nevertheless.

    A list of which one element is not known is hidden too: `known` then holds all of it, the unread places left out,
    and `marked` the same with a mark at each of them: a Hidden member of an object, a `Partly` read list.
    """

    __slots__ = ("gap", "known", "marked")

    def __init__(self, gap: Gap, known: Json = ABSENT, marked: Value = ABSENT) -> None:
        self.gap = gap
        self.known = known
        self.marked = marked

    @property
    def there(self) -> bool:
        """Whether something is certainly set, although it is not known what."""
        return bool(self.known)

    def __repr__(self) -> str:
        return "(not known)"


class Partly(list[Value]):
    """The elements of a list that were read, of which there may be more; `gap` says why."""

    __slots__ = ("gap",)

    def __init__(self, elements: Iterable[Value], gap: Gap) -> None:
        super().__init__(elements)
        self.gap = gap
