"""What every text in Markdown needs: words of strangers that stay words, and the room that a comment has."""

from __future__ import annotations

import re

from auditor.report.plain import clean

MOST = 65_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>-])")


def plain(text: str) -> str:
    """A text that Markdown shows as it is; a mark of no width after @ keeps a name from being called."""
    escaped = _SPECIAL.sub(r"\\\1", clean(text)).replace("&", "&amp;").replace("<", "&lt;")
    escaped = escaped.replace("\\#", "\\#&#8203;")  # nor a number an issue
    return escaped.replace("@", "@&#8203;").replace("://", ":&#8203;//").replace("www.", "www&#8203;.")
