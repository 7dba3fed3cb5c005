"""Choices that the evaluator makes and cannot make: by the workspace, the clock, or what only an apply tells.

It takes a value that it does not know for none, a mark (see `later`) for a text, and has a workspace of its own. So
what comes of comparing such a thing, or of a function that does more than pass it on, is not known, however certain
the evaluator's answer looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.sources.terraform.later import ZONE_NAMES
from auditor.sources.terraform.readers import NOT_READ
from auditor.sources.terraform.text import code_of, interpolated, tokens
from auditor.sources.terraform.written import Written

_OPEN = re.compile(
    rf"\b(?:terraform\.(?:workspace|applying)|path\.cwd|{NOT_READ}\w+"
    r"|(?:timestamp|plantimestamp|uuid|bcrypt)\s*\(|provider::|templatestring\s*\("
    r"|data\.[a-z]\w*\.[\w-]+(?:\[[^\]]*\])?\.[a-z]"
    r"|(?<![\w.])(?:aws|random|tls|time|null)_\w+\.[\w-]+(?:\[[^\]]*\])?\.(?!id\b)[a-z])"
)
_ALWAYS = re.compile(
    r"\b(?:terraform\.(?:workspace|applying)|path\.cwd|(?:timestamp|plantimestamp|uuid|bcrypt)\s*\(|provider::|templatestring\s*\()"
)
# What only hands on, gathers or writes down what it is given.
_PASSING = frozenset(
    {
        "jsonencode", "yamlencode", "jsondecode", "yamldecode", "join", "format", "formatlist", "concat", "merge",
        "toset", "tolist", "tomap", "tostring", "flatten", "compact", "distinct", "coalesce", "coalescelist", "try",
        "one", "element", "slice", "sort", "values", "keys", "zipmap", "setunion", "sensitive", "nonsensitive",
        "templatefile", "file", "chomp", "trimspace", "indent", "replace", "trimprefix", "trimsuffix",
    }
)  # fmt: skip
_LONGEST = 60  # a function's name with what may stand before its bracket
_LOCAL, _VARIABLE = re.compile(r"\blocal\.([\w-]+)"), re.compile(r"\bvar\.([\w-]+)")
_OUTPUT = re.compile(r"\bmodule\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)")


class Decisions:
    """Which expressions of a tree hang on such a choice."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._known: dict[tuple[str, str], bool] = {}

    def open(self, text: str, folder: str) -> bool:
        """Whether a value hangs on a choice that only an apply makes, here or in what it refers to."""
        found = False
        seen: set[tuple[str, str]] = set()
        waiting = [(text, folder)]
        while waiting and not found:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                found = self._chosen(*here)
                waiting += self._led(*here)
        return found

    def _chosen(self, text: str, folder: str) -> bool:
        key = (text, folder)
        if key not in self._known:
            self._known[key] = bool(_WORDS.search(text)) and (
                any(_ALWAYS.search(text[start:end]) for start, end in code_of(text))
                or any(self._later(each, folder) for each in _deciders(text))
            )
        return self._known[key]

    def _later(self, text: str, folder: str) -> bool:
        """Whether something that only an apply tells is in an expression, or in what it refers to."""
        seen: set[tuple[str, str]] = set()
        waiting = [(text, folder)]
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            if _OPEN.search(ZONE_NAMES.sub("", here[0])):
                return True
            waiting += self._led(*here)
        return False

    def _led(self, text: str, folder: str) -> Iterator[tuple[str, str]]:
        """What an expression refers to: locals, arguments of calls, outputs; each with its folder."""
        written = self._written
        for name in _LOCAL.findall(text):
            yield written.local(folder, name), folder
        for name in _VARIABLE.findall(text):
            yield from ((each.said[name].text, each.folder) for each in written.calls_of(folder) if name in each.said)
        for name, output in _OUTPUT.findall(text):
            inner = written.folder_of(folder, name)
            yield written.output(inner, output), inner


_WORDS = re.compile(r"[?]|[=!<>]=|[<>]|&&|\|\||\bif\b|\w\s*\(|terraform\.|path\.cwd|provider::")
_COMPARES = re.compile(r"[=!]=|[<>]|&&|\|\|")
_PIECES = re.compile(r",|\n(?!\s*[?:&|])|(?<![=!<>])=(?![=])>?")


def _deciders(text: str) -> Iterator[str]:
    """The parts of an expression that decide: conditions, comparisons, and arguments of functions that change it."""
    plain, within = _plain(text)
    for start, end in _groups(plain):
        head = re.search(r"([A-Za-z_]\w*)\s*\($", plain[max(start - _LONGEST, 0) : start])
        if head and head[1] not in _PASSING and not head[1].startswith(NOT_READ):
            yield text[start:end]
        flat = _flat(plain[start:end])
        for begun, ended in _conditions(flat):
            yield text[start + begun : start + ended]
    for each in within:
        yield from _deciders(each)


def _conditions(flat: str) -> Iterator[tuple[int, int]]:
    """Where, at one level of brackets, something is asked: before a `?`, around a comparison, behind an `if`."""
    ends = [(found.start(), found.end()) for found in _PIECES.finditer(flat)] + [(len(flat), len(flat))]
    begun = 0
    for end, following in ends:
        piece = flat[begun:end]
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


def _plain(text: str) -> tuple[str, list[str]]:
    """A text of the same length without comments and what strings say, and what is interpolated in them."""
    out, within = [], []
    for token in tokens(text):
        if token.kind in ("string", "heredoc"):
            within += [token.text[start:end] for start, end in interpolated(token.text)]
        quiet = token.kind in ("string", "heredoc", "comment")
        out.append(re.sub(r"[^\n]", "_", token.text) if quiet else token.text)
    return "".join(out), within


def _groups(plain: str) -> Iterator[tuple[int, int]]:
    """The whole, and what stands in each pair of brackets."""
    yield 0, len(plain)
    opened: list[int] = []
    for found in re.finditer(r"[\[({]|[\])}]", plain):
        if found[0] in "[({":
            opened.append(found.end())
        elif opened:
            yield opened.pop(), found.start()


def _flat(plain: str) -> str:
    """The text without what stands in brackets inside it."""
    out, depth = [], 0
    for letter in plain:
        depth -= letter in "])}"
        out.append(letter if depth <= 0 or (letter in "[({" and depth == 0) else "_")
        depth += letter in "[({"
    return "".join(out)
