"""How it is told: one writer a format, found by its name, all reading the same run record (DESIGN section 7).

A writer is a module with `write(run, out, options)`. It never changes the run, and the same run always gives the same
text. Modules are imported when their format is asked for: jinja2 and rich cost time that `--help` must not pay.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

WRITERS = {
    "text": "auditor.report.console:write",
    "json": "auditor.report.json:write",
    "jsonl": "auditor.report.json:write_lines",
    "html": "auditor.report.html:write",
    "csv": "auditor.report.csv:write",
    "markdown": "auditor.report.markdown:write",
    "sarif": "auditor.report.sarif:write",
    "junit": "auditor.report.junit:write",
    "codequality": "auditor.report.codequality:write",
    "annotations": "auditor.report.annotations:write",
    "emf": "auditor.report.gauges:write_emf",
    "prometheus": "auditor.report.gauges:write_prometheus",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How it is told, where a format has a choice. `None` means: as the terminal and its environment say."""

    verbose: bool = False  # kept promises one by one, every finding
    width: int | None = None
    color: bool | None = None
    worst: int = 50  # findings written out in full by the page; the others come packed


Writer = Callable[[Mapping[str, Any], TextIO, Options], None]


class UnknownFormat(ValueError):
    """A format that no writer is registered for."""


def formats() -> tuple[str, ...]:
    return tuple(WRITERS)


def writer(name: str) -> Writer:
    """The writer of a format."""
    if name not in WRITERS:
        raise UnknownFormat(f"there is no format {name!r}; choose one of {', '.join(WRITERS)}")
    module, function = WRITERS[name].split(":")
    found: Writer = getattr(importlib.import_module(module), function)
    return found


def write(name: str, run: Mapping[str, Any], out: TextIO | Path, options: Options | None = None) -> None:
    """Tell the run in a format, into an open stream or a file that is made (UTF-8, same bytes on every system)."""
    told = writer(name)
    options = options or Options()
    if isinstance(out, Path):
        with out.open("w", encoding="utf-8", newline="\n") as file:
            told(run, file, options)
    else:
        told(run, out, options)
