"""How a resource type is described: data without behaviour, from which reading, comparing and mending are derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from auditor.model import paths
from auditor.model.seen import Resource
from auditor.model.vocabulary import ABSENT, Absence, Json, Risk, Sameness, Scope, TextKind


@dataclass(frozen=True, slots=True)
class Call:
    """One API operation, by its boto3 method name."""

    operation: str
    # Texts in here may hold placeholders ({id}, {value}, {parent.arn}): auditor/aws/fill.py tells which.
    params: Mapping[str, Json] = field(default_factory=dict)
    # JMESPath to the useful part of the answer.
    out: str = "@"
    # Error codes by which AWS says "not set", and not that it could not look.
    absent: tuple[str, ...] = ()
    # boto3's name of the service where it is not that of the type.
    service: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A setter for properties that AWS only takes as part of a whole document (a distribution's config).

    The engine reads the document anew, changes the one place, and writes it back with the entity tag that it read, so
    that nothing else in it is touched. `{Quantity, Items}` wrappers are looked through. The document is shaped like the
    resource: a canonical path starts in it with the property's name. Where the property can be read and written, the
    place is changed in what reading gives, and what writing gives of that is laid over what was there.
    """

    # The call that answers with the document; its `out` stays away, for `inside` is a path into the whole answer.
    read: Call
    # {value} is the changed document. An operation that takes it apart and forgets what it is not given (put_rule)
    # names every member: {value.Member?}.
    write: Call
    # JMESPath of the document in the answer, and of the tag that an update must show.
    inside: str
    token: str = ""
    # The live name of a segment of the canonical path, where the two differ.
    renames: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What a property is, and how AWS's answers say it."""

    # The top-level property of CloudFormation.
    name: str
    # Where the answer has it, where that is not under its name (see `live_path` in auditor/resources/normalise.py).
    live: str = ""
    # The call that answers with it, where the type's list does not. Equal calls are made once a run.
    call: Call | None = None
    # From the answer's value to the canonical one, where neither `live` nor `kind` can.
    read: Callable[[Json], Json] | None = None
    # A text that holds a number, a truth or JSON, or a number that templates write as a text: both ways.
    kind: TextKind = field(default="", kw_only=True)
    # From a value in CloudFormation's shape to the one spelling that is compared, whatever source said it: defaults
    # and sets deep inside.
    tidy: Callable[[Json], Json] | None = field(default=None, kw_only=True)
    # What makes two values equal: the order of a set, the forms of a policy.
    same: Sameness = field(default="exact", kw_only=True)
    # The value where nothing is said: in code and, unless `absent` says otherwise, in an answer.
    default: Json = field(default=ABSENT, kw_only=True)
    # From AWS's documentation, what it means that an answer lacks it: "not set" (a key, a description), or "unknown"
    # where AWS always answers with it, so that its absence tells of the answer and not of the resource.
    absent: Absence = field(default="", kw_only=True)
    # Members inside the value that AWS's answers always hold: `DefaultCacheBehavior.ViewerProtocolPolicy`.
    required: tuple[str, ...] = field(default=(), kw_only=True)
    # JMESPath in the call's answer, truthy where it says that it is not the whole of a list.
    more: str = field(default="", kw_only=True)
    # Redacted where answers enter the program.
    secret: bool = field(default=False, kw_only=True)
    # Why it is here although CloudFormation's schema has no such property.
    ours: str = field(default="", kw_only=True)

    @property
    def absence(self) -> Literal["default", "not set", "unknown"]:
        """What it means that an answer of AWS lacks the property."""
        return self.absent or ("unknown" if self.default is ABSENT else "default")


@dataclass(frozen=True, kw_only=True)
class InCode:
    """How Terraform and CloudFormation say a property, where spelling its name anew does not lead to it."""

    # Where Terraform has it (see `attribute` in auditor/sources/terraform/blocks.py for the forms).
    tf: str = ""
    # From Terraform's value to one in CloudFormation's shape.
    tf_read: Callable[[Json], Json] | None = None
    # From all properties of a template, for what a template says (a part of) by another property.
    cfn_read: Callable[[Mapping[str, Json]], Json] | None = None


@dataclass(frozen=True, kw_only=True)
class Mend:
    """How a property is changed and changed back, and what that risks."""

    # Replaces the whole value. Without {value} it is a switch: it turns the property on, and `unset` turns it off.
    set: Call | None = None
    # Undoes a value that was not there.
    unset: Call | None = None
    # Change one element of a collection.
    add: Call | None = None
    remove: Call | None = None
    # Changes a place inside a document.
    edit: Edit | None = None
    # The call that answers with a policy as it was written, where `call` is none or does not; `out` leads to it.
    exact: Call | None = None
    # The inverse of `read`.
    write: Callable[[Json], Json] | None = None
    # What the change may cost, and places inside whose risk is another (see `risk_of` in auditor/remedy/steps.py).
    risk: Risk = "safe"
    risks: Mapping[str, Risk] = field(default_factory=dict)
    # AWS never leaves the property without a value, so `set` is its own undo, and where code is silent AWS chooses.
    always: bool = False
    # AWS replaces the value and never takes it away: where there was none there is no step, for nothing would undo it.
    stays: bool = False
    # AWS holds one element of the collection at a time.
    single: bool = False
    # A list in which `set` leaves an element each time, and how many AWS holds there: without room for a step and for
    # its undo there is no step.
    room: tuple[str, int] | None = None
    # What somebody should know before it is changed.
    note: str = ""

    @property
    def settable(self) -> bool:
        return any((self.set, self.add, self.remove, self.edit))


