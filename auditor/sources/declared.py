"""Blocks of code into resources: what Terraform and CloudFormation have in common.

A reader of a language gives `Block`s whose values are already in CloudFormation's shape, and folds (blocks that say
only a part of another) with the values of their own language. Here folds are laid into their owners, defaults and
sameness of the type's rows are applied as for every other source, and references become names of what they refer to,
so that the graph draws its edges with no special case for code.

A text that refers to another block is kept where the type declares an edge and inside policies, where references are
compared as they stand. Everywhere else nobody can judge it before it is applied, and it becomes unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from auditor.aws.fill import Unfilled, fill
from auditor.aws.redact import plain
from auditor.model import ABSENT, ELSEWHERE, GLOBAL, LATER, Gap, Inventory, Json, Prop, Resource, ResourceType
from auditor.resources.normalise import settled
from auditor.resources.schema import schema
from auditor.sources.block import ODD, Block, Made, literal_id, symbolic_id
from auditor.sources.fitting import misfit
from auditor.sources.folding import join, of_elsewhere
from auditor.sources.meant import settle_references
from auditor.sources.not_described import makers, not_described
from auditor.sources.policies import as_known
from auditor.sources.references import APPLIED, Addresses, reasons, texts_of
from auditor.sources.withheld import NETWORKS, Unknown, left_to_aws, without_selectors, without_unknown

__all__ = ["Block", "assemble", "literal_id", "unresolved"]

READ_ONLY = "read-only attribute"


def assemble(
    blocks: Iterable[Block],
    types: Mapping[str, ResourceType],
    region: str = "",
    gaps: Iterable[Gap] = (),
    asked: Iterable[str] | None = None,
    later: str = APPLIED,
) -> Inventory:
    """The inventory of all blocks of one language; `later` is when it is known what its references come to."""
    every = list(blocks)
    gaps = [*gaps, *makers(every, types)]
    every += of_elsewhere(every, types)
    networks = (each.address for each in every if each.type in NETWORKS)
    addresses = Addresses((each.address for each in every), networks, later)
    made = [_start(each, types[each.type]) for each in every if each.type in types]
    join(made, every, types, addresses)
    resources = [_resource(each, region, addresses) for each in made]
    _tell_apart(resources, made)
    _give_names(resources, made, addresses, [*every, *(replace(each.block, values=each.values) for each in made)])
    settle_references(resources, types)
    regions = sorted({each.region for each in resources} - {GLOBAL, ""})
    return Inventory(
        sorted(resources, key=lambda each: each.key), gaps, frozenset(types if asked is None else asked), ("",),
        tuple(regions), not_described(every, types),
    )  # fmt: skip


def unresolved(cfn: str, subject: str, message: str) -> Gap:
    """A gap of code: nothing that a permission would cure."""
    return Gap("", "", "", "", "", "unresolved", (cfn,) if cfn else (), message, subject)


def unread(place: str, message: str, types: tuple[str, ...]) -> Gap:
    """A gap of code that hides resources of these types."""
    return Gap("", "", "", place, "", "unresolved", types, message)


def _start(block: Block, described: ResourceType) -> Made:
    places = {name: block.place(name) for name in block.lines if described.prop(name)}
    places.update(block.places)
    return Made(block, described, dict(block.values), dict(block.unknown), places, dict(block.more))


# ---- resources


def _resource(made: Made, region: str, addresses: Addresses) -> Resource:
    described, block = made.type, made.block
    where = block.region or region
    if described.scope != "regional" and not described.region:
        where = GLOBAL
    out = Resource(described.cfn, block.address, "", where, origin=block.origin)
    out.tags = {key: value for key, value in block.tags.items() if isinstance(value, str) and not reasons(value)}
    for row in described.props:
        _fill(out, row, made, addresses)
    out.properties = plain(out.properties)
    for path, why in made.unknown.items():
        if _open(out, path.split(".")[0]):
            _hide(out, path, unresolved(described.cfn, "", why))
    for name in described.alone:
        _prefer_open(out, name)
    out.id = literal_id(described, out.properties) or block.address
    out.name = _label(described, out) or out.tags.get("Name", "")
    out.places = made.places
    out.address, out.was, out.inside = block.address, block.was, block.inside
    return out


def _fill(out: Resource, row: Prop, made: Made, addresses: Addresses) -> None:
    value = made.values.get(row.name, ABSENT)
    if row.name in made.unknown:
        return
    if row.name in made.more:
        out.unknown[row.name] = unresolved(out.type, "", made.more[row.name])
        if not isinstance(value, list):
            return
    if value is None or value is ABSENT:
        if _of_aws(row, made.type):
            out.unknown[row.name] = unresolved(out.type, "", LATER)
        elif row.default is not ABSENT:
            out.properties[row.name] = row.default
        return
    try:
        value = settled(row, value)
    except ODD as error:
        made.unknown[row.name] = f"not understood: {error}"
        return
    if value is ABSENT:
        return
    kind = _kind(row, made.type, value)
    if odd := misfit(value, kind, row.name):
        _hide(out, row.name, unresolved(out.type, "", f"not understood: {odd}"))
        if not isinstance(value, list):
            return
        value = [each for each in value if not misfit([each], kind, row.name)]
    if row.same == "policy":
        _fill_policy(out, row.name, value, addresses.later)
        return
    vias = {without_selectors(edge.via) for edge in made.type.edges}
    hidden: dict[str, Unknown] = {}
    found = without_unknown(value, row.name, vias, addresses, hidden)
    hidden.update(dict.fromkeys(left_to_aws(value, row.name, schema(out.type).read_only), Unknown(LATER)))
    for path, (reason, prefix, begins) in hidden.items():
        _hide(out, path, replace(unresolved(out.type, "", reason), prefix=prefix, begins=begins))
    if row.name not in out.unknown or (found and isinstance(found, list)):
        out.properties[row.name] = found


def _open(out: Resource, path: str) -> bool:
    """Whether nothing says yet why a property is hidden, or only that this code does not make the resource."""
    held = out.unknown.get(path)
    return held is None or held.message == ELSEWHERE


def _hide(out: Resource, path: str, gap: Gap) -> None:
    if _open(out, path):
        out.unknown[path] = gap


def _prefer_open(out: Resource, name: str) -> None:
    """Of a resource that code only adds to: what the code leaves open in what it adds says more than that the rest is
    not there to see."""
    gap = out.unknown.get(name)
    if gap and gap.message == ELSEWHERE:
        inside = (
            each for path, each in out.unknown.items()
            if path.startswith((f"{name}.", f"{name}[")) and not path.endswith(".PolicyName")  # it permits nothing
        )  # fmt: skip
        out.unknown[name] = next((each for each in inside if each.message != ELSEWHERE), gap)


def _fill_policy(out: Resource, name: str, value: Json, later: str) -> None:
    """What is known of a policy, or of several, with what of it is not known."""
    if isinstance(value, str):
        reason = (reasons(value) or [f"{later} ({value[:120]})"])[0]
        out.unknown[name] = unresolved(out.type, "", reason)
        return
    known, hidden = as_known(value, name)
    for path, (why, begins) in hidden.items():
        _hide(out, path, replace(unresolved(out.type, "", why), begins=begins))
    if known is not ABSENT:
        out.properties[name] = known


def _kind(row: Prop, described: ResourceType, value: Json) -> Any:
    """The shape that a value has to have: the schema's, or as much of it as the row itself tells."""
    if row.same == "json":
        return ""
    kind = schema(described.cfn).shape.get(row.name, "")
    if row.same == "policy" and not isinstance(value, str):  # a list of named policies, or the statements of one
        return [{}] if isinstance(kind, (list, tuple)) else {}
    if kind == "" and isinstance(row.default, list):
        members = any(edge.via.startswith(f"{row.name}[].") for edge in described.edges)
        return [{}] if members or (row.add and "{element." in str(row.add.params)) else [""]
    return kind


