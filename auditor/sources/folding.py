"""Folds: blocks of code that say only a part of another, laid into their owners as the types' `joins` say."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Join, Json, ResourceType
from auditor.sources.block import ODD, Block, Made, literal_id
from auditor.sources.references import Addresses, reasons


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
                doubt = doubt or _doubt(join, fold)
                _lay(join, fold, known, addresses)
            for each in mine if doubt and join.into else ():
                each.unknown.setdefault(join.into, doubt)


def _owners(made: list[Made]) -> dict[str, Made]:
    """Owners by address and by literal id."""
    index = {each.block.address: each for each in made}
    for each in made:
        literal = literal_id(each.type, each.values)
        if literal:
            index.setdefault(literal, each)
    return index


def _by(name: str, made: list[Made], addresses: Addresses) -> dict[str, Made]:
    """Owners by what one of their properties says, as it stands and as what it refers to."""
    index: dict[str, Made] = {}
    for each in made:
        value = each.values.get(name)
        if isinstance(value, str):
            for text in (value, *addresses.targets(value)):
                index.setdefault(text, each)
    return index


def _named(join: Join, fold: Block) -> list[Json]:
    names = fold.values.get(join.by)
    return names if isinstance(names, list) else [names]


def _doubt(join: Join, fold: Block) -> str:
    """Why a fold may belong to any owner: whom it names nobody knows."""
    for text in _named(join, fold):
        hidden = reasons(text)[:1] if isinstance(text, str) else [fold.unknown.get(join.by, "")]
        if hidden and hidden[0]:
            return f"{fold.address} may say it: {hidden[0]}"
    return ""


def _lay(join: Join, fold: Block, index: Mapping[str, Made], addresses: Addresses) -> None:
    for text in _named(join, fold):
        if not isinstance(text, str) or (reasons(text) and join.into):
            continue
        owner = index.get(text) or next((index[to] for to in addresses.targets(text) if to in index), None)
        if owner and join.into:
            _add(join, fold, owner)


def _add(join: Join, fold: Block, owner: Made) -> None:
    try:
        value = join.read(fold.values) if join.read else dict(fold.values)
    except ODD as error:
        owner.unknown.setdefault(join.into, f"{fold.address}: not understood: {error}")
        return
    for path, why in fold.unknown.items():
        if path != join.by:
            owner.unknown.setdefault(join.into, f"{fold.address}: {path}: {why}")
    if value is None or value is ABSENT:
        return
    if isinstance(value, list):
        before = owner.values.get(join.into)
        value = [*(before if isinstance(before, list) else []), *value]
    owner.values[join.into] = value
    owner.places[join.into] = fold.origin
