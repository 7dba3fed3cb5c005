"""What a rule file and a baseline file may say. The models are the values that the program works with, never changed.

Only shape is checked here (fields, kinds of values); what names stand for is checked in `syntax`, with the same places.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from auditor.model import Cite, Json, Severity


def _words(value: Any) -> Any:
    """Numbers where text is meant (`section: 2`, `lines: 94`), and lists of them, as text."""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
Words = Annotated[str, BeforeValidator(_words)]
Values = Annotated[tuple[Words, ...], BeforeValidator(lambda value: value if isinstance(value, list) else [value])]
LINES = r"\d+(-\d+)?(, ?\d+(-\d+)?)*"
COUNT = r"\d+|\d+\+|\d+-\d+"


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class At(Model):
    """Where the document says it: `text` is a short phrase found in `lines`; ` … ` stands between two phrases."""

    section: Words = Field(description="the section's number")
    lines: Annotated[Words, Field(pattern=f"^({LINES})$")] = Field(description="like 94 or 92-95, 142")
    text: Words = Field(description="the short phrase that is cited")

    @property
    def cite(self) -> Cite:
        return Cite(self.section, self.lines, self.text)

    @property
    def covered(self) -> frozenset[int]:
        """The cited line numbers."""
        spans = [each.strip().partition("-") for each in self.lines.split(",")]
        return frozenset(line for first, _, last in spans for line in range(int(first), int(last or first) + 1))


class Said(Model):
    """Something that a document says; `also` are further places that say it again."""

    at: At = Field(description="the place in the document: {section, lines, text}")
    also: tuple[At, ...] = Field(default=(), description="further places that say it")
    only: dict[str, Values] = Field(
        default={}, description="the environments in which this is said, like {environment: prod}"
    )


# ---------------------------------------------------------------- rules


class Example(Model):
    """One resource of an example, as CloudFormation writes it."""

    type: str = Field(alias="Type", description="a CloudFormation type")
    properties: dict[str, Any] = Field(alias="Properties", default_factory=dict, description="its properties")


class Examples(Model):
    passing: tuple[dict[str, Example], ...] = Field(alias="pass", min_length=1, description="kept by the rule")
    failing: tuple[dict[str, Example], ...] = Field(alias="fail", min_length=1, description="broken by it")


class Rule(Model):
    """One judgement on every resource of some types. The file's name is the id, its folder the topic."""

    id: str
    topic: str
    title: str = Field(description="the demand: what holds where the rule is kept")
    broken: str = Field(description="the fact where it does not hold, like `{name} is publicly accessible`")
    severity: Severity = Field(description="critical, high, medium, low or info")
    on: Texts = Field(min_length=1, description="the types that are judged")
    where: tuple[dict[str, Any], ...] = Field(default=(), description="which of them are judged")
    require: tuple[dict[str, Any], ...] = Field(min_length=1, description="matchers and predicates that all must hold")
    why: str = Field(description="what goes wrong otherwise")
    fix: str = Field(description="how a person fixes it")
    references: tuple[str, ...] = Field(min_length=1, description="pages of AWS that say so")
    examples: Examples = Field(description="CloudFormation fragments {pass: [...], fail: [...]}")


# ---------------------------------------------------------------- baselines


class Source(Model):
    """The document: `file` as it lies beside the project, `sections` their names for reports."""

    title: str = Field(description="the document's title")
    file: str = Field(description="the document's file")
    updated: Words = Field(description="the date that the document carries")
    sections: dict[str, str] = Field(default_factory=dict, description="their names, by number")


class Parameter(Model):
    """What differs by environment, with the value that holds where nothing is chosen."""

    default: Words = Field(description="the value where none is chosen")
    values: tuple[Words, ...] = Field(default=(), description="the values that it may have; any, where none are named")
    text: str = Field(default="", description="what it stands for")


class Hints(Model):
    """Names (regular expressions) and tags that one would expect; they bind roles and promise nothing."""

    names: tuple[str, ...] = Field(default=(), description="regular expressions")
    tags: dict[str, str] = Field(default_factory=dict, description="regular expressions by key")


