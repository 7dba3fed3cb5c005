"""A block of code, and what it is on its way to a resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from auditor.model import Json, ResourceType, symbolic
from auditor.resources.schema import schema
from auditor.sources.references import reasons

# What a type's own functions do with values of a shape that nobody foresaw: the property is then not understood.
ODD = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)


# What something else is called: a text that is one reference, but for those to what makes up names.
_ONE_OTHER = re.compile(r"\$\{(?!(?:module\.[^{}.]+\.)*(?:random|time)_)[^{}]*\}")


@dataclass(slots=True)
class Block:
    """One resource of code as its language says it.

    `type` is a CloudFormation type that is described, or a fold's type of either language; blocks of other types
    only lend their address. `address` is the full address in its language (`module.db.aws_db_instance.main[0]`,
    `Stack/LogicalId`). A reference inside `values` is the text `${ADDRESS.ATTRIBUTE}` (or `${ADDRESS}`), alone or
    within a longer text; `references.unknown(reason)` stands for what is not known. `unknown` maps a property path
    (without indexes) to the reason why code does not say it. `origin` is `path/from/root.tf:12`; `lines` maps a
    property, or an attribute of a fold, to its own line, and `places` to a file and line elsewhere. `was` is the
    address it had before it was moved, and `inside` the place in a module that others wrote, whose call is the
    origin. `more` says of a list why there may be more elements than those that are known. `added_by` is set for a
    resource that code only adds to: the address of the fold, and the text by which it names the resource.
    """

    type: str
    address: str
    values: dict[str, Json] = field(default_factory=dict)
    origin: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    region: str = ""
    was: str = ""
    inside: str = ""
    places: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    added_by: tuple[str, str] = ("", "")

    @property
    def file(self) -> str:
        return self.origin.rpartition(":")[0]

    def place(self, name: str) -> str:
        """File and line of one of its values."""
        return f"{self.file}:{self.lines[name]}" if name in self.lines and self.origin else self.origin


@dataclass(slots=True)
class Made:
    """A block on its way to a resource, with what its folds add."""

    block: Block
    type: ResourceType
    values: dict[str, Json]
    unknown: dict[str, str]
    places: dict[str, str]
    more: dict[str, str]


def literal_id(described: ResourceType, values: Mapping[str, Json]) -> str:
    """The id that the code itself gives: a bucket's name, a function's name."""
    return next((text for text in _said(described, values, ids_of(described)) if "${" not in text), "")


def symbolic_id(described: ResourceType, values: Mapping[str, Json]) -> str:
    """The id that the code gives with a part that only the account knows, and that is the same wherever it stands."""
    for name in ids_of(described):
        value = values.get(name)
        edge = any(each.via == name and not each.take for each in described.edges)
        if isinstance(value, str) and "${" in value and not edge:
            atoms = [part for part in symbolic.parts(value) if isinstance(part, symbolic.Atom)]
            return "" if any(each.fresh for each in atoms) else value
    return ""


def literals(described: ResourceType, values: Mapping[str, Json]) -> Iterator[str]:
    """All texts of the code that say which resource it is; one with a random part in it is equal to itself only.

    A plan of what exists knows AWS's id, beside the name by which the code goes on to speak of it.
    """
    return _said(described, values, (*ids_of(described), described.name))


def ids_of(described: ResourceType) -> tuple[str, ...]:
    """The properties that say which resource it is."""
    identifier = schema(described.cfn).identifier
    return (*(identifier if len(identifier) == 1 else ()), described.id)


def _said(described: ResourceType, values: Mapping[str, Json], names: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if any(edge.via == name and not edge.take for edge in described.edges):
            continue  # it names another resource, of which plans and directories know different things
        value = values.get(name)
        if isinstance(value, str) and value and not reasons(value) and not _ONE_OTHER.fullmatch(value):
            yield value
