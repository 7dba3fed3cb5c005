"""A waiver as the change of the document's baseline that would make it unnecessary: to be decided by its owner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def proposal(check: str, reason: str, found: Mapping[str, Any] | None) -> str:
    """The lines to put into a baseline, with what a person has to fill in between angle brackets."""
    baseline, slash, promise = check.partition("/")
    if not slash:
        return _exception(check, reason)
    role, _, entry = promise.partition("/")
    actual = json.dumps(found["actual"], ensure_ascii=False) if found and found.get("actual") is not None else "<value>"
    if found and found["kind"] == "missing":
        change = f"  {role}:\n    optional: true  # {reason}\n"
    elif role in ("link", "absent"):
        change = f"# take out the entry with `id: {entry}` of `{'links' if role == 'link' else 'absent'}`: {reason}\n"
        return f"# a proposed change of baselines/{baseline}.yaml\n{change}"
    else:
        change = f"  {role}:\n    require:\n      - {{id: {entry or '<id>'}, is: {actual}}}  # {reason}\n"
    return f"# a proposed change of baselines/{baseline}.yaml\nroles:\n{change}"


def _exception(rule: str, reason: str) -> str:
    return (
        "# a proposed change of a baseline, where its document says so\nexceptions:\n"
        f"  - {{rule: {rule}, role: <role>, reason: {json.dumps(reason, ensure_ascii=False)},\n"
        "     at: {section: <section>, lines: <lines>, text: <words of the document>}}\n"
    )
