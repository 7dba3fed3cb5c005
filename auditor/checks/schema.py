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
    """The place in the document. `text` is a short phrase from `lines`; put ` … ` between two phrases."""

    section: Words = Field(description="the number of the section, or its title where it has none")
    lines: Annotated[Words, Field(pattern=f"^({LINES})$")] = Field(description="line numbers, like 94 or 92-95, 142")
    text: Words = Field(description="a short phrase from these lines")

    @property
    def cite(self) -> Cite:
        return Cite(self.section, self.lines, self.text)

    @property
    def covered(self) -> frozenset[int]:
        """The cited line numbers."""
        spans = [each.strip().partition("-") for each in self.lines.split(",")]
        return frozenset(line for first, _, last in spans for line in range(int(first), int(last or first) + 1))


class Said(Model):
    """A statement of a document; `also` are other places that repeat it."""

    at: At = Field(description="the place in the document: {section, lines, text}")
    also: tuple[At, ...] = Field(default=(), description="other places that repeat it")
    only: dict[str, Values] = Field(
        default={}, description="the environments that it applies to, like {environment: prod}"
    )


# ---------------------------------------------------------------- rules


class Example(Model):
    """One resource of an example, as in a CloudFormation template."""

    type: str = Field(alias="Type", description="a CloudFormation type")
    properties: dict[str, Any] = Field(alias="Properties", default_factory=dict, description="its properties")


class Examples(Model):
    """The examples of a rule, which are its tests. Each is a set of resources by name."""

    passing: tuple[dict[str, Example], ...] = Field(
        alias="pass", min_length=1, description="examples that keep the rule"
    )
    failing: tuple[dict[str, Example], ...] = Field(alias="fail", min_length=1, description="examples that break it")


class Rule(Model):
    """A security requirement on every resource of some types. The file's name is the ID, its folder is the topic."""

    id: str
    topic: str
    title: str = Field(description="the demand, as a sentence that is true where the rule is kept")
    broken: str = Field(description="the title of a finding: the fact, like `{name} is publicly accessible`")
    severity: Severity = Field(description="critical, high, medium, low or info")
    on: Texts = Field(min_length=1, description="the CloudFormation types that are checked")
    where: tuple[dict[str, Any], ...] = Field(
        default=(), description="conditions that select the resources to check; without it, all are checked"
    )
    require: tuple[dict[str, Any], ...] = Field(
        min_length=1, description="matchers and predicates; all of them must hold"
    )
    why: str = Field(description="what can happen if it is broken")
    fix: str = Field(description="how to fix it manually")
    references: tuple[str, ...] = Field(min_length=1, description="URLs of the AWS documentation")
    examples: Examples = Field(description="CloudFormation fragments {pass: [...], fail: [...]}")
    was: Texts = Field(default=(), description="IDs that the rule had before: their findings and waivers stay its own")


# ---------------------------------------------------------------- baselines


class Source(Model):
    """The document. `sections` gives the names of its sections, for reports."""

    title: str = Field(description="the title of the document")
    file: str = Field(description="the path of the document")
    updated: Words = Field(description="the date of the document")
    sections: dict[str, str] = Field(default_factory=dict, description="names of the sections, by number or title")


class Parameter(Model):
    """A value that differs by environment."""

    default: Words = Field(description="the value where no other is chosen")
    values: tuple[Words, ...] = Field(default=(), description="the values that are allowed; default: any value")
    text: str = Field(default="", description="what the value means")


class Apart(Model):
    """Words in names and tags by which one copy of the system is told from another. They are not checked."""

    ours: str = Field(description="a regular expression for words that this environment's copy carries")
    others: str = Field(description="a regular expression for words that copies of other environments carry")


class Hints(Model):
    """Expected names and tags. They help to find the resource of a role, and are not checked."""

    names: tuple[str, ...] = Field(default=(), description="regular expressions for the name")
    tags: dict[str, str] = Field(default_factory=dict, description="regular expressions for tag values, by tag key")


class Require(Model):
    """One promise about the resource of a role: a property and what it `is`, or a predicate `with` arguments."""

    id: str = Field(description="a name for the promise")
    path: str = Field(alias="property", default="", description="the path of a property")
    wanted: Json = Field(alias="is", default=None, description="the matcher for the property")
    predicate: str = Field(default="", description="the name of a predicate, instead of `property` and `is`")
    arguments: dict[str, Any] = Field(alias="with", default_factory=dict, description="the arguments of the predicate")
    severity: Severity = Field(default="medium", description="the severity of the finding")
    identifies: bool = Field(
        default=False, description="true if only this system can keep it (a domain name, for example)"
    )
    distinguishes: bool = Field(
        default=False, description="true if it distinguishes this role from other roles of the same type"
    )
    title: str = Field(default="", description="the demand, as a sentence")
    broken: str = Field(default="", description="the title of a finding: the fact")
    why: str = Field(default="", description="what can happen if it is broken")
    fix: str = Field(default="", description="how to fix it manually")
    at: At | None = Field(default=None, description="the place in the document, if it is not that of the role")
    also: tuple[At, ...] = Field(default=(), description="other places that repeat it")
    only: dict[str, Values] = Field(
        default={}, description="the environments that it applies to, like {environment: prod}"
    )

    @property
    def requirement(self) -> dict[str, Json]:
        """As a rule would write it."""
        return {self.path: self.wanted} if self.path else {self.predicate: self.arguments}


