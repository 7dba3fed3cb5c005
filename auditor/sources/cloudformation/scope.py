"""What the functions of a template may ask for, and how much work they may make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from auditor.model import Json
from auditor.sources.cloudformation.texts import Unresolved

MOST_STEPS = 3_000_000


class NoValue:
    """What `AWS::NoValue` stands for: the property or element is not there."""


NO_VALUE = NoValue()


class Exhausted(Exception):
    """The work that a template asks for has no reasonable end."""


@dataclass(slots=True)
class Budget:
    """The steps that are left for reading one tree of code."""

    left: int = MOST_STEPS

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise Exhausted


class Scope(Protocol):
    """What names stand for in one stack."""

    @property
    def budget(self) -> Budget: ...

    def ref(self, name: str) -> Json: ...
    def attribute(self, name: str, attribute: str) -> Json: ...
    def looked_up(self, table: str, first: str, second: str) -> Json: ...
    def condition(self, name: str) -> bool | Unresolved: ...
    def either(self, left: Json, right: Json, words: str) -> bool: ...
    def imported(self, name: str) -> Json: ...
    def included(self, where: Json) -> Json: ...


@dataclass(frozen=True, slots=True)
class Referring:
    """A scope whose names are looked up by a function of their own; the rest is the scope's."""

    scope: Scope
    ref: Callable[[str], Json]

    @property
    def budget(self) -> Budget:
        return self.scope.budget

    def attribute(self, name: str, attribute: str) -> Json:
        return self.scope.attribute(name, attribute)

    def looked_up(self, table: str, first: str, second: str) -> Json:
        return self.scope.looked_up(table, first, second)

    def condition(self, name: str) -> bool | Unresolved:
        return self.scope.condition(name)

    def either(self, left: Json, right: Json, words: str) -> bool:
        return self.scope.either(left, right, words)

    def imported(self, name: str) -> Json:
        return self.scope.imported(name)

    def included(self, where: Json) -> Json:
        return self.scope.included(where)
