"""Terraform's resources as blocks in canonical shape, by the rows of the types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from auditor.model import ABSENT, Json, Prop, ResourceType
from auditor.resources.terraform import BESIDE, plain_name, shaped, snake, wanted
from auditor.sources.block import ODD, ids_of
from auditor.sources.declared import Block
from auditor.sources.folding import added_to
from auditor.sources.references import Addresses, reasons, texts_of, unknown
from auditor.sources.terraform.defaults import with_defaults
from auditor.sources.terraform.raw import Raw, json_of
from auditor.sources.withheld import of_service


def convert(raws: Iterable[Raw], types: Mapping[str, ResourceType]) -> Iterator[Block]:
    """A block for each resource; those of types that are not described lend their address."""
    every = [with_defaults(raw) for raw in raws]
    addresses = Addresses(raw.address for raw in every)
    known = {name: described for described in types.values() for name in described.terraform}
    beside = _Beside(every, addresses)
    for raw in every:
        described = known.get(raw.type)
        if not described:
            yield Block(
                raw.type, raw.address, dict(raw.values), _origin(raw), raw.lines, region=raw.region, was=raw.was
            )
            continue
        block = Block(described.cfn, raw.address, {}, _origin(raw), {}, region=raw.region, was=raw.was)
        block.inside = raw.inside
        block.tags = _tags(raw)
        lines: dict[str, int] = {}
        for row in described.props:
            source, place = attribute(row, described)
            for value, at in _values_of_row(raw, source, place, row, beside):
                _put_property(block, row, described, value)
                if isinstance(at, int) and at:
                    lines[row.name] = at
                elif isinstance(at, str) and at:
                    block.places[row.name] = at
        block.lines = lines
        yield block
    for described in types.values():
        yield from _elsewhere(described, every, beside)


def _elsewhere(described: ResourceType, every: list[Raw], beside: _Beside) -> Iterator[Block]:
    """The resources of a type that the code only adds to, by blocks that are told by the `tf` paths of its rows. Of two
    blocks for one resource each has its own, for such a block says all of its property."""
    rows = {attribute(row, described): row for row in described.props if row.name in described.alone}
    rows = {source: row for source, row in rows.items() if source[0] in described.folds}
    named: set[str] = set()
    by = [attribute(row, described)[1] for row in described.props if row.name in ids_of(described)]
    owners = [raw for raw in every if raw.type in described.terraform] if rows else []
    for (fold, path), row in rows.items():
        owned = {id(each) for owner in owners for each in beside.of(fold, owner, described)}
        for raw in every:
            if raw.type == fold and id(raw) not in owned:
                said = Block(fold, raw.address, origin=raw.origin, region=raw.region, was=raw.was, inside=raw.inside)
                names = [each for each in map(raw.values.get, by) if isinstance(each, str) and each not in named]
                named.update(names)
                block = added_to(described, said, names[0] if names else "")
                _put_property(block, row, described, _at(raw.values, path))
                yield block


class _Beside:
    """Folds by the resource that they refer to."""

    def __init__(self, raws: list[Raw], addresses: Addresses) -> None:
        self._raws, self._addresses = raws, addresses
        self._types = {raw.address: raw.type for raw in raws}
        self._found: dict[str, dict[str, list[Raw]]] = {}
        self._doubts: dict[str, list[tuple[Raw, str]]] = {}
        self._of_type: dict[str, list[Raw]] = {}
        for raw in raws:
            self._of_type.setdefault(raw.type, []).append(raw)

    def of(self, fold: str, owner: Raw, described: ResourceType) -> list[Raw]:
        """The folds of a type that refer to a resource, by its address or by the id that it has literally."""
        if fold not in self._found:
            index: dict[str, list[Raw]] = {}
            for raw in self._of_type.get(fold, ()):
                for value in map(_single, raw.values.values()):
                    if isinstance(value, str):
                        for target in [*self._addresses.targets(value), f"={value}"]:
                            index.setdefault(target, []).append(raw)
            self._found[fold] = index
        found = list(self._found[fold].get(owner.address, ()))
        seen = {id(each) for each in found}
        for name in ("bucket", "name", "function_name", "identifier"):
            literal = owner.values.get(name)
            if isinstance(literal, str) and name in described.id.lower() + "bucketname":
                found += [each for each in self._found[fold].get(f"={literal}", ()) if id(each) not in seen]
        if described.id == "{region}":  # a setting of the region, to which all of them belong
            mine = (each for each in self._of_type.get(fold, ()) if each.region == owner.region)
            found += [each for each in mine if id(each) not in seen]
        return found

    def doubtful(self, fold: str, described: ResourceType) -> list[tuple[Raw, str]]:
        """The folds of a type of which nobody knows whose they are, and why."""
        if fold not in self._doubts:
            self._doubts[fold] = []
            for raw in self._of_type.get(fold, ()):
                texts = [value for value in map(_single, raw.values.values()) if isinstance(value, str)]
                owners = {self._types[each] for text in texts for each in self._addresses.targets(text)}
                why = [reason for text in texts for reason in reasons(text)]
                if why and not owners & set(described.terraform):
                    self._doubts[fold].append((raw, why[0]))
        return self._doubts[fold]


def _origin(raw: Raw) -> str:
    return raw.origin


def attribute(row: Prop, described: ResourceType) -> tuple[str, str]:
    """(folded type or nothing, path) of a row: what its `tf` means.

    Nothing: the attribute is spelled like the property. `name` or `block.name`: this one. `-`: Terraform has none. `@`:
    the whole resource is the value. `aws_type.name` (or `aws_type`, all of it): where that folded type has it.
    """
    if row.tf == "-":
        return "-", ""
    head, _, rest = (row.tf or _attribute(described, row.name)).partition(".")
    if head in described.folds:
        return head, rest or "@"
    return "", row.tf or _attribute(described, row.name)


@cache
def _spellings(terraform: tuple[str, ...]) -> Mapping[str, str]:
    from auditor.resources.schema import terraform_attributes

    every = terraform_attributes()
    return {plain_name(name): name for kind in terraform for name in sorted(every.get(kind, ())) if "." not in name}


def _attribute(described: ResourceType, name: str) -> str:
    """Terraform's attribute for a property by its name alone."""
    return _spellings(described.terraform).get(plain_name(name)) or snake(name)


