"""Symbolic texts: what code says of a value that only the account will know, compared with a third answer.

A text carries atoms: `${@account}`, `${@region}`, `${@partition}`, `${@zone:0}`, `${@suffix}` (random letters), and
references to other code (`${aws_s3_bucket.media.id}`). Each stands for any text of its domain; the same atom stands
for the same text wherever it occurs, except where it is fresh each time (`${@suffix}`, `${? reason}`). Variables of
IAM policies (`${aws:username}`) are no atoms: AWS fills them in at each request.

Both questions answer None where it depends on the values. `yes` and `no` hold whatever the values are; that is a law
of the tests, which put random legal values in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_HOLE = re.compile(r"\$\{([^{}]*)\}")
_PSEUDO = {"AWS::AccountId": "@account", "AWS::Region": "@region", "AWS::Partition": "@partition"}
_DIGITS, _LETTERS = frozenset("0123456789"), frozenset("abcdefghijklmnopqrstuvwxyz")
_ANY = None  # every character


class Symbolic(str):
    """A text with at least one atom in it. It is a text, so that whoever only hands it on needs no case for it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Atom:
    """One hole of a symbolic text. `fresh` ones stand for another text each time that they are written."""

    name: str

    @property
    def fresh(self) -> bool:
        return self.name == "@suffix" or self.name.startswith("?")


Part = str | Atom


def parts(text: str) -> tuple[Part, ...]:
    """A text as literals and atoms, in order."""
    return _parts(text) if "${" in text else (text,) if text else ()


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[Part, ...]:
    out: list[Part] = []
    start = 0
    for hole in _HOLE.finditer(text):
        name = _PSEUDO.get(hole[1], hole[1])
        if not _is_atom(name):
            continue
        if hole.start() > start:
            out.append(text[start : hole.start()])
        out.append(Atom(name))
        start = hole.end()
    if start < len(text):
        out.append(text[start:])
    return tuple(out)


def _is_atom(name: str) -> bool:
    """An atom of ours, an open value, or a reference; not `${aws:username}`, `${*}` and the like."""
    bare = re.sub(r"\[[^\]]*\]", "", name)  # the key of an instance may hold anything
    return name.startswith(("@", "?")) or (bare.strip() != "" and ":" not in bare and bare not in ("*", "?", "$"))


def symbolic(text: str) -> bool:
    """Whether a text holds an atom."""
    return "${" in text and any(isinstance(part, Atom) for part in _parts(text))


def wrapped(value: object) -> object:
    """The value, a text with atoms in it as `Symbolic`."""
    return Symbolic(value) if type(value) is str and "${" in value and symbolic(value) else value


def same(one: str, other: str) -> bool | None:
    """Whether two texts are equal: yes, no, or None where that depends on what the atoms stand for."""
    left, right = parts(one), parts(other)
    if left == right:
        return None if any(isinstance(part, Atom) and part.fresh for part in left) else True
    return None if _meet(_units(left), _units(right)) else False


def fits(pattern: str, text: str) -> bool | None:
    """Whether a text fits a pattern with `*` and `?`, as policies write them; None where it depends."""
    wanted, found = _units(parts(pattern), wild=True), _units(parts(text))
    if not _meet(wanted, found):
        return False
    return True if _matches(_opaque(pattern, wild=True), _opaque(text)) else None


# ---- the domains of atoms as sequences of characters


@dataclass(frozen=True, slots=True)
class Unit:
    """One character out of `of` (None: any), or any number of them where `many`."""

    of: frozenset[str] | None
    many: bool = False


def _units(of: tuple[Part, ...], wild: bool = False) -> tuple[Unit, ...]:
    return tuple(unit for part in of for unit in (_domain(part) if isinstance(part, Atom) else _literal(part, wild)))


def _literal(text: str, wild: bool) -> Iterator[Unit]:
    for letter in text:
        yield Unit(_ANY, letter == "*") if wild and letter in "*?" else Unit(frozenset(letter))


def _domain(atom: Atom) -> tuple[Unit, ...]:
    letters, dash = Unit(_LETTERS), Unit(frozenset("-"))
    region = (letters, letters, dash, Unit(_LETTERS | {"-"}, True), dash, Unit(_DIGITS))
    kind = atom.name.partition(":")[0]
    if kind == "@account":
        return (Unit(_DIGITS),) * 12
    if kind == "@partition":
        return (*_literal("aws", False), Unit(_LETTERS | {"-"}, True))
    if kind == "@region":
        return region
    if kind == "@zone":
        return (*region, letters)
    return (Unit(_ANY, True),)


def _meet(one: tuple[Unit, ...], other: tuple[Unit, ...]) -> bool:
    """Whether some text fits both sequences: a walk over pairs of places, each visited once."""
    seen = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        for following in _after(one, i, other, j):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return False


def _after(one: tuple[Unit, ...], i: int, other: tuple[Unit, ...], j: int) -> Iterator[tuple[int, int]]:
    left = one[i] if i < len(one) else None
    right = other[j] if j < len(other) else None
    if left and left.many:
        yield i + 1, j
    if right and right.many:
        yield i, j + 1
    if left and right and (left.of is None or right.of is None or left.of & right.of):
        yield i + (not left.many), j + (not right.many)


# ---- a pattern that fits whatever the atoms stand for


def _opaque(text: str, wild: bool = False) -> tuple[object, ...]:
    """Letters and atoms, each atom as one sign that is equal to itself only; a fresh one to none."""
    out: list[object] = []
    for part in parts(text):
        if isinstance(part, Atom):
            out.append(object() if part.fresh else part)
        else:
            out.extend(Unit(_ANY, letter == "*") if wild and letter in "*?" else letter for letter in part)
    return tuple(out)


def _matches(pattern: tuple[object, ...], text: tuple[object, ...]) -> bool:
    """Glob matching over signs. `?` is one letter and no atom, for an atom has a length that nobody knows."""
    states = _skipped(pattern, {0})
    for sign in text:
        moved = set()
        for state in states:
            wanted = pattern[state] if state < len(pattern) else None
            if isinstance(wanted, Unit):
                if wanted.many:
                    moved.add(state)
                elif isinstance(sign, str):
                    moved.add(state + 1)
            elif wanted is not None and wanted == sign:
                moved.add(state + 1)
        states = _skipped(pattern, moved)
    return len(pattern) in states


def _skipped(pattern: tuple[object, ...], states: set[int]) -> set[int]:
    """The states, and those behind a `*` that stands for nothing."""
    out = set()
    for state in states:
        out.add(state)
        while state < len(pattern) and isinstance(pattern[state], Unit) and pattern[state].many:  # type: ignore[attr-defined]
            state += 1
            out.add(state)
    return out


def refers(text: str, names: Iterable[str]) -> bool:
    """Whether a text refers to what code calls by one of these names (`${ADDRESS}`), or to an attribute of it."""
    return behind(text, names) > 0


def behind(text: str, names: Iterable[str]) -> int:
    """Where what follows the first such reference begins; 0 where there is none."""
    bases = [name[2:-1] for name in names if _HOLE.fullmatch(name)]
    found = (
        hole.end()
        for hole in _HOLE.finditer(text)
        for base in bases
        if hole[1] == base or hole[1].startswith(f"{base}.")
    )
    return next(found, 0)
