"""Exceptions written into code: `#auditor:ignore=ID reason=... until=YYYY-MM-DD` above a block or inside of it.

They are found in the text alone, by indentation, which errs on the strict side: a comment that cannot be given to one
block excuses nothing. Whether they count at all is decided elsewhere (a policy allows them, and the base has them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = "auditor:ignore"
_COMMENT = re.compile(r"\s*(?:#|//)")
_WELL = re.compile(r"\s*(?:#+|//+)\s*auditor:ignore=(\S+)\s+reason=(.{3,500}?)\s+until=(\d{4}-\d{2}-\d{2})\s*")
_HEADER = re.compile(r"(?:resource|module|data)\b")
_KEY = re.compile(r"(\s*)([\w.-]+|\"[^\"]+\"|'[^']+'):")
_MOST, _LONGEST = 200, 1_000  # comments of a file, letters of a line
_FORM = "write it like `#auditor:ignore=ID reason=why until=YYYY-MM-DD`"


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment with the lines of the block that it stands at; `problem` says why it excuses nothing."""

    file: str
    line: int
    check: str = ""
    reason: str = ""
    until: str = ""
    header: str = ""
    first: int = 0
    last: int = 0
    problem: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What has to be the same in the base for it to count: everything but the line."""
        return self.file, self.header, self.check, self.reason, self.until

    def holds(self, file: str, line: int) -> bool:
        return file == self.file and self.first <= line <= self.last


def ignores(text: str, file: str) -> Iterator[Ignore]:
    """Every such comment of a file of Terraform or YAML."""
    if _MARK not in text:
        return
    lines = text.split("\n")
    marked = [at for at, line in enumerate(lines) if _MARK in line[:_LONGEST] and _COMMENT.match(line)]
    if len(marked) > _MOST:
        yield Ignore(file, marked[_MOST] + 1, problem=f"a file has {_MOST} of them at most")
    for at in marked[:_MOST]:
        line = lines[at][:_LONGEST]
        said = _WELL.fullmatch(line)
        block = _block(lines, at, file)
        if not said:
            yield Ignore(file, at + 1, problem=f"the check, the reason or the end is missing; {_FORM}")
        elif block is None:
            yield Ignore(file, at + 1, said[1], problem="it stands at no resource; put it directly above one")
        else:
            first, last = block
            reason = said[2].strip("\"'")
            yield Ignore(file, at + 1, said[1], reason, said[3], lines[first].strip(), first + 1, last + 1)


def _block(lines: list[str], comment: int, file: str) -> tuple[int, int] | None:
    """The first and the last line of the block that a comment stands above or in."""
    at, terraform = comment + 1, file.endswith((".tf", ".tofu"))
    while at < len(lines) and _COMMENT.match(lines[at]):
        at += 1
    if terraform and _depth(lines[comment]):
        first = _terraform(lines, comment)
    elif at == len(lines) or not lines[at].strip():
        return None
    else:
        first = _terraform(lines, at) if terraform else _template(lines, at)
    return (first, _last(lines, first)) if first is not None else None


def _terraform(lines: list[str], at: int) -> int | None:
    """The header of the outermost block at a line."""
    while at >= 0 and (lines[at][:1] in (" ", "\t", "") or _COMMENT.match(lines[at])):
        at -= 1
    return at if at >= 0 and _HEADER.match(lines[at]) else None


def _template(lines: list[str], at: int) -> int | None:
    """The key of the resource (the one below `Resources`) at a line."""
    child = at
    depth = _depth(lines[at])
    for line in range(at - 1, -1, -1):
        found = _KEY.match(lines[line])
        if not found or len(found[1]) >= depth:
            continue
        if found[1] == "" and found[2].strip("\"'") == "Resources":
            return child if _KEY.match(lines[child]) else None
        child, depth = line, len(found[1])
    return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _last(lines: list[str], first: int) -> int:
    """The last line of a block: before the next line that is not deeper than its header."""
    depth = _depth(lines[first])
    for at in range(first + 1, len(lines)):
        if lines[at].strip() and _depth(lines[at]) <= depth and not _COMMENT.match(lines[at]):
            return at if lines[at].strip()[:1] in "})]" else at - 1
    return len(lines) - 1
