"""What the URI of an integration refers to."""

from __future__ import annotations

import re

from auditor.model import Json

_INVOKED = re.compile(r":lambda:path/[0-9-]+/functions/(?P<arn>arn:[^/]+)/invocations")


def behind(uri: Json) -> list[str]:
    """The function that a URI invokes, as it stands and without its alias; any other URI as it stands."""
    if not isinstance(uri, str) or not uri:
        return []
    found = _INVOKED.search(uri)
    name = found["arn"] if found else uri
    parts = name.split(":")
    return [name, ":".join(parts[:7])] if parts[2:3] == ["lambda"] and len(parts) == 8 else [name]
