"""The JSON Schema of a run (draft 2020-12), for those who read `--format json` with programs."""

from __future__ import annotations

import json
from typing import Any

from auditor.settings import data_dir


def text() -> str:
    """The schema file as it is shipped."""
    return (data_dir("reports") / "run.schema.json").read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text())
    return found