def _of_aws(row: Prop, described: ResourceType) -> bool:
    """Whether code cannot say this at all, so that its absence there means nothing."""
    if any(join.into == row.name for join in described.joins):
        return False
    if row.ours.startswith(READ_ONLY) or schema(described.cfn).fixed(row.name):
        return True
    if row.default is not ABSENT:
        return False
    # What AWS never leaves without a value it chooses itself where code is silent.
    return row.always or (row.tf == "-" and row.name not in schema(described.cfn).properties)


# ---- identity


def _label(described: ResourceType, out: Resource) -> str:
    noun = described.cfn.rpartition("::")[2]
    for name in (described.name, f"{noun}Name", "Name"):
        value = out.properties.get(name)
        if isinstance(value, str) and value and "${" not in value:
            return value
    return ""


def _tell_apart(resources: list[Resource], made: list[Made]) -> None:
    """Two blocks may give the same name (in two accounts, by mistake); then addresses tell them apart."""
    seen: dict[tuple[str, str, str], int] = {}
    for each in resources:
        seen[each.type, each.region, each.id] = seen.get((each.type, each.region, each.id), 0) + 1
    for each, origin in zip(resources, made, strict=True):
        if seen[each.type, each.region, each.id] > 1:
            each.id = origin.block.address


def _give_names(resources: list[Resource], made: list[Made], addresses: Addresses, blocks: list[Block]) -> None:
    """The texts by which others refer to each: its templates where they can be filled, and the references to it."""
    spoken: dict[str, set[str]] = {}
    for block in blocks:
        for text in texts_of(block.values):
            for reference, target in addresses.found(text):
                spoken.setdefault(target, set()).add(reference)
    for each, origin in zip(resources, made, strict=True):
        literal = literal_id(origin.type, each.properties)
        arn = _answered(origin.type, each, origin.type.arn)
        names = {
            text for rule in origin.type.names if (text := _template_filled(rule, each, origin.type, literal, arn))
        }
        names |= {"${" + origin.block.address + "}", *spoken.get(origin.block.address, ())}
        names |= {text for text in (literal or symbolic_id(origin.type, origin.values), arn) if text}
        if "{" in origin.type.arn:
            each.arn = _template_filled(origin.type.arn, each, origin.type, literal, arn)
        each.names = tuple(sorted(names))


def _answered(described: ResourceType, each: Resource, path: str) -> str:
    """What AWS's answer holds at a path, where a row reads it and a plan or state of what exists already says it."""
    row = next((row for row in described.props if not row.call and (row.live or row.name) == path), None)
    value = each.properties.get(row.name) if row else None
    return value if isinstance(value, str) and "${" not in value else ""


def _template_filled(rule: str, each: Resource, described: ResourceType, literal: str, arn: str) -> str:
    known = {"id": literal, "name": each.name, "region": each.region, "partition": "aws", "arn": arn}

    def value(name: str) -> Any:
        if name.startswith("raw."):
            return _answered(described, each, name.removeprefix("raw.")) or ABSENT
        return known.get(name) or ABSENT

    if "{" not in rule:
        return ""
    try:
        return str(fill(rule, value))
    except Unfilled:
        return ""
