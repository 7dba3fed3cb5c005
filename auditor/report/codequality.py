"""GitLab's code quality report: one entry for each finding, at its file and line, recognised by its fingerprint.

GitLab shows nothing of a file in which an entry lacks a path, so what has no place stands at the main file of what was
judged, and what was found in an account at the resource's key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from auditor.model import digest
from auditor.report import Options, gated, words
from auditor.report.plain import clean
from auditor.report.sarif import uri

Run = Mapping[str, Any]
SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def write(run: Run, out: TextIO, options: Options) -> None:
    json.dump(list(_entries(run)), out, ensure_ascii=False, indent=1, allow_nan=False)
    out.write("\n")


def _entries(run: Run) -> Iterator[dict[str, Any]]:
    main = (run.get("gate") or {}).get("main")
    for found in run["findings"]:
        if found.get("waiver"):
            continue
        place = found.get("location") or main or {"file": found["resource"]["key"], "line": 1}
        known = found["verdict"] == "broken"
        severity = SEVERITIES[found["severity"]] if known else "info"
        yield _entry(found["check"], _described(found), found["id"], severity, place)
    if run.get("gate"):
        for text, place in gated.hanging(run):
            told = f"{gated.UNREAD}: {text}"
            yield _entry("auditor", told, digest(clean(text)), "info", place or main or {"file": "unknown", "line": 1})


def _entry(check: str, text: str, fingerprint: str, severity: str, place: Run) -> dict[str, Any]:
    return {
        "description": clean(text)[:1_000],
        "check_name": clean(check),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": clean(place["file"]) if _safe(place["file"]) else uri(place["file"]),
                     "lines": {"begin": max(1, int(place["line"]))}},
    }  # fmt: skip


def _safe(file: str) -> bool:
    """Whether a name can stand as it is: a path inside of the repository, as GitLab compares it."""
    return bool(file) and clean(file) == file and not file.startswith("/") and ".." not in file.split("/")


def _described(found: Run) -> str:
    if not found["property"]:
        return str(found["title"])
    expected, between, actual = words.difference(found)
    return f"{found['title']}: {found['property']}: expected {expected}{between}{actual}"
