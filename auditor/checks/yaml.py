"""Rule and baseline files: bounded YAML, the names that a mistaken one may have meant, and how files are refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from auditor import bounded
from auditor.bounded import Document, Place, Problem, written

__all__ = ["DefinitionError", "Document", "Place", "Problem", "read", "shown", "suggest", "written"]


class DefinitionError(Exception):
    """Rule and baseline files that cannot be used; `lines` holds everything that is wrong with them, in order."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


def suggest(word: object, known: Iterable[str]) -> str:
    """The cure for an unknown name: the nearest known one, or the known ones where there are few."""
    names = sorted(known)
    lowered = {name.lower(): name for name in names}
    near = get_close_matches(str(word).lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{lowered[near[0]]}`?"
    if 0 < len(names) <= 30:
        return f"; known: {', '.join(names)}"
    return ""


def read(path: Path) -> Document:
    """Read one file. What is wrong with it is in `problems`, never raised: other files are to be read as well."""
    return bounded.read(path, shown(path), bounded.Dialect())


def shown(path: Path) -> str:
    """A path as the user would write it: from the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
