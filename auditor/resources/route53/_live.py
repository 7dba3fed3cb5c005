"""Names in the DNS and ids of zones, in the one form that is compared and looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.model import Json

_ESCAPED = re.compile(r"\\(\d{3})")


def plain(name: Json) -> Json:
    """A domain name without the final dot, in lower case; Route 53 tells `*` as `\\052`."""
    if not isinstance(name, str) or "${" in name:
        return name
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), name).rstrip(".").lower()


def zone_id(text: str) -> str:
    """`/hostedzone/Z1` and `Z1` are the same zone."""
    return text if "${" in text else text.rsplit("/", 1)[-1]


def hosts(value: Json) -> Iterable[str]:
    """What a record's value refers to: the host, and without the prefix that asks for both address families."""
    if not isinstance(value, str) or not value:
        return []
    host = plain(value)
    return [host.removeprefix("dualstack.")]
