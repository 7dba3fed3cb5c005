"""Named questions that YAML can ask, written in Python: each takes the graph and a resource and gives an Answer.

A predicate declares what it reads (`needs`) so that only that is fetched, and its arguments so that a rule file with a
wrong one is refused when it is read. A module of this package is found by walking it.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.model import Answer, Json

Ask = Callable[..., "Answer | Iterator[Answer]"]


@dataclass(frozen=True, slots=True)
class Argument:
    """What a definition may give to a predicate: its name as YAML writes it, its kind, whether it has to be there."""

    name: str
    kind: str
    required: bool = True
    default: Json = None

    @property
    def words(self) -> str:
        if self.required:
            return f"{self.name}: {self.kind}; required"
        default = "optional" if self.default is None else f"default: {json.dumps(self.default)}"
        return f"{self.name}: {self.kind}; {default}"


@dataclass(frozen=True, slots=True)
class Predicate:
    """`on` are the types that it can be asked of (empty: any); `needs` the properties it reads, by type."""

    name: str
    ask: Ask
    needs: Mapping[str, tuple[str, ...]]
    arguments: Mapping[str, Any]
    on: tuple[str, ...]
    doc: str

    @property
    def rows(self) -> tuple[Argument, ...]:
        """The arguments as a reference tells them. Hyphens in YAML are underscores in Python."""
        return tuple(_argument(name, row) for name, row in self.arguments.items())


def _argument(name: str, row: inspect.Parameter) -> Argument:
    # `**given: str` takes the one name that Python reserves.
    name = "is" if row.kind is inspect.Parameter.VAR_KEYWORD else name.replace("_", "-")
    kind = " or ".join(_KINDS.get(part.strip(), part.strip()) for part in str(row.annotation).split("|"))
    if row.default is inspect.Parameter.empty:
        return Argument(name, kind)
    return Argument(name, kind.removesuffix(" or nothing"), False, row.default)


# Python's types in the words of a definition file.
_KINDS = {
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "list[str]": "a list of texts",
    "list[int]": "a list of whole numbers",
    "Mapping[str, Json]": "properties with matchers",
    "None": "nothing",
}

_MARK = "predicate"  # the attribute by which a function says that it is one


def predicate(name: str, needs: Mapping[str, tuple[str, ...]], on: tuple[str, ...] = ()) -> Callable[[Ask], Ask]:
    """Mark a function as a predicate; it is registered when the registry is first asked, not at import."""

    def mark(ask: Ask) -> Ask:
        arguments = dict(list(inspect.signature(ask).parameters.items())[2:])
        setattr(ask, _MARK, Predicate(name, ask, needs, arguments, on, inspect.getdoc(ask) or ""))
        return ask

    return mark


@cache
def registry() -> dict[str, Predicate]:
    """Every predicate by its name."""
    found: dict[str, Predicate] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for value in vars(loaded).values():
            marked = getattr(value, _MARK, None)
            if isinstance(marked, Predicate):
                found[marked.name] = marked
    return dict(sorted(found.items()))