class Role(Said):
    """A part of the architecture, and the promises about the resource that plays it."""

    types: Texts = Field(alias="type", min_length=1, description="the CloudFormation type, or a list of types")
    count: Annotated[Words, Field(pattern=f"^({COUNT})$")] = Field("1", description="how many there are: 1, 2+ or 0-1")
    means: str = Field(description="what the part is, in one line")
    missing: str = Field(default="", description="the title of the finding if there is none; default: `... is missing`")
    optional: bool = Field(default=False, description="true if it may be missing")
    severity: Severity = Field(default="high", description="the severity of the finding if it is missing")
    fix: str = Field(default="", description="how to fix it manually")
    hints: Hints = Field(default=Hints(), description="expected names and tags")
    find: tuple[dict[str, Any], ...] = Field(
        default=(), description="conditions that a resource must meet to play the role"
    )
    require: tuple[Require, ...] = Field(default=(), description="the promises about it")

    @property
    def least(self) -> int:
        return 0 if self.optional else int(re.split(r"[-+]", self.count)[0])

    @property
    def most(self) -> int | None:
        """None where there may be any number."""
        return None if self.count.endswith("+") else int(self.count.split("-")[-1])


class Flow(Model):
    """Network traffic that must be possible."""

    port: int = Field(ge=0, le=65535, description="the TCP port")


class Link(Said):
    """An arrow of the document. `relation` checks the configuration, `flow` the network, `action` the permission."""

    id: str = Field(description="a name for the link")
    title: str = Field(description="the demand, as a sentence")
    broken: str = Field(default="", description="the title of a finding: the fact")
    tail: str = Field(alias="from", description="the role at the start of the arrow")
    head: str = Field(alias="to", description="the role at its end")
    relation: str = Field(default="", description="the relation between the two resources")
    via: Texts = Field(default=(), description="other relations that the path may use")
    flow: Flow | None = Field(default=None, description="the network traffic that must be possible")
    action: str = Field(default="", description="the IAM action that must be allowed")
    optional: bool = Field(default=False, description="true if it may be missing, and only helps to find the parts")
    severity: Severity = Field(default="high", description="the severity of the finding")
    fix: str = Field(default="", description="how to fix it manually")


class Absent(Said):
    """Resources that must not exist."""

    id: str = Field(description="a name for the promise")
    type: str = Field(description="the CloudFormation type")
    where: tuple[dict[str, Any], ...] = Field(default=(), description="conditions that select the resources")
    within: str = Field(default="", description="only resources that are connected to this role")
    severity: Severity = Field(default="medium", description="the severity of the finding")
    title: str = Field(default="", description="the demand, as a sentence")
    broken: str = Field(default="", description="the title of a finding: the fact")
    fix: str = Field(default="", description="how to fix it manually")


class Unverifiable(Said):
    """A statement of the document that no AWS API can confirm."""

    id: str = Field(description="a name for the statement")
    reason: str = Field(description="why it cannot be checked")


class Choice(Said):
    """How a contradiction or an ambiguous statement was resolved. The later section applies."""

    text: str = Field(description="the decision and the reason")
    decides: tuple[str, ...] = Field(
        default=(),
        description="IDs of the promises beside which the decision is shown: a role's, role/promise, link/ID",
    )
    aside: bool = Field(default=False, description="true if the cited lines promise nothing (an option, or the past)")


class Excepted(Said):
    """A rule that the document itself contradicts for one of its parts: the document waives it."""

    rule: str = Field(description="the ID of the rule")
    role: str = Field(description="the role whose resource is excepted")
    reason: str = Field(description="what the document says instead, in one sentence")
    instead: str = Field(description="the promise of the role that says it; the rule is waived only while that is kept")


class Budget(Said):
    """The monthly cost in the document."""

    monthly: float = Field(description="the amount for a month")
    currency: str = Field(default="USD", description="the currency, in three letters")
    table: dict[str, float] = Field(default_factory=dict, description="the amounts for its parts in the document")


class Baseline(Model):
    """The promises of one architecture document. The file's name is the ID."""

    id: str
    title: str = Field(description="what the document describes")
    document: Source = Field(description="the document: {title, file, updated}")
    regions: tuple[str, ...] = Field(min_length=1, description="the AWS Regions of the architecture")
    parameters: dict[str, Parameter] = Field(default_factory=dict, description="values that differ by environment")
    apart: Apart | None = Field(default=None, description="words that distinguish copies of the system: {ours, others}")
    roles: dict[str, Role] = Field(min_length=1, description="the parts of the architecture, by name")
    links: tuple[Link, ...] = Field(default=(), description="the arrows between the parts")
    absent: tuple[Absent, ...] = Field(default=(), description="resources that must not exist")
    unverifiable: tuple[Unverifiable, ...] = Field(default=(), description="statements that no AWS API can confirm")
    choices: tuple[Choice, ...] = Field(default=(), description="how contradictions were resolved")
    exceptions: tuple[Excepted, ...] = Field(default=(), description="rules that the document itself contradicts")
    budget: Budget | None = Field(default=None, description="the monthly cost in the document")
