"""How a resource type is described: data without behaviour, from which reading, comparing and mending are derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.model.seen import Resource
from auditor.model.vocabulary import ABSENT, Json, Risk, Sameness, Scope


@dataclass(frozen=True, slots=True)
class Call:
    """One API operation, by its boto3 method name.

    Strings in `params` may hold placeholders: `{id}`, `{arn}`, `{name}`, `{account}`, `{region}`,
    `{partition}`, `{value}` (a setter's new value), `{element}` (one element added or removed), `{token}`
    (the entity tag of an edited document), `{parent.id}`, `{parent.arn}`, `{parent.Prop}` (the resource
    of `over`), `{raw.Path}` (the list answer's item) or `{Prop}`, a property. A string that is one
    placeholder and nothing else keeps the type of what it stands for. `{value.X}` and `{element.X}` are members;
    a parameter whose placeholder ends in `?` (`{value.X?}`) is left out when nothing stands for it. `out` is a JMESPath
    to the useful part of the answer; `absent` are the error codes that mean "not set" instead of "could not look".
    """

    operation: str
    params: Mapping[str, Json] = field(default_factory=dict)
    out: str = "@"
    absent: tuple[str, ...] = ()
    service: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A setter for properties that AWS only takes as part of a whole document (a distribution's config).

    The engine reads the document anew, changes the one place, and writes it back with the entity tag
    that it read, so that nothing else in it is touched. `inside` is the JMESPath of the document in the
    read answer, `token` that of the tag. `renames` maps a segment of the canonical path to the live one
    where they differ; `{Quantity, Items}` wrappers are looked through. The document is shaped like the resource: a
    canonical path starts in it with the property's name. Where the property has `read` and `write`, the place is
    changed in what `read` gives, and what `write` gives of that is laid over what was there. In `write`, `{value}` is
    the changed document; operations that take it apart and forget what they are not given (put_rule) name every
    member: `{value.Member?}`.
    """

    read: Call
    write: Call
    inside: str
    token: str = ""
    renames: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prop:
    """One property of a type: the row from which reading, comparing and mending are derived.

    `name` is the top-level CloudFormation property. `live` is its JMESPath in the item that the type's list call gives,
    or in what `call.out` picks when the value needs a call of its own (equal calls are made once a run); left out it is
    the name, or all of it where `call.out` already picked the value.
    `read` is the escape hatch: a function from that value to the canonical one; `write` its inverse for setters.
    `set` replaces the whole value; `add` and `remove` change one element of a collection; `edit` changes a
    place inside a document. `unset` undoes a value that was not there. A `live` that is one placeholder and nothing
    else (`{parent.id}`) is what that stands for: the bucket of a policy, which no answer repeats. `risks` names
    places inside the property, written without brackets (`Origins.OriginAccessControlId`), whose risk is not `risk`;
    with a `+` after it a place is meant only where nothing stands there before.
    A `set` without `{value}` is a switch: it turns the property on (true), and `unset` turns it off again.
    `always` says that AWS never leaves the property without a value, so that `set` is its own undo.
    `single` says that AWS holds one element of the collection at a time. `room` names a list in which `set` leaves an
    element each time, and how many AWS holds there: without room for a step and for its undo there is no step.
    `tf` is `-` where Terraform has no such attribute, `@` where the whole resource is the value; `aws_type.attribute`
    (or `aws_type`, all of it) where a folded type (see ResourceType) has it. `tf_read` turns Terraform's value into the
    canonical one where spelling the names anew is not enough. `tidy` gives a value already in CloudFormation's shape
    the one spelling that is compared, whatever source said it: defaults and sets deep inside, texts that are numbers.
    `cfn_read` takes all properties of a template, for a row of which a template says (a part) by another property.
    """

    name: str
    live: str = ""
    call: Call | None = None
    read: Callable[[Json], Json] | None = None
    tf: str = ""
    tf_read: Callable[[Json], Json] | None = None
    tidy: Callable[[Json], Json] | None = None
    cfn_read: Callable[[Mapping[str, Json]], Json] | None = None
    default: Json = ABSENT
    same: Sameness = "exact"
    set: Call | None = None
    unset: Call | None = None
    add: Call | None = None
    remove: Call | None = None
    edit: Edit | None = None
    write: Callable[[Json], Json] | None = None
    risk: Risk = "safe"
    risks: Mapping[str, Risk] = field(default_factory=dict)
    secret: bool = False
    always: bool = False
    single: bool = False
    room: tuple[str, int] | None = None
    ours: str = ""
    note: str = ""

    @property
    def settable(self) -> bool:
        return any((self.set, self.add, self.remove, self.edit))


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


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One AWS resource type, described once; see DESIGN of the house in ARCHITECTURE.md.

    `list` finds them all in one account and region; with `over` it is asked once for each resource of that parent
    type. `items` turns what `list.out` gave into single items when JMESPath cannot (a JSON text inside).
    `id`, `arn`, `name` are JMESPaths into an item, or templates when they hold a `{`. `names` are further templates
    of texts by which other resources refer to this one (a bucket's domain, a function URL's host).
    `aws_made` is a JMESPath into the item and the properties read, truthy for what AWS made by itself (a default
    VPC, a service-linked role).
    `made_with` is a relation: what AWS made at its far end makes this AWS's too (the gateway of a default VPC).
    `workload` marks what does work or holds data: such a resource matters when no document names it.
    `also_in` names regions searched besides those asked for (CloudFront takes certificates only from us-east-1).
    `folds` are CloudFormation and Terraform types that say only a part of this one (a role's attached policy); `joins`
    say how those are laid in that no `tf` path tells.
    `holds` are attributes of code in which resources of other types are written down, which nobody reads (the
    definition of an API): where one is given, the lists of those types have a gap.
    `implied` tells what AWS adds to what code says, always in the same way (the route inside a network): properties
    with their values, or a place with `Unsaid`. It sees all resources of the code by type, references settled.
    `ours` tells why a type that CloudFormation lacks is described here under a name of our own.
    """

    cfn: str
    service: str
    list: Call
    id: str
    arn: str = ""
    name: str = ""
    props: tuple[Prop, ...] = ()
    edges: tuple[EdgeTo, ...] = ()
    terraform: tuple[str, ...] = ()
    folds: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    implied: Implied | None = None
    holds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: Scope = "regional"
    over: str = ""
    items: Callable[[Json], Iterable[Mapping[str, Json]]] | None = None
    region: str = ""
    names: tuple[str, ...] = ()
    tags: str = "Tags"
    tags_call: Call | None = None
    aws_made: str = ""
    made_with: str = ""
    workload: bool = False
    also_in: tuple[str, ...] = ()
    create: Call | None = None
    delete: Call | None = None
    ours: str = ""

    def prop(self, name: str) -> Prop | None:
        """The row of a top-level property; a path finds the row of its first segment."""
        top = name.split(".")[0].split("[")[0]
        return next((row for row in self.props if row.name == top), None)
