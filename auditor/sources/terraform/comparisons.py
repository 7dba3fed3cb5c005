"""Where an expression asks something: comparisons, and what stands before a `?` or beside `&&` and `||`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.sources.terraform.text import inside
from auditor.sources.terraform.text import plain as plain_of

_COMPARES = re.compile(r"==|!=|<=|>=|(?<![=<>-])[<>](?![=<>])")
_JOINS = re.compile(r"&&|\|\|")
# What ends an operand at one level of brackets; a line end is none beside an operator.
_ENDS = re.compile(r"[,?:]|&&|\|\||=>|(?<![=!<>])=(?![=>])|\n|\b(?:in|if|for)\b|\.\.\.")
_CALLS = re.compile(r"(?<![\w.:])(?:contains|can|startswith|endswith|alltrue|anytrue)\s*\(")
_FOR = re.compile(r"([\[{])\s*for\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b")
_DIRECTIVE = re.compile(r"%\{~?\s*for\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b")
_FOR_EACH = re.compile(r"\bfor_each\s*=\s*(?:to(?:set|map)\s*\(\s*)?$")
_TO_THE_END = re.compile(r"[ \t)]*(?:\n|$|\})")
_LONGEST = 60
_OPENS, _CLOSES = "[({", "])}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expression that is true or false, and where it begins."""

    start: int
    text: str
    of_each: bool = False  # it asks of each element that a `for` goes over, so there are many answers to it


@lru_cache(maxsize=50_000)  # every world, every root that calls a module and both sides of a change ask the same
def asked(source: str, without: tuple[str, ...]) -> tuple[Part, ...]:
    """What is asked in a block, in its order; of parts inside each other the outer one. `without`: kinds of blocks."""
    plain, within = plain_of(source)
    for begun, end in _blocks_of(source, without):
        plain = plain[:begun] + re.sub(r"[^\n]", "_", plain[begun:end]) + plain[end:]
        within = [each for each in within if not begun <= each[0] < end]
    spans = list(_spans(plain))
    of_each = set()
    for start, end in within:
        for part in asked(source[start:end], ()):
            span = (start + part.start, start + part.start + len(part.text))
            spans.append(span)
            of_each |= {span} if part.of_each else set()
    out: list[Part] = []
    reached = 0
    loops = list(_loops(source, plain))
    for start, end in sorted(set(spans), key=lambda each: (each[0], -each[1])):
        if start >= reached and (text := source[start:end]).strip():
            many = any(begun <= start < ended and named.search(text) for begun, ended, named in loops)
            out.append(Part(start, text, many or (start, end) in of_each))
            reached = end
    return tuple(out)


def _loops(source: str, plain: str) -> Iterator[tuple[int, int, re.Pattern[str]]]:
    """Where a `for` goes over something, and how the names of an element are found.

    One that is all of a `for_each` is left out: there each element is made or not, and which is looked at alone.
    """
    for found in _FOR.finditer(plain):
        begun = found.start()
        end = _closing(plain, begun)
        whole = _FOR_EACH.search(plain, max(begun - _LONGEST, 0), begun) and _TO_THE_END.match(plain, end + 1)
        if not whole:
            yield begun, end, _named(found[2], found[3])
    for found in _DIRECTIVE.finditer(source) if "%{" in source else ():
        yield 0, len(source), _named(found[1], found[2])


def _named(*names: str | None) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{'|'.join(re.escape(each) for each in names if each)})\b")


def comparison(text: str) -> tuple[str, str, bool] | None:
    """(what, with which value, whether it is `!=`) of a comparison for equality, with the literal as the value."""
    plain, _ = plain_of(text)
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


def _blocks_of(source: str, kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where blocks of some kinds stand inside a block."""
    if not any(kind in source for kind in kinds):
        return
    start = source.find("{") + 1
    for head in inside(source, 0):
        at = start + head.start
        if head.kind in kinds:
            yield at, at + len(head.source)
