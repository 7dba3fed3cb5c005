"""Findings that were there when a repository began to be gated: a file of them, by fingerprint and element.

A finding is known where its fingerprint is in the file and all that offends was there already: one more open port in a
group that is known to be open is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from auditor.findings.change import offending
from auditor.findings.together import parts
from auditor.model import Finding, digest

VERSION = 1
_LARGEST = 20 * 1024 * 1024
Known = Mapping[str, frozenset[str]]


class BadKnown(Exception):
    """A file of known findings that cannot be read; the message says why."""


def elements(found: Finding) -> frozenset[str]:
    """What offends, as fingerprints: the elements that would have to go, else the value that is there."""
    every = offending(found) or {json.dumps(found.actual, sort_keys=True, default=str)}
    return frozenset(digest(each) for each in every)


def written(findings: Iterable[Mapping[str, Any]]) -> str:
    """The file: a line that people can read for each finding of a record, and what it is recognised by."""
    rows = [
        {
            "id": each["id"],
            "check": each["check"],
            "resource": each["resource"].get("name") or each["resource"]["id"],
            "title": each["title"],
            "elements": each["elements"],
        }
        for whole in findings
        if whole["verdict"] == "broken" and "elements" in whole
        for each in parts(whole)
    ]
    rows.sort(key=lambda each: (each["check"], each["resource"], each["id"]))
    return json.dumps({"known_findings": VERSION, "findings": rows}, indent=1, ensure_ascii=False) + "\n"


def read_known(path: Path, name: str) -> Known:
    """What is known, by fingerprint."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadKnown(f"{name}: is larger than {_LARGEST:,} bytes; write it anew with --write-known {name}")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadKnown(f"{name}: is not JSON ({error}); write it anew with --write-known {name}") from error
    except OSError as error:
        raise BadKnown(f"{name}: {error.strerror}; write it with --write-known {name}") from error
    rows: Any = told.get("findings") if isinstance(told, dict) else None
    if not isinstance(rows, list) or told.get("known_findings") != VERSION or not all(map(_fits, rows)):
        raise BadKnown(f"{name}: is not a file of known findings; write it anew with --write-known {name}")
    return {row["id"]: frozenset(row["elements"]) for row in rows}


def _fits(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str) and _texts(row.get("elements"))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
