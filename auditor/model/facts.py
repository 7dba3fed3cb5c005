"""The sentence of a finding: what a rule or promise says when it is broken, filled in for one resource.

Placeholders are replaced and not formatted: names and values are written by strangers, and none of them may be taken
for a placeholder or an expression. Values are cut to what a title can hold; the finding itself carries them whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from auditor.model.vocabulary import ABSENT, Json

PLACEHOLDERS = ("name", "property", "expected", "actual")
_FOUND = re.compile("|".join(re.escape(f"{{{name}}}") for name in PLACEHOLDERS))
_LONGEST = 80


def fact(broken: str, values: Mapping[str, Json]) -> str:
    """`{name} is publicly accessible` for one resource, in one pass."""
    return _FOUND.sub(lambda found: _words(values[found[0][1:-1]]), broken)


def _words(value: Json) -> str:
    if value is None or value is ABSENT:
        return "not set"
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        text = ", ".join(value) or "none"
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
