"""Which lines of the code a change shows: those of git's hunks between the merge base and the commit that is judged.

A host of pull requests takes comments on these lines only, so they are asked of git as a host asks for them: three
lines of context, of the commits and not of the working tree. What the working tree has otherwise is no line of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from auditor.sources.base import NoBase, patch

Shown = Mapping[str, Mapping[int, str]]  # by file, from the top of the repository: the lines of the hunks
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_MOST = 200_000


def lines_shown(top: Path, commit: str) -> Shown:
    """The lines of the new side; nothing where git does not say."""
    try:
        return parsed(patch(top, commit).decode("utf-8", "replace"))
    except NoBase:
        return {}


def parsed(text: str) -> Shown:
    """The hunks of a patch."""
    out: dict[str, dict[int, str]] = {}
    here: dict[int, str] = {}
    at = left = 0
    for line in text.split("\n")[:_MOST]:
        if left and line[:1] in (" ", "+"):
            here[at], at, left = line[1:], at + 1, left - 1
        elif found := _HUNK.match(line):
            at, left = int(found[1]), int(found[2] or 1)
        elif line.startswith("+++ ") and not left:
            name = line[4:].rstrip("\t")
            here = out.setdefault(name[2:], {}) if name.startswith("b/") else {}
    return out
