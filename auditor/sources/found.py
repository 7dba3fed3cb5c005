"""What a list answered with, on its way to a resource: its id, ARN, name and regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.aws.fill import Unfilled, fill
from auditor.aws.requests import Request
from auditor.model import ABSENT, GLOBAL, Call, Json, ResourceType
from auditor.resources.normalise import search

SOMEWHERE = "unknown"  # the region of what did not say in which it is


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: one account, its partition and home region, and the regions asked for."""

    account: str
    partition: str
    home: str
    regions: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """An item of a list answer on its way to a resource; `asked_in` is the region its calls go to."""

    type: ResourceType
    place: Place
    asked_in: str
    raw: Mapping[str, Json]
    parent: Found | None = None
    listed_by: Request | None = None  # the call that answered with it
    id: str = ""
    arn: str = ""
    name: str = ""
    region: str = ""

    def value(self, name: str) -> Json:
        """What a placeholder stands for (see auditor.aws.fill)."""
        head, _, rest = name.partition(".")
        if head == "parent":
            return self.parent.value(rest) if self.parent else ABSENT
        if head == "raw":
            return search(rest, self.raw)
        plain = {
            "id": self.id,
            "arn": self.arn,
            "name": self.name,
            "account": self.place.account,
            "region": self.asked_in,
            "partition": self.place.partition,
        }
        if name in plain:
            return plain[name] or ABSENT
        row = self.type.prop(name)
        return search(row.live or row.name, self.raw) if row and not row.call else search(name, self.raw)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list call that is due: of a type, in a region, for a parent."""

    type: ResourceType
    region: str
    parent: Found | None = None
    also: Call | None = None

    @property
    def asks(self) -> Call:
        """The call that is made: the type's list, or the one for what it keeps apart."""
        return self.also or self.type.list


def identify(item: Found) -> Found:
    """Give an item its id, ARN, name and regions, by the paths or templates of its type."""
    described = item.type
    if described.region:
        item.asked_in = str(search(described.region, item.raw) or item.asked_in)
    item.id = templated(described.id, item)
    item.name = templated(described.name, item) if described.name else ""
    item.arn = templated(described.arn, item) if described.arn else ""
    if described.scope != "regional" and not described.region:
        item.region = GLOBAL
    else:
        item.region = item.asked_in
    return item


def templated(rule: str, item: Found) -> str:
    if "{" not in rule:
        return str(search(rule, item.raw) or "")
    try:
        return str(fill(rule, item.value))
    except Unfilled:
        return ""


def key_of(item: Found) -> str:
    return item.arn or f"{item.place.account}/{item.region}/{item.type.cfn}/{item.id}"
