"""Why the value of an expression is not known, in words."""

from __future__ import annotations

import re

from auditor.sources.terraform.readers import NOT_READ


def why(text: str) -> str:
    """Why the value of an expression is not known."""
    found = re.search(NOT_READ + r'(\w+)\s*\(\s*("[^"]*")?\s*[,)]?', text)
    if not found:
        return f"not known before apply: {short(text)}"
    if not found[2] or found[2].count("${") > found[2].startswith(('"${path.module}/', '"${path.root}/')):
        return f"{found[1]}() is not read: its path is not written down in the call"
    return f"{found[1]}() is not read: {found[2]} is not in the tree, is too large or reads files itself"


def short(text: str) -> str:
    """An expression in one line, cut."""
    template = re.match(r"\(/\* (templatefile\([^)]*\)) \*/", text)
    return template[1] if template else " ".join(text.split())[:120]
