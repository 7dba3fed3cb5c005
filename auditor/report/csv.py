"""Findings as a table for spreadsheets. A cell that a spreadsheet would take for a formula gets a quote before it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any, TextIO

from auditor.report import Options, words
from auditor.report.plain import clean

COLUMNS = (
    "id", "status", "severity", "verdict", "kind", "check", "title", "type", "resource", "name", "account", "region",
    "origin", "property", "expected", "actual", "document", "remedy", "risk", "waived_until", "demand", "also",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(run: Mapping[str, Any], out: TextIO, options: Options) -> None:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for found in run["findings"]:
        table.writerow([cell(value) for value in _row(found)])


def _row(found: Mapping[str, Any]) -> list[Any]:
    owner, remedy, cite = found["resource"], found.get("remedy") or {}, found.get("document")
    return [
        found["id"], found.get("status"), found["severity"], found["verdict"], found["kind"], found["check"],
        found["title"], owner["type"], owner["key"], owner.get("name"), owner.get("account"), owner.get("region"),
        owner.get("origin"), found.get("property"), words.expected(found), words.actual(found),
        words.cited(cite) if cite else "", remedy.get("kind"), remedy.get("risk"),
        (found.get("waiver") or {}).get("expires", ""), found.get("demand"),
        " ".join(each["check"] for each in found.get("also") or ()),
    ]  # fmt: skip


def cell(value: Any) -> str:
    """One harmless cell."""
    text = clean(value, lines=True)
    return f"'{text}" if text.startswith(_FORMULA) else text
