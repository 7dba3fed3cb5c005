"""Choices that the evaluator makes and cannot make: by the workspace, the clock, or what only an apply tells.

It takes a value that it does not know for none, a mark (see `later`) for a text, and has a workspace of its own. So
what comes of comparing such a thing, or of a function that does more than pass it on, is not known, however certain
the evaluator's answer looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator

from auditor.sources.terraform.later import ZONE_NAMES
from auditor.sources.terraform.readers import NOT_READ
from auditor.sources.terraform.text import code_of, plain
from auditor.sources.terraform.volatile import FRESH, VOLATILE
from auditor.sources.terraform.written import Written

_OPEN = re.compile(
    rf"{VOLATILE.pattern}|\b(?:{NOT_READ}\w+"
    r"|data\.[a-z]\w*\.[\w-]+(?:\[[^\]]*\])?\.[a-z]"
    r"|(?<![\w.])(?:aws|random|tls|time|null)_\w+\.[\w-]+(?:\[[^\]]*\])?\.(?!id\b)[a-z])"
)
# What only hands on, gathers or writes down what it is given.
PASSING = frozenset(
    {
        "jsonencode", "yamlencode", "jsondecode", "yamldecode", "join", "format", "formatlist", "concat", "merge",
        "toset", "tolist", "tomap", "tostring", "flatten", "compact", "distinct", "coalesce", "coalescelist", "try",
        "one", "element", "slice", "sort", "values", "keys", "zipmap", "setunion", "sensitive", "nonsensitive",
        "templatefile", "file", "chomp", "trimspace", "indent", "replace", "trimprefix", "trimsuffix",
    }
)  # fmt: skip
# What writes down a text that it is given as it is, and nothing else for it.
HANDING_ON = PASSING - {
    "jsondecode", "yamldecode", "compact", "distinct", "element", "slice", "sort", "setunion", "templatefile", "file",
    "indent", "replace", "trimprefix", "trimsuffix", "one",
}  # fmt: skip
_FOR = re.compile(r"\bfor\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b")
_LONGEST = 60  # a function's name with what may stand before its bracket


class Decisions:
    """Which expressions of a tree hang on such a choice."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._known: dict[tuple[str, str], bool] = {}

    def open(self, text: str, folder: str) -> bool:
        """Whether a value hangs on a choice that only an apply makes, here or in what it refers to."""
        return any(self._chosen(*here) for here in self._written.reached(text, folder, attributes=True))

    def _chosen(self, text: str, folder: str) -> bool:
        key = (text, folder)
        if key not in self._known:
            self._known[key] = self._by_volatile(text, folder) or bool(
                _WORDS.search(text) and any(self._later(each, folder) for each in deciders(text))
            )
        return self._known[key]

    def _by_volatile(self, text: str, folder: str) -> bool:
        """Whether a value is another one each time, or is chosen by something that is only handed on elsewhere."""
        if FRESH.search(text) and any(FRESH.search(text[start:end]) for start, end in code_of(text)):
            return True
        return bool(_CHOOSES.search(text)) and chooses(text, HANDING_ON, lambda part: self._volatile(part, folder))

    def _volatile(self, text: str, folder: str) -> bool:
        return any(VOLATILE.search(said) for said, _ in self._written.reached(text, folder))

    def _later(self, text: str, folder: str) -> bool:
        """Whether something that only an apply tells is in an expression, or in what it refers to."""
        reached = self._written.reached(text, folder)
        return any(_OPEN.search(ZONE_NAMES.sub("", said)) for said, _ in reached)


_WORDS = re.compile(r"[?]|[=!<>]=|[<>]|&&|\|\||\bif\b|\w\s*\(")
_CHOOSES = re.compile(r"[\w\])}]\s*\[|\bfor\b|" + _WORDS.pattern)
_COMPARES = re.compile(r"[=!]=|[<>]|&&|\|\|")
_PIECES = re.compile(r",|\n(?!\s*[?:&|])|(?<![=!<>])=(?![=])>?")


def chooses(text: str, passing: Container[str], is_open: Callable[[str], bool]) -> bool:
    """Whether an expression chooses by something open. What `for` names is as open as all that is beside it."""
    names = {name for found in _FOR.finditer(text) for name in found.groups() if name}
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b") if names else None
    parts = [*deciders(text, passing), *keyed(text)]
    if any(is_open(part) for part in parts):
        return True
    return named is not None and any(named.search(part) for part in parts) and is_open(text)


def deciders(text: str, passing: Container[str] = PASSING) -> Iterator[str]:
    """The parts of an expression that decide: conditions, comparisons, and arguments of functions that change it."""
    said, within = plain(text)
    for start, end in groups(said):
        head = re.search(r"([A-Za-z_]\w*)\s*\($", said[max(start - _LONGEST, 0) : start])
        if head and head[1] not in passing and not head[1].startswith(NOT_READ):
            yield text[start:end]
        for begun, ended in _conditions(flat(said[start:end])):
            yield text[start + begun : start + ended]
    for start, end in within:
        yield from deciders(text[start:end], passing)


def keyed(text: str) -> Iterator[str]:
    """The parts of an expression that say which of several is meant: what stands behind a list or a map in brackets,
    and behind it in `lookup` and `element`."""
    said, within = plain(text)
    for start, end in groups(said):
        before = said[max(start - _LONGEST, 0) : max(start - 1, 0)].rstrip()
        head = re.search(r"\b(?:lookup|element)$", before)
        if (
            said[start - 1 : start] == "["
            and re.search(r"[\w\])}]$", before)
            and not re.search(r"\b(?:in|if)$", before)
        ):
            yield text[start:end]
        elif said[start - 1 : start] == "(" and head and (first := flat(said[start:end]).find(",")) >= 0:
            yield text[start + first + 1 : end]
    for start, end in within:
        yield from keyed(text[start:end])


def pieces(said: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What commas and the ends of lines divide between two places, at one level of brackets."""
    begun = start
    for found in [*re.finditer(r"[,\n]", flat(said[start:end])), None]:
        stop = start + found.start() if found else end
        if said[begun:stop].strip():
            yield begun, stop
        begun = stop + 1


def _conditions(line: str) -> Iterator[tuple[int, int]]:
    """Where, at one level of brackets, something is asked: before a `?`, around a comparison, behind an `if`."""
    ends = [(found.start(), found.end()) for found in _PIECES.finditer(line)] + [(len(line), len(line))]
    begun = 0
    for end, following in ends:
        piece = line[begun:end]
        asked = [found.start() for found in re.finditer(r"\?", piece)]
        last = 0
        for mark in asked:
            yield begun + last, begun + mark
            last = mark + 1
        rest = piece[last:]
        if found := re.search(r"\bif\b", rest):
            yield begun + last + found.end(), end
        elif _COMPARES.search(rest.replace("=>", "")):
            yield begun + last, end
        begun = following


def groups(said: str) -> Iterator[tuple[int, int]]:
    """The whole, and what stands in each pair of brackets."""
    yield 0, len(said)
    opened: list[int] = []
    for found in re.finditer(r"[\[({]|[\])}]", said):
        if found[0] in "[({":
            opened.append(found.end())
        elif opened:
            yield opened.pop(), found.start()


def flat(said: str) -> str:
    """The text without what stands in brackets inside it."""
    out, depth = [], 0
    for letter in said:
        depth -= letter in "])}"
        out.append(letter if depth <= 0 or (letter in "[({" and depth == 0) else "_")
        depth += letter in "[({"
    return "".join(out)