def _values_of_row(raw: Raw, fold: str, path: str, row: Prop, beside: _Beside) -> Iterator[tuple[Json, int | str]]:
    if fold == "-":
        return
    if not fold:
        yield _at(raw.values, path), raw.lines.get(path.split(".")[0], 0)
        return
    from auditor.resources import load

    described = next(each for each in load().values() if raw.type in each.terraform)
    for other in beside.of(fold, raw, described):
        yield _at(other.values, path), other.origin
    for other, why in beside.doubtful(fold, described):
        yield unknown(f"{other.address} may set it: {why}"), other.origin


def _at(values: Mapping[str, Json], path: str) -> Json:
    """The value at a dotted path, through blocks that are lists of one."""
    if path == "@":
        return {name: value for name, value in values.items() if value is not None}
    value: Json = values
    for step in path.split("."):
        if isinstance(value, list):
            unread = next((each for each in value if isinstance(each, str) and reasons(each)), None)
            value = unread or (value[0] if value else None)
        if not isinstance(value, Mapping):
            return value if isinstance(value, str) and reasons(value) else None
        value = value.get(step)
    return value


def _put_property(block: Block, row: Prop, described: ResourceType, raw: Json) -> None:
    """One property into the block. What cannot be read because a part is unknown is unknown as a whole."""
    if raw is None or raw is ABSENT:
        return
    # In a document it is unknown at its place, and of a service it is known that it is one.
    if isinstance(raw, str) and reasons(raw) and json_of(raw) is None and not of_service(raw):
        block.unknown[row.name] = reasons(raw)[0]
        return
    if isinstance(raw, list) and any(isinstance(each, Mapping) for each in raw):
        more = [each for each in raw if isinstance(each, str) and reasons(each)]
        raw = [each for each in raw if each not in more]
        if more:
            block.more[row.name] = reasons(more[0])[0]
    kind = wanted(described.cfn, row.name)
    if not isinstance(kind, (list, tuple)):
        raw = _single(raw)
    try:
        value = row.tf_read(raw) if row.tf_read else shaped(raw, kind)
    except ODD as error:
        why = [reason for text in texts_of(raw) for reason in reasons(text)]
        block.unknown[row.name] = why[0] if why else f"not understood: {error}"
        return
    if value is None or value is ABSENT or (value == [] and not row.tf_read):
        return
    if isinstance(value, list) and isinstance(block.values.get(row.name), list):
        value = [*block.values[row.name], *value]
    block.values[row.name] = value


def _single(value: Json) -> Json:
    """A reference, without what may stand beside it in a list."""
    return value[0] if isinstance(value, list) and value[-1:] == [BESIDE] else value


def _tags(raw: Raw) -> dict[str, str]:
    found: dict[str, Json] = {}
    for tags in (raw.default_tags, raw.values.get("tags_all"), raw.values.get("tags")):
        if isinstance(tags, Mapping):
            found.update({key: value for key, value in tags.items() if isinstance(value, str)})
    return {str(key): value for key, value in found.items()}