class Require(Model):
    """One promise about what plays a role: a property and what it `is`, or a predicate `with` arguments."""

    id: str = Field(description="a name for the promise")
    path: str = Field(alias="property", default="", description="a property path")
    wanted: Json = Field(alias="is", default=None, description="a matcher")
    predicate: str = Field(default="", description="the name of a predicate, instead of a property")
    arguments: dict[str, Any] = Field(alias="with", default_factory=dict, description="the arguments of a predicate")
    severity: Severity = Field(default="medium", description="how bad it is when broken")
    identifies: bool = Field(default=False, description="whether keeping it names the system, and not only a part")
    distinguishes: bool = Field(default=False, description="whether it tells the part from others of its type for good")
    title: str = Field(default="", description="the demand")
    broken: str = Field(default="", description="the fact when it is broken")
    why: str = Field(default="", description="what goes wrong otherwise")
    fix: str = Field(default="", description="how a person fixes it")
    at: At | None = Field(default=None, description="its own place")
    also: tuple[At, ...] = Field(default=(), description="further places that say it")
    only: dict[str, Values] = Field(
        default={}, description="the environments in which this is said, like {environment: prod}"
    )

    @property
    def requirement(self) -> dict[str, Json]:
        """As a rule would write it."""
        return {self.path: self.wanted} if self.path else {self.predicate: self.arguments}


class Role(Said):
    """A part that the document names, and what is promised of the resource that plays it."""

    types: Texts = Field(alias="type", min_length=1, description="the CloudFormation type, or several")
    count: Annotated[Words, Field(pattern=f"^({COUNT})$")] = "1"
    means: str = Field(description="one line that says what the part is")
    missing: str = Field(default="", description="the fact where there is none; without it, `... is missing`")
    optional: bool = Field(default=False, description="whether it may be missing")
    severity: Severity = Field(default="high", description="how bad it is when missing")
    fix: str = Field(default="", description="how a person fixes it")
    hints: Hints = Field(default=Hints(), description="what one would expect of it")
    find: tuple[dict[str, Any], ...] = Field(default=(), description="what it must be to play the role")
    require: tuple[Require, ...] = Field(default=(), description="what is promised of it")

    @property
    def least(self) -> int:
        return 0 if self.optional else int(re.split(r"[-+]", self.count)[0])

    @property
    def most(self) -> int | None:
        """None where there may be any number."""
        return None if self.count.endswith("+") else int(self.count.split("-")[-1])


class Flow(Model):
    """Packets that must get through."""

    port: int = Field(ge=0, le=65535, description="the TCP port")


class Link(Said):
    """An arrow of the document: wired by a relation (through `via` where others lie between), routable, permitted."""

    id: str = Field(description="a name for the arrow")
    title: str = Field(description="the arrow as a sentence")
    broken: str = Field(default="", description="the fact when it is broken")
    tail: str = Field(alias="from", description="the role it leaves")
    head: str = Field(alias="to", description="the role it reaches")
    relation: str = Field(default="", description="the edge that wires it")
    via: Texts = Field(default=(), description="further relations on the way")
    flow: Flow | None = Field(default=None, description="packets that get through")
    action: str = Field(default="", description="the IAM action that is allowed")
    severity: Severity = Field(default="high", description="how bad it is when broken")
    fix: str = Field(default="", description="how a person fixes it")


class Absent(Said):
    """What the document says is not there (any more)."""

    id: str = Field(description="a name for the promise")
    type: str = Field(description="the CloudFormation type")
    where: tuple[dict[str, Any], ...] = Field(default=(), description="which of the type")
    within: str = Field(default="", description="only in the role of this name")
    severity: Severity = Field(default="medium", description="how bad it is")
    title: str = Field(default="", description="the demand")
    broken: str = Field(default="", description="the fact when it is broken")
    fix: str = Field(default="", description="how a person fixes it")


class Unverifiable(Said):
    """What the document says and no AWS interface shows."""

    id: str = Field(description="a name for the statement")
    reason: str = Field(description="why it cannot be checked")


class Choice(Said):
    """How a contradiction, or words with several readings, was decided: the later section wins."""

    text: str = Field(description="what was decided and why")
    aside: bool = Field(default=False, description="whether the cited lines promise nothing: an option, the past")


class Budget(Said):
    """The monthly cost that the document states."""

    monthly: float = Field(description="the amount of a month")
    currency: str = Field(default="USD", description="three letters")


class Baseline(Model):
    """The promises of one document. The file's name is the id."""

    id: str
    title: str = Field(description="what the document describes")
    document: Source = Field(description="{title, file, updated}")
    regions: tuple[str, ...] = Field(min_length=1, description="the regions that the document names")
    parameters: dict[str, Parameter] = Field(default_factory=dict, description="what differs by environment")
    roles: dict[str, Role] = Field(min_length=1, description="the parts that the document names")
    links: tuple[Link, ...] = Field(default=(), description="the arrows")
    absent: tuple[Absent, ...] = Field(default=(), description="what is not there")
    unverifiable: tuple[Unverifiable, ...] = Field(default=(), description="what no API shows")
    choices: tuple[Choice, ...] = Field(default=(), description="how contradictions were decided")
    budget: Budget | None = Field(default=None, description="the stated cost")
