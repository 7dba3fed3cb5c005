"""Folds: blocks of code that say only a part of another, laid into their owners as the types' `joins` say.

A fold that cannot be read, or of which nobody knows whose it is, hides no more than what it may add: elements of a list
that others say stay certain. A value that is not a list is one fold's alone, so there another one hides all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from auditor.model import ABSENT, ELSEWHERE, Join, Json, ResourceType
from auditor.resources.schema import schema
from auditor.sources.block import ODD, Block, Made, literals
from auditor.sources.references import Addresses, reasons, texts_of, unknown

_OF_GROUPS = {"SourceSecurityGroupId", "DestinationSecurityGroupId"}
_HANDED_IN = re.compile(r"only Terraform reads the data source |(?:variable|the parameter) \S+ has no value")
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
                doubt = doubt or ("" if _among_groups(join, fold) else _why_any_owner(join, fold, addresses))
                _fold_in(join, fold, known, addresses)
            for each in mine if doubt and join.into else ():
                if not each.block.added_by[0]:
                    _hide(each, join.into, doubt)


def of_elsewhere(blocks: Iterable[Block], types: Mapping[str, ResourceType]) -> Iterator[Block]:
    """The resources that code only adds to: all else of them only the account knows.

    One that a text names is one for all folds that say so. Of one that is named by what nobody knows each fold has its
    own, for what two of them say must not be put together.
    """
    every = list(blocks)
    by_type: dict[str, list[Block]] = {}
    for each in every:
        by_type.setdefault(each.type, []).append(each)
    addresses = Addresses(each.address for each in every)
    for cfn, described in types.items():
        joins = [join for join in described.joins if join.into in described.alone]
        named = dict.fromkeys((join.fold, join.by) for join in joins if join.fold in by_type)
        mine = by_type.get(cfn, []) if named else []
        there = {text for each in mine for text in (each.address, *literals(described, each.values))}
        for fold, by in ((each, by) for kind, by in named for each in by_type[kind]):
            for text in _names_of_owner(fold, by):
                if text in there or there.intersection(addresses.targets(text)):
                    continue
                there |= set() if "${" in text or not text else {text}
                yield added_to(described, fold, text)


def _names_of_owner(fold: Block, by: str) -> list[str]:
    """The texts by which a fold names its owners; an empty one where that could not be read."""
    texts = [each for each in _listed(fold.values.get(by)) if isinstance(each, str) and each]
    return [*texts, ""] if by in fold.unknown else texts


def added_to(described: ResourceType, fold: Block, text: str) -> Block:
    """The resource to which a fold adds, and that this code does not make; `text` names it."""
    literal = text if text and "${" not in text else ""
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", described.cfn.rpartition("::")[2]).lower()
    more = {name: ELSEWHERE for name in described.alone if _is_list(described, name)}
    hidden = {row.name: ELSEWHERE for row in described.props if row.name not in described.alone}
    return Block(
        described.cfn, literal or f"{noun} of {fold.address}", origin=fold.origin, unknown=hidden, region=fold.region,
        more=more, added_by=(fold.address, text), inside=fold.inside,
        was=f"{noun} of {fold.was}" if fold.was and not literal else "",
    )  # fmt: skip


def _is_list(described: ResourceType, name: str) -> bool:
    row = described.prop(name)
    return row is not None and (
        isinstance(row.default, list) or isinstance(schema(described.cfn).shape.get(name), list)
    )


def _owners(made: list[Made]) -> dict[str, Made]:
    """Owners by address and by the texts that say which they are."""
    index = _by_address(made)
    for each in made:
        for text in literals(each.type, each.values):
            index.setdefault(text, each)
    return index


def _by_address(made: list[Made]) -> dict[str, Made]:
    added = {_APART.join(each.block.added_by): each for each in made if each.block.added_by[0]}
    return {each.block.address: each for each in made} | added


def _by(names: str, made: list[Made], addresses: Addresses) -> dict[str, Made]:
    """Owners by what some of their properties say, as it stands and as what it refers to."""
    index = _by_address(made)
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


def _among_groups(join: Join, fold: Block) -> bool:
    """Whether a rule lets in members of another group only, and is added to a group outside of this code: one that a
    data source finds, or that is handed in. So it opens no group of this code to anybody."""
    if join.into not in ("SecurityGroupIngress", "SecurityGroupEgress") or not join.read:
        return False
    why = [fold.unknown.get(join.by, ""), *reasons(str(fold.values.get(join.by, "")))]
    if not any(_HANDED_IN.match(each) for each in why) or set(fold.unknown) - {join.by}:
        return False
    try:
        rules = join.read(fold.values)
    except ODD:
        return False
    return isinstance(rules, list) and all(
        isinstance(each, dict)
        and bool(each.keys() & _OF_GROUPS)
        and not any(name.startswith("Cidr") or name.endswith("PrefixListId") for name in each)
        and not any(reasons(text) for text in texts_of(each))
        for each in rules
    )


def _fold_in(join: Join, fold: Block, index: Mapping[str, Made], addresses: Addresses) -> None:
    texts: list[Json] = list(_names_of_owner(fold, join.by))
    if "," in join.by:
        texts = [each for each in _spoken(join.by, fold.values, addresses) if each in index][:1]
    for text in texts:
        if not isinstance(text, str):
            continue
        owner = index.get(f"{fold.address}{_APART}{text}")
        if not owner and not (reasons(text) and join.into):
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
    if isinstance(value, str) and reasons(value) and value[:1] != "{":  # of a document what is known counts
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
    hidden = owner.more if listed else owner.unknown
    if hidden.get(name, ELSEWHERE) == ELSEWHERE:  # what the code itself leaves open is worse than what it does not make
        hidden[name] = why
