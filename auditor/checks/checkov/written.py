"""A graph put down as a Terraform plan, with references where resources refer to each other.

Names in the plan are our own and cannot be guessed, so no text inside a resource can pass for a reference. A property
that is not known is not written. Policies of IAM that are the same are written once: each costs checkov a quarter of a
second when it allows much, and accounts hold hundreds of the same.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from auditor.checks.checkov.attributes import Target, attributes_of, owner_attribute, targets, written
from auditor.checks.checkov.policies import types_judged
from auditor.graph.build import Graph
from auditor.model import ABSENT, Json, Resource, ResourceType

_DOCUMENTS = {"aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"}
_DEFAULTS = "aws_default_"


@dataclass(slots=True)
class Block:
    """One resource of the plan, with the resources of ours that it stands for."""

    kind: str
    name: str
    values: dict[str, Json]
    owners: list[Resource] = field(default_factory=list)
    references: dict[str, Json] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.name}"


@dataclass(slots=True)
class Written:
    """The plan as text, and its blocks by address."""

    text: str
    blocks: Mapping[str, Block]


def own_kind(described: ResourceType, resource: Resource) -> str:
    """The Terraform type of a resource; what AWS made by itself has one of its own where Terraform can adopt it."""
    made = [kind for kind in described.terraform if resource.aws_made and kind.startswith(_DEFAULTS)]
    return (made or list(described.terraform) or [""])[0]


def write(graph: Graph) -> Written:
    """The plan of everything in the graph that a policy of checkov may look at."""
    nonce = secrets.token_hex(4)
    known: dict[tuple[str, str], Block] = {}
    made: dict[str, list[Block]] = {}
    for number, resource in enumerate(graph.of_type(*sorted(types_judged(graph.types)))):
        described = graph.types[resource.type]
        kind = own_kind(described, resource)
        for block in blocks_of(described, kind, resource, f"r{number}_{nonce}") if kind else ():
            document = block.values.get("policy")
            if block.kind in _DOCUMENTS and isinstance(document, str):
                block = known.setdefault((block.kind, document), block)
            block.owners.append(resource)
            made.setdefault(resource.key, []).append(block)
    blocks = {block.address: block for of_one in made.values() for block in of_one}
    for key, of_one in made.items():
        _refer(graph, key, of_one, made)
    return Written(_plan(list(blocks.values())), blocks)


def blocks_of(described: ResourceType, kind: str, resource: Resource, name: str) -> Iterator[Block]:
    """A resource as Terraform writes it: the block of its own, then those of the folds that say a part of it."""
    own = Block(kind, name, _tags(kind, resource))
    folds: dict[str, list[dict[str, Json]]] = {}
    for target in targets(described, kind):
        value = resource.known(target.row.name, ABSENT)
        if _unknown(value):
            continue
        _lay(own.values, folds, target, _plain(written(target, _plain(value))))
    yield own
    for fold, many in folds.items():
        said = [values for values in many if _says(values)]
        for position, values in enumerate(said):
            yield Block(fold, f"{name}_{position}", {**_owner(described, fold, resource), **values})


def _tags(kind: str, resource: Resource) -> dict[str, Json]:
    return {"tags": _plain(resource.tags)} if resource.tags and "tags" in attributes_of(kind) else {}


def _lay(own: dict[str, Json], folds: dict[str, list[dict[str, Json]]], target: Target, value: Json) -> None:
    """Put a value at the place of its target: in the block itself, or in the block of a fold."""
    if target.fold and not target.path:
        folds.setdefault(target.kind, []).extend(_mappings(value))
        return
    where = own
    if target.fold:
        blocks = folds.setdefault(target.kind, [])
        if not blocks:
            blocks.append({})
        where = blocks[0]
    if not target.path:
        for each in _mappings(value)[:1]:
            where.update(each)
        return
    *above, last = target.path.split(".")
    for step in above:
        inner = _mappings(where.setdefault(step, [{}]))
        where = inner[0] if inner else {}
    where[last] = value


def _mappings(value: Json) -> list[dict[str, Json]]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _says(values: Json) -> bool:
    """Whether a fold says anything: one that only says no is one that nobody made."""
    if isinstance(values, Mapping):
        return any(_says(each) for each in values.values())
    if isinstance(values, list):
        return any(_says(each) for each in values)
    return values not in (None, False, "")


def _owner(described: ResourceType, fold: str, resource: Resource) -> dict[str, Json]:
    attribute = owner_attribute(described, fold)
    return {attribute: resource.id} if attribute else {}


def _plain(value: Json) -> Json:
    """Without what is not known, and without anything that Terraform would evaluate."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items() if not _unknown(inner)}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value if not _unknown(inner)]
    return value.replace("${", "$_{").replace("%{", "%_{") if isinstance(value, str) else value


def _unknown(value: Json) -> bool:
    return value is ABSENT or (isinstance(value, str) and value.startswith("${?") and value.endswith("}"))


def _refer(graph: Graph, key: str, blocks: list[Block], made: Mapping[str, list[Block]]) -> None:
    """References of the blocks of one resource: folds to their owner, and every text that is an edge."""
    resource = graph.resource(key)
    if resource is None:
        return
    named: dict[str, list[str]] = {}
    for edge, head in graph.heads(resource):
        address = made[head.key][0].address if head.key in made else ""
        text = _plain(edge.because.partition(" = ")[2])
        if address and text:
            named.setdefault(text, []).append(address)
    own = blocks[0]
    for block in blocks:
        mine = dict(named)
        if block is not own:
            mine.setdefault(resource.id, [own.address])
        block.references.update(_references(block.values, mine))


def _references(value: Json, named: Mapping[str, list[str]]) -> dict[str, Json]:
    if not isinstance(value, Mapping):
        return {}
    out: dict[str, Json] = {}
    for name, inner in value.items():
        if isinstance(inner, list) and any(isinstance(each, Mapping) for each in inner):
            nested = [_references(each, named) for each in inner]
            if any(nested):
                out[name] = nested
            continue
        found = [address for text in (inner if isinstance(inner, list) else [inner]) for address in _heads(text, named)]
        if found:
            both = ((f"{address}.id", address) for address in dict.fromkeys(found))
            out[name] = {"references": [each for pair in both for each in pair]}
    return out


def _heads(text: Json, named: Mapping[str, list[str]]) -> list[str]:
    """What a text refers to: the edge with that very value, else those whose value stands inside (a host, an ARN)."""
    if not isinstance(text, str) or len(text) > 2048:
        return []
    inside = (heads for value, heads in named.items() if len(value) > 2 and value in text)
    return named.get(text) or [address for heads in inside for address in heads]


def _plan(blocks: list[Block]) -> str:
    heads = [{"address": each.address, "mode": "managed", "type": each.kind, "name": each.name} for each in blocks]
    planned = [{**head, "values": each.values} for head, each in zip(heads, blocks, strict=True)]
    configured = [{**head, "expressions": each.references} for head, each in zip(heads, blocks, strict=True)]
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": [],
            "configuration": {"root_module": {"resources": configured}},
        },
        ensure_ascii=True,
    )
