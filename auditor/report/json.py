"""The run as it is: one document, or one line for each thing in it. Keys are sorted, so equal runs are equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from auditor.findings.record import SCHEMA_VERSION
from auditor.report import Options
from auditor.report.plain import json_text

_MANY = ("promises", "bindings", "findings", "unanswered", "mended")


def write(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    out.write(json_text({**run, "schema_version": SCHEMA_VERSION}, indent=2) + "\n")


def write_lines(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    """First a line with the run's own facts, then a line for each gap, promise, binding and finding."""
    out.writelines(json_text(line) + "\n" for line in lines(run))


def lines(run: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    head = {name: value for name, value in run.items() if name not in (*_MANY, "map", "coverage")}
    coverage = {"complete": run["coverage"]["complete"], "gaps": len(run["coverage"]["gaps"])}
    yield {"record": "run", **head, "coverage": coverage, "schema_version": SCHEMA_VERSION}
    for gap in run["coverage"]["gaps"]:
        yield {"record": "gap", **gap}
    for name in _MANY:
        record = name.removesuffix("s")
        for each in run.get(name, ()):
            yield {"record": record, **each}
