"""What an organization says about one of its accounts. It is no part of that, so it is no resource of the graph."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.values import Gap
from auditor.model.vocabulary import Json

# The policies of one level (the root, a unit, the account itself), each with its name.
Level = tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Managers:
    """The accounts that administer the organization of an account: the one that manages it (empty: it is in none), and
    those to which it delegates (None: not known, for the managing account alone may ask). `gap`: why nothing is known.
    """

    management: str = ""
    delegated: tuple[str, ...] | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """The organization of an account, and its policies, level by level from the root down; none where none binds.

    `scps` bind the account's principals, `rcps` its resources. `gaps`: what of them could not be read.
    """

    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()
    gaps: tuple[Gap, ...] = ()
    id: str | None = ""  # empty: not known; None: the account is in none
