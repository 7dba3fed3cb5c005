"""A row of the tables of what people do to an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.sandbox.built import Built


@dataclass(frozen=True)
class Mutation:
    """`role` is the part whose resource the finding must be about, empty where it is gone; `check` is the promise
    without its baseline, or a rule where `kind` says so.

    `environment` is where it is done, of an account that has several; empty: the first. `shared`: the part belongs to
    all of them, and all say it.
    """

    name: str
    do: Callable[[Built], object]
    role: str
    check: str
    kind: str = "different"
    environment: str = ""
    shared: bool = False


@dataclass(frozen=True)
class Harmless:
    name: str
    do: Callable[[Built], object]
