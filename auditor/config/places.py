"""Where keys stand in a TOML file, which `tomllib` does not tell.

Only headers of tables and `key =` at the beginning of a line are looked for: what is inside of one value has the place
of its key. A text over several lines could hold such a line; then a message names a wrong line, and no value changes.
"""

from __future__ import annotations

import re

from auditor.bounded import Document, Place

_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?")
_KEY = re.compile(r"(\s*)([A-Za-z0-9_\-.\"']+)\s*=\s*")
_ROWS = re.compile(r"\s*\[\[([^\[\]]+)\]\]\s*(#.*)?")


def locate(text: str, table: str, document: Document) -> None:
    """Note the places of the keys of a table, and of the tables below it, in the document."""
    here: Place | None = None
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _ROWS.fullmatch(line):
            here = _below(found[1], table)
            if here:
                counts[here] = counts.get(here, -1) + 1
                here = (*here, counts[here])
                document.values.setdefault(here, (number, 1))
        elif found := _HEADER.fullmatch(line):
            here = _below(found[1], table)
            if here is not None:
                document.values.setdefault(here, (number, 1))
                document.keys.setdefault(here, (number, 1))
        elif here is not None and (found := _KEY.match(line)):
            place = (*here, *_steps(found[2]))
            document.keys.setdefault(place, (number, len(found[1]) + 1))
            document.values.setdefault(place, (number, found.end() + 1))


def _below(header: str, table: str) -> Place | None:
    """A table's place below the one that is looked at; None where it is another."""
    steps, top = _steps(header), _steps(table)
    return steps[len(top) :] if steps[: len(top)] == top else None


def _steps(dotted: str) -> tuple[str, ...]:
    return tuple(step.strip().strip("\"'") for step in dotted.split("."))