@dataclass(frozen=True)
class Prop(Mend, InCode, Read):
    """One property of a type: the row from which reading, comparing and mending are derived.

    A row is one flat call with keywords, for most rows need three of them; the parts it is made of are for the reader,
    and for functions that need one part alone.
    """


@dataclass(frozen=True, slots=True)
class EdgeTo:
    """An edge that a type declares: follow `via` (a property path) to a resource of one of the types `to`.

    The value found is looked up among the heads' ids, ARNs and `names`. `take` turns a value into the
    reference it holds when it is not one already (the host of a URL, the name in an ARN); it may give several.
    `back` says that the edge runs from the found resource to this one (an association read from its far end).
    """

    relation: str
    via: str
    to: tuple[str, ...]
    take: Callable[[Json], Iterable[str]] | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """How a fold (a type of code that says only a part of another) is laid into its owner.

    `fold` is the CloudFormation or Terraform type, `by` its attribute that names the owner, by a reference or by the
    owner's literal id. `read` turns the values of the fold into the canonical value of the owner's property `into`; a
    list is appended to what the owner and other folds say there, anything else is the value. A fold without `into` only
    says that it is a part. `of` is the owner's property that says the same as `by`, where neither names the owner; both
    may be several, with commas between, where only together they tell the owner.
    """

    fold: str
    by: str
    into: str = ""
    read: Callable[[Mapping[str, Json]], Json] | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Stands for a value that AWS chooses where code is silent, so that code cannot tell it."""

    reason: str


Beside = Mapping[str, Sequence[Resource]]
Implied = Callable[[Resource, Beside], Iterable[tuple[str, "Json | Unsaid"]]]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """How the resources of a type are found in an account and named."""

    # Finds them all in one account and region.
    list: Call
    # A second list, asked once in the home region, for members that AWS keeps apart there (what guards CloudFront).
    list_global: Call | None = None
    # The parent type, for each resource of which `list` is asked once.
    over: str = ""
    # From what `list.out` gave to single items, where JMESPath cannot (a JSON text inside).
    items: Callable[[Json], Iterable[Mapping[str, Json]]] | None = None
    # JMESPaths into an item, or templates when they hold a `{`.
    id: str
    arn: str = ""
    # What its ARNs have for service and kind (`rds:db`), where that is neither in a template nor the type's own noun.
    arn_kind: str = ""
    name: str = ""
    # Templates of further texts by which other resources refer to this one (a bucket's domain, a URL's host).
    names: tuple[str, ...] = ()
    # Asked in every region, in one, or of the account.
    scope: Scope = "regional"
    # JMESPath of the region in an item of a list that tells all regions.
    region: str = ""
    # The call that answers with it, for an item that lacks it.
    region_call: Call | None = None
    # Regions searched besides those asked for (CloudFront takes certificates only from us-east-1); of a global type the
    # one whose endpoint tells it, where the account's own region cannot (Global Accelerator).
    also_in: tuple[str, ...] = ()
    # JMESPath of the tags in an item, or the call that answers with them.
    tags: str = "Tags"
    tags_call: Call | None = None
    # JMESPath into the item and the properties read, truthy for what AWS made by itself (a default VPC).
    aws_made: str = ""
    # A relation: what AWS made at its far end makes this AWS's too (the gateway of a default VPC).
    made_with: str = ""


@dataclass(frozen=True, kw_only=True)
class TypeInCode:
    """How Terraform and CloudFormation say resources of a type."""

    # Terraform's types.
    terraform: tuple[str, ...] = ()
    # CloudFormation and Terraform types that say only a part of this one (a role's attached policy).
    folds: tuple[str, ...] = ()
    # How those are laid in of which no `tf` path tells.
    joins: tuple[Join, ...] = ()
    # Properties of which what a fold adds is judged although the code does not make the owner: it opens or permits
    # something whatever else the owner is.
    alone: tuple[str, ...] = ()
    # Attributes of code in which resources of other types are written down, which nobody reads (the definition of an
    # API): where one is given, the lists of those types have a gap.
    holds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What AWS adds to what code says, always in the same way (the route inside a network): properties with their
    # values, or a place with `Unsaid`. It sees all resources of the code by type, references settled.
    implied: Implied | None = None


@dataclass(frozen=True, kw_only=True)
class ResourceType(TypeInCode, Listed):
    """One AWS resource type, described once; ARCHITECTURE.md tells what is derived from it."""

    cfn: str
    # boto3's name of the service.
    service: str
    props: tuple[Prop, ...] = ()
    edges: tuple[EdgeTo, ...] = ()
    # It does work or holds data: such a resource matters when no document names it.
    workload: bool = False
    # Why a type that CloudFormation lacks is described here under a name of our own.
    ours: str = ""

    @property
    def at_home(self) -> tuple[str, ...]:
        """Regions in which CloudFront takes its resources from, whatever the region of the rest."""
        return ("us-east-1",) if self.list_global else self.also_in

    def prop(self, name: str) -> Prop | None:
        """The row of a top-level property; a path finds the row of its first segment."""
        top = paths.top(name)
        return next((row for row in self.props if row.name == top), None)
