"""The lines of code at a place, for whoever reads a finding; what may be a secret in them is taken out.

A place is one line. Where it opens a block inside of a resource, the block is shown as far as a few lines; of a whole
resource only its header is, and a text of many lines (a script, a document) is not, for nobody knows what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from auditor.aws.redact import REDACTED
from auditor.aws.redact import text as without_secrets
from auditor.sources.terraform.tree import leads_to
from auditor.sources.texts import text_of

MOST = 7
_WIDE = 200
_WORD = r"pass(?:word|wd|phrase)?|pwd|secret|token|api_?-?key|private_?key|access_?key|auth|credentials?|user_?data"
# A name that speaks of a secret, before its value; a comparison gives none.
_NAMED = re.compile(rf"""(?i)[\w.-]{{0,60}}(?:{_WORD})[\w.-]{{0,60}}["']?\s*(?:=>|=(?!=)|:)\s*""")
# A value without quotes: a reference, a truth or a small number says nothing.
_BARE = re.compile(
    r"""(?i)(?:!Sub\s+)?(?!(?:var|local|data|module|each|aws_\w+|random_\w+)[.\[]|!|\$\{|[\w.]+\(|[\[{(|>]|$)"""
    r"""(?!(?:true|false|null|\d{1,5})\s*(?:[,#}\]]|$))[^\s,;}\])"']+"""
)
_LONG_RANDOM = re.compile(
    r"""(?<=["'])(?=[A-Za-z0-9+/_=-]*\d)(?=[A-Za-z0-9+/_=-]*[A-Z])[A-Za-z0-9+/_=-]{32,}(?=["'])"""
)
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'[^']*')""")
_TEXTS = re.compile(r"<<[-~]?\s*\w+\s*$|[:-]\s*[|>][-+0-9]*\s*$")
_SECRET_PLACES = re.compile(r"Environment|Variables|UserData|Password|Secret|Token|Headers?\b")


class Excerpts:
    """The files below the folder from which findings name them; each is read once, and no link leads out."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._read = cache(self._lines)

    def text(self, file: str) -> list[str]:
        """The lines of a file; none where it is not an ordinary text of the tree."""
        return self._read(file)

    def at(self, place: Mapping[str, Any], path: str = "") -> list[dict[str, Any]]:
        """The lines to show for a place, with their numbers; `path` is the property that stands there."""
        lines, first = self._read(place["file"]), place["line"] - 1
        if not 0 <= first < len(lines):
            return []
        hidden = bool(_SECRET_PLACES.search(path))
        last = _last(lines, first)
        return [{"line": at + 1, "text": shown(lines[at], hidden)} for at in range(first, last + 1)]

    def _lines(self, file: str) -> list[str]:
        path = self._root / file
        real = leads_to(path)
        said = text_of(path) if real and real.is_relative_to(self._root) else None
        return said.split("\n") if said is not None else []


def _last(lines: list[str], first: int) -> int:
    """The last line of what begins at a line: its block, where it opens one."""
    depth, at = _depth(lines[first]), first
    if _TEXTS.search(lines[first]) or not depth:
        return first
    for at in range(first + 1, min(len(lines), first + MOST)):
        if _TEXTS.search(lines[at]):
            return at - 1
        if lines[at].strip() and _depth(lines[at]) <= depth:
            closes = _depth(lines[at]) == depth and lines[at].strip()[:1] in "})]"
            return at if closes else _written(lines, first, at - 1)
    return _written(lines, first, at)


def _written(lines: list[str], first: int, last: int) -> int:
    """The last line that is not blank."""
    while last > first and not lines[last].strip():
        last -= 1
    return last


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_named(line: str) -> str:
    """A line without the literals behind the name of a secret, wherever in its value they stand."""
    named = _NAMED.search(line)
    if not named:
        return line
    value = line[named.end() :]
    if _QUOTED.search(value):
        return line[: named.end()] + _QUOTED.sub(REDACTED, value)
    bare = _BARE.match(value)
    return line[: named.end()] + REDACTED + value[bare.end() :] if bare else line


def shown(line: str, hidden: bool = False) -> str:
    """A line without what may be a secret; `hidden`: without any literal."""
    line = line[: 2 * _WIDE].rstrip()  # no search in it takes long, whoever wrote it
    if hidden:
        line = _QUOTED.sub(f'"{REDACTED}"', line)
    line = _without_named(without_secrets(line))
    line = _LONG_RANDOM.sub(REDACTED, line)
    return line if len(line) <= _WIDE else line[: _WIDE - 1] + "…"
