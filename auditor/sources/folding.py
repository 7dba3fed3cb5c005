"""Folds: blocks of code that say only a part of another, laid into their owners as the types' `joins` say.

A fold that cannot be read, or of which nobody knows whose it is, hides no more than what it may add: elements of a list
that others say stay certain. A value that is not a list is one fold's alone, so there another one hides all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from auditor.model import ABSENT, Join, Json, ResourceType
from auditor.sources.block import ODD, Block, Made, literals
from auditor.sources.references import Addresses, reasons, texts_of, unknown

# Resources of which code that is not theirs says a part, and the ids that AWS gives them.
_IDS = {"AWS::EC2::SecurityGroup": re.compile(r"sg-[0-9a-f]{8,17}")}
_APART = "\x1f"


def join(made: list[Made], blocks: list[Block], types: Mapping[str, ResourceType], addresses: Addresses) -> None:
    by_type: dict[str, list[Block]] = {}
    for block in blocks:
        by_type.setdefault(block.type, []).append(block)
    owners: dict[str, list[Made]] = {}
    for each in made:
        owners.setdefault(each.type.cfn, []).append(each)
    for cfn, mine in owners.items():
        index = _owners(mine)
        for join in types[cfn].joins:
            known = index if not join.of else _by(join.of, mine, addresses)
            doubt = ""
            for fold in by_type.get(join.fold, ()):
                doubt = doubt or _why_any_owner(join, fold, addresses)
                _fold_in(join, fold, known, addresses)
            for each in mine if doubt and join.into else ():
                _hide(each, join.into, doubt)


def of_elsewhere(blocks: Iterable[Block], types: Mapping[str, ResourceType], why: str) -> Iterator[Block]:
    """The resources that code only adds to, by the ids that it writes down: all else of them only the account knows."""
    every = list(blocks)
    there = {text for each in every if each.type in types for text in literals(types[each.type], each.values)}
    for cfn, pattern in _IDS.items():
        folds = {join.fold: join.by for join in types[cfn].joins if join.into}
        for block in every:
            name = block.values.get(folds[block.type]) if block.type in folds else None
            if isinstance(name, str) and pattern.fullmatch(name) and name not in there:
                there.add(name)
                more = {join.into: why for join in types[cfn].joins if join.into}
                hidden = {row.name: why for row in types[cfn].props if row.name not in more}
                yield Block(cfn, name, origin=block.origin, unknown=hidden, region=block.region, more=more)


def _owners(made: list[Made]) -> dict[str, Made]:
    """Owners by address and by the texts that say which they are."""
    index = {each.block.address: each for each in made}
    for each in made:
        for text in literals(each.type, each.values):
            index.setdefault(text, each)
    return index


def _by(names: str, made: list[Made], addresses: Addresses) -> dict[str, Made]:
    """Owners by what some of their properties say, as it stands and as what it refers to."""
    index: dict[str, Made] = {}
    for each in made:
        for text in _spoken(names, each.values, addresses):
            index.setdefault(text, each)
    return index


def _spoken(names: str, values: Mapping[str, Json], addresses: Addresses) -> list[str]:
    """Every text for the values of several properties together; none where one of them says nothing."""
    ways = [""]
    for name in names.split(","):
        value = values.get(name)
        texts = (value, *addresses.targets(value)) if isinstance(value, str) else ()
        ways = [f"{way}{_APART}{text}" if way else text for way in ways for text in texts]
    return ways


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _why_any_owner(join: Join, fold: Block, addresses: Addresses) -> str:
    """Why a fold may belong to any owner: whom it names nobody knows."""
    for name in join.by.split(","):
        for text in _listed(fold.values.get(name)):
            hidden = reasons(text)[:1] if isinstance(text, str) else [fold.unknown.get(name, "")]
            if hidden and hidden[0]:
                return f"{fold.address} may set it: {hidden[0]}"
    if "," in join.by and not _spoken(join.by, fold.values, addresses):
        return f"{fold.address} may set it: which resource it belongs to could not be read"
    return ""


def _fold_in(join: Join, fold: Block, index: Mapping[str, Made], addresses: Addresses) -> None:
    texts = _listed(fold.values.get(join.by))
    if "," in join.by:
        texts = [each for each in _spoken(join.by, fold.values, addresses) if each in index][:1]
    for text in texts:
        if not isinstance(text, str) or (reasons(text) and join.into):
            continue
        owner = index.get(text) or next((index[to] for to in addresses.targets(text) if to in index), None)
        if owner and join.into:
            _add_to_owner(join, fold, owner)


def _add_to_owner(join: Join, fold: Block, owner: Made) -> None:
    hidden = {path: why for path, why in fold.unknown.items() if path not in join.by.split(",")}
    said = {**fold.values, **{path: unknown(why) for path, why in hidden.items()}}
    try:
        value = join.read(said) if join.read else said
    except ODD as error:
        why = next((reason for text in texts_of(said) for reason in reasons(text)), f"not understood: {error}")
        _hide(owner, join.into, f"{fold.address}: {why}")
        return
    if value is None or value is ABSENT:
        return
    if isinstance(value, str) and reasons(value):
        owner.unknown.setdefault(join.into, f"{fold.address}: {reasons(value)[0]}")
        return
    if isinstance(value, list):
        if join.into in owner.unknown and join.into not in owner.values:
            _hide(owner, join.into, owner.unknown.pop(join.into))  # of its own it says nothing that can be read
        before = owner.values.get(join.into)
        value = [*(before if isinstance(before, list) else []), *value]
    owner.values[join.into] = value
    owner.places[join.into] = fold.origin


def _hide(owner: Made, name: str, why: str) -> None:
    listed = isinstance(owner.values.get(name, []), list)
    (owner.more if listed else owner.unknown).setdefault(name, why)
