"""The body of a `Fn::ForEach`, copied for one of the values that it goes through."""

from __future__ import annotations

import re
from typing import Any

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.scope import Scope


def replaced(node: Json, name: str, by: str, scope: Scope) -> Any:
    """A copy of a loop's body with its variable filled in; `&{X}` drops what may not stand in a logical id."""
    scope.budget.spend()
    if isinstance(node, str):
        bare = re.sub(r"[^A-Za-z0-9]", "", by)
        made = node.replace("${" + name + "}", by).replace("&{" + name + "}", bare)
        scope.budget.spend(len(made) // 1000)
        return made
    if isinstance(node, list):
        return [replaced(each, name, by, scope) for each in node]
    if not isinstance(node, dict):
        return node
    if node == {"Ref": name}:
        return by
    out = Lined(node)
    out.clear()
    lines = dict(out.lines)
    for key, inner in node.items():
        made = replaced(key, name, by, scope)
        out[made] = replaced(inner, name, by, scope)
        if key in lines:
            out.lines[made] = lines[key]
    return out
