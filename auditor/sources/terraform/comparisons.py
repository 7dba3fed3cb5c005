"""Where an expression asks something: comparisons, and what stands before a `?` or beside `&&` and `||`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.sources.terraform.text import inside, interpolated, tokens

_COMPARES = re.compile(r"==|!=|<=|>=|(?<![=<>-])[<>](?![=<>])")
_JOINS = re.compile(r"&&|\|\|")
# What ends an operand at one level of brackets; a line end is none beside an operator.
_ENDS = re.compile(r"[,?:]|&&|\|\||=>|(?<![=!<>])=(?![=>])|\n|\b(?:in|if|for)\b|\.\.\.")
_CALLS = re.compile(r"(?<![\w.:])(?:contains|can|startswith|endswith|alltrue|anytrue)\s*\(")
_OPENS, _CLOSES = "[({", "])}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expression that is true or false, and where it begins."""

    start: int
    text: str


@lru_cache(maxsize=50_000)  # every world, every root that calls a module and both sides of a change ask the same
def asked(source: str, without: tuple[str, ...]) -> tuple[Part, ...]:
    """What is asked in a block, in its order; of parts inside each other the outer one. `without`: kinds of blocks."""
    plain, within = _plain(source)
    for begun, end in _blocks_of(source, without):
        plain = plain[:begun] + re.sub(r"[^\n]", "_", plain[begun:end]) + plain[end:]
        within = [each for each in within if not begun <= each[0] < end]
    spans = list(_spans(plain))
    for start, end in within:
        spans += [(start + each.start, start + each.start + len(each.text)) for each in asked(source[start:end], ())]
    out: list[Part] = []
    reached = 0
    for start, end in sorted(set(spans), key=lambda each: (each[0], -each[1])):
        if start >= reached and source[start:end].strip():
            out.append(Part(start, source[start:end]))
            reached = end
    return tuple(out)


def comparison(text: str) -> tuple[str, str, bool] | None:
    """(what, with which value, whether it is `!=`) of a comparison for equality, with the literal as the value."""
    plain, _ = _plain(text)
    found = [each for each in _COMPARES.finditer(plain) if _depth(plain, each.start()) == 0]
    if len(found) != 1 or found[0][0] not in ("==", "!="):
        return None
    left, right = text[: found[0].start()].strip(), text[found[0].end() :].strip()
    if left[:1] == '"' and right[:1] != '"':
        left, right = right, left
    return left, right, found[0][0] == "!="


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    for found in _COMPARES.finditer(plain):
        start, end = _left(plain, found.start()), _right(plain, found.end())
        yield start, end
    for found in _JOINS.finditer(plain):
        yield from _bare(plain, *_trimmed(plain, _left(plain, found.start()), found.start()))
        yield from _bare(plain, *_trimmed(plain, found.end(), _right(plain, found.end())))
    for found in re.finditer(r"\?", plain):
        yield from _bare(plain, *_trimmed(plain, _left(plain, found.start()), found.start()))
    for found in _CALLS.finditer(plain):
        yield found.start(), _closing(plain, found.end() - 1) + 1


def _bare(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """An operand as it stands, without `!`, and without brackets around it where something is asked in them."""
    while start < end and plain[start] in "! \n":
        start += 1
    if start < end and plain[start] == "(" and _closing(plain, start) == end - 1:
        inner = plain[start + 1 : end - 1]
        if not (_JOINS.search(inner) or _COMPARES.search(inner) or "?" in inner):
            yield start, end
    elif start < end and not _COMPARES.search(plain[start:end]):
        yield start, end


def _left(plain: str, at: int) -> int:
    """Where the operand before a place begins."""
    depth, end = 0, at
    while at > 0:
        letter = plain[at - 1]
        depth += (letter in _CLOSES) - (letter in _OPENS)
        if depth < 0:
            break
        if depth == 0 and (found := _ends_here(plain, at - 1, end)):
            return _trimmed(plain, found, end)[0]
        at -= 1
    return _trimmed(plain, at, end)[0]


def _ends_here(plain: str, at: int, operand: int) -> int:
    """Where what ends an operand on its left itself ends, if it stands at a place; a line that goes on ends nothing."""
    if plain[at] == "\n":
        empty = not plain[at:operand].strip()
        before = plain[:at].rstrip()
        return 0 if empty or before.endswith(("==", "!=", "<", ">")) else at + 1
    for width in (1, 2, 3):
        begun = at - width + 1
        found = _ENDS.match(plain, begun) if begun >= 0 else None
        if found and found.end() == at + 1 and found[0] != "\n":
            return at + 1
    return 0


def _right(plain: str, at: int) -> int:
    """Where the operand behind a place ends."""
    depth, begun = 0, at
    while at < len(plain):
        letter = plain[at]
        depth += (letter in _OPENS) - (letter in _CLOSES)
        if depth < 0:
            break
        if depth == 0 and letter not in _CLOSES and plain[begun:at].strip():
            found = _ENDS.match(plain, at)
            if found:
                break
        at += 1
    return _trimmed(plain, begun, at)[1]


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return start, end


def _closing(plain: str, at: int) -> int:
    """Where the bracket that opens at a place is closed."""
    depth = 0
    for place in range(at, len(plain)):
        depth += (plain[place] in _OPENS) - (plain[place] in _CLOSES)
        if depth == 0:
            return place
    return len(plain) - 1


def _depth(plain: str, at: int) -> int:
    return sum((each in _OPENS) - (each in _CLOSES) for each in plain[:at])


def _plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text of the same length without comments and what strings say, and where they hold expressions."""
    out: list[str] = []
    within: list[tuple[int, int]] = []
    for token in tokens(text):
        quiet = token.kind in ("string", "heredoc", "comment")
        if token.kind in ("string", "heredoc"):
            within += [(token.start + start, token.start + end) for start, end in interpolated(token.text)]
        blank = " " if token.kind == "comment" else "_"
        out.append(re.sub(r"[^\n]", blank, token.text) if quiet else token.text)
    return "".join(out), within


def _blocks_of(source: str, kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where blocks of some kinds stand inside a block."""
    if not any(kind in source for kind in kinds):
        return
    start = source.find("{") + 1
    for head in inside(source, 0):
        at = start + head.start
        if head.kind in kinds:
            yield at, at + len(head.source)
