"""What a run sees: resources, the edges between them, and the inventory that holds them with what could not be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.model import marks, paths
from auditor.model.costs import Costs
from auditor.model.organization import Managers
from auditor.model.symbolic import wrapped
from auditor.model.values import Gap, Value
from auditor.model.vocabulary import ABSENT, Existence, Json


@dataclass(slots=True)
class Resource:
    """One live or declared resource in canonical (CloudFormation) shape.

    `unknown` maps a property path to the gap that hides it; a path that is neither in `properties` nor in `unknown`
    is known to be not set. `origin` is where it was found (in code `file:line`), `places` the same for single
    properties that code says elsewhere. In code, `address` is what its language calls it, and `was` what it was
    called before it was moved. `inside` is its place in a module that others wrote, of which `origin` is the call.
    `exists` is `maybe` where code decides by a `condition` that is not known whether it is made.

    Properties are looked into by `at`, `each` and `known` only.
    """

    type: str
    id: str
    account: str
    region: str
    arn: str = ""
    name: str = ""
    origin: str = ""
    properties: dict[str, Json] = field(default_factory=dict)
    unknown: dict[str, Gap] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    aws_made: bool = False
    places: dict[str, str] = field(default_factory=dict)
    address: str = ""
    was: str = ""
    inside: str = ""
    exists: Existence = "yes"
    condition: str = ""

    def at(self, path: str) -> Value:
        """The first value that `path` names: the value, ABSENT (known to be not set), or Hidden."""
        if not self.unknown and paths.plain(path):
            return wrapped(self.properties.get(path, ABSENT))
        return next((value for _, value in self.each(path)), ABSENT)

    def each(self, path: str) -> list[tuple[str, Value]]:
        """Every place that `path` names, with its value; Hidden ones where reading failed (see `marks`)."""
        if self.gap(path) is not None:
            return [(place, wrapped(value)) for place, value in marks.places(self.properties, path, self.unknown)]
        return [(place, wrapped(value)) for place, value in paths.find(self.properties, path)]

    def known(self, path: str, default: Json = None) -> Json:
        """What was read at `path`, whatever of it could not be; `default` where nothing was.

        For whoever asks for the gap apart (`gap`), or draws no conclusion from absence.
        """
        value = self.properties.get(path) if paths.plain(path) else paths.get(self.properties, path)
        return default if value is None or value is ABSENT else value

    def gap(self, path: str, inside: bool = True) -> Gap | None:
        """The gap that hides `path`, a place above it, or (`inside`) something in it."""
        found: Gap | None = paths.hidden(self.unknown, path, inside) if self.unknown else None
        return found

    @property
    def unread(self) -> bool:
        """Whether nothing of it was read but that it is there."""
        return bool(self.unknown) and not self.properties

    @property
    def key(self) -> str:
        """The identity used everywhere: the ARN where AWS gives one, else account, region, type and id."""
        return self.arn or f"{self.account}/{self.region}/{self.type}/{self.id}"

    @property
    def spoken(self) -> tuple[str, ...]:
        """The texts by which policies name it: its ARN, or, before it has one, the references to it in code."""
        if self.arn:
            return (self.arn,)
        return tuple(name for name in self.names if name.startswith(("${", "arn:"))) or ("",)

    def place(self, path: str = "") -> str:
        """Where code says a property, as `file:line`: the nearest place that is known, else the resource's own."""
        bare = re.sub(r"\[[^\]]*\]", "", path)
        while bare and bare not in self.places:
            bare = bare.rpartition(".")[0]
        return self.places.get(bare, self.origin)

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Edge:
    """`tail relation head`, with the property or statement that says so. Ends are resource keys."""

    tail: str
    relation: str
    head: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that code leaves open: whether `text` holds, which `place` asks. Equal keys are decided alike.

    Of choices about one `subject` (what a parameter without a value is) at most one holds. `contrary` says that it
    does not hold, where that is more than the negation of a comparison.
    """

    key: str
    text: str
    place: str = ""
    subject: str = ""
    contrary: str = ""

    def told(self, holds: bool) -> str:
        """It or its contrary, with its place."""
        compared = self.text.count(" == ") == 1
        other = self.contrary or (self.text.replace(" == ", " != ") if compared else f"not {self.text}")
        return (self.text if holds else other) + (f" ({self.place})" if self.place else "")


# For each type the top-level properties that somebody needs; None asks for all of them.
Demand = Mapping[str, "frozenset[str] | None"]


@dataclass(slots=True)
class NotLookedAt:
    """What else stands in an account, counted by the service and kind of its ARNs, as far as that is known. `gaps` say
    where nothing told; a run is whole all the same, for it needs none of it."""

    kinds: Counter[str] = field(default_factory=Counter)
    gaps: list[Gap] = field(default_factory=list)


@dataclass(slots=True)
class Inventory:
    """`asked` holds the types that were looked for: a type outside it is unknown, not empty. `not_described` counts,
    by their type, what code declares and nobody here describes: it is not looked at, and said so. `not_looked_at` is
    the same of an account, where it was asked. `managers`, by account, are asked for where a role has a name that AWS
    gives; `costs`, by account, where somebody wants to know.
    `choices` are what code leaves open; the inventory is one of the worlds that are possible then."""

    resources: list[Resource] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    asked: frozenset[str] = frozenset()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    not_described: Counter[str] = field(default_factory=Counter)
    managers: dict[str, Managers] = field(default_factory=dict)
    costs: dict[str, Costs] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    not_looked_at: NotLookedAt | None = None


def merge(*demands: Demand) -> dict[str, frozenset[str] | None]:
    """The union of demands; asking for everything wins."""
    merged: dict[str, frozenset[str] | None] = {}
    for demand in demands:
        for cfn, props in demand.items():
            known = merged.get(cfn, frozenset())
            merged[cfn] = None if props is None or known is None else known | props
    return merged
